//! Reads JSON of anybody.

use memchr::memchr2_iter;
use serde::Deserialize;

use super::error::RequestError;
use crate::carrier::extent;

/// Brackets within brackets that are read; skipping deeper ones could overrun the stack.
const DEEPEST: usize = 128;

/// Reads one value.
pub(super) fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, RequestError> {
    if !is_shallow(json) {
        return Err(RequestError::Nested { most: DEEPEST });
    }
    sonic_rs::from_slice(json).map_err(|error| RequestError::of(&error, json))
}

fn is_shallow(json: &[u8]) -> bool {
    let brackets = memchr2_iter(b'{', b'[', json);
    brackets.take(DEEPEST + 1).count() <= DEEPEST || extent(json).deepest <= DEEPEST
}
