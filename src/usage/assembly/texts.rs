//! Texts of rows as small numbers.

use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::usage::dimensions::{Dimensions, TEXTS};

/// Ends each text in a run; no UTF-8 text holds this byte.
const END: u8 = 0xFF;

/// Numbers each combination of texts once, from 0.
///
/// A combination is one run of bytes, so that a look-up is one hash and one comparison; the table
/// holds where the run lies, which saves a look-up that misses the cache.
#[derive(Debug, Default)]
pub(super) struct Interner {
    bytes: Vec<u8>,
    /// Where each combination ends in `bytes`.
    ends: Vec<usize>,
    known: HashTable<Known>,
    scratch: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    start: usize,
    length: u32,
    number: u32,
}

impl Known {
    fn run(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.start + self.length as usize]
    }
}

impl Interner {
    /// The number of `texts`, a new one where they are.
    pub(super) fn intern(&mut self, texts: &Dimensions<&str>) -> u32 {
        self.scratch.clear();
        for text in texts.into_texts() {
            self.scratch.extend_from_slice(text.as_bytes());
            self.scratch.push(END);
        }
        let hash = xxh3_64(&self.scratch);
        let known = self
            .known
            .find(hash, |known| known.run(&self.bytes) == self.scratch);
        match known {
            Some(known) => known.number,
            None => self.insert(hash),
        }
    }

    fn insert(&mut self, hash: u64) -> u32 {
        let known = Known {
            start: self.bytes.len(),
            length: u32::try_from(self.scratch.len()).expect("a row is far shorter than 4 GiB"),
            number: u32::try_from(self.ends.len()).expect("2^32 combinations exceed any memory"),
        };
        self.bytes.extend_from_slice(&self.scratch);
        self.ends.push(self.bytes.len());
        let bytes = &self.bytes;
        self.known
            .insert_unique(hash, known, |known| xxh3_64(known.run(bytes)));
        known.number
    }

    /// How many combinations there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn run(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number]]
    }

    /// The texts that `number` stands for.
    pub(super) fn texts(&self, number: u32) -> Dimensions<&str> {
        let mut runs = self.run(number).split(|byte| *byte == END);
        Dimensions::from_texts([(); TEXTS].map(|()| {
            let text = runs.next().expect("every text is in the run");
            std::str::from_utf8(text).expect("only whole texts are in the run")
        }))
    }
}

/// The texts of all workers, numbered by content.
///
/// Numbers follow from the texts alone, whichever worker met them first: comparing rows of
/// different workers by number is comparing their texts, and nothing depends on who read what.
#[derive(Debug)]
pub(super) struct Texts {
    interners: Vec<Interner>,
    /// Per number one worker that knows the texts, and its own number for them.
    known: Vec<(u32, u32)>,
    /// Per number the dimensions of records, made when a record first needs them.
    shared: Vec<OnceLock<Arc<Dimensions>>>,
}

impl Texts {
    /// Brings the texts of `interners` together; also, per worker, the numbers that replace its own.
    pub(super) fn merge(interners: Vec<Interner>) -> (Self, Vec<Vec<u32>>) {
        let mut all: Vec<(u32, u32)> = Vec::new();
        let mut renumbered = Vec::new();
        for (worker, interner) in (0..).zip(&interners) {
            all.extend((0..).take(interner.len()).map(|number| (worker, number)));
            renumbered.push(vec![0; interner.len()]);
        }
        let run = |&(worker, number): &(u32, u32)| interners[worker as usize].run(number);
        all.sort_unstable_by(|a, b| run(a).cmp(run(b)));
        let mut known: Vec<(u32, u32)> = Vec::new();
        for entry in all {
            let is_new = known.last().is_none_or(|last| run(last) != run(&entry));
            if is_new {
                known.push(entry);
            }
            renumbered[entry.0 as usize][entry.1 as usize] =
                u32::try_from(known.len() - 1).expect("no more numbers than the workers gave");
        }
        let shared = known.iter().map(|_| OnceLock::new()).collect();
        let texts = Self {
            interners,
            known,
            shared,
        };
        (texts, renumbered)
    }

    /// The texts that `number` stands for.
    pub(super) fn get(&self, number: u32) -> Dimensions<&str> {
        let (worker, own) = self.known[number as usize];
        self.interners[worker as usize].texts(own)
    }

    /// How many texts of `number` are not empty.
    pub(super) fn told(&self, number: u32) -> usize {
        let texts = self.get(number).into_texts();
        texts.iter().filter(|text| !text.is_empty()).count()
    }

    /// Whether `number` tells every text that `other` tells.
    pub(super) fn covers(&self, number: u32, other: u32) -> bool {
        let told = self.get(other).into_texts().into_iter();
        let mut pairs = told.zip(self.get(number).into_texts());
        pairs.all(|(other, text)| other.is_empty() || other == text)
    }

    /// The same, as records share them.
    pub(super) fn shared(&self, number: u32) -> &Arc<Dimensions> {
        self.shared[number as usize].get_or_init(|| Arc::new(owned(&self.get(number))))
    }
}

/// A copy of `texts` that lives on its own.
pub(super) fn owned(texts: &Dimensions<&str>) -> Dimensions {
    Dimensions::from_texts(texts.into_texts().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(subscription: &'static str, product: &'static str) -> Dimensions<&'static str> {
        Dimensions {
            subscription,
            product,
            ..Dimensions::default()
        }
    }

    #[test]
    fn equal_texts_have_one_number() {
        let mut interner = Interner::default();
        assert_eq!(interner.intern(&of("hr", "x")), 0);
        assert_eq!(interner.intern(&of("hrx", "")), 1);
        assert_eq!(interner.intern(&of("hr", "x")), 0);
        assert_eq!(interner.texts(1), of("hrx", ""));
    }

    #[test]
    fn numbers_do_not_depend_on_who_met_the_texts() {
        let intern = |all: &[&'static str]| {
            let mut interner = Interner::default();
            for text in all {
                interner.intern(&of(text, ""));
            }
            interner
        };
        let (texts, numbers) = Texts::merge(vec![intern(&["b", "a"]), intern(&["c", "b"])]);
        assert_eq!(numbers, vec![vec![1, 0], vec![2, 1]]);
        assert_eq!(texts.get(2), of("c", ""));
        assert_eq!(**texts.shared(0), owned(&of("a", "")));
    }
}
