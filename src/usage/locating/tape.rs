//! The text that was read last, with where it stands.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memrchr;

use crate::carrier::LONGEST_ROW;
use crate::decoding::Bytes;

/// A place between characters, as an editor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Line, from 1.
    pub(super) line: u64,
    /// Column, from 1 [character].
    pub(super) column: u64,
}

impl Point {
    /// The start of a text.
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// The place after `text`, which begins here.
    pub(super) fn after(self, text: &[u8]) -> Self {
        match memrchr(b'\n', text) {
            None => Self {
                line: self.line,
                column: self.column + characters(text),
            },
            Some(end) => Self {
                line: self.line + wide(memchr::memchr_iter(b'\n', text).count()),
                column: 1 + characters(&text[end + 1..]),
            },
        }
    }
}

/// How many characters begin in `text`; bytes that are no UTF-8 count one each, or not at all.
pub(super) fn characters(text: &[u8]) -> u64 {
    wide(text.iter().filter(|byte| **byte & 0xc0 != 0x80).count())
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).expect("memory is no larger than 64 bits tell")
}

/// A stretch of text and where it begins.
pub(super) struct Stretch<'t> {
    /// The text.
    pub(super) text: &'t [u8],
    /// Where it begins.
    pub(super) at: Point,
}

/// Keeps what is read until it is forgotten: a row beyond the longest is forgotten by itself.
#[derive(Clone)]
pub(super) struct Tape(Arc<Mutex<Kept>>);

struct Kept {
    text: Vec<u8>,
    /// Bytes before the text.
    before: u64,
    /// Where the text begins.
    at: Point,
}

/// The most that is kept [byte]: the longest row, and what is read ahead of it.
const MOST: usize = LONGEST_ROW + (8 << 20);

impl Tape {
    /// An empty tape at the start of a text.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Kept {
            text: Vec::new(),
            before: 0,
            at: Point::START,
        })))
    }

    /// A reader that writes what it reads on this tape.
    pub(super) fn recording(&self, bytes: Bytes) -> Bytes {
        let kept = Arc::clone(&self.0);
        Box::new(Recorder { bytes, kept })
    }

    /// Forgets what lies before the byte `offset` of the text.
    pub(super) fn forget(&self, offset: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = usize::try_from(offset.saturating_sub(kept.before)).unwrap_or(usize::MAX);
        kept.forget(count);
    }

    /// Looks at the text from the byte `offset` on, where it is still kept.
    pub(super) fn from<T>(&self, offset: u64, look: impl FnOnce(&Stretch<'_>) -> T) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = usize::try_from(offset.checked_sub(kept.before)?).ok()?;
        let (before, text) = kept.text.split_at_checked(start)?;
        let at = kept.at.after(before);
        Some(look(&Stretch { text, at }))
    }
}

impl Kept {
    fn add(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
        if self.text.len() > MOST {
            self.forget(self.text.len() / 2);
        }
    }

    fn forget(&mut self, count: usize) {
        let count = count.min(self.text.len());
        self.at = self.at.after(&self.text[..count]);
        self.before += wide(count);
        self.text.drain(..count);
    }
}

struct Recorder {
    bytes: Bytes,
    kept: Arc<Mutex<Kept>>,
}

impl Read for Recorder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.add(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        for (text, line, column) in [
            ("", 1, 1),
            ("ab", 1, 3),
            ("ä€", 1, 3),
            ("a\r\nbc", 2, 3),
            ("a\n\n", 3, 1),
        ] {
            let point = Point::START.after(text.as_bytes());
            assert_eq!(point, Point { line, column }, "{text:?}");
        }
    }

    #[test]
    fn what_is_forgotten_still_counts() {
        let tape = Tape::new();
        let text = "one\ntwö three";
        let mut reader = tape.recording(Box::new(Cursor::new(text)));
        io::copy(&mut reader, &mut io::sink()).unwrap();
        let place = |offset| {
            tape.from(offset, |rest| {
                (rest.at.line, rest.at.column, rest.text.to_vec())
            })
        };
        let three = Some((2, 5, b"three".to_vec()));
        assert_eq!(place(9), three);
        tape.forget(6);
        assert_eq!(place(9), three);
        assert_eq!(place(5), None);
        assert_eq!(place(99), None);
    }
}
