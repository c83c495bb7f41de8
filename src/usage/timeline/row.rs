//! A record packed for sorting.

use std::sync::Arc;

use super::TimedUsage;
use crate::time::Timestamp;
use crate::units::{Requests, TokenCounts, Tokens};
use crate::usage::dimensions::Dimensions;
use crate::usage::record::{Disposition, Quality, UsageRecord};

/// Bytes of an encoded row.
pub(super) const BYTES: usize = 80;

/// One record; rows sort by time, then by request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    time: i64,
    /// High and low half of the request hash; as one `u128` it would pad the row.
    request: [u64; 2],
    /// Input, cached input, cache write, output, reasoning: a record may be a sum of many
    /// requests, so 32 bits are not enough.
    tokens: [u64; 5],
    requests: u64,
    /// Number of the texts in the collector.
    dimensions: u32,
    status: u16,
    /// Disposition and quality by their places.
    kind: u8,
    streamed: bool,
}

/// No HTTP status; no server answers with it.
const NO_STATUS: u16 = u16::MAX;

const QUALITIES: [Quality; 5] = [
    Quality::Exact,
    Quality::Aggregated,
    Quality::Estimated,
    Quality::Defaulted,
    Quality::Missing,
];

impl Row {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the halves of the hash are what is meant; there are 35 kinds"
    )]
    pub(super) fn pack(record: &UsageRecord<'_>, dimensions: u32) -> Self {
        let TokenCounts {
            input,
            cached_input,
            cache_write,
            output,
            reasoning,
        } = record.tokens;
        let place = |disposition| {
            let mut all = Disposition::ALL.iter();
            all.position(|other| *other == disposition)
                .expect("every disposition is listed")
        };
        let kind = place(record.disposition) * QUALITIES.len() + record.quality as usize;
        Self {
            time: record.time.micros(),
            request: [(record.request >> 64) as u64, record.request as u64],
            tokens: [input, cached_input, cache_write, output, reasoning].map(Tokens::get),
            requests: record.requests.get(),
            dimensions,
            status: record.status.unwrap_or(NO_STATUS),
            kind: kind as u8,
            streamed: record.streamed,
        }
    }

    pub(super) fn unpack(self, dimensions: &[Arc<Dimensions>]) -> TimedUsage {
        let [input, cached_input, cache_write, output, reasoning] = self.tokens.map(Tokens::new);
        let kind = usize::from(self.kind);
        TimedUsage {
            time: Timestamp::from_micros(self.time),
            request: (u128::from(self.request[0]) << 64) | u128::from(self.request[1]),
            dimensions: Arc::clone(&dimensions[self.dimensions as usize]),
            status: (self.status != NO_STATUS).then_some(self.status),
            tokens: TokenCounts {
                input,
                cached_input,
                cache_write,
                output,
                reasoning,
            },
            requests: Requests::new(self.requests),
            streamed: self.streamed,
            quality: QUALITIES[kind % QUALITIES.len()],
            disposition: Disposition::ALL[kind / QUALITIES.len()],
        }
    }

    pub(super) fn encode(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let (words, _) = bytes.as_chunks_mut::<8>();
        let fields = [self.time.cast_unsigned()]
            .into_iter()
            .chain(self.request)
            .chain(self.tokens)
            .chain([self.requests, self.last_word()]);
        for (word, field) in words.iter_mut().zip(fields) {
            *word = field.to_le_bytes();
        }
        bytes
    }

    /// The row that [`Self::encode`] wrote.
    pub(super) fn decode(bytes: &[u8; BYTES]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        let word = |place: usize| u64::from_le_bytes(words[place]);
        let [d0, d1, d2, d3, s0, s1, kind, streamed] = words[9];
        Self {
            time: word(0).cast_signed(),
            request: [word(1), word(2)],
            tokens: [word(3), word(4), word(5), word(6), word(7)],
            requests: word(8),
            dimensions: u32::from_le_bytes([d0, d1, d2, d3]),
            status: u16::from_le_bytes([s0, s1]),
            kind,
            streamed: streamed != 0,
        }
    }

    /// The fields that are shorter than a word.
    fn last_word(&self) -> u64 {
        let [d0, d1, d2, d3] = self.dimensions.to_le_bytes();
        let [s0, s1] = self.status.to_le_bytes();
        u64::from_le_bytes([d0, d1, d2, d3, s0, s1, self.kind, u8::from(self.streamed)])
    }
}
