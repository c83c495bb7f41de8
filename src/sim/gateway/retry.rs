//! When the gateway tries again.

use serde::Deserialize;

use crate::sim::chance::Chance;
use crate::sim::codes::Codes;
use crate::sim::seconds::Seconds;
use crate::time::SimDuration;

/// `[gateway.retry]`: which answers are tried again, how often and after what wait.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RetryRules {
    /// Statuses that are tried again, such as `[429, "5xx"]`.
    pub codes: Codes,
    /// Attempts beyond the first; left out: as many as the pool has further members.
    pub count: Option<u32>,
    /// How the wait grows.
    #[serde(default)]
    pub wait: Growth,
    /// The first wait [s]; with `retry-after` the wait where an answer states none.
    #[serde(default)]
    pub interval_s: Seconds,
    /// What the wait grows by [s]; for `linear` and `exponential`.
    #[serde(default)]
    pub delta_s: Seconds,
    /// The longest wait [s]; needed for `exponential`.
    pub max_s: Option<Seconds>,
    /// Whether the first retry waits or goes at once.
    #[serde(default)]
    pub first: First,
    /// Whether exponential waits are drawn or nominal.
    #[serde(default)]
    pub jitter: Jitter,
    /// Who gets the next attempt.
    #[serde(default)]
    pub then: Then,
    /// The longest the gateway holds a call in all [s]: a retry that would come later is not made.
    pub hold_s: Option<Seconds>,
    /// What a caller gets that was held too long; left out: the last answer.
    pub hold_status: Option<u16>,
}

/// How waits between attempts grow.
///
/// Source: API Management retry policy reference (read 2026-11-22); k counts retries from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// `interval`, always.
    #[default]
    Fixed,
    /// `interval + k × delta`.
    Linear,
    /// `min(max, interval + (2^k − 1) × rand(0.8 × delta, 1.2 × delta))`.
    Exponential,
    /// Until the first member returns, where health took all of them out, and nothing while one is
    /// left; without health what the answer says, and `interval` where it says nothing.
    RetryAfter,
}

/// What the first retry waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// For the first wait.
    #[default]
    Waits,
    /// For nothing (`first-fast-retry`); the waits after it are those of later retries.
    AtOnce,
}

/// Whether waits are left to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Jitter {
    /// Drawn from the seed.
    #[default]
    Random,
    /// The middle of what could be drawn, or the most where chance only shortens.
    Nominal,
}

/// Who gets the attempt after a failed one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// The same member.
    Same,
    /// A member that was not tried yet; when all were, the last one again.
    Next,
    /// Whoever is chosen anew; only health tells members apart.
    #[default]
    Again,
}

/// How far the drawn delta lies from the nominal one, at most.
/// Source: API Management retry policy reference (read 2026-11-22).
const SPREAD: f64 = 0.2;

impl RetryRules {
    /// The wait before retry number `k`, from 0; `stated` is what `retry-after` waits for.
    pub(super) fn wait(
        &self,
        k: u32,
        stated: Option<SimDuration>,
        chance: &mut Chance,
    ) -> SimDuration {
        if k == 0 && self.first == First::AtOnce {
            return SimDuration::ZERO;
        }
        let interval = self.interval_s.span();
        let delta = self.delta_s.span();
        let wait = match self.wait {
            Growth::Fixed => interval,
            Growth::Linear => interval.plus(delta.times(k.into())),
            Growth::Exponential => interval.plus(self.grown(k, chance)),
            Growth::RetryAfter => stated.unwrap_or(interval),
        };
        self.max_s.map_or(wait, |max| wait.min(max.span()))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a drawn span of time, cut to the longest wait before it is used"
    )]
    fn grown(&self, k: u32, chance: &mut Chance) -> SimDuration {
        let factor = 2_f64.powi(k.min(62).cast_signed()) - 1.0;
        let drawn = match self.jitter {
            Jitter::Nominal => 1.0,
            Jitter::Random if k == 0 => 1.0,
            Jitter::Random => 1.0 - SPREAD + 2.0 * SPREAD * chance.fraction(),
        };
        let micros = self.delta_s.span().micros() as f64 * factor * drawn;
        SimDuration::from_micros(micros.round() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::chance::Drawer;

    fn rules(text: &str) -> RetryRules {
        toml::from_str(&format!("codes = [429]\n{text}")).unwrap()
    }

    /// Reference case T5: 1/2/10 waits in [1, 1], [2.6, 3.4], [5.8, 8.2].
    #[test]
    fn drawn_waits_lie_within_a_fifth_of_the_nominal_delta() {
        let rules = rules("wait = \"exponential\"\ninterval_s = 1\ndelta_s = 2\nmax_s = 10");
        let mut chance = Chance::new(1, Drawer::Gateway);
        for (k, from, to) in [(0, 1_000, 1_000), (1, 2_600, 3_400), (2, 5_800, 8_200)] {
            let waits = (0..1_000).map(|_| rules.wait(k, None, &mut chance).micros());
            let waits: Vec<u64> = waits.collect();
            let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            let margin = (to - from) * 10;
            assert!(
                (from * 1_000..=from * 1_000 + margin).contains(least),
                "{k}: {least}"
            );
            assert!(
                (to * 1_000 - margin..=to * 1_000).contains(most),
                "{k}: {most}"
            );
        }
    }

    #[test]
    fn many_retries_do_not_overflow() {
        let rules = rules("wait = \"exponential\"\ninterval_s = 1\ndelta_s = 1\nmax_s = 8");
        let mut chance = Chance::new(1, Drawer::Gateway);
        for k in [3, 62, 63, 64, u32::MAX] {
            let wait = rules.wait(k, None, &mut chance);
            assert_eq!(wait, SimDuration::from_seconds(8).min(wait), "{k}");
            assert!(wait >= SimDuration::from_seconds(6), "{k}");
        }
    }
}
