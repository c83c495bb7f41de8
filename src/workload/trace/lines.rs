//! Lines and CSV rows of bounded length.

use std::io::{self, BufRead, BufReader, Read};

use super::Bytes;

/// The longest row that is read [byte]: a prompt of a million tokens in blocks of 512 takes
/// 20 KiB. A longer one is no row, such as a quote that is never closed.
pub(super) const LONGEST_ROW: u64 = 16 << 20;

/// Read ahead of the rows [byte].
const AHEAD: usize = 256 << 10;

/// The lines of a text.
pub(super) struct Lines {
    bytes: BufReader<Bytes>,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self {
            bytes: BufReader::with_capacity(AHEAD, bytes),
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line that is not blank, with its number from 1; `None` after the last.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        loop {
            self.line.clear();
            self.number += 1;
            let mut limited = self.bytes.by_ref().take(LONGEST_ROW);
            if limited.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            if limited.limit() == 0 {
                return Err(too_long(self.number));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some((self.number, self.line.trim_ascii())))
    }

    /// The number of the line at hand.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }
}

/// Fails when one row takes more bytes than any row has.
pub(super) struct Guarded {
    bytes: Bytes,
    left: u64,
}

impl Guarded {
    pub(super) const fn new(bytes: Bytes) -> Self {
        Self {
            bytes,
            left: LONGEST_ROW,
        }
    }

    /// A row has ended: the next one may be as long again.
    pub(super) const fn row_ended(&mut self) {
        self.left = LONGEST_ROW;
    }
}

impl Read for Guarded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(out)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other(ENDLESS))?;
        Ok(count)
    }
}

const ENDLESS: &str = "a row does not end within 16 MiB (a quote that is never closed?)";

fn too_long(line: u64) -> io::Error {
    io::Error::other(format!("line {line}: {ENDLESS}"))
}
