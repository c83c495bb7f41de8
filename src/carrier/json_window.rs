//! Follows JSON by strings and brackets, a window of bytes at a time.

use std::io::{self, Read};

use memchr::memchr2;

/// Bytes read ahead.
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    size: usize,
    /// Bytes before the buffer.
    before: u64,
}

impl<R: Read> Window<R> {
    pub(super) const fn new(reader: R, size: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            at: 0,
            size,
            before: 0,
        }
    }

    /// The bytes not yet taken; empty only at the end.
    pub(super) fn ahead(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            self.before += wide(self.at);
            self.buffer.clear();
            self.at = 0;
            let limit = u64::try_from(self.size).expect("a window is small");
            self.reader
                .by_ref()
                .take(limit)
                .read_to_end(&mut self.buffer)?;
        }
        Ok(&self.buffer[self.at..])
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.ahead()?.first().copied())
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Bytes taken so far.
    pub(super) fn offset(&self) -> u64 {
        self.before + wide(self.at)
    }

    /// The next byte that is not one of `blanks`; not taken.
    pub(super) fn next(&mut self, blanks: &[u8]) -> io::Result<Option<u8>> {
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(None);
            }
            let count = ahead
                .iter()
                .take_while(|byte| blanks.contains(byte))
                .count();
            let found = ahead.get(count).copied();
            self.skip(count);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Takes one value and hands its bytes to `take`; whether it was complete.
    pub(super) fn value(&mut self, take: &mut impl FnMut(&[u8])) -> io::Result<bool> {
        match self.peek()? {
            Some(b'"') => self.string(take),
            Some(b'{' | b'[') => self.container(take, 0),
            _ => self.scalar(take),
        }
    }

    /// Takes a string, from its quote on.
    fn string(&mut self, take: &mut impl FnMut(&[u8])) -> io::Result<bool> {
        take(b"\"");
        self.skip(1);
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let Some(at) = memchr2(b'"', b'\\', ahead) else {
                take(ahead);
                let count = ahead.len();
                self.skip(count);
                continue;
            };
            take(&ahead[..=at]);
            let is_end = ahead[at] == b'"';
            self.skip(at + 1);
            if is_end {
                return Ok(true);
            }
            let Some(escaped) = self.peek()? else {
                return Ok(false);
            };
            take(&[escaped]);
            self.skip(1);
        }
    }

    /// Takes an object or array of which `depth` brackets are open already.
    pub(super) fn container(
        &mut self,
        take: &mut impl FnMut(&[u8]),
        mut depth: usize,
    ) -> io::Result<bool> {
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let found = ahead
                .iter()
                .position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'));
            let count = found.unwrap_or(ahead.len());
            take(&ahead[..count]);
            let byte = found.map(|at| ahead[at]);
            self.skip(count);
            match byte {
                None => continue,
                Some(b'"') => {
                    if !self.string(take)? {
                        return Ok(false);
                    }
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(_) => depth = depth.saturating_sub(1),
            }
            take(&[byte.unwrap_or_default()]);
            self.skip(1);
            if depth == 0 {
                return Ok(true);
            }
        }
    }

    /// Takes a number, a word, or whatever stands in their place.
    fn scalar(&mut self, take: &mut impl FnMut(&[u8])) -> io::Result<bool> {
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(true);
            }
            let found = ahead
                .iter()
                .position(|byte| matches!(byte, b',' | b']' | b'}') || BLANKS.contains(byte));
            let count = found.unwrap_or(ahead.len());
            take(&ahead[..count]);
            self.skip(count);
            if found.is_some() {
                return Ok(true);
            }
        }
    }
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).expect("memory is no larger than 64 bits tell")
}

/// Between values of an object.
pub(super) const BLANKS: &[u8] = b" \t\r\n";
