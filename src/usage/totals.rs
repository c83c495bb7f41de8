//! Exact integer sums of usage by everything that decides owner or price.

use std::hash::BuildHasher;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use hashbrown::hash_table::Entry;
use hashbrown::{HashMap, HashTable};

use super::dimensions::Dimensions;
use super::record::{Disposition, Quality, UsageRecord};
use crate::time::day_from_number;
use crate::units::{Requests, TokenCounts, Tokens};

/// What requests are added up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageKey {
    /// The UTC day.
    pub day: NaiveDate,
    /// Who asked whom for what.
    pub dimensions: Arc<Dimensions>,
    /// What became of the requests.
    pub disposition: Disposition,
    /// The highest context threshold of the rate card that each request's input exceeded.
    pub input_above: Option<Tokens>,
}

/// The sum over all requests of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageSum {
    /// What the requests have in common.
    pub key: UsageKey,
    /// How many requests.
    pub requests: Requests,
    /// Their tokens by class.
    pub tokens: TokenCounts,
    /// The worst quality among them.
    pub quality: Quality,
}

/// Adds records up, in one thread or in several whose totals are merged.
#[derive(Clone, Debug)]
pub struct Totals<'a> {
    /// Context thresholds of the rate card, ascending.
    thresholds: &'a [Tokens],
    /// Where the sum of a slot lies. Sums lie outside the table: its empty places, up to half of
    /// it, would take as much memory as sums do.
    places: HashTable<u32>,
    sums: Vec<(Slot, Sum)>,
    /// By address, which says what they are as long as they are kept here.
    dimensions: HashMap<usize, Arc<Dimensions>, RandomState>,
    hasher: RandomState,
}

/// [`UsageKey`] in 16 bytes: records share their dimensions, so hashing an address will do, which
/// is a small part of what reading a row costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Slot {
    day: i32,
    /// Address of the dimensions; their rank when slots are sorted.
    dimensions: usize,
    disposition: Disposition,
    /// How many thresholds were exceeded.
    exceeded: u16,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    requests: Requests,
    tokens: TokenCounts,
    quality: Quality,
}

impl<'a> Totals<'a> {
    /// No records yet; `thresholds` are the rate card's context thresholds in ascending order.
    pub fn new(thresholds: &'a [Tokens]) -> Self {
        debug_assert!(thresholds.is_sorted(), "{thresholds:?}");
        Self {
            thresholds,
            places: HashTable::new(),
            sums: Vec::new(),
            dimensions: HashMap::default(),
            hasher: RandomState::default(),
        }
    }

    /// Adds one record.
    pub fn add(&mut self, record: &UsageRecord<'_>) {
        let slot = Slot {
            day: record.time.day_number(),
            dimensions: Arc::as_ptr(record.dimensions).addr(),
            disposition: record.disposition,
            exceeded: self.exceeded(record),
        };
        let known = self.sums.len();
        let sum = self.sum(slot);
        sum.add(&Sum {
            requests: record.requests,
            tokens: record.tokens,
            quality: record.quality,
        });
        if self.sums.len() > known {
            self.dimensions
                .entry(slot.dimensions)
                .or_insert_with(|| Arc::clone(record.dimensions));
        }
    }

    fn sum(&mut self, slot: Slot) -> &mut Sum {
        let (sums, hasher) = (&mut self.sums, &self.hasher);
        let entry = self.places.entry(
            hasher.hash_one(slot),
            |place| sums[*place as usize].0 == slot,
            |place| hasher.hash_one(sums[*place as usize].0),
        );
        let place = match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let place = u32::try_from(sums.len()).expect("2^32 sums exceed any memory");
                new.insert(place);
                sums.push((slot, Sum::default()));
                place
            }
        };
        &mut sums[place as usize].1
    }

    /// How many thresholds the input of each request exceeded. A record of many requests is taken
    /// for as many alike, each of the average input rounded down: it tells no more.
    fn exceeded(&self, record: &UsageRecord<'_>) -> u16 {
        let input = Tokens::new(record.tokens.input.get() / record.requests.get().max(1));
        let exceeded = self
            .thresholds
            .partition_point(|threshold| *threshold < input);
        u16::try_from(exceeded).expect("a rate card has few context thresholds")
    }

    /// Takes over what another thread added.
    pub fn merge(&mut self, other: Self) {
        self.dimensions.extend(other.dimensions);
        for (slot, sum) in other.sums {
            self.sum(slot).add(&sum);
        }
    }

    /// The sums, sorted by key.
    pub fn into_sums(self) -> Vec<UsageSum> {
        let mut dimensions: Vec<_> = self.dimensions.into_values().collect();
        dimensions.sort_unstable();
        let mut ranks: HashMap<usize, usize, RandomState> = HashMap::default();
        let mut ranked: Vec<Arc<Dimensions>> = Vec::new();
        for dimensions in &dimensions {
            // Equal dimensions at several addresses are one: each thread joins its own.
            if ranked.last() != Some(dimensions) {
                ranked.push(Arc::clone(dimensions));
            }
            ranks.insert(Arc::as_ptr(dimensions).addr(), ranked.len() - 1);
        }
        let rank = |slot: Slot| Slot {
            dimensions: ranks[&slot.dimensions],
            ..slot
        };
        let mut sums: Vec<_> = self
            .sums
            .into_iter()
            .map(|(slot, sum)| (rank(slot), sum))
            .collect();
        sums.sort_unstable_by_key(|(slot, _)| *slot);
        sums.dedup_by(|(slot, sum), (kept, total)| {
            let same = slot == kept;
            if same {
                total.add(sum);
            }
            same
        });
        sums.into_iter()
            .map(|(slot, sum)| sum.with_key(slot.key(&ranked, self.thresholds)))
            .collect()
    }
}

impl Slot {
    fn key(self, ranked: &[Arc<Dimensions>], thresholds: &[Tokens]) -> UsageKey {
        UsageKey {
            // Days that no calendar shows belong to no period either.
            day: day_from_number(self.day).unwrap_or(NaiveDate::MAX),
            dimensions: Arc::clone(&ranked[self.dimensions]),
            disposition: self.disposition,
            input_above: usize::from(self.exceeded)
                .checked_sub(1)
                .map(|last| thresholds[last]),
        }
    }
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.tokens += other.tokens;
        self.quality = self.quality.max(other.quality);
    }

    fn with_key(self, key: UsageKey) -> UsageSum {
        UsageSum {
            key,
            requests: self.requests,
            tokens: self.tokens,
            quality: self.quality,
        }
    }
}
