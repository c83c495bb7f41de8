//! Rules of prompt caching.

use std::num::NonZero;

use crate::facts::{FactError, Settings};

const TABLE: &str = include_str!("data/prompt_caching.csv");

/// Equal tokens at the start of a prompt from which on it is cached [token].
pub fn prompt_cache_minimum() -> u32 {
    rule("minimum_tokens")
        .expect("a test reads the bundled table")
        .get()
}

/// The unit in which the prompt cache keeps the start of a prompt [token].
pub fn prompt_cache_block() -> NonZero<u32> {
    rule("block_tokens").expect("a test reads the bundled table")
}

fn rule(name: &str) -> Result<NonZero<u32>, FactError> {
    Settings::read("prompt_caching.csv", TABLE)?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        assert_eq!(rule("minimum_tokens").unwrap().get(), 1_024);
        assert_eq!(rule("block_tokens").unwrap().get(), 128);
    }
}
