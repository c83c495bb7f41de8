//! Limits on the length of answers.

use std::collections::BTreeMap;
use std::num::NonZero;

use crate::workload::app::{AppId, Apps};
use crate::workload::request::Request;
use crate::workload::{Traffic, TrafficError};

/// What becomes of the `max_tokens` of an app's requests [token].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenLimits {
    /// Assumed where a request states none. It is what admission counts on; the answer stays as
    /// long as it was.
    pub default: Option<NonZero<u32>>,
    /// The most that is let through: larger limits, and absent ones, become this, and longer
    /// answers stop there.
    pub most: Option<NonZero<u32>>,
    /// What if every request stated this: in place of what they state; longer answers stop there.
    pub instead: Option<NonZero<u32>>,
}

/// Traffic with limits set.
#[derive(Debug)]
pub struct Limited<T> {
    traffic: T,
    every: TokenLimits,
    named: BTreeMap<String, TokenLimits>,
    /// By the places of apps.
    known: Vec<TokenLimits>,
}

impl TokenLimits {
    fn apply(self, request: Request) -> Request {
        let imposed = match (self.instead, self.most) {
            (Some(instead), most) => Some(most.map_or(instead, |most| most.min(instead))),
            (None, Some(most)) => Some(request.max_tokens.map_or(most, |given| given.min(most))),
            (None, None) => None,
        };
        match imposed {
            Some(limit) if Some(limit) != request.max_tokens => Request {
                max_tokens: Some(limit),
                tokens: request.tokens.stopped_at(limit),
                ..request
            },
            _ => Request {
                max_tokens: request.max_tokens.or(self.default),
                ..request
            },
        }
    }
}

impl<T> Limited<T> {
    /// `traffic` with the limits of `named` for apps of that name, and of `every` for all others.
    pub const fn new(traffic: T, every: TokenLimits, named: BTreeMap<String, TokenLimits>) -> Self {
        Self {
            traffic,
            every,
            named,
            known: Vec::new(),
        }
    }

    fn limits(&mut self, app: AppId, apps: &Apps) -> TokenLimits {
        let met = apps.all().iter().skip(self.known.len());
        let limits = met.map(|app| self.named.get(app.name()).unwrap_or(&self.every));
        self.known.extend(limits);
        self.known[app.place()]
    }
}

impl<T: Traffic> Traffic for Limited<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.traffic.next(apps)?;
        Some(request.map(|request| self.limits(request.app, apps).apply(request)))
    }
}
