//! A pay-as-you-go deployment: unlimited, or limited by its quota of tokens and requests.
//!
//! Tokens are counted a clock minute at a time: prompt and stated maximum are added on admission
//! and never given back. Requests are counted in slices of a second or ten.

use super::latency::Latency;
use super::provisioned::UnstatedMaximum;
use crate::time::{SimDuration, SimTime};
use crate::workload::Request;

/// What a standard, priority, batch or flex deployment is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandardRules {
    /// Quota of tokens [token/minute]; `None` for no limit.
    pub tokens_per_minute: Option<u64>,
    /// Quota of requests [request/minute]; `None` for no limit.
    pub requests_per_minute: Option<u64>,
    /// The span that requests are counted in.
    pub slice: SimDuration,
    /// Most requests in service at once; `None` for no limit.
    pub concurrency: Option<u32>,
    /// The answer that is assumed of callers that state no maximum.
    pub unstated: UnstatedMaximum,
    /// Longest prompt it can serve [token]; longer ones are refused with 400.
    pub longest_input: Option<u32>,
    /// How long serving takes.
    pub latency: Latency,
}

/// A count that starts anew with each window of the clock.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    number: u64,
    count: u64,
}

/// A standard deployment at one moment.
#[derive(Clone, Debug)]
pub struct Standard {
    rules: StandardRules,
    tokens: Window,
    requests: Window,
    requests_per_slice: u64,
    /// Requests in service, counted only where they are limited.
    in_service: u32,
}

/// Why a standard deployment refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A quota is used up for so long.
    Throttled(SimDuration),
    /// As many requests are in service as may be; nobody knows for how long.
    Busy,
    /// The prompt is too long.
    TooLong,
}

impl Window {
    /// The count after `more`, in the window of `span` that `now` lies in; or how long until the
    /// next window when that is above `most`.
    fn with(
        self,
        now: SimTime,
        span: SimDuration,
        more: u64,
        most: u64,
    ) -> Result<Self, SimDuration> {
        let number = now.micros() / span.micros();
        let before = if number == self.number { self.count } else { 0 };
        let count = before.saturating_add(more);
        if count <= most {
            return Ok(Self { number, count });
        }
        let end = SimTime::from_micros((number + 1) * span.micros());
        Err(end.since(now))
    }
}

impl StandardRules {
    /// Whether it serves every request at once.
    pub(super) const fn is_unlimited(&self) -> bool {
        self.tokens_per_minute.is_none()
            && self.requests_per_minute.is_none()
            && self.concurrency.is_none()
            && self.longest_input.is_none()
    }
}

impl Standard {
    /// A deployment nobody called yet.
    pub fn new(mut rules: StandardRules) -> Self {
        if rules.slice.is_zero() {
            rules.slice = SimDuration::SECOND;
        }
        let a_minute = u128::from(rules.requests_per_minute.unwrap_or(0));
        let a_slice = a_minute * u128::from(rules.slice.micros());
        let a_slice = a_slice.div_ceil(u128::from(SimDuration::MINUTE.micros()));
        Self {
            requests_per_slice: u64::try_from(a_slice).unwrap_or(u64::MAX),
            rules,
            tokens: Window::default(),
            requests: Window::default(),
            in_service: 0,
        }
    }

    /// What it is.
    pub fn rules(&self) -> &StandardRules {
        &self.rules
    }

    /// Offers a request; an admitted one counts against the quotas, a refused one does not.
    pub fn offer(&mut self, now: SimTime, request: &Request) -> Result<(), Denied> {
        let longest = self.rules.longest_input;
        if longest.is_some_and(|longest| request.tokens.input > longest) {
            return Err(Denied::TooLong);
        }
        if self
            .rules
            .concurrency
            .is_some_and(|most| self.in_service >= most)
        {
            return Err(Denied::Busy);
        }
        let mut tokens = self.tokens;
        if let Some(most) = self.rules.tokens_per_minute {
            let answer = self.rules.unstated.for_request(request);
            let estimate = u64::from(request.tokens.input) + u64::from(answer);
            tokens = tokens
                .with(now, SimDuration::MINUTE, estimate, most)
                .map_err(Denied::Throttled)?;
        }
        if self.rules.requests_per_minute.is_some() {
            self.requests = self
                .requests
                .with(now, self.rules.slice, 1, self.requests_per_slice)
                .map_err(Denied::Throttled)?;
        }
        self.tokens = tokens;
        if self.is_limited_at_once() {
            self.in_service += 1;
        }
        Ok(())
    }

    /// What is left of this minute's tokens, as answers state it; `None` without a quota.
    pub fn tokens_left(&self, now: SimTime) -> Option<u64> {
        let most = self.rules.tokens_per_minute?;
        let used = if now.minutes() == self.tokens.number {
            self.tokens.count
        } else {
            0
        };
        Some(most.saturating_sub(used))
    }

    /// Whether the end of each request must be told with [`Self::release`].
    pub const fn is_limited_at_once(&self) -> bool {
        self.rules.concurrency.is_some()
    }

    /// Ends the service of one request.
    pub fn release(&mut self) {
        self.in_service -= 1;
    }
}
