//! A sample of counted records, drawn by hashes of their places, so that the same input gives the
//! same sample on any number of threads.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::tokenizer::count::Counted;

/// Where a record, or a part of a long text, is: its batch, and its place in it.
pub(super) type Key = (u64, u32);

/// How a sample is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// How many records are drawn; all of them, if there are no more.
    pub size: usize,
    /// Decides which.
    pub seed: u64,
}

/// Records that were drawn, as each of the models counted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    drawn: BTreeMap<Key, Vec<Counted>>,
}

impl Sample {
    /// How many records were drawn.
    pub fn len(&self) -> usize {
        self.drawn.len()
    }

    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    /// The places of the records.
    pub(super) fn keys(&self) -> BTreeSet<Key> {
        self.drawn.keys().copied().collect()
    }

    /// Every record that is not in `other` with the same counts, and what is there instead.
    pub fn differences<'s>(
        &'s self,
        other: &'s Self,
    ) -> impl Iterator<Item = (&'s Counted, Option<&'s Counted>)> {
        self.drawn.iter().flat_map(move |(key, counts)| {
            let others = other.drawn.get(key).map(Vec::as_slice).unwrap_or_default();
            let pairs = counts.iter().enumerate();
            let pairs = pairs.map(move |(place, counted)| (counted, others.get(place)));
            pairs.filter(|(counted, other)| {
                other.is_none_or(|other| {
                    other.input != counted.input || other.output != counted.output
                })
            })
        })
    }
}

/// Draws a sample while records go by.
#[derive(Debug, Default)]
pub(super) struct Sampler {
    sampling: Option<Sampling>,
    /// The drawn records by their hashes.
    drawn: BTreeMap<(u64, Key), Vec<Counted>>,
    /// The last record that went by, if it was drawn.
    last: Option<(u64, Key)>,
}

impl Sampler {
    pub(super) fn new(sampling: Option<Sampling>) -> Self {
        Self {
            sampling,
            ..Self::default()
        }
    }

    /// A record goes by, as it is counted as the first of the models.
    pub(super) fn offer(&mut self, key: Key, counted: &Counted) {
        let Some(sampling) = self.sampling.filter(|sampling| sampling.size > 0) else {
            return;
        };
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&key.0.to_le_bytes());
        bytes[8..].copy_from_slice(&key.1.to_le_bytes());
        let hash = (xxh3_64_with_seed(&bytes, sampling.seed), key);
        self.last = None;
        if self.drawn.len() >= sampling.size {
            let greatest = self.drawn.last_key_value().map(|(hash, _)| *hash);
            if greatest.is_some_and(|greatest| greatest < hash) {
                return;
            }
            self.drawn.pop_last();
        }
        self.drawn.insert(hash, vec![counted.clone()]);
        self.last = Some(hash);
    }

    /// The same record goes by, as another model's.
    pub(super) fn again(&mut self, counted: &Counted) {
        if let Some(counts) = self.last.and_then(|last| self.drawn.get_mut(&last)) {
            counts.push(counted.clone());
        }
    }

    pub(super) fn finish(self) -> Sample {
        let drawn = self.drawn.into_iter();
        Sample {
            drawn: drawn.map(|((_, key), counts)| (key, counts)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(size: usize, order: impl Iterator<Item = u32>) -> Vec<Key> {
        let mut sampler = Sampler::new(Some(Sampling { size, seed: 1 }));
        for place in order {
            sampler.offer((7, place), &Counted::default());
        }
        sampler.finish().keys().into_iter().collect()
    }

    #[test]
    fn a_sample_does_not_depend_on_the_order_of_records() {
        let forth = drawn(5, 0..1000);
        assert_eq!(forth.len(), 5);
        assert_eq!(forth, drawn(5, (0..1000).rev()));
        assert_eq!(drawn(5, 0..3).len(), 3);
        assert_eq!(drawn(0, 0..3), []);
    }

    #[test]
    fn differences_are_found() {
        let mut counted = Counted::default();
        let sample = |counted: &Counted| {
            let mut sampler = Sampler::new(Some(Sampling { size: 1, seed: 1 }));
            sampler.offer((0, 0), counted);
            sampler.again(counted);
            sampler.finish()
        };
        let before = sample(&counted);
        assert_eq!(before.differences(&before).count(), 0);
        counted.output = Some(1);
        assert_eq!(before.differences(&sample(&counted)).count(), 2);
        assert_eq!(before.differences(&Sample::default()).count(), 2);
    }
}
