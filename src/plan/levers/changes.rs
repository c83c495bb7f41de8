//! Traffic that a lever changes on its way.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;

use crate::sim::provisioned::UnstatedMaximum;
use crate::workload::{Apps, Request, Traffic, TrafficError};

/// Which apps pass.
#[derive(Clone, Debug)]
pub(super) enum Pass {
    /// These alone, by the names they are shown by.
    Only(BTreeSet<String>),
    /// All others.
    Without(BTreeSet<String>),
}

/// Traffic of some apps.
pub(super) struct Passing<'t> {
    traffic: Box<dyn Traffic + 't>,
    pass: Pass,
    /// By the places of apps.
    known: Vec<bool>,
}

impl<'t> Passing<'t> {
    pub(super) const fn new(traffic: Box<dyn Traffic + 't>, pass: Pass) -> Self {
        Self {
            traffic,
            pass,
            known: Vec::new(),
        }
    }
}

impl Pass {
    fn lets(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(name),
            Self::Without(names) => !names.contains(name),
        }
    }
}

impl Traffic for Passing<'_> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        loop {
            let request = match self.traffic.next(apps)? {
                Ok(request) => request,
                Err(error) => return Some(Err(error)),
            };
            let new = &apps.all()[self.known.len()..];
            let pass = &self.pass;
            self.known
                .extend(new.iter().map(|app| pass.lets(app.name())));
            if self.known[request.app.place()] {
                return Some(Ok(request));
            }
        }
    }
}

/// Traffic whose callers state less.
pub(super) struct Capped<'t> {
    traffic: Box<dyn Traffic + 't>,
    caps: BTreeMap<String, NonZero<u32>>,
    unstated: UnstatedMaximum,
    /// By the places of apps.
    known: Vec<Option<NonZero<u32>>>,
}

impl<'t> Capped<'t> {
    /// Requests of the named apps state at most this for their answer, unless the answer is
    /// longer: those keep what they state, because cutting answers is no saving.
    pub(super) const fn new(
        traffic: Box<dyn Traffic + 't>,
        caps: BTreeMap<String, NonZero<u32>>,
        unstated: UnstatedMaximum,
    ) -> Self {
        Self {
            traffic,
            caps,
            unstated,
            known: Vec::new(),
        }
    }
}

/// Whether admission counts on more than `cap` for an answer that `cap` holds.
pub(super) fn is_lowered(request: &Request, cap: u32, unstated: UnstatedMaximum) -> bool {
    request.tokens.output <= cap && unstated.for_request(request) > cap
}

impl Traffic for Capped<'_> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = match self.traffic.next(apps)? {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let new = &apps.all()[self.known.len()..];
        let caps = &self.caps;
        self.known
            .extend(new.iter().map(|app| caps.get(app.name()).copied()));
        let cap = self.known[request.app.place()];
        let lowered = cap.filter(|cap| is_lowered(&request, cap.get(), self.unstated));
        Some(Ok(Request {
            max_tokens: lowered.or(request.max_tokens),
            ..request
        }))
    }
}
