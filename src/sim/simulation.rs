//! The run: takes requests in time order and plays what happens between them.

use super::calendar::{Calendar, Rank};
use super::call::{Call, Origin};
use super::fleet::{Completion, Deployment, DeploymentId, Fleet, Service};
use super::gateway::{Gateway, Verdict};
use super::outcome::{DeploymentOutcome, Outcome};
use super::setup::{AppRules, Setup};
use super::tallies::Tallies;
use crate::time::{SimDuration, SimTime};
use crate::workload::{App, Request};

/// What happens later.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request ends.
    Completion(DeploymentId, Completion),
    /// The gateway tries a call again; the call's place among those that wait.
    Retry(u32),
}

/// One run over one fleet. Several runs may take the same requests.
#[derive(Debug)]
pub struct Simulation {
    setup: Setup,
    fleet: Fleet,
    gateway: Gateway,
    /// What holds for each app, by its id.
    apps: Vec<AppRules>,
    calendar: Calendar<Event>,
    waiting: Waiting,
    tallies: Tallies,
    /// The moment last played.
    now: SimTime,
    start: Option<SimTime>,
}

/// Calls that wait; places are used again.
#[derive(Debug, Default)]
struct Waiting {
    calls: Vec<Call>,
    free: Vec<u32>,
}

impl Simulation {
    /// A run of `setup`, which starts at the stated time or with the first request.
    pub fn new(setup: &Setup) -> Self {
        Self {
            fleet: Fleet::default(),
            gateway: Gateway::new(&setup.gateway, setup.seed),
            apps: Vec::new(),
            calendar: Calendar::default(),
            waiting: Waiting::default(),
            tallies: Tallies::new(setup.deployments.len(), setup.thresholds.clone()),
            now: SimTime::default(),
            start: None,
            setup: setup.clone(),
        }
    }

    /// Makes an app known; apps come in the order of their ids.
    pub fn introduce(&mut self, app: &App) {
        self.apps.push(self.setup.rules_for(app));
        self.tallies.introduce(app);
    }

    /// Plays everything that happens before `request` arrives, then its arrival. Requests come in
    /// time order.
    pub fn offer(&mut self, request: &Request) {
        while let Some((now, event)) = self.calendar.advance_before_arrival(request.at) {
            self.play(now, event);
        }
        if self.start.is_none() {
            self.begin(request.at);
        }
        self.turn(request.at);
        let weigh = |tokens| self.setup.yardstick.weigh(tokens, tokens.output);
        let mut call = Call::new(*request, weigh(&request.tokens), Origin::Client);
        let rules = &self.apps[request.app.place()];
        call.request.priority = request.priority.or(rules.priority);
        self.tallies.offered(&call);
        self.route(request.at, &mut call);
    }

    /// Deploys everything at the start of the span.
    fn begin(&mut self, first: SimTime) {
        let start = self.setup.start.unwrap_or(first).min(first);
        self.start = Some(start);
        self.fleet = self.setup.fleet(start);
    }

    /// Plays until nothing is pending; it ends, because retries and deliveries are bounded.
    pub fn finish(mut self) -> Outcome {
        while let Some((now, event)) = self.calendar.advance() {
            self.play(now, event);
        }
        let end = self.setup.end.unwrap_or(self.now).max(self.now);
        let start = self.start.unwrap_or(end);
        let (mut outcome, busy) = self.tallies.finish(0);
        outcome.start = start;
        outcome.end = end;
        let attempts: Vec<_> = (0..self.fleet.len())
            .map(|place| self.fleet.attempts(DeploymentId::at(place)))
            .collect();
        let deployments = self.fleet.into_deployments().into_iter();
        for ((deployment, (attempts, refused)), busy_micros) in deployments.zip(attempts).zip(busy)
        {
            outcome.deployments.push(DeploymentOutcome {
                attempts,
                refused,
                busy_micros,
                minutes: match deployment {
                    Deployment::Provisioned(deployment) => deployment.finish(end),
                    Deployment::Standard(_) => Vec::new(),
                },
                idle_while_tripped: SimDuration::ZERO,
            });
        }
        outcome
    }

    fn play(&mut self, now: SimTime, event: Event) {
        self.turn(now);
        match event {
            Event::Completion(deployment, completion) => {
                self.fleet.complete(now, deployment, completion);
            }
            Event::Retry(place) => {
                let mut call = self.waiting.take(place);
                self.route(now, &mut call);
            }
        }
    }

    fn turn(&mut self, now: SimTime) {
        self.now = now;
        self.tallies.turn(now, || 0);
    }

    fn route(&mut self, now: SimTime, call: &mut Call) {
        match self.gateway.handle(now, call, &mut self.fleet) {
            Verdict::Served(service) => self.serve(now, call, service),
            Verdict::Wait(until) => self.wait(until, call),
            Verdict::Refused { status, .. } => self.tallies.lost(call, status),
        }
    }

    fn serve(&mut self, now: SimTime, call: &Call, service: Service) {
        self.tallies.served(call, &service);
        if service.completion == Completion::Nothing {
            return;
        }
        if service.ends > now {
            let event = Event::Completion(service.by, service.completion);
            self.calendar
                .schedule(service.ends, Rank::Completion, event);
        } else {
            self.fleet.complete(now, service.by, service.completion);
        }
    }

    fn wait(&mut self, until: SimTime, call: &Call) {
        let place = self.waiting.keep(*call);
        self.calendar
            .schedule(until, Rank::Call, Event::Retry(place));
    }
}

impl Waiting {
    fn keep(&mut self, call: Call) -> u32 {
        if let Some(place) = self.free.pop() {
            self.calls[place as usize] = call;
            return place;
        }
        self.calls.push(call);
        u32::try_from(self.calls.len() - 1).expect("fewer than 2^32 calls wait at once")
    }

    fn take(&mut self, place: u32) -> Call {
        self.free.push(place);
        self.calls[place as usize]
    }
}
