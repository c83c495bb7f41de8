//! UTF-16 to UTF-8, as a reader.

use std::io::{self, Read};

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// Reads UTF-16 and gives UTF-8; what is not UTF-16 becomes U+FFFD.
pub(super) struct Utf16<R> {
    inner: R,
    order: ByteOrder,
    /// A byte whose other half, and a unit whose other half, were not read yet.
    byte: Option<u8>,
    unit: Option<u16>,
    text: Vec<u8>,
    given: usize,
}

/// Bytes converted at a time.
const STEP: usize = 64 << 10;

impl<R: Read> Utf16<R> {
    pub(super) const fn new(inner: R, order: ByteOrder) -> Self {
        Self {
            inner,
            order,
            byte: None,
            unit: None,
            text: Vec::new(),
            given: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = Vec::with_capacity(STEP + 1);
        raw.extend(self.byte.take());
        let limit = u64::try_from(STEP).expect("a small number of bytes");
        let read = self.inner.by_ref().take(limit).read_to_end(&mut raw)?;
        let (pairs, rest) = raw.as_chunks::<2>();
        let units = pairs.iter().map(|pair| match self.order {
            ByteOrder::Little => u16::from_le_bytes(*pair),
            ByteOrder::Big => u16::from_be_bytes(*pair),
        });
        let mut units: Vec<u16> = self.unit.take().into_iter().chain(units).collect();
        if read > 0 {
            self.byte = rest.first().copied();
            if units
                .last()
                .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
            {
                self.unit = units.pop();
            }
        }
        let mut text: String = char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if read == 0 && !rest.is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        self.text = text.into_bytes();
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            let pending = self.byte.is_some() || self.unit.is_some();
            self.refill()?;
            let idle = self.byte.is_none() && self.unit.is_none();
            if self.text.is_empty() && idle && !pending {
                return Ok(0);
            }
        }
        let count = out.len().min(self.text.len() - self.given);
        out[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(bytes: &[u8], order: ByteOrder) -> String {
        let mut text = String::new();
        Utf16::new(bytes, order).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn either_order_and_long_texts() {
        let text = "Zeit;\u{20ac};\u{1f600}\r\n".repeat(20_000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(convert(&little, ByteOrder::Little) == text);
        assert!(convert(&big, ByteOrder::Big) == text);
    }

    #[test]
    fn broken_units_are_marked() {
        assert_eq!(convert(&[0x41, 0x00, 0x42], ByteOrder::Little), "A\u{fffd}");
        assert_eq!(convert(&[0x00, 0xd8], ByteOrder::Little), "\u{fffd}");
        assert_eq!(convert(&[], ByteOrder::Little), "");
    }
}
