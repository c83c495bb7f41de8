//! Everything that is added up of a group of records.

use std::collections::BTreeMap;

use super::cache::CacheUse;
use super::distribution::Distribution;
use super::usage::UsageComparison;
use crate::catalog::ModelName;
use crate::tokenizer::count::{Certainty, Counted, Part, Reason};
use crate::units::{Requests, TokenCounts, Tokens};

/// Sums of records; whole numbers only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Prompt tokens.
    pub input: Distribution,
    /// Answer tokens, of records that tell them.
    pub output: Distribution,
    /// The most tokens that callers let answers have, of records that state it.
    pub max_tokens: Distribution,
    /// Prompts of which the cache would have held something.
    pub cache_hits: u64,
    /// Prompt tokens that the cache would have held [token].
    pub cached: u64,
    /// The longest start of a prompt that an earlier one has too, in whole blocks from the
    /// cache's minimum on [token].
    pub longest_shared: u64,
    /// Counts against reported usage.
    pub usage: UsageComparison,
    /// What is priced: sums by model and version, and by the highest context threshold that the requests
    /// exceed.
    pub models: BTreeMap<ModelName, BTreeMap<Option<Tokens>, TokenSums>>,
    parts: [i64; Part::ALL.len()],
    certainty: [u64; 3],
    reasons: BTreeMap<Reason, u64>,
}

/// Requests of one price, and their tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenSums {
    /// The requests.
    pub requests: Requests,
    /// Those whose answers are known.
    pub answered: Requests,
    /// Tokens of all of them, as the prompt cache would have served them.
    pub tokens: TokenCounts,
}

impl Tally {
    /// Adds a record that the cache served so; `thresholds` ascend.
    pub(super) fn add(&mut self, counted: &Counted, cached: CacheUse, thresholds: &[Tokens]) {
        let input = counted.input.total();
        self.input.add(input);
        if let Some(output) = counted.output {
            self.output.add(output);
        }
        if let Some(most) = counted.max_tokens {
            self.max_tokens.add(most.get().into());
        }
        for (part, sum) in Part::ALL.iter().zip(&mut self.parts) {
            *sum += counted.input.part(*part);
        }
        self.certainty[counted.input.certainty() as usize] += 1;
        for reason in counted.input.reasons() {
            *self.reasons.entry(reason).or_default() += 1;
        }
        self.cache_hits += u64::from(cached.read > 0);
        self.cached += cached.read;
        self.longest_shared = self.longest_shared.max(cached.read);
        self.usage.add(counted, cached.read);
        self.price(counted, cached, thresholds);
    }

    fn price(&mut self, counted: &Counted, cached: CacheUse, thresholds: &[Tokens]) {
        let input = Tokens::new(counted.input.total());
        let exceeded = thresholds.partition_point(|threshold| *threshold < input);
        let above = exceeded.checked_sub(1).map(|at| thresholds[at]);
        let model = ModelName {
            model: counted.labels.model.clone(),
            version: counted.version.clone(),
        };
        let sums = self.models.entry(model).or_default();
        let sums = sums.entry(above).or_default();
        sums.requests += Requests::new(1);
        sums.answered += Requests::new(counted.output.is_some().into());
        sums.tokens += TokenCounts {
            input,
            cached_input: Tokens::new(cached.read),
            cache_write: Tokens::new(cached.written),
            output: Tokens::new(counted.output.unwrap_or(0)),
            reasoning: Tokens::default(),
        };
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.input.merge(&other.input);
        self.output.merge(&other.output);
        self.max_tokens.merge(&other.max_tokens);
        self.cache_hits += other.cache_hits;
        self.cached += other.cached;
        self.longest_shared = self.longest_shared.max(other.longest_shared);
        self.usage.merge(&other.usage);
        for (model, by_threshold) in &other.models {
            let sums = self.models.entry(model.clone()).or_default();
            for (above, more) in by_threshold {
                sums.entry(*above).or_default().merge(more);
            }
        }
        for (sum, more) in self.parts.iter_mut().zip(other.parts) {
            *sum += more;
        }
        for (sum, more) in self.certainty.iter_mut().zip(other.certainty) {
            *sum += more;
        }
        for (reason, more) in &other.reasons {
            *self.reasons.entry(*reason).or_default() += more;
        }
    }

    /// How many records there are.
    pub const fn records(&self) -> u64 {
        self.input.count()
    }

    /// Tokens of one part of all prompts [token]; corrections of fitted rules may leave a part
    /// below 0.
    pub const fn part(&self, part: Part) -> i64 {
        self.parts[part as usize]
    }

    /// Records whose count is so certain.
    pub const fn of_certainty(&self, certainty: Certainty) -> u64 {
        self.certainty[certainty as usize]
    }

    /// Why counts are not exact, and for how many records; a record may have several reasons.
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, u64)> {
        self.reasons.iter().map(|(reason, count)| (*reason, *count))
    }
}

impl TokenSums {
    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.answered += other.answered;
        self.tokens += other.tokens;
    }
}
