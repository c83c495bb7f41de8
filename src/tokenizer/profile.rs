//! What counted records add up to: how large they are, how far that is certain, what the prompt
//! cache would save, and which are the largest. Records come in their own order, one by one, so
//! nothing depends on how they were counted.

mod cache;
mod cells;
mod distribution;
mod label;
mod largest;
mod shape;
mod tally;
mod usage;
mod worth;

pub use cache::CacheRules;
use cache::PromptCache;
pub use cells::Cells;
pub use distribution::Distribution;
pub use label::Label;
pub use largest::{Largest, LargestRecord};
pub use tally::{Tally, TokenSums};
pub use usage::{CLOSE, UsageComparison};
pub use worth::{LongContext, Terms, Worth, context_thresholds};

use std::collections::BTreeMap;

use thiserror::Error;

use super::count::{Counted, Labels};
use crate::units::Tokens;

/// What is kept of the records.
#[derive(Clone, Debug)]
pub struct Settings {
    /// By which labels records are grouped, in this order; by none, all of them are one group.
    pub by: Vec<Label>,
    /// Groups beyond this many are refused.
    pub most_groups: usize,
    /// Input above each of these is told apart, ascending: see [`context_thresholds`].
    pub thresholds: Vec<Tokens>,
    /// What the prompt cache keeps.
    pub cache: CacheRules,
    /// How many of the largest records are kept.
    pub largest: usize,
    /// Records with more input are over budget [token].
    pub budget: Option<u64>,
    /// The most cells of the shape of a group; 0 keeps no shapes.
    pub cells: usize,
    /// Cells of all groups together, beyond which each group gets fewer.
    pub most_cells: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            by: Vec::new(),
            most_groups: 10_000,
            thresholds: Vec::new(),
            cache: CacheRules::documented(),
            largest: 10,
            budget: None,
            cells: 0,
            // Some 20 MB.
            most_cells: 200_000,
        }
    }
}

/// There are more groups than anyone reads, and than memory should hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "there are more than {most} groups by {by}; group by labels with fewer values, or not at all"
)]
pub struct TooManyGroups {
    most: usize,
    by: String,
}

/// Takes counted records in order.
#[derive(Debug)]
pub struct Profile {
    settings: Settings,
    cache: PromptCache,
    groups: Vec<Group>,
    places: BTreeMap<Vec<String>, usize>,
    /// The group of the last record, which often is that of the next.
    last: usize,
    /// The most cells of one group now, and the cells of all groups.
    cells: (usize, usize),
    largest: Largest,
}

/// Records that have the chosen labels in common.
#[derive(Clone, Debug)]
pub struct Group {
    /// The value of each chosen label; empty where the records do not say.
    pub labels: Vec<String>,
    /// What they add up to.
    pub tally: Tally,
    /// Their tokens together, for shapes.
    pub cells: Cells,
}

/// What a whole input adds up to.
#[derive(Clone, Debug)]
pub struct Profiled {
    /// By which labels the groups differ.
    pub by: Vec<Label>,
    /// The groups, by their labels in the order of the alphabet.
    pub groups: Vec<Group>,
    /// All groups together.
    pub total: Tally,
    /// The largest records.
    pub largest: Largest,
}

/// The least number of cells that a group is left with.
const FEWEST_CELLS: usize = 16;

impl Profile {
    /// No records yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            cache: PromptCache::new(settings.cache.clone()),
            groups: Vec::new(),
            places: BTreeMap::new(),
            last: 0,
            cells: (settings.cells, 0),
            largest: Largest::new(settings.largest, settings.budget),
            settings,
        }
    }

    /// Adds the next record.
    pub fn add(&mut self, counted: &Counted) -> Result<(), TooManyGroups> {
        let at = self.place(&counted.labels)?;
        let cached = self.cache.read(&counted.labels.model, &counted.prefix);
        let cached = cached.of_prompt(counted.input.total());
        self.largest.add(counted);
        let group = &mut self.groups[at];
        group.tally.add(counted, cached, &self.settings.thresholds);
        if self.cells.0 > 0 {
            let before = group.cells.len();
            group.cells.add(counted, cached.read, self.cells.0);
            self.cells.1 = self.cells.1 + group.cells.len() - before;
            self.thin_out();
        }
        Ok(())
    }

    /// What the records add up to.
    pub fn finish(self) -> Profiled {
        let mut groups = self.groups;
        groups.sort_by(|one, other| one.labels.cmp(&other.labels));
        let mut total = Tally::default();
        for group in &groups {
            total.merge(&group.tally);
        }
        Profiled {
            by: self.settings.by,
            groups,
            total,
            largest: self.largest,
        }
    }

    /// The place of the group of a record, which may be new.
    fn place(&mut self, labels: &Labels) -> Result<usize, TooManyGroups> {
        let by = &self.settings.by;
        let values = || by.iter().map(|label| label.of(labels));
        let is_last = |group: &Group| values().eq(group.labels.iter().map(String::as_str));
        if self.groups.get(self.last).is_some_and(is_last) {
            return Ok(self.last);
        }
        let key: Vec<String> = values().map(str::to_owned).collect();
        let (groups, most) = (&mut self.groups, self.settings.most_groups);
        let known = self.places.get(&key).copied();
        self.last = match known {
            Some(at) => at,
            None if groups.len() >= most => return Err(TooManyGroups::of(&self.settings)),
            None => {
                self.places.insert(key.clone(), groups.len());
                groups.push(Group {
                    labels: key,
                    tally: Tally::default(),
                    cells: Cells::default(),
                });
                groups.len() - 1
            }
        };
        Ok(self.last)
    }

    /// Leaves each group half as many cells while all have too many together.
    fn thin_out(&mut self) {
        while self.cells.1 > self.settings.most_cells && self.cells.0 > FEWEST_CELLS {
            self.cells.0 = (self.cells.0 / 2).max(FEWEST_CELLS);
            for group in &mut self.groups {
                group.cells.keep(self.cells.0);
            }
            self.cells.1 = self.groups.iter().map(|group| group.cells.len()).sum();
        }
    }
}

impl TooManyGroups {
    fn of(settings: &Settings) -> Self {
        let names: Vec<&str> = settings.by.iter().map(|label| label.name()).collect();
        Self {
            most: settings.most_groups,
            by: names.join(", "),
        }
    }
}

#[cfg(test)]
mod tests;
