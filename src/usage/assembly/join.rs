//! The rows of one request become its record.

use std::sync::Arc;

use super::Assembled;
use super::conflict::{self, Conflict};
use super::llm::{self, Measured};
use super::names::Names;
use super::row::Row;
use super::texts::Texts;
use crate::time::Timestamp;
use crate::units::Requests;
use crate::usage::classification::{Evidence, Witness, classify};
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::Part;
use crate::usage::record::{Origin, UsageRecord};

/// Joins the rows of requests, one request at a time.
#[derive(Debug)]
pub(super) struct Joiner<'a> {
    texts: &'a Texts,
    sources: &'a [String],
    names: Names<'a>,
    pub(super) assembled: Assembled,
}

/// A request before it is named and classified.
#[derive(Debug)]
struct Joined {
    witness: Witness,
    time: Timestamp,
    status: Option<u16>,
    requests: u32,
    streamed: bool,
    cache_hit: bool,
    measured: Measured,
    origin: Origin,
    apart: u64,
}

impl<'a> Joiner<'a> {
    pub(super) fn new(texts: &'a Texts, sources: &'a [String]) -> Self {
        Self {
            texts,
            sources,
            names: Names::new(texts),
            assembled: Assembled::default(),
        }
    }

    /// The record of the request whose sorted rows these are; each row is accounted for.
    pub(super) fn join(&mut self, rows: &[Row]) -> UsageRecord<'_> {
        let (halves, whole) = rows.split_at(rows.partition_point(|row| !row.is(Part::Whole)));
        let (gateway, llm) = halves.split_at(halves.partition_point(|row| row.is(Part::Gateway)));
        let dropped = self.dropped();
        let request = rows[0].request();
        let (joined, caller, llm) = if let Some(whole) = self.keep_latest(whole) {
            self.displace(halves);
            (single(&whole, Witness::Whole), Some(whole), &[][..])
        } else {
            let gateway = self.keep_latest(gateway);
            let joined = match (&gateway, llm) {
                (Some(gateway), []) => single(gateway, Witness::Gateway),
                (gateway, llm) => self.halves(gateway.as_ref(), llm),
            };
            (joined, gateway, llm)
        };
        let dropped = self.dropped() - dropped;
        self.assembled.accounting.requests += 1;
        self.assembled.accounting.merged += rows.len() as u64 - 1 - dropped;
        joined.record(request, self.names.of(caller.as_ref(), llm))
    }

    fn dropped(&self) -> u64 {
        self.assembled.accounting.duplicates + self.assembled.accounting.conflicts
    }

    /// The latest of `rows` that tell the whole of one thing: retries and revisions supersede each
    /// other. Ties go to more tokens, then to more texts, then to content.
    fn keep_latest(&mut self, rows: &[Row]) -> Option<Row> {
        let (texts, [_, _, ..]) = (self.texts, rows) else {
            return rows.first().copied();
        };
        let rank = |row: &&Row| (row.time, row.total(), texts.told(row.texts), row.content());
        let kept = *rows.iter().max_by_key(rank)?;
        for (before, row) in conflict::with_previous(rows) {
            if let Some(before) = before.filter(|before| before.content() == row.content()) {
                self.repeat(row.origin(), before.origin());
            } else if row.content() != kept.content() {
                self.drop_other(row, &kept);
            }
        }
        Some(kept)
    }

    /// Drops a row that differs from the one kept: as a repeat if it only tells less, as carriers
    /// that leave out columns or cut times to milliseconds do; otherwise as a contradiction.
    fn drop_other(&mut self, row: &Row, kept: &Row) {
        let alike = row.with_texts(kept.texts);
        let tells_less = alike.content() == kept.content() || alike.is_rounded(kept);
        if tells_less && self.texts.covers(kept.texts, row.texts) {
            self.repeat(row.origin(), kept.origin());
        } else {
            self.conflict(row, Conflict::Superseded);
        }
    }

    /// Drops the halves of a request that another row tells whole; chunks of messages tell nothing
    /// that could differ, and are merged.
    fn displace(&mut self, halves: &[Row]) {
        for (before, row) in conflict::with_previous(halves) {
            if row.is(Part::Llm) && llm::is_chunk(row, self.texts) {
                continue;
            }
            if let Some(before) = before.filter(|before| before.content() == row.content()) {
                self.repeat(row.origin(), before.origin());
            } else {
                self.conflict(row, Conflict::ToldWhole);
            }
        }
    }

    fn repeat(&mut self, dropped: Origin, kept: Origin) {
        self.assembled.accounting.duplicates += 1;
        self.assembled.repeats.add(dropped, kept);
    }

    fn conflict(&mut self, row: &Row, conflict: Conflict) {
        self.assembled.accounting.conflicts += 1;
        let diagnostic = conflict.at(row, self.sources, String::new());
        self.assembled.diagnostics.add(diagnostic);
    }

    /// What the gateway's row comes to with those of the LLM log, of which there is one at least.
    fn halves(&mut self, gateway: Option<&Row>, llm: &[Row]) -> Joined {
        let measured = llm::measure(llm, self.texts);
        for (dropped, kept) in &measured.repeats {
            self.repeat(*dropped, *kept);
        }
        for found in self.names.contradictions(llm) {
            let diagnostic = Conflict::Names.at(&llm[0], self.sources, found);
            self.assembled.diagnostics.add(diagnostic);
        }
        let rows = || gateway.into_iter().chain(llm);
        let earliest = llm.iter().map(Row::time).min().unwrap_or_default();
        Joined {
            witness: gateway.map_or(Witness::Llm, |_| Witness::Both),
            time: gateway.map_or(earliest, Row::time),
            status: rows().find_map(Row::status),
            requests: rows().map(|row| row.requests).max().unwrap_or_default(),
            streamed: rows().any(Row::streamed),
            cache_hit: rows().any(Row::cache_hit),
            measured,
            origin: gateway.unwrap_or(&llm[0]).origin(),
            apart: gateway.map_or(0, |gateway| apart(gateway, llm)),
        }
    }
}

/// What a row comes to that tells all that is told.
fn single(row: &Row, witness: Witness) -> Joined {
    Joined {
        witness,
        time: row.time(),
        status: row.status(),
        requests: row.requests,
        streamed: row.streamed(),
        cache_hit: row.cache_hit(),
        measured: Measured {
            tokens: row.tokens(),
            quality: row.quality(),
            repeats: Vec::new(),
        },
        origin: row.origin(),
        apart: 0,
    }
}

/// From the gateway's row to the nearest row of the LLM log [µs].
fn apart(gateway: &Row, llm: &[Row]) -> u64 {
    let times = llm.iter().map(|row| row.time.abs_diff(gateway.time));
    times.min().unwrap_or(0)
}

impl Joined {
    fn record(self, request: u128, dimensions: &Arc<Dimensions>) -> UsageRecord<'_> {
        let (disposition, quality) = classify(&Evidence {
            witness: self.witness,
            status: self.status,
            tokens: self.measured.tokens,
            dimensions,
            cache_hit: self.cache_hit,
            quality: self.measured.quality,
        });
        UsageRecord {
            request,
            time: self.time,
            dimensions,
            status: self.status,
            tokens: self.measured.tokens,
            requests: Requests::new(u64::from(self.requests)),
            streamed: self.streamed,
            quality,
            disposition,
            origin: self.origin,
            apart: self.apart,
        }
    }
}
