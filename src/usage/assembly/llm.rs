//! The rows of the LLM log of one request: header rows with counts, and chunks of messages.

use std::cmp::Reverse;

use super::row::Row;
use super::texts::Texts;
use crate::units::TokenCounts;
use crate::usage::record::{Origin, Quality};

/// What the LLM rows of a request come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub(super) tokens: TokenCounts,
    /// The worst quality of the rows with counts.
    pub(super) quality: Quality,
    /// Header rows delivered again, each with the first that was kept.
    pub(super) repeats: Vec<(Origin, Origin)>,
}

/// Adds up the counts of `rows`.
///
/// Chunks (no counts, no names) carry nothing that adds up, and two chunks of one message look
/// alike, since their text is dropped on reading: a repeated chunk cannot be told from a second
/// one, so chunks are merged and never counted as duplicates. Header rows of different keys add up
/// (realtime sessions have several), as do those of one key with different counts.
pub(super) fn measure(rows: &[Row], texts: &Texts) -> Measured {
    let mut headers: Vec<&Row> = rows.iter().filter(|row| !is_chunk(row, texts)).collect();
    let mut measured = Measured::default();
    if headers.len() > 1 {
        let delivered = headers.clone();
        drop_repeats(&mut headers);
        drop_anonymous_repeats(&mut headers);
        measured.repeats = dropped(&delivered, &headers);
    }
    for row in headers {
        measured.tokens += row.tokens();
        if row.total() > 0 {
            measured.quality = measured.quality.max(row.quality());
        }
    }
    measured
}

/// The rows of `delivered` that were not `kept`, each with the first that was; each row is a place of
/// its own.
fn dropped(delivered: &[&Row], kept: &[&Row]) -> Vec<(Origin, Origin)> {
    let is_kept = |row: &Row| kept.iter().any(|other| std::ptr::eq(*other, row));
    let first = kept.iter().map(|row| row.origin()).min();
    let first = first.unwrap_or_default();
    let dropped = delivered.iter().filter(|row| !is_kept(row));
    dropped.map(|row| (row.origin(), first)).collect()
}

/// Whether the row is a chunk of a message: no counts, no names.
pub(super) fn is_chunk(row: &Row, texts: &Texts) -> bool {
    row.total() == 0 && {
        let named = texts.get(row.texts);
        named.model.is_empty() && named.deployment.is_empty()
    }
}

/// Keeps the most detailed of the rows that report one measurement.
///
/// The carriers of the log differ in detail: times may end at milliseconds, and only resource logs
/// tell cached tokens, which some providers count in the prompt and some beside it. So rows of one
/// key and answer repeat each other when their prompts are equal, or when a row that knows of no
/// cached tokens has the other's uncached prompt.
fn drop_repeats(headers: &mut Vec<&Row>) {
    let answer = |row: &Row| (row.key, row.tokens().output);
    let cached = |row: &Row| row.tokens().cached_input + row.tokens().cache_write;
    headers.sort_unstable_by_key(|row| {
        let tokens = row.tokens();
        (
            answer(row),
            tokens.input,
            Reverse((cached(row), tokens.reasoning)),
            **row,
        )
    });
    headers.dedup_by_key(|row| (answer(row), row.tokens().input));
    let uncached = |row: &Row| (answer(row), row.tokens().uncached_input());
    headers.sort_unstable_by_key(|row| (uncached(row), Reverse(cached(row)), **row));
    headers.dedup_by(|row, kept| cached(row).is_zero() && uncached(row) == uncached(kept));
}

/// Drops rows that do not tell their attempt's id (some exports leave the column out) where a row
/// that does reports the same measurement.
fn drop_anonymous_repeats(headers: &mut Vec<&Row>) {
    let (named, anonymous): (Vec<&Row>, Vec<&Row>) =
        headers.iter().partition(|row| row.key >> 32 != 0);
    if named.is_empty() || anonymous.is_empty() {
        return;
    }
    headers.retain(|row| {
        row.key >> 32 != 0 || !named.iter().any(|named| is_same_measurement(row, named))
    });
}

/// Whether two rows of different detail report one measurement.
fn is_same_measurement(one: &Row, other: &Row) -> bool {
    let (tokens, others) = (one.tokens(), other.tokens());
    let is_same_row = one.key & 0xffff_ffff == other.key & 0xffff_ffff;
    let is_same_prompt = tokens.input == others.input
        || tokens.uncached_input() == others.uncached_input()
            && (tokens.cached_input.is_zero() || others.cached_input.is_zero());
    is_same_row && is_same_prompt && tokens.output == others.output
}
