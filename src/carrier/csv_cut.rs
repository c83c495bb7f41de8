//! Cuts CSV into blocks that end where a row ends.

use std::io::Read;

use memchr::{memchr, memchr_iter, memrchr};

use super::LONGEST_ROW;
use super::block::{Block, Body, CutFault, Push, too_long};
use crate::decoding::Bytes;
use crate::diagnostic::{Fault, Sort};

/// Where the scan for row ends stands.
///
/// A quote opens a field only at its start, so a quote inside an unquoted field is a letter, as
/// the CSV reader has it.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    /// Bytes of the buffer already looked at.
    done: usize,
    /// Whether `done` lies inside a quoted field.
    quoted: bool,
    /// The byte after the last closing quote: a quote there is an escaped one.
    closed: usize,
    /// The byte after the last row end.
    end: usize,
}

impl Scan {
    /// Looks at the bytes that came since.
    fn advance(&mut self, buffer: &[u8], delimiter: u8) {
        let mut from = self.done;
        while let Some(at) = memchr(b'"', &buffer[from..]).map(|offset| from + offset) {
            if self.quoted {
                self.quoted = false;
                self.closed = at + 1;
            } else {
                self.note_row_end(&buffer[..at], from);
                let before = at.checked_sub(1).map(|index| buffer[index]);
                self.quoted = self.closed == at && at > 0
                    || before
                        .is_none_or(|byte| byte == delimiter || byte == b'\n' || byte == b'\r');
            }
            from = at + 1;
        }
        if !self.quoted {
            self.note_row_end(buffer, from);
        }
        self.done = buffer.len();
    }

    fn note_row_end(&mut self, buffer: &[u8], from: usize) {
        if let Some(offset) = memrchr(b'\n', &buffer[from..]) {
            self.end = from + offset + 1;
        }
    }

    /// Forgets the first `count` bytes of the buffer.
    const fn shift(&mut self, count: usize) {
        self.done -= count;
        self.closed = self.closed.saturating_sub(count);
        self.end = 0;
    }
}

/// A text of CSV, below its header.
pub(crate) struct CsvText {
    /// The text.
    pub(crate) bytes: Bytes,
    /// Between fields.
    pub(crate) delimiter: u8,
    /// Where the first row begins [line].
    pub(crate) first_line: u64,
    /// The size that blocks are cut to, where rows allow [byte].
    pub(crate) block: usize,
}

/// Cuts lines of CSV, without the header, into blocks.
pub(crate) fn cut_csv<L>(text: CsvText, push: &mut Push<'_, L>) -> Result<(), CutFault> {
    let mut line = text.first_line;
    let mut bytes = Filling {
        bytes: text.bytes,
        block: text.block,
    };
    let mut buffer = Vec::new();
    let mut scan = Scan::default();
    loop {
        let more = bytes.fill(&mut buffer)?;
        scan.advance(&buffer, text.delimiter);
        let end = if more || scan.quoted {
            scan.end
        } else {
            buffer.len()
        };
        if end > 0 {
            let rest = buffer.split_off(end);
            let rows = std::mem::replace(&mut buffer, rest);
            scan.shift(end);
            line = push_rows(rows, line, push)?;
        }
        if scan.quoted && (!more || buffer.len() > LONGEST_ROW) {
            line = give_up_first_line(&mut buffer, &mut bytes, line, push)?;
            scan = Scan::default();
        } else if buffer.len() > LONGEST_ROW {
            push(Block::of_lines(line, Body::Broken(too_long())))?;
            skip_line(&mut buffer, &mut bytes)?;
            line += 1;
            scan = Scan::default();
        } else if !more {
            return Ok(());
        }
    }
}

/// The bytes to come, a block at a time.
struct Filling {
    bytes: Bytes,
    block: usize,
}

impl Filling {
    /// Reads another block's worth; whether there may be more.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<bool, CutFault> {
        let limit = u64::try_from(self.block).expect("a block is small");
        buffer.reserve(self.block);
        let read = self.bytes.by_ref().take(limit).read_to_end(buffer)?;
        Ok(read == self.block)
    }
}

fn push_rows<L>(rows: Vec<u8>, line: u64, push: &mut Push<'_, L>) -> Result<u64, CutFault> {
    let lines = memchr_iter(b'\n', &rows).count();
    let next = line + u64::try_from(lines).expect("fewer lines than bytes");
    push(Block::of_lines(line, Body::Csv(rows)))?;
    Ok(next)
}

/// A quote that never closes would swallow the rest of the file: its line is given up, and the
/// lines after it are rows again.
fn give_up_first_line<L>(
    buffer: &mut Vec<u8>,
    bytes: &mut Filling,
    line: u64,
    push: &mut Push<'_, L>,
) -> Result<u64, CutFault> {
    let fault = Fault::new(
        "a quote is opened and never closed",
        "the row is half-written or damaged: export the file again",
    )
    .sorted(Sort::CutOff, "");
    push(Block::of_lines(line, Body::Broken(fault)))?;
    skip_line(buffer, bytes)?;
    Ok(line + 1)
}

/// Drops everything up to the next line end.
fn skip_line(buffer: &mut Vec<u8>, bytes: &mut Filling) -> Result<(), CutFault> {
    loop {
        if let Some(at) = memchr(b'\n', buffer) {
            buffer.drain(..=at);
            return Ok(());
        }
        buffer.clear();
        if !bytes.fill(buffer)? && memchr(b'\n', buffer).is_none() {
            buffer.clear();
            return Ok(());
        }
    }
}
