//! What a policy must hold to make sense.

use std::fmt::Display;

use super::super::health::HealthRules;
use super::super::limit::{Estimate, LimitRules, Slide};
use super::super::lines::{Lines, Reading};
use super::super::policy::{
    Band, BandPolicy, Choice, Conditions, MemberPolicy, Policy, PoolPolicy,
};
use super::super::retry::{Growth, RetryRules};
use super::super::rules::Member;
use super::PolicyError;
use crate::sim::seconds::Seconds;
use crate::time::SimDuration;

/// Attempts are bounded, so that every run ends.
const MOST_RETRIES: u32 = 10_000;
/// Members are kept as bits of a word.
const MOST_MEMBERS: usize = 64;
/// Longer windows are quotas, which do not slide: a sliding window remembers every call in it.
const LONGEST_SLIDING: SimDuration = SimDuration::from_seconds(3600);
/// Statuses that tell a caller no.
const REFUSALS: std::ops::Range<u16> = 400..600;

type Checked = Result<(), PolicyError>;

/// Refuses a field unless `is_right`.
fn expect(
    is_right: impl FnOnce() -> bool,
    place: &str,
    field: &'static str,
    found: &dyn Display,
    expected: &'static str,
) -> Checked {
    if is_right() {
        return Ok(());
    }
    Err(PolicyError::Field {
        place: place.to_owned(),
        field,
        found: found.to_string(),
        expected,
    })
}

fn is_longer_than_nothing(span: Seconds) -> bool {
    !span.span().is_zero()
}

impl Policy {
    /// Checks everything that needs no deployments.
    pub(super) fn check(&self) -> Checked {
        if self.pool.is_empty() {
            return Err(PolicyError::Empty {
                place: "policy".to_owned(),
                missing: "pool",
            });
        }
        for (number, pool) in self.pool.iter().enumerate() {
            let names = self.pool[..number].iter().map(|pool| &pool.name);
            let is_new = || pool.name.is_empty() || names.clone().all(|name| *name != pool.name);
            let place = pool.place(number);
            expect(
                is_new,
                &place,
                "name",
                &format!("{:?} again", pool.name),
                "another name",
            )?;
            pool.check(&place)?;
        }
        for band in &self.priority.band {
            check_band("priority band", band.band())?;
        }
        self.health.as_ref().map_or(Ok(()), HealthRules::check)?;
        self.retry.as_ref().map_or(Ok(()), RetryRules::check)?;
        for (number, limit) in self.limit.iter().enumerate() {
            limit.check(&format!("limit {}", number + 1))?;
        }
        let status = self.exhausted.status;
        let is_refusal = || REFUSALS.contains(&status);
        expect(
            is_refusal,
            "exhausted",
            "status",
            &status,
            "a status from 400 to 599",
        )?;
        let count = self.instances.count;
        expect(|| count > 0, "instances", "count", &count, "at least 1")
    }
}

impl PoolPolicy {
    /// How errors call it.
    pub(super) fn place(&self, number: usize) -> String {
        match self.name.as_str() {
            "" => format!("pool {}", number + 1),
            name => format!("pool {name:?}"),
        }
    }

    fn check(&self, place: &str) -> Checked {
        if self.member.is_empty() {
            return Err(PolicyError::Empty {
                place: place.to_owned(),
                missing: "pool.member",
            });
        }
        let refresh = self.refresh_s;
        let is_right =
            || (self.choice == Choice::Fastest) == refresh.is_some_and(is_longer_than_nothing);
        let found = refresh.map_or("left out", |_| "given");
        expect(
            is_right,
            place,
            "refresh_s",
            &found,
            "a span above 0 for `choice = \"fastest\"`, and only there",
        )?;
        self.member
            .iter()
            .try_for_each(|member| member.check(place, self.choice))
    }
}

impl MemberPolicy {
    fn check(&self, place: &str, choice: Choice) -> Checked {
        let by_role = self.offer.is_some() || self.kind.is_some();
        let by_name = self.deployment.is_some();
        let by_name_found = if by_name {
            "given beside a role"
        } else {
            "left out"
        };
        let is_one = || by_role != by_name && !(by_name && self.nth.is_some());
        expect(
            is_one,
            place,
            "deployment",
            &by_name_found,
            "either the name of a deployment, or `offer` and perhaps `kind` and `nth`",
        )?;
        let is_random = choice == Choice::Random;
        let is_right = || self.weight == 1 || (is_random && self.weight > 0);
        expect(
            is_right,
            place,
            "weight",
            &self.weight,
            "1, or more with `choice = \"random\"`",
        )?;
        let light = || self.weight <= 1_000_000;
        expect(light, place, "weight", &self.weight, "at most 1,000,000")?;
        self.only.as_ref().map_or(Ok(()), |only| only.check(place))
    }
}

impl Conditions {
    fn check(&self, place: &str) -> Checked {
        self.priorities
            .map_or(Ok(()), |band| check_band(place, band))?;
        self.utilization
            .map_or(Ok(()), |lines| lines.check(place))?;
        let percent = self.percent_of_calls;
        let is_share = || percent.is_none_or(|percent| (1..=100).contains(&percent));
        let found = percent.unwrap_or(0);
        expect(is_share, place, "percent_of_calls", &found, "1 to 100")
    }
}

impl Lines {
    fn check(&self, place: &str) -> Checked {
        let stop = self.stop_percent;
        expect(
            || (1..=1000).contains(&stop),
            place,
            "stop_percent",
            &stop,
            "1 to 1000",
        )?;
        let resume = self.resume_percent.unwrap_or(stop);
        expect(
            || resume <= stop,
            place,
            "resume_percent",
            &resume,
            "at most stop_percent",
        )?;
        let is_right =
            || self.reading == Reading::LastMinute || !is_longer_than_nothing(self.lag_s);
        expect(
            is_right,
            place,
            "lag_s",
            &"given",
            "nothing: only `reading = \"last-minute\"` lags",
        )
    }
}

impl BandPolicy {
    pub(super) const fn band(&self) -> Band {
        Band {
            from: self.from,
            to: self.to,
        }
    }
}

fn check_band(place: &str, band: Band) -> Checked {
    let Band { from, to } = band;
    expect(
        || from <= to,
        place,
        "to",
        &to,
        "a value that is not below `from`",
    )
}

/// Checks the members that a pool comes to.
pub(super) fn members(place: &str, pool: &PoolPolicy, members: &[Member]) -> Checked {
    let count = members.len();
    expect(
        || count <= MOST_MEMBERS,
        place,
        "member",
        &count,
        "at most 64 deployments",
    )?;
    let is_measured = |member: &Member| {
        member
            .only
            .as_ref()
            .is_some_and(|only| only.utilization.is_some())
    };
    let has_measure = |member: &Member| member.is_provisioned || !is_measured(member);
    let found = pool.name.clone();
    expect(
        || members.iter().all(has_measure),
        place,
        "utilization",
        &format!("set for a member of {found:?} that is paid by the token"),
        "provisioned deployments only: others have no utilization",
    )
}

impl HealthRules {
    fn check(&self) -> Checked {
        let place = "health";
        expect(
            || !self.codes.is_empty(),
            place,
            "codes",
            &"empty",
            "the statuses that count",
        )?;
        let failures = self.failures;
        expect(
            || (1..=100_000).contains(&failures),
            place,
            "failures",
            &failures,
            "1 to 100,000",
        )?;
        let has_window = is_longer_than_nothing(self.window_s);
        let found = "0";
        expect(
            || has_window || failures == 1,
            place,
            "window_s",
            &found,
            "the span of the failures",
        )?;
        let has_end = has_window || self.trip_s.is_some();
        expect(
            || has_end,
            place,
            "trip_s",
            &"left out",
            "how long a deployment stays out",
        )
    }
}

impl RetryRules {
    fn check(&self) -> Checked {
        let place = "retry";
        expect(
            || !self.codes.is_empty(),
            place,
            "codes",
            &"empty",
            "the statuses to try again",
        )?;
        let count = self.count.unwrap_or(0);
        expect(
            || count <= MOST_RETRIES,
            place,
            "count",
            &count,
            "at most 10,000, so that every run ends",
        )?;
        let is_cut = || self.wait != Growth::Exponential || self.max_s.is_some();
        expect(
            is_cut,
            place,
            "max_s",
            &"left out",
            "the longest wait: exponential waits need one",
        )?;
        let status = self.hold_status;
        let is_refusal = || status.is_none_or(|status| REFUSALS.contains(&status));
        let found = status.unwrap_or(0);
        expect(
            is_refusal,
            place,
            "hold_status",
            &found,
            "a status from 400 to 599",
        )
    }
}

impl LimitRules {
    fn check(&self, place: &str) -> Checked {
        let is_one = || self.tokens.is_some() != self.requests.is_some();
        expect(
            is_one,
            place,
            "tokens",
            &"given beside `requests`, or neither is",
            "one of them",
        )?;
        expect(|| self.most() > 0, place, "tokens", &0, "more than none")?;
        let is_one = || self.per_s.is_some() != self.per.is_some();
        expect(
            is_one,
            place,
            "per_s",
            &"given beside `per`, or neither is",
            "one of them",
        )?;
        let span = self.per_s.map_or(SimDuration::SECOND, Seconds::span);
        expect(|| !span.is_zero(), place, "per_s", &0, "a span above 0")?;
        let may_slide = || self.window == Slide::Fixed || span <= LONGEST_SLIDING;
        expect(
            may_slide,
            place,
            "window",
            &"sliding",
            "`fixed` for windows above an hour",
        )?;
        let is_of_tokens = || self.requests.is_none() || self.estimate == Estimate::None;
        expect(
            is_of_tokens,
            place,
            "estimate",
            &"given",
            "nothing: a limit of requests has none",
        )?;
        let status = self.status.unwrap_or(429);
        let is_refusal = || REFUSALS.contains(&status);
        expect(
            is_refusal,
            place,
            "status",
            &status,
            "a status from 400 to 599",
        )?;
        self.priorities
            .map_or(Ok(()), |band| check_band(place, band))?;
        self.reserve
            .map_or(Ok(()), |reserve| check_band(place, reserve.priorities))
    }
}
