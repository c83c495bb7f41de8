//! A fragment in a fixed number of bytes.

use crate::time::Timestamp;
use crate::units::{TokenCounts, Tokens};
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::{Origin, Quality};

/// A fragment whose texts are a number: what is partitioned, spilled, sorted and joined.
///
/// The order of the fields is the order of rows: first what brings the rows of a request
/// together, then everything else, so that equal sets of rows sort to equal sequences; the origin
/// comes last, so that of equal rows the first named place is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// High and low half of the request hash; as one `u128` it would pad the row to 80 bytes.
    request: [u64; 2],
    part: u8,
    pub(super) key: u64,
    pub(super) time: i64,
    /// Number of the texts: the worker's own until the row is read back, then everybody's.
    pub(super) texts: u32,
    /// Input, cached input, cache write, output, reasoning.
    counts: [u32; 5],
    pub(super) requests: u32,
    status: u16,
    flags: u8,
    pub(super) source: u32,
    pub(super) line: u32,
}

/// Bytes of an encoded row.
pub(super) const ROW_BYTES: usize = 72;

/// No HTTP status; no server answers with it.
const NO_STATUS: u16 = u16::MAX;

const MICROS_PER_MILLISECOND: i64 = 1000;

const STREAMED: u8 = 1;
const CACHE_HIT: u8 = 2;
const QUALITY_SHIFT: u32 = 2;
const QUALITIES: [Quality; 5] = [
    Quality::Exact,
    Quality::Aggregated,
    Quality::Estimated,
    Quality::Defaulted,
    Quality::Missing,
];

impl Row {
    pub(super) fn pack(fragment: &Fragment<'_>, texts: u32) -> Self {
        let streamed = u8::from(fragment.streamed) * STREAMED;
        let cache_hit = u8::from(fragment.cache_hit) * CACHE_HIT;
        Self {
            request: halves(fragment.request),
            part: fragment.part as u8,
            key: fragment.row_key,
            time: fragment.time.micros(),
            texts,
            counts: [
                fragment.input,
                fragment.cached_input,
                fragment.cache_write,
                fragment.output,
                fragment.reasoning,
            ],
            requests: fragment.requests,
            status: fragment.status.unwrap_or(NO_STATUS),
            flags: streamed | cache_hit | ((fragment.quality as u8) << QUALITY_SHIFT),
            source: fragment.source,
            line: fragment.line,
        }
    }

    pub(super) fn request(&self) -> u128 {
        (u128::from(self.request[0]) << 64) | u128::from(self.request[1])
    }

    /// The partition of the request, one of 256: the first byte of its hash.
    pub(super) fn partition(&self) -> usize {
        usize::from(self.request[0].to_be_bytes()[0])
    }

    /// The half of the request hash that does not choose the partition.
    pub(super) const fn sort_key(&self) -> u64 {
        self.request[1]
    }

    pub(super) const fn origin(&self) -> Origin {
        Origin {
            source: self.source,
            line: self.line,
        }
    }

    pub(super) const fn is(&self, part: Part) -> bool {
        self.part == part as u8
    }

    pub(super) const fn time(&self) -> Timestamp {
        Timestamp::from_micros(self.time)
    }

    pub(super) fn tokens(&self) -> TokenCounts {
        let [input, cached_input, cache_write, output, reasoning] =
            self.counts.map(|count| Tokens::new(u64::from(count)));
        TokenCounts {
            input,
            cached_input,
            cache_write,
            output,
            reasoning,
        }
    }

    /// Prompt and answer tokens.
    pub(super) fn total(&self) -> u64 {
        u64::from(self.counts[0]) + u64::from(self.counts[3])
    }

    pub(super) const fn status(&self) -> Option<u16> {
        match self.status {
            NO_STATUS => None,
            status => Some(status),
        }
    }

    pub(super) const fn streamed(&self) -> bool {
        self.flags & STREAMED != 0
    }

    pub(super) const fn cache_hit(&self) -> bool {
        self.flags & CACHE_HIT != 0
    }

    pub(super) fn quality(&self) -> Quality {
        QUALITIES[usize::from(self.flags >> QUALITY_SHIFT)]
    }

    /// The row without its origin: equal contents are one row delivered twice.
    #[must_use]
    pub(super) const fn content(self) -> Self {
        Self {
            source: 0,
            line: 0,
            ..self
        }
    }

    /// Whether this is `precise` with its time cut to milliseconds, as portal exports write it.
    pub(super) fn is_rounded(&self, precise: &Self) -> bool {
        let time = precise.time - precise.time.rem_euclid(MICROS_PER_MILLISECOND);
        time != precise.time && self.content() == Self { time, ..*precise }.content()
    }

    /// The row with another number for its texts.
    #[must_use]
    pub(super) const fn with_texts(self, texts: u32) -> Self {
        Self { texts, ..self }
    }

    /// Appends the row to `bytes`.
    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        let mut encoded = [0; ROW_BYTES];
        let mut writer = Cursor(&mut encoded[..]);
        writer.put(self.request[0].to_le_bytes());
        writer.put(self.request[1].to_le_bytes());
        writer.put(self.key.to_le_bytes());
        writer.put(self.time.to_le_bytes());
        writer.put(self.texts.to_le_bytes());
        for count in self.counts {
            writer.put(count.to_le_bytes());
        }
        writer.put(self.requests.to_le_bytes());
        writer.put(self.source.to_le_bytes());
        writer.put(self.line.to_le_bytes());
        writer.put(self.status.to_le_bytes());
        writer.put([self.part, self.flags]);
        bytes.extend_from_slice(&encoded);
    }

    /// The row that [`Self::encode`] wrote.
    pub(super) fn decode(bytes: &[u8; ROW_BYTES]) -> Self {
        let mut reader = Cursor(&bytes[..]);
        let request = [
            u64::from_le_bytes(reader.take()),
            u64::from_le_bytes(reader.take()),
        ];
        let key = u64::from_le_bytes(reader.take());
        let time = i64::from_le_bytes(reader.take());
        let texts = u32::from_le_bytes(reader.take());
        let counts = [(); 5].map(|()| u32::from_le_bytes(reader.take()));
        let requests = u32::from_le_bytes(reader.take());
        let source = u32::from_le_bytes(reader.take());
        let line = u32::from_le_bytes(reader.take());
        let status = u16::from_le_bytes(reader.take());
        let [part, flags] = reader.take();
        Self {
            request,
            part,
            key,
            time,
            texts,
            counts,
            requests,
            status,
            flags,
            source,
            line,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves are what is meant"
)]
const fn halves(hash: u128) -> [u64; 2] {
    [(hash >> 64) as u64, hash as u64]
}

/// The rest of an encoded row.
struct Cursor<Bytes>(Bytes);

impl Cursor<&mut [u8]> {
    fn put<const N: usize>(&mut self, value: [u8; N]) {
        let (head, rest) = std::mem::take(&mut self.0).split_at_mut(N);
        head.copy_from_slice(&value);
        self.0 = rest;
    }
}

impl Cursor<&[u8]> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self
            .0
            .split_first_chunk()
            .expect("the fields of a row fill its bytes");
        self.0 = rest;
        *head
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::dimensions::Dimensions;

    #[test]
    fn a_row_comes_back_as_it_was() {
        let row = Row::pack(
            &Fragment {
                request: u128::MAX - 7,
                row_key: 8,
                part: Part::Whole,
                time: Timestamp::from_micros(-9),
                dimensions: Dimensions::default(),
                status: Some(429),
                input: 1,
                cached_input: 2,
                cache_write: 3,
                output: 4,
                reasoning: 5,
                total: None,
                requests: 6,
                streamed: true,
                cache_hit: false,
                quality: Quality::Missing,
                source: 10,
                line: 11,
            },
            12,
        );
        let mut bytes = Vec::new();
        row.encode(&mut bytes);
        let decoded = Row::decode(bytes.as_slice().try_into().unwrap());
        assert_eq!(decoded, row);
        assert_eq!(decoded.request(), u128::MAX - 7);
        assert_eq!(decoded.status(), Some(429));
        assert_eq!(decoded.quality(), Quality::Missing);
        assert!(decoded.streamed() && !decoded.cache_hit() && decoded.is(Part::Whole));
        assert_eq!(size_of::<Row>(), ROW_BYTES);
    }
}
