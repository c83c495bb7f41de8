//! Cuts a text of any length into parts that are counted by themselves.

use std::io::Read;

use memchr::memchr_iter;

use super::batch::{Place, TextPart};
use crate::carrier::CutFault;
use crate::decoding::Bytes;
use crate::tokenizer::splitting::Splitter;

/// The size that parts are cut to [byte].
const PART: usize = 256 << 10;

/// Text without any safe border that is searched for one [byte].
const LONGEST_PART: usize = 16 << 20;

/// Cuts a text into parts and hands them on in order.
pub(super) fn cut_text(
    mut bytes: Bytes,
    push: &mut dyn FnMut(TextPart) -> Result<(), CutFault>,
) -> Result<(), CutFault> {
    let limit = u64::try_from(PART).expect("a part is small");
    let mut splitter = Splitter::new(PART, LONGEST_PART);
    let mut line = 1;
    let mut buffer = Vec::new();
    loop {
        let more = bytes.by_ref().take(limit).read_to_end(&mut buffer)? == PART;
        while let Some(cut) = splitter.cut(&buffer).filter(|cut| cut.at < buffer.len()) {
            let rest = buffer.split_off(cut.at);
            let part = std::mem::replace(&mut buffer, rest);
            let place = if cut.forced {
                Place::Torn
            } else {
                Place::Before
            };
            line = send(part, line, place, push)?;
        }
        if !more {
            send(buffer, line, Place::Last, push)?;
            return Ok(());
        }
    }
}

/// Hands on one part; the line after it.
fn send(
    bytes: Vec<u8>,
    line: u64,
    place: Place,
    push: &mut dyn FnMut(TextPart) -> Result<(), CutFault>,
) -> Result<u64, CutFault> {
    let lines = memchr_iter(b'\n', &bytes).count();
    push(TextPart { bytes, line, place })?;
    Ok(line + u64::try_from(lines).expect("fewer lines than bytes"))
}
