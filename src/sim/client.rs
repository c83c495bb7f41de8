//! What a client does with an answer that is not the model's: the retries of an SDK.

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::answer::Answer;
use super::chance::Chance;
use super::codes::Codes;
use super::gateway::PolicyError;
use super::gateway::retry::Jitter;
use super::preset_files::PresetFiles;
use super::seconds::Seconds;
use crate::time::SimDuration;

/// `[app.client]`: how often and when a client tries again.
///
/// What an answer says of when to come back is honoured when it is more than nothing and at most
/// `honoured_s`; when it is more, the client gives up. Without it the wait before retry k, from 0,
/// is `min(first_s × 2^k, max_s)`, shortened by up to `jitter_percent` by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClientRules {
    /// Tries beyond the first.
    pub max_retries: u32,
    /// Statuses that are tried again, such as `[408, 429, "5xx"]`.
    pub codes: Codes,
    /// The longest stated wait that is honoured [s].
    pub honoured_s: Seconds,
    /// The first wait where none is stated [s].
    pub first_s: Seconds,
    /// The longest wait where none is stated [s].
    pub max_s: Seconds,
    /// By how much a wait that is not stated is shortened, at most [%].
    #[serde(default)]
    pub jitter_percent: u8,
    /// Whether it is shortened by chance or not at all.
    #[serde(default)]
    pub jitter: Jitter,
}

/// The most tries that a client may make beyond the first, so that every run ends.
const MOST_RETRIES: u32 = 100;

static CLIENTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/sim/data/clients");
const FILES: PresetFiles = PresetFiles(&CLIENTS);

/// The client of a public SDK: one file of `src/sim/data/clients`.
#[derive(Clone, Debug)]
pub struct ClientPreset {
    /// Its name: the file's, without `.toml`.
    pub name: &'static str,
    /// What it is, in one line.
    pub description: String,
    /// Where it was read.
    pub source: String,
    /// When it was read.
    pub as_of: NaiveDate,
    /// What it does.
    pub rules: ClientRules,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientFile {
    description: String,
    source: String,
    as_of: NaiveDate,
    client: ClientRules,
}

impl ClientRules {
    /// Whether the rules make sense.
    pub fn check(&self) -> Result<(), PolicyError> {
        let refuse = |field, found: String, expected| {
            Err(PolicyError::Field {
                place: "client".to_owned(),
                field,
                found,
                expected,
            })
        };
        if self.max_retries > MOST_RETRIES {
            return refuse("max_retries", self.max_retries.to_string(), "at most 100");
        }
        if self.jitter_percent > 100 {
            return refuse(
                "jitter_percent",
                self.jitter_percent.to_string(),
                "0 to 100",
            );
        }
        if self.max_s < self.first_s {
            return refuse("max_s", "shorter than first_s".to_owned(), "a longer wait");
        }
        Ok(())
    }

    /// How long the client waits before it tries again after `retries` retries; `None` when it
    /// gives up.
    pub(super) fn wait(
        &self,
        retries: u32,
        answer: &Answer,
        chance: &mut Chance,
    ) -> Option<SimDuration> {
        if retries >= self.max_retries || !self.codes.contains(answer.status) {
            return None;
        }
        let stated = answer.retry_after.filter(|span| !span.is_zero());
        let Some(stated) = stated else {
            return Some(self.backoff(retries, chance));
        };
        let stated = SimDuration::from_millis(stated.millis_up());
        (stated <= self.honoured_s.span()).then_some(stated)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a drawn part of a span of time"
    )]
    fn backoff(&self, retries: u32, chance: &mut Chance) -> SimDuration {
        let doubled = self.first_s.span().times(1 << retries.min(63));
        let nominal = doubled.min(self.max_s.span());
        let jitter = f64::from(self.jitter_percent) / 100.0;
        if self.jitter == Jitter::Nominal || self.jitter_percent == 0 {
            return nominal;
        }
        let drawn = 1.0 - jitter * chance.fraction();
        SimDuration::from_micros((nominal.micros() as f64 * drawn).round() as u64)
    }
}

impl ClientPreset {
    /// Every preset, in the order of their names.
    pub fn all() -> Vec<Self> {
        let files = FILES.all().into_iter();
        files
            .map(|(name, text)| {
                Self::read(name, text).expect("every preset is read by a test of this module")
            })
            .collect()
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Result<Self, PolicyError> {
        let (name, text) = FILES.named(name).map_err(|hint| PolicyError::Client {
            found: name.to_owned(),
            hint,
        })?;
        Self::read(name, text)
    }

    fn read(name: &'static str, text: &'static str) -> Result<Self, PolicyError> {
        let file: ClientFile = toml::from_str(text).map_err(|error| PolicyError::PresetFile {
            name: name.to_owned(),
            problem: error.to_string(),
        })?;
        file.client.check()?;
        Ok(Self {
            name,
            description: file.description,
            source: file.source,
            as_of: file.as_of,
            rules: file.client,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::chance::Drawer;

    /// The SDK's rules: `retry`, status, stated wait [ms], and the wait [ms] from and to.
    #[test]
    fn the_sdk_honours_short_waits_gives_up_on_long_ones_and_backs_off_else() {
        let rules = ClientPreset::named("openai-python").unwrap().rules;
        let mut chance = Chance::new(1, Drawer::Clients);
        for (retries, status, stated, expected) in [
            (0, 429, Some(40), Some((40, 40))),
            (1, 429, Some(120_000), Some((120_000, 120_000))),
            (0, 429, Some(120_001), None),
            (2, 429, Some(40), None),
            (0, 503, None, Some((375, 500))),
            (1, 408, None, Some((750, 1_000))),
            (0, 409, Some(0), Some((375, 500))),
            (0, 400, Some(40), None),
            (0, 403, None, None),
        ] {
            let answer = Answer {
                status,
                retry_after: stated.map(SimDuration::from_millis),
            };
            let wait = rules.wait(retries, &answer, &mut chance);
            let wait = wait.map(SimDuration::millis_up);
            let is_right = match (wait, expected) {
                (Some(wait), Some((from, to))) => (from..=to).contains(&wait),
                (None, None) => true,
                _ => false,
            };
            assert!(is_right, "{retries} {status} {stated:?}: {wait:?}");
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut rules = ClientPreset::named("openai-python").unwrap().rules;
        rules.jitter = Jitter::Nominal;
        rules.max_retries = 100;
        let answer = Answer {
            status: 429,
            retry_after: None,
        };
        let mut chance = Chance::new(1, Drawer::Clients);
        let waits = [0, 1, 2, 3, 4, 5, 63, 64].map(|retry| {
            let wait = rules.wait(retry, &answer, &mut chance);
            wait.unwrap().micros() / 1_000
        });
        assert_eq!(
            waits,
            [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]
        );
    }

    #[test]
    fn the_older_sdk_gives_up_earlier() {
        let rules = ClientPreset::named("openai-python-older").unwrap().rules;
        let answer = |seconds| Answer {
            status: 429,
            retry_after: Some(SimDuration::from_seconds(seconds)),
        };
        let mut chance = Chance::new(1, Drawer::Clients);
        assert!(rules.wait(0, &answer(60), &mut chance).is_some());
        assert!(rules.wait(0, &answer(61), &mut chance).is_none());
    }

    #[test]
    fn every_client_preset_is_sourced_and_names_are_hinted() {
        for (name, text) in FILES.all() {
            let preset = ClientPreset::read(name, text).unwrap();
            assert!(
                !preset.source.is_empty() && !preset.description.is_empty(),
                "{name}"
            );
        }
        let error = ClientPreset::named("openai-pyton")
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("did you mean openai-python"), "{error}");
    }

    #[test]
    fn endless_clients_are_refused() {
        let mut rules = ClientPreset::named("openai-python").unwrap().rules;
        rules.max_retries = 101;
        let error = rules.check().unwrap_err().to_string();
        assert_eq!(
            error,
            "[gateway] client: `max_retries` is 101; expected at most 100"
        );
    }
}
