//! Runs that differ only in how much one deployment can take, played side by side.
//!
//! Where a provisioned deployment spills to one without limits, nothing is ever refused to a
//! caller, and a request has two fates: it is admitted, or it spills. What either of them comes to
//! does not depend on the size, so it is worked out once; a run only decides which it is. Planning
//! plays a hundred sizes this way. [`Simulation`](super::Simulation) plays the same one run at a
//! time, and both find the same (`tests/it/sim_abreast.rs`).

mod course;
mod lane;

pub(super) use self::course::Course;
use self::lane::Lane;

use super::calendar::{Calendar, Rank};
use super::call::{Call, Origin};
use super::deployment::DeploymentId;
use super::fleet::{Completion, Fleet, Service};
use super::gateway::{Gateway, Verdict};
use super::outcome::Outcome;
use super::setup::Setup;
use crate::time::SimTime;
use crate::workload::{App, Request};

/// The most runs side by side: one bit each.
pub(super) const MOST: usize = 64;

/// An estimate is corrected where it was admitted.
#[derive(Clone, Copy, Debug)]
struct Correction {
    /// The lanes that admitted the request, as bits.
    lanes: u64,
    /// Used minus estimated [weighted token × 10⁻³].
    change: i64,
}

/// A request's way through one fate.
#[derive(Clone, Copy, Debug)]
struct Fate {
    call: Call,
    service: Service,
}

/// Runs over one course, side by side.
#[derive(Debug)]
pub(super) struct Abreast {
    course: Course,
    /// The course with nothing deployed, where everything spills; empty before the first request.
    spilling: Fleet,
    gateway: Gateway,
    /// The deployment each app asks for, by its id.
    asks: Vec<Option<DeploymentId>>,
    calendar: Calendar<Correction>,
    lanes: Vec<Lane>,
}

impl Abreast {
    /// Runs of setups that all have this course; at most [`MOST`].
    pub(super) fn new(course: Course, setups: &[&Setup]) -> Self {
        let deployment = course.deployment;
        let lanes = setups.iter().map(|setup| Lane::new(setup, deployment));
        let lanes: Vec<Lane> = lanes.collect();
        debug_assert!(lanes.len() <= MOST, "{} lanes", lanes.len());
        Self {
            spilling: Fleet::default(),
            gateway: Gateway::new(&course.nothing_deployed.gateway, 0),
            asks: Vec::new(),
            calendar: Calendar::default(),
            lanes,
            course,
        }
    }

    /// Makes an app known; apps come in the order of their ids.
    pub(super) fn introduce(&mut self, app: &App) {
        self.asks.push(self.course.nothing_deployed.asked_by(app));
        for lane in &mut self.lanes {
            lane.introduce(app);
        }
    }

    /// Plays everything that happens before `request` arrives, then its arrival. Requests come in
    /// time order.
    pub(super) fn offer(&mut self, request: &Request) {
        let now = request.at;
        while let Some((due, correction)) = self.calendar.advance_before_arrival(now) {
            self.correct(due, correction);
        }
        if self.spilling.is_empty() {
            self.begin(now);
        }
        let call = self.call(request);
        let spilled = self.spill(call);
        for lane in &mut self.lanes {
            lane.arrive(now, &call);
        }
        if spilled.service.spilled_from.is_some() {
            self.contest(call, &spilled);
        } else {
            for lane in &mut self.lanes {
                lane.serve(&spilled);
            }
        }
    }

    fn begin(&mut self, first: SimTime) {
        self.spilling = self.course.nothing_deployed.fleet(first);
        for lane in &mut self.lanes {
            lane.begin(first, self.course.deployment);
        }
    }

    fn call(&self, request: &Request) -> Call {
        let tokens = &request.tokens;
        let weight = self
            .course
            .nothing_deployed
            .yardstick
            .weigh(tokens, tokens.output);
        let mut call = Call::new(*request, weight, Origin::Client);
        call.asks = self.asks[request.app.place()];
        call
    }

    /// What becomes of a call while nothing is deployed.
    fn spill(&mut self, mut call: Call) -> Fate {
        let now = call.request.at;
        match self.gateway.handle(now, &mut call, &mut self.spilling) {
            Verdict::Served(service) => Fate { call, service },
            verdict => unreachable!("a course has room for every call, and gets {verdict:?}"),
        }
    }

    /// Lets every lane decide whether it admits a call; the others let it spill.
    fn contest(&mut self, mut call: Call, spilled: &Fate) {
        let now = call.request.at;
        let rules = &self.course.rules;
        let estimate = rules.estimate(&call.request);
        call.attempts += 1;
        let admitted = Fate {
            service: Service {
                by: self.course.deployment,
                starts: now,
                ends: now.after(rules.latency.of(&call.request)),
                completion: Completion::correcting(estimate.correction),
                spilled_from: None,
            },
            call,
        };
        let mut lanes = 0;
        for (place, lane) in self.lanes.iter_mut().enumerate() {
            if lane.admits(now, estimate.level) {
                lanes |= 1 << place;
                lane.serve(&admitted);
            } else {
                lane.serve(spilled);
            }
        }
        let Completion::Correct(change) = admitted.service.completion else {
            return;
        };
        let (ends, correction) = (admitted.service.ends, Correction { lanes, change });
        if ends > now {
            self.calendar.schedule(ends, Rank::Completion, correction);
        } else {
            self.correct(now, correction);
        }
    }

    fn correct(&mut self, now: SimTime, correction: Correction) {
        let Correction { mut lanes, change } = correction;
        while lanes != 0 {
            self.lanes[lanes.trailing_zeros() as usize].correct(now, change);
            lanes &= lanes - 1;
        }
    }

    /// Plays until nothing is pending; outcomes are in the order of setups.
    pub(super) fn finish(mut self) -> Vec<Outcome> {
        while let Some((now, correction)) = self.calendar.advance() {
            self.correct(now, correction);
        }
        let deployments = 0..self.spilling.len();
        let attempts = deployments.map(|place| self.spilling.attempts(DeploymentId::at(place)).0);
        let attempts: Vec<u64> = attempts.collect();
        let lanes = self.lanes.into_iter();
        lanes
            .map(|lane| lane.finish(&self.course, &attempts))
            .collect()
    }
}
