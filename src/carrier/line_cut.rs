//! Cuts lines into blocks that end where a line ends.

use std::io::{self, Cursor, Read};

use memchr::{memchr, memchr_iter, memrchr};

use super::block::{Block, Body, CutFault, Push};
use crate::decoding::Bytes;

/// A text of lines.
pub(crate) struct Lines {
    /// The text, from the start of a line on.
    pub(crate) bytes: Bytes,
    /// The number of that line.
    pub(crate) first: u64,
    /// The size that blocks are cut to, where lines allow [byte].
    pub(crate) block: usize,
    /// The longest line that is cut [byte].
    pub(crate) longest: usize,
}

/// A line beyond the longest, at which cutting stopped.
pub(crate) struct LongLine {
    /// The text from that line on.
    pub(crate) bytes: Bytes,
    /// Its number.
    pub(crate) number: u64,
}

impl Lines {
    /// Cuts the lines into blocks, up to the first that is too long.
    pub(crate) fn cut<L>(mut self, push: &mut Push<'_, L>) -> Result<Option<LongLine>, CutFault> {
        let limit = u64::try_from(self.block).expect("a block is small");
        let mut line = self.first;
        let mut rest = Vec::new();
        loop {
            let mut block = rest;
            block.reserve(self.block);
            let before = block.len();
            let read = self.bytes.by_ref().take(limit).read_to_end(&mut block)?;
            let more = read == self.block;
            let end = match memrchr(b'\n', &block[before..]) {
                _ if !more => block.len(),
                Some(at) => before + at + 1,
                None => 0,
            };
            if end == 0 && block.len() > self.longest {
                return Ok(Some(LongLine {
                    bytes: Box::new(Cursor::new(block).chain(self.bytes)),
                    number: line,
                }));
            }
            rest = block.split_off(end);
            if !block.is_empty() {
                let lines = memchr_iter(b'\n', &block).count();
                let first = line;
                line += u64::try_from(lines).expect("fewer lines than bytes");
                push(Block::of_lines(first, Body::Lines(block)))?;
            }
            if !more {
                return Ok(None);
            }
        }
    }
}

impl LongLine {
    /// The text after the line.
    pub(crate) fn skipped(mut self) -> io::Result<Bytes> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = self.bytes.read(&mut buffer)?;
            if count == 0 {
                return Ok(self.bytes);
            }
            if let Some(at) = memchr(b'\n', &buffer[..count]) {
                let after = Cursor::new(buffer[at + 1..count].to_vec());
                return Ok(Box::new(after.chain(self.bytes)));
            }
        }
    }
}
