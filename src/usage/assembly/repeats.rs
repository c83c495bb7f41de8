//! Where rows were delivered again.

use std::collections::BTreeMap;

use crate::diagnostic::SHOWN;
use crate::usage::record::Origin;

/// Rows dropped because another tells the same, by the source they stand in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    sources: BTreeMap<u32, Spots>,
    /// How many rows of the first source repeat rows of the second, another one.
    pairs: BTreeMap<(u32, u32), u64>,
}

/// Lines of one source: how many, and the first few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spots {
    /// How many.
    pub count: u64,
    /// The smallest of them, in order; at most [`SHOWN`].
    pub lines: Vec<u32>,
}

impl Repeats {
    /// Takes note of one dropped row, and of the row that was kept for it.
    pub fn add(&mut self, dropped: Origin, kept: Origin) {
        let spots = self.sources.entry(dropped.source).or_default();
        spots.add(dropped.line);
        if dropped.source != kept.source {
            *self.pairs.entry((dropped.source, kept.source)).or_default() += 1;
        }
    }

    /// Takes over what another thread found; the result does not depend on the order.
    pub fn merge(&mut self, other: &Self) {
        for (source, spots) in &other.sources {
            self.sources.entry(*source).or_default().merge(spots);
        }
        for (pair, count) in &other.pairs {
            *self.pairs.entry(*pair).or_default() += count;
        }
    }

    /// The other source that repeats most rows of `source`, and how many of them; the first of
    /// several.
    pub fn copied_from(&self, source: u32) -> Option<(u32, u64)> {
        let others = self.pairs.range((source, 0)..=(source, u32::MAX));
        let most = others.rev().max_by_key(|(_, count)| **count);
        most.map(|((_, other), count)| (*other, *count))
    }

    /// What was dropped of each source, by its place among the sources.
    pub fn by_source(&self) -> impl Iterator<Item = (u32, &Spots)> {
        self.sources.iter().map(|(source, spots)| (*source, spots))
    }
}

impl Spots {
    /// Takes note of one line.
    pub fn add(&mut self, line: u32) {
        self.count += 1;
        self.keep(line);
    }

    /// Takes over other lines of the source.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for line in &other.lines {
            self.keep(*line);
        }
    }

    fn keep(&mut self, line: u32) {
        let at = self.lines.partition_point(|kept| *kept <= line);
        if at < SHOWN {
            self.lines.insert(at, line);
            self.lines.truncate(SHOWN);
        }
    }
}
