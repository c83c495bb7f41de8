//! Tells counters from counts: totals since some start instead of the tokens of each request.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::super::rules::records;
use super::super::sightings::Sightings;
use crate::usage::{Fragment, Origin, Part};

/// Rows of one caller that rise one after the other before they are taken for a counter's: of as
/// many independent counts, one order in 20! only rises.
const RISES: u32 = 20;

/// What the rows of each caller do, one after the other in a run of rows.
#[derive(Debug, Default)]
pub(super) struct Running {
    callers: HashMap<u64, Course, FixedState>,
    hasher: FixedState,
}

/// The last row of a caller, and how long its counts have been rising.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    last: [u32; 2],
    rises: u32,
}

impl Running {
    /// Forgets all callers: another run of rows begins.
    pub(super) fn start(&mut self) {
        self.callers.clear();
    }

    /// Takes note of the next row.
    pub(super) fn see(&mut self, fragment: &Fragment<'_>, origin: Origin, seen: &mut Sightings) {
        // The gateway's own logs count requests; only sources that tell the whole of something may
        // count since some start. A row without tokens tells nothing.
        if fragment.part != Part::Whole || fragment.input == 0 {
            return;
        }
        let texts = &fragment.dimensions;
        let caller = [
            texts.subscription,
            texts.product,
            texts.app,
            texts.deployment,
            texts.model,
        ];
        let course = self
            .callers
            .entry(self.hasher.hash_one(caller))
            .or_default();
        let counts = [fragment.input, fragment.output];
        match course.step(counts) {
            Step::Rising => seen.add(&records::RUNNING, origin, "input tokens", || {
                format!("{RISES} rows rise one after the other up to {}", counts[0])
            }),
            Step::Reset => seen.add(&records::RUNNING, origin, "input tokens", || {
                format!("a reset to {}", counts[0])
            }),
            Step::Nothing => {}
        }
    }
}

/// What a row tells of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Its counts have been rising long enough.
    Rising,
    /// They fell after having risen long enough.
    Reset,
    Nothing,
}

impl Course {
    fn step(&mut self, now: [u32; 2]) -> Step {
        if now == self.last {
            // An idle counter stands still.
            return Step::Nothing;
        }
        let [input, output] = self.last;
        let rises = now[0] >= input && now[1] >= output;
        let was_counter = self.rises >= RISES;
        self.last = now;
        if rises {
            self.rises += 1;
            return if self.rises == RISES {
                Step::Rising
            } else {
                Step::Nothing
            };
        }
        self.rises = 0;
        if was_counter {
            Step::Reset
        } else {
            Step::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(counts: impl IntoIterator<Item = [u32; 2]>) -> Vec<Step> {
        let mut course = Course::default();
        let steps = counts.into_iter().map(|now| course.step(now));
        steps.filter(|step| *step != Step::Nothing).collect()
    }

    #[test]
    fn a_counter_rises_and_is_reset() {
        let counter = (1..=25).chain(1..=3).map(|n| [n * 100, n * 10]);
        assert_eq!(steps(counter), [Step::Rising, Step::Reset]);
        let idle = (1..=25).flat_map(|n| [[n, n], [n, n]]);
        assert_eq!(steps(idle), [Step::Rising]);
    }

    #[test]
    fn what_is_equal_falls_or_is_short_is_no_counter() {
        assert_eq!(steps(vec![[100, 10]; 100]), []);
        assert_eq!(steps((1..=19).map(|n| [n, n])), []);
        // Sorted by the prompt alone, answers go up and down.
        assert_eq!(steps((1..=100).map(|n| [n * 10, 500 - n % 7])), []);
    }
}
