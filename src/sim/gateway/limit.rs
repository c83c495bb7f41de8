//! Limits of tokens and requests for each consumer, checked before a deployment is chosen.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::counter::{Counter, Period, Window};
use super::policy::Band;
use crate::sim::answer::Answer;
use crate::sim::seconds::Seconds;
use crate::sim::setup::AppRules;
use crate::time::{SimDuration, SimTime};
use crate::workload::{App, Request};

/// `[[gateway.limit]]`: so many tokens or requests of one consumer within a window.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LimitRules {
    /// Whose calls are counted together.
    #[serde(default)]
    pub key: Key,
    /// The most tokens within a window [token]; either this or `requests`.
    pub tokens: Option<u64>,
    /// The most requests within a window.
    pub requests: Option<u64>,
    /// Length of the window [s]; either this or `per`.
    pub per_s: Option<Seconds>,
    /// The window as a period of the calendar in UTC: a quota.
    pub per: Option<Period>,
    /// Whether a window of `per_s` slides.
    #[serde(default)]
    pub window: Slide,
    /// What is known of a call's tokens before it is passed on.
    #[serde(default)]
    pub estimate: Estimate,
    /// Tokens assumed for `ceiling` of a caller that states no maximum.
    #[serde(default)]
    pub unstated_tokens: u32,
    /// What the caller gets [HTTP status]; left out: 429 with Retry-After, or 403 for a quota.
    pub status: Option<u16>,
    /// Only calls whose priority header lies in this band are counted and limited; left out: all.
    pub priorities: Option<Band>,
    /// A part kept for calls of high priority.
    pub reserve: Option<Reserve>,
}

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// Those of one app, by the name it is shown by.
    #[default]
    App,
    /// Those of one API Management subscription.
    Subscription,
    /// Those of one product.
    Product,
    /// Those of one business unit; an app that belongs to none stands alone.
    BusinessUnit,
    /// All.
    All,
}

/// Whether a window slides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Slide {
    /// It is the time just past.
    #[default]
    Sliding,
    /// Windows follow one another by the clock.
    Fixed,
}

/// What is known of a call's tokens before it is passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Estimate {
    /// Nothing: prompt and answer are counted when the answer is complete.
    #[default]
    None,
    /// The prompt, which is counted at once; the answer is counted when it is complete.
    Prompt,
    /// The stated maximum, which stands for the whole call and is counted when the answer is
    /// complete.
    Ceiling,
}

/// `reserve = { … }` of a limit: what calls of low priority must leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// Priority header values that are low. Other calls only need anything to be left.
    pub priorities: Band,
    /// What must be left after such a call, in the unit of the limit.
    pub keep: u64,
}

impl LimitRules {
    /// The most within a window, in the limit's own unit.
    pub(super) fn most(&self) -> u64 {
        self.requests.or(self.tokens).unwrap_or(u64::MAX)
    }

    /// The window.
    pub(super) fn span(&self) -> Window {
        match (self.per, self.window) {
            (Some(period), _) => Window::Calendar(period),
            (None, Slide::Sliding) => Window::Sliding(self.length()),
            (None, Slide::Fixed) => Window::Fixed(self.length()),
        }
    }

    fn length(&self) -> SimDuration {
        self.per_s.map_or(SimDuration::MINUTE, Seconds::span)
    }

    fn is_for(&self, request: &Request) -> bool {
        self.priorities.is_none_or(|band| is_in(band, request))
    }

    /// What is known of a call's cost before it is passed on.
    fn foreseen(&self, request: &Request) -> u64 {
        match self.estimate {
            _ if self.requests.is_some() => 1,
            Estimate::None => 0,
            Estimate::Prompt => request.tokens.input.into(),
            Estimate::Ceiling => request
                .max_tokens
                .map_or(self.unstated_tokens, std::num::NonZero::get)
                .into(),
        }
    }

    /// What is counted of an admitted call at once, and what when its answer is complete.
    fn charges(&self, request: &Request) -> (u64, u64) {
        let tokens = &request.tokens;
        match self.estimate {
            _ if !self.is_for(request) => (0, 0),
            _ if self.requests.is_some() => (1, 0),
            Estimate::None => (0, u64::from(tokens.input) + u64::from(tokens.output)),
            Estimate::Prompt => (tokens.input.into(), tokens.output.into()),
            Estimate::Ceiling => (0, self.foreseen(request)),
        }
    }

    /// The most that may be used before a call for it to be admitted; `None` if none would do.
    fn most_before(&self, request: &Request) -> Option<u64> {
        let (cost, keep) = match self.reserve {
            Some(reserve) if is_in(reserve.priorities, request) => {
                (self.foreseen(request), reserve.keep)
            }
            Some(_) => (1, 0),
            None => (self.foreseen(request), 0),
        };
        self.most().checked_sub(cost.max(1).checked_add(keep)?)
    }
}

/// Whether the call's header lies in a band.
pub(super) fn is_in(band: Band, request: &Request) -> bool {
    request.priority.is_some_and(|value| band.contains(value))
}

/// A limit and what each consumer used of it.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    rules: LimitRules,
    /// The counter of each app, by its place.
    places: Vec<u32>,
    keys: BTreeMap<String, u32>,
    counters: Vec<Counter>,
}

impl Limit {
    /// Nobody used anything.
    pub(super) fn new(rules: &LimitRules) -> Self {
        Self {
            rules: rules.clone(),
            places: Vec::new(),
            keys: BTreeMap::new(),
            counters: Vec::new(),
        }
    }

    /// Makes the next app known.
    pub(super) fn introduce(&mut self, app: &App, app_rules: &AppRules) {
        let key = match self.rules.key {
            Key::All => String::new(),
            Key::App => app.name().to_owned(),
            Key::Subscription => app.subscription.clone(),
            Key::Product => app.product.clone(),
            Key::BusinessUnit => match &app_rules.business_unit {
                Some(unit) => format!("unit {unit}"),
                None => format!("app {}", app.name()),
            },
        };
        let next = u32::try_from(self.counters.len()).expect("fewer than 2^32 consumers");
        let place = *self.keys.entry(key).or_insert(next);
        if place == next {
            self.counters.push(Counter::new(self.rules.span()));
        }
        self.places.push(place);
    }

    fn counter(&mut self, request: &Request) -> &mut Counter {
        &mut self.counters[self.places[request.app.place()] as usize]
    }

    /// Whether a call may pass: the answer it gets if not.
    pub(super) fn check(&mut self, now: SimTime, request: &Request) -> Option<Answer> {
        if !self.rules.is_for(request) {
            return None;
        }
        let most = self.rules.most_before(request);
        let is_quota = self.rules.per.is_some();
        let status = self
            .rules
            .status
            .unwrap_or(if is_quota { 403 } else { 429 });
        let counter = self.counter(request);
        let used = counter.used(now);
        if most.is_some_and(|most| used <= most) {
            return None;
        }
        let wait = counter.time_until(now, most).seconds_up();
        let retry_after = (!is_quota).then(|| SimDuration::from_seconds(wait));
        Some(Answer {
            status,
            retry_after,
        })
    }

    /// Counts what is counted on arrival.
    pub(super) fn admit(&mut self, now: SimTime, request: &Request) {
        let (at_once, _) = self.rules.charges(request);
        self.counter(request).add(now, now, at_once);
    }

    /// Counts what is counted when the answer is complete, at `ends`.
    pub(super) fn serve(&mut self, now: SimTime, ends: SimTime, request: &Request) {
        let (_, at_end) = self.rules.charges(request);
        self.counter(request).add(now, ends, at_end);
    }
}
