//! Adds up what happens, while it happens.

use std::collections::BTreeMap;
use std::ops::Range;

use super::call::Call;
use super::fleet::Service;
use super::outcome::{
    AppOutcome, MinuteOutcome, MinuteTally, Outcome, ServedBy, ServedKey, ServedRequest, Tally,
};
use super::series::{Entry, Series};
use super::setup::Setup;
use crate::time::{SimDuration, SimTime};
use crate::units::Tokens;
use crate::workload::App;

/// Sums in the making. A day's usage of an app has few different keys, so it is a short list.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    apps: Vec<OpenApp>,
    thresholds: Vec<Tokens>,
    day: i32,
    /// The end of the open minute.
    turns_at: SimTime,
    minute: MinuteOutcome,
    series: Series,
    /// What is finished.
    pub(super) outcome: Outcome,
    busy_micros: Vec<u128>,
    now: SimTime,
    /// Every served request since it was last taken; `None` where nobody asks.
    journal: Option<Vec<ServedRequest>>,
}

#[derive(Debug, Default)]
struct OpenApp {
    offered: Tally,
    today: Vec<((ServedBy, usize), Tally)>,
}

impl Tallies {
    /// Nothing yet.
    pub(super) fn new(setup: &Setup) -> Self {
        let deployments = setup.deployments.len();
        Self {
            thresholds: setup.thresholds.clone(),
            series: setup.series,
            minute: minute(0, deployments),
            busy_micros: vec![0; deployments],
            ..Self::default()
        }
    }

    pub(super) fn introduce(&mut self, app: &App) {
        self.apps.push(OpenApp::default());
        self.outcome.apps.push(AppOutcome {
            app: app.clone(),
            ..AppOutcome::default()
        });
    }

    /// Closes minute and day when `now` is past them.
    pub(super) fn turn(&mut self, now: SimTime, backlog: impl Fn() -> u64) {
        self.now = now;
        if now >= self.turns_at {
            self.turn_minute(now.minutes(), backlog());
        }
    }

    fn turn_minute(&mut self, number: u64, backlog: u64) {
        let closed = self.minute.minute;
        if number != closed {
            self.close_minute(backlog);
            self.pass_minutes(closed + 1..number, backlog);
            self.minute.minute = number;
        }
        self.turns_at = SimTime::from_micros((number + 1) * SimDuration::MINUTE.micros());
        let day = self.now.timestamp().day_number();
        if day != self.day {
            self.close_day();
            self.day = day;
        }
    }

    pub(super) fn offered(&mut self, call: &Call) {
        let app = &mut self.apps[call.request.app.place()];
        app.offered.add(&call.request.tokens.counts(), call.weight);
        self.minute.offered.add(call.weight);
    }

    pub(super) fn served(&mut self, call: &Call, service: &Service) {
        let spilled_from = service.spilled_from.or(call.spilled_from);
        let by = ServedBy {
            deployment: service.by,
            spilled_from: spilled_from.filter(|from| *from != service.by),
            native: service.spilled_from.is_some(),
        };
        let place = call.request.app.place();
        let input = Tokens::new(call.request.tokens.input.into());
        let exceeded = self.thresholds.partition_point(|above| input > *above);
        let today = &mut self.apps[place].today;
        let at = today.iter().position(|(key, _)| *key == (by, exceeded));
        let at = at.unwrap_or_else(|| {
            today.push(((by, exceeded), Tally::default()));
            today.len() - 1
        });
        today[at].1.add(&call.request.tokens.counts(), call.weight);
        self.minute.served[service.by.place()].add(call.weight);
        if by.spilled_from.is_some() {
            self.minute.spilled.add(call.weight);
        }
        self.busy_micros[service.by.place()] +=
            u128::from(service.ends.since(service.starts).micros());
        let app = &mut self.outcome.apps[place];
        app.attempts += u64::from(call.attempts);
        app.waits.add(service.starts.since(call.since()));
        if let Some(journal) = &mut self.journal {
            journal.push(ServedRequest {
                at: self.now,
                app: call.request.app,
                by,
                tokens: call.request.tokens,
            });
        }
    }

    /// Keeps every served request from now on.
    pub(super) fn keep_journal(&mut self) {
        self.journal.get_or_insert_default();
    }

    /// The served requests since this was last asked.
    pub(super) fn take_journal(&mut self) -> Vec<ServedRequest> {
        self.journal
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    pub(super) fn lost(&mut self, call: &Call, status: u16) {
        let app = &mut self.outcome.apps[call.request.app.place()];
        app.attempts += u64::from(call.attempts);
        let lost = app.lost.entry(status).or_default();
        lost.add(&call.request.tokens.counts(), call.weight);
        self.minute.lost.add(call.weight);
    }

    /// Counts the attempts of a call that goes back to its queue.
    pub(super) fn went_back(&mut self, call: &Call) {
        self.outcome.apps[call.request.app.place()].attempts += u64::from(call.attempts);
    }

    fn close_minute(&mut self, backlog: u64) {
        let next = minute(0, self.busy_micros.len());
        let mut closed = std::mem::replace(&mut self.minute, next);
        closed.backlog = backlog;
        self.series.keep(&mut self.outcome.minutes, closed);
    }

    /// Shows the backlog of minutes in which nothing happens.
    fn pass_minutes(&mut self, numbers: Range<u64>, backlog: u64) {
        if backlog == 0 {
            return;
        }
        for number in numbers {
            let quiet = MinuteOutcome {
                backlog,
                ..minute(number, self.busy_micros.len())
            };
            self.series.keep(&mut self.outcome.minutes, quiet);
        }
    }

    fn close_day(&mut self) {
        for (place, app) in self.apps.iter_mut().enumerate() {
            for ((by, exceeded), tally) in app.today.drain(..) {
                let key = ServedKey {
                    day: self.day,
                    app: place,
                    by,
                    input_above: exceeded.checked_sub(1).map(|at| self.thresholds[at]),
                };
                self.outcome.usage.entry(key).or_default().merge(&tally);
                let served: &mut BTreeMap<_, _> = &mut self.outcome.apps[place].served;
                served.entry(by).or_default().merge(&tally);
            }
        }
    }

    /// Closes everything.
    pub(super) fn finish(mut self, backlog: u64) -> (Outcome, Vec<u128>) {
        self.close_minute(backlog);
        self.close_day();
        for (app, open) in self.outcome.apps.iter_mut().zip(&self.apps) {
            app.offered = open.offered;
        }
        (self.outcome, self.busy_micros)
    }
}

fn minute(number: u64, deployments: usize) -> MinuteOutcome {
    MinuteOutcome {
        minute: number,
        served: vec![MinuteTally::default(); deployments],
        ..MinuteOutcome::default()
    }
}

impl Entry for MinuteOutcome {
    fn minute(&self) -> u64 {
        self.minute
    }

    fn begin_with(&mut self, minute: u64) {
        self.minute = minute;
    }

    fn absorb(&mut self, later: Self) {
        self.offered.merge(later.offered);
        for (served, later) in self.served.iter_mut().zip(later.served) {
            served.merge(later);
        }
        self.spilled.merge(later.spilled);
        self.lost.merge(later.lost);
        self.backlog = later.backlog;
    }

    fn is_worth_keeping(&self) -> bool {
        let served = self.served.iter().any(|tally| tally.requests > 0);
        served || self.offered.requests > 0 || self.lost.requests > 0 || self.backlog > 0
    }
}
