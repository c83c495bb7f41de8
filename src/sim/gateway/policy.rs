//! A gateway's policy as it is written: the `[gateway]` section of a scenario, and every preset.

use serde::Deserialize;

use super::health::HealthRules;
use super::limit::LimitRules;
use super::lines::Lines;
use super::retry::RetryRules;
use super::tracked::TrackedRules;
use crate::azure::{DeploymentKind, Offer};
use crate::sim::seconds::Seconds;

/// `[gateway]`: what stands between callers and deployments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Pools of deployments; the first is for calls that no band sends elsewhere.
    pub pool: Vec<PoolPolicy>,
    /// Pools by the caller's priority header.
    pub priority: PriorityPolicy,
    /// What takes a deployment out, and for how long; left out: nothing.
    pub health: Option<HealthRules>,
    /// What is tried again; left out: nothing.
    pub retry: Option<RetryRules>,
    /// What happens when no member of a pool may be tried.
    pub exhausted: Exhausted,
    /// Limits that are checked before a deployment is chosen.
    pub limit: Vec<LimitRules>,
    /// A reserve for high priority, kept by what answers say of the remaining quota.
    pub tracked_reserve: Option<TrackedRules>,
    /// Instances of the gateway, each with its own picture of health.
    pub instances: Instances,
    /// Native spillover that the gateway asks for by the header `x-ms-spillover-deployment`.
    pub spillover: Option<SpilloverPolicy>,
}

/// `[[gateway.pool]]`: deployments among which one is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolPolicy {
    /// Its name, for bands; left out: only the default pool.
    #[serde(default)]
    pub name: String,
    /// How one of the members with the lowest priority number is chosen.
    #[serde(default)]
    pub choice: Choice,
    /// How often the list of `fastest` is put in order [s].
    pub refresh_s: Option<Seconds>,
    /// Its members.
    pub member: Vec<MemberPolicy>,
}

/// How a member is chosen among those of equal priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// The first listed.
    #[default]
    InOrder,
    /// By chance, in proportion to weights.
    Random,
    /// One after the other.
    RoundRobin,
    /// The one whose answers took the least time in the last period; who has not answered yet
    /// comes first.
    Fastest,
}

/// `[[gateway.pool.member]]`: one deployment by its name, or every one that plays a role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberPolicy {
    /// Name of a deployment; left out: `offer`, `kind` and `nth` say which.
    pub deployment: Option<String>,
    /// How the deployment serves: `provisioned`, `standard`, `priority`, `batch` or `flex`.
    pub offer: Option<Offer>,
    /// Where its requests may be processed: `global`, `datazone` or `regional`.
    pub kind: Option<DeploymentKind>,
    /// Only the first, second … deployment of that offer and kind, in the order of the scenario.
    pub nth: Option<u32>,
    /// Members with the lowest number come first.
    #[serde(default = "one")]
    pub priority: u32,
    /// Weight of a random choice among members of equal priority.
    #[serde(default = "one")]
    pub weight: u32,
    /// When it is a member; left out: always.
    pub only: Option<Conditions>,
}

/// `only = { … }` of a member: all of these must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// For calls whose priority header lies in this band.
    pub priorities: Option<Band>,
    /// Not at this time of day.
    pub closed: Option<Hours>,
    /// While utilization stays below a line.
    pub utilization: Option<Lines>,
    /// For this share of calls, drawn for each attempt [%].
    pub percent_of_calls: Option<u32>,
}

/// A band of priority header values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lowest value.
    pub from: i32,
    /// The highest value.
    pub to: i32,
}

impl Band {
    /// Whether a value lies in the band.
    pub const fn contains(self, value: i32) -> bool {
        self.from <= value && value <= self.to
    }
}

/// A time of every day, in UTC; one that starts later than it ends goes over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// When it starts, such as `"08:00"`.
    pub from: TimeOfDay,
    /// When it ends; this moment is outside.
    pub to: TimeOfDay,
}

/// A time of day [minutes after midnight UTC].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeOfDay(u16);

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once(':');
        let minutes = parts.and_then(|(hours, minutes)| {
            let hours: u16 = hours.parse().ok().filter(|hours| *hours < 24)?;
            let minutes: u16 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
            Some(hours * 60 + minutes)
        });
        let refusal = || format!("{text:?} is no time of day; expected one such as \"08:00\"");
        minutes.map(Self).ok_or_else(refusal)
    }
}

impl Hours {
    /// Whether a time [minutes since 1970] lies within.
    pub const fn contains(self, minutes: u64) -> bool {
        let minute = minutes % (24 * 60);
        let (from, to) = (self.from.0 as u64, self.to.0 as u64);
        if from <= to {
            from <= minute && minute < to
        } else {
            from <= minute || minute < to
        }
    }
}

/// `[gateway.priority]`: what the caller's priority header decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PriorityPolicy {
    /// The value taken for calls without the header; left out: such calls are in no band.
    pub missing: Option<i32>,
    /// The pool of calls in no band; left out: the first pool.
    pub otherwise: Option<String>,
    /// Bands of header values; the first that matches wins.
    pub band: Vec<BandPolicy>,
}

/// `[[gateway.priority.band]]`: header values and their pool.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BandPolicy {
    /// The lowest value.
    pub from: i32,
    /// The highest value, included.
    pub to: i32,
    /// Name of the pool.
    pub pool: String,
}

/// `[gateway.exhausted]`: what happens when no member may be tried.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Exhausted {
    /// Whether a member is tried nevertheless; such an attempt is not repeated.
    pub nevertheless: Nevertheless,
    /// What the caller gets if not [HTTP status].
    pub status: u16,
    /// What the answer says of when to come back.
    pub retry_after: Hint,
    /// The span stated with `retry_after = "fixed"` [s].
    pub retry_after_s: Seconds,
}

/// Who is tried although it is out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Nevertheless {
    /// Nobody.
    #[default]
    Nobody,
    /// The first member.
    First,
    /// Any member.
    Random,
}

/// What an answer of the gateway says of when to come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Nothing.
    #[default]
    None,
    /// When the first member returns, in whole seconds, rounded up.
    Soonest,
    /// After `retry_after_s`.
    Fixed,
}

impl Default for Exhausted {
    /// API Management's own answer: 503 without a hint.
    fn default() -> Self {
        Self {
            nevertheless: Nevertheless::Nobody,
            status: 503,
            retry_after: Hint::None,
            retry_after_s: Seconds::default(),
        }
    }
}

/// `[gateway.instances]`: how many gateways there are, and who gets a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Instances {
    /// How many share the calls. Health is theirs alone; limits are counted together.
    pub count: u16,
    /// Which of them gets a call.
    pub turn: Turn,
}

impl Default for Instances {
    fn default() -> Self {
        Self {
            count: 1,
            turn: Turn::default(),
        }
    }
}

/// Which instance gets a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// One after the other.
    #[default]
    RoundRobin,
    /// Any, by chance.
    Random,
}

/// `[gateway.spillover]`: where provisioned deployments are asked to spill. A deployment's own
/// spillover goes before the header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpilloverPolicy {
    /// Name of the standard deployment; left out: the first standard one.
    pub to: Option<String>,
    /// Time the failed attempt takes [s].
    #[serde(default)]
    pub delay_s: Seconds,
}

const fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: &str, to: &str) -> Hours {
        let time = |text: &str| text.to_owned().try_into().unwrap();
        Hours {
            from: time(from),
            to: time(to),
        }
    }

    #[test]
    fn hours_are_half_open_and_may_go_over_midnight() {
        for (from, to, at, within) in [
            ("08:00", "22:00", 8 * 60, true),
            ("08:00", "22:00", 22 * 60, false),
            ("08:00", "22:00", 3 * 60, false),
            ("22:00", "06:00", 23 * 60, true),
            ("22:00", "06:00", 24 * 60 + 5 * 60, true),
            ("22:00", "06:00", 6 * 60, false),
        ] {
            assert_eq!(hours(from, to).contains(at), within, "{from}-{to} at {at}");
        }
    }

    #[test]
    fn times_are_hours_and_minutes() {
        for text in ["8", "24:00", "08:60", "a:b", "08:00:00"] {
            assert!(TimeOfDay::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
