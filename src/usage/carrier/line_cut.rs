//! Cuts JSON lines into blocks that end where a line ends.

use std::io::{Cursor, Read};

use memchr::{memchr_iter, memrchr};

use super::BLOCK;
use super::block::{Block, Body, CutFault, Push};
use super::json_cut::cut_json_from;
use crate::decoding::Bytes;
use crate::usage::format::Vocabulary;

/// Lines longer than this are cut by their brackets, like any other JSON [byte].
const LONGEST_LINE: usize = 8 << 20;

/// Cuts JSON lines into blocks.
pub(super) fn cut_lines(
    mut bytes: Bytes,
    vocabulary: &Vocabulary,
    push: &mut Push<'_>,
) -> Result<(), CutFault> {
    let limit = u64::try_from(BLOCK).expect("a block is small");
    let mut line = 1;
    let mut rest = Vec::new();
    loop {
        let mut block = rest;
        block.reserve(BLOCK);
        let before = block.len();
        let more = bytes.by_ref().take(limit).read_to_end(&mut block)? == BLOCK;
        let end = match memrchr(b'\n', &block[before..]) {
            _ if !more => block.len(),
            Some(at) => before + at + 1,
            None => 0,
        };
        if end == 0 && block.len() > LONGEST_LINE {
            let all = Cursor::new(block).chain(bytes);
            return cut_json_from(Box::new(all), line, vocabulary, push);
        }
        rest = block.split_off(end);
        if !block.is_empty() {
            let lines = memchr_iter(b'\n', &block).count();
            let first = line;
            line += u64::try_from(lines).expect("fewer lines than bytes");
            push(Block {
                first,
                body: Body::Lines(block),
            })?;
        }
        if !more {
            return Ok(());
        }
    }
}
