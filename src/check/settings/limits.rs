//! Limits: their defaults, what they reach, and what values make sense.

use std::collections::BTreeMap;

use crate::chargeback::{Fault, Step};
use crate::config::check::LimitsSection;
use crate::money::Factor;

/// One limit that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitKey {
    /// The key in the configuration.
    pub name: &'static str,
    /// The default, as it is written.
    pub default: String,
    /// What an override of it goes by.
    pub reach: Reach,
    range: Range,
}

/// What an override of a limit goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Files: rows are judged one by one.
    Files,
    /// Business units: each is judged by itself.
    Units,
    /// Nothing: everything is judged at once.
    Everything,
}

/// Values that make sense, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    least: u64,
    most: Option<u64>,
}

/// Any amount that is not negative.
const ANY: Range = Range {
    least: 0,
    most: None,
};
/// Less than one would tell everything.
const COUNT: Range = Range {
    least: 1,
    most: None,
};
/// A part of a whole [percent].
const SHARE: Range = Range {
    least: 0,
    most: Some(100),
};

/// Declares the limits once: key, type, default, what an override goes by, values that make sense.
macro_rules! limits {
    ($($key:ident: $type:ty = $default:literal, $reach:ident, $range:ident;)*) => {
        /// Limits that are judged by; [`LimitsSection`] says what each means. Shares are in percent.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(
            missing_docs,
            reason = "each field is described where the configuration names it"
        )]
        pub struct Limits {
            $(pub $key: $type,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($key: <$type>::whole($default),)* }
            }
        }

        impl Limits {
            /// Every limit that can be set, in the order of [`LimitsSection`].
            pub fn keys() -> Vec<LimitKey> {
                vec![$(LimitKey {
                    name: stringify!($key),
                    default: $default.to_string(),
                    reach: Reach::$reach,
                    range: $range,
                },)*]
            }

            /// These limits with what `section` says.
            #[must_use]
            pub fn with(&self, section: &LimitsSection) -> Self {
                Self {
                    $($key: section.$key.clone().unwrap_or_else(|| self.$key.clone()),)*
                }
            }
        }

        /// What a section sets, by key.
        fn written(section: &LimitsSection) -> BTreeMap<&'static str, Factor> {
            let mut written = BTreeMap::new();
            $(if let Some(value) = &section.$key {
                written.insert(stringify!($key), value.factor());
            })*
            written
        }
    };
}

limits! {
    request_tokens: u64 = 2_000_000, Files, COUNT;
    clock_skew_minutes: u64 = 10, Files, ANY;
    gap_requests: u64 = 30, Everything, COUNT;
    without_tokens_percent: Factor = 15, Units, SHARE;
    no_llm_row_percent: Factor = 5, Everything, SHARE;
    no_gateway_row_percent: Factor = 2, Everything, SHARE;
    estimated_percent: Factor = 10, Everything, SHARE;
    unattributed_percent: Factor = 5, Everything, SHARE;
    price_age_days: u64 = 180, Everything, ANY;
    unit_cost_jump_percent: Factor = 50, Units, ANY;
    spill_percent: Factor = 20, Everything, SHARE;
    idle_percent: Factor = 50, Everything, SHARE;
    unusual_day_score: Factor = 6, Units, COUNT;
    unusual_day_percent: Factor = 50, Units, ANY;
    reservation_days: u64 = 30, Everything, ANY;
}

/// A number that a limit may be.
trait Number {
    /// A whole one.
    fn whole(value: u64) -> Self;
    /// Its exact value.
    fn factor(&self) -> Factor;
}

impl Number for u64 {
    fn whole(value: u64) -> Self {
        value
    }

    fn factor(&self) -> Factor {
        Factor::ratio((*self).into(), 1)
    }
}

impl Number for Factor {
    fn whole(value: u64) -> Self {
        Self::ratio(value.into(), 1)
    }

    fn factor(&self) -> Factor {
        self.clone()
    }
}

impl Range {
    /// Decimals of a value in a message.
    const SHOWN: u32 = 6;

    /// What is wrong with a value.
    fn complaint(self, name: &str, value: &Factor) -> Option<String> {
        let bound = |whole: u64| Factor::ratio(whole.into(), 1);
        let (above, below) = (
            self.most.is_some_and(|most| *value > bound(most)),
            *value < bound(self.least),
        );
        if !above && !below {
            return None;
        }
        let least = self.least;
        let expected = match self.most {
            Some(most) => format!("from {least} to {most}"),
            None => format!("at least {least}"),
        };
        let found = value.to_trimmed(Self::SHOWN);
        Some(format!("`{name}` is {found}; expected {expected}"))
    }
}

/// The limits that a section sets.
pub(super) fn set(section: &LimitsSection) -> Vec<LimitKey> {
    let written = written(section);
    let mut keys = Limits::keys();
    keys.retain(|key| written.contains_key(key.name));
    keys
}

/// Adds what is wrong with the values of a section at `path`.
pub(super) fn check(section: &LimitsSection, path: &[Step], faults: &mut Vec<Fault>) {
    let written = written(section);
    for key in Limits::keys() {
        let value = written.get(key.name);
        if let Some(message) = value.and_then(|value| key.range.complaint(key.name, value)) {
            let path = [path, &[Step::Key(key.name)]].concat();
            faults.push(Fault::of(path, message));
        }
    }
}
