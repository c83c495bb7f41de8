//! The run: takes requests in time order and plays what happens between them.

mod queueing;

use self::queueing::{queues, waiting};

use super::answer::Answer;
use super::calendar::{Calendar, Rank};
use super::call::{Call, Origin};
use super::chance::{Chance, Drawer};
use super::deployment::DeploymentId;
use super::fleet::{Completion, Deployment, Fleet, Service};
use super::gateway::{Gateway, Verdict};
use super::outcome::{DeploymentOutcome, Outcome, ServedRequest};
use super::queue::{Queue, Task};
use super::setup::{AppRules, Setup};
use super::slots::Slots;
use super::tallies::Tallies;
use crate::time::SimTime;
use crate::workload::{App, Request};

/// What happens later.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request ends, and its estimate is corrected [weighted token × 10⁻³].
    Correct(DeploymentId, i64),
    /// A request ends, and gives up its place among those in service.
    Release(DeploymentId),
    /// The gateway tries a call again; the call's place among those that wait.
    Retry(u32),
    /// Work of a queue, by the queue's place.
    Queue(u16, Task),
}

/// One run over one fleet. Several runs may take the same requests.
#[derive(Debug)]
pub struct Simulation {
    setup: Setup,
    fleet: Fleet,
    gateway: Gateway,
    /// What holds for each app, and the deployment it asks for, by its id.
    apps: Vec<(AppRules, Option<DeploymentId>)>,
    calendar: Calendar<Event>,
    /// Calls that wait for another try.
    waiting: Slots<Call>,
    /// What clients leave to chance.
    chance: Chance,
    queues: Vec<Queue>,
    tallies: Tallies,
    /// The moment last played.
    now: SimTime,
    start: Option<SimTime>,
}

impl Simulation {
    /// A run of `setup`, which starts at the stated time or with the first request.
    pub fn new(setup: &Setup) -> Self {
        Self {
            fleet: Fleet::default(),
            gateway: Gateway::new(&setup.gateway, setup.seed),
            apps: Vec::new(),
            calendar: Calendar::default(),
            waiting: Slots::default(),
            chance: Chance::new(setup.seed, Drawer::Clients),
            queues: queues(setup),
            tallies: Tallies::new(setup),
            now: SimTime::default(),
            start: None,
            setup: setup.clone(),
        }
    }

    /// Makes an app known; apps come in the order of their ids.
    pub fn introduce(&mut self, app: &App) {
        let rules = self.setup.rules_for(app);
        self.gateway.introduce(app, &rules);
        self.apps.push((rules, self.setup.asked_by(app)));
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
        let (rules, asks) = &self.apps[request.app.place()];
        call.asks = *asks;
        call.request.priority = request.priority.or(rules.priority);
        self.tallies.offered(&call);
        match rules.queue {
            None => self.route(request.at, &mut call),
            Some(queue) => self.enqueue(request.at, queue, &call),
        }
    }

    /// Deploys everything at the start of the span.
    fn begin(&mut self, first: SimTime) {
        let start = self.setup.start.unwrap_or(first).min(first);
        self.start = Some(start);
        self.fleet = self.setup.fleet(start);
    }

    /// Keeps every served request for [`Self::take_served`].
    pub fn keep_served(&mut self) {
        self.tallies.keep_journal();
    }

    /// The requests served since this was last asked, in the order of admission.
    pub fn take_served(&mut self) -> Vec<ServedRequest> {
        self.tallies.take_journal()
    }

    /// Plays until nothing is pending; after that nothing may be offered.
    pub fn play_out(&mut self) {
        while let Some((now, event)) = self.calendar.advance() {
            self.play(now, event);
        }
    }

    /// Plays until nothing is pending; it ends, because retries and deliveries are bounded.
    pub fn finish(mut self) -> Outcome {
        self.play_out();
        let end = self.setup.end.unwrap_or(self.now).max(self.now);
        let start = self.start.unwrap_or(end);
        let (mut outcome, busy) = self.tallies.finish(waiting(&self.queues));
        outcome.start = start;
        outcome.end = end;
        let queues = self.queues.into_iter();
        outcome.queues = queues.map(|queue| queue.close(end)).collect();
        let deployment = |place| {
            let id = DeploymentId::at(place);
            let (attempts, refused) = self.fleet.attempts(id);
            DeploymentOutcome {
                attempts,
                refused,
                throttled: self.fleet.throttled(id),
                trips: self.gateway.trips().get(place).copied().unwrap_or(0),
                ..DeploymentOutcome::default()
            }
        };
        let found: Vec<_> = (0..self.fleet.len()).map(deployment).collect();
        let deployments = self.fleet.into_deployments().into_iter();
        for ((deployment, mut found), busy_micros) in deployments.zip(found).zip(busy) {
            found.busy_micros = busy_micros;
            if let Deployment::Provisioned(mut deployment) = deployment {
                deployment.advance(end);
                found.idle_while_tripped = deployment.idle_while_away();
                found.minutes = deployment.finish(end);
            }
            outcome.deployments.push(found);
        }
        debug_assert!(
            outcome.conserved(),
            "a request is unaccounted for: {outcome:?}"
        );
        outcome
    }

    fn play(&mut self, now: SimTime, event: Event) {
        if self.is_outdated(now, event) {
            return;
        }
        self.turn(now);
        match event {
            Event::Correct(deployment, change) => {
                let completion = Completion::Correct(change);
                self.fleet.complete(now, deployment, completion);
                if change < 0 {
                    self.level_fell(now, deployment);
                }
            }
            Event::Release(deployment) => {
                self.fleet.complete(now, deployment, Completion::Release);
            }
            Event::Retry(place) => {
                let mut call = self.waiting.take(place);
                self.route(now, &mut call);
                self.look_after(now, &call);
            }
            Event::Queue(queue, task) => self.play_queue(now, queue, task),
        }
    }

    fn turn(&mut self, now: SimTime) {
        self.now = now;
        self.tallies.turn(now, || waiting(&self.queues));
    }

    fn route(&mut self, now: SimTime, call: &mut Call) {
        let verdict = self.gateway.handle(now, call, &mut self.fleet);
        self.settle(now, call, verdict);
    }

    fn settle(&mut self, now: SimTime, call: &mut Call, verdict: Verdict) {
        match verdict {
            Verdict::Served(service) => self.serve(now, call, service),
            Verdict::Wait(until) => self.wait(until, call),
            Verdict::Refused {
                status,
                retry_after,
            } if call.origin == Origin::Client => {
                let answer = Answer {
                    status,
                    retry_after,
                };
                self.refuse(now, call, answer);
            }
            Verdict::Refused { .. } => {}
        }
        if !self.queues.is_empty() {
            self.publish(now, call, verdict);
            self.report(now, call, verdict);
        }
    }

    /// Hands an answer to the client, which tries again or gives up.
    fn refuse(&mut self, now: SimTime, call: &mut Call, answer: Answer) {
        let client = self.apps[call.request.app.place()].0.client.as_ref();
        let wait =
            client.and_then(|client| client.wait(call.client_retries, &answer, &mut self.chance));
        match wait {
            Some(wait) => {
                call.try_again();
                self.wait(now.after(wait), call);
            }
            None => self.tallies.lost(call, answer.status),
        }
    }

    fn serve(&mut self, now: SimTime, call: &Call, service: Service) {
        self.tallies.served(call, &service);
        let event = match service.completion {
            Completion::Nothing => return,
            Completion::Correct(change) => Event::Correct(service.by, change),
            Completion::Release => Event::Release(service.by),
        };
        if service.ends > now {
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
