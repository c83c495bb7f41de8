//! The run's side of queues: messages come in, workers send, answers go back.

use super::{Event, Simulation};
use crate::sim::calendar::Rank;
use crate::sim::call::{Call, Origin};
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Attempt;
use crate::sim::gateway::Verdict;
use crate::sim::queue::{Queue, Refused, Route, Task};
use crate::sim::setup::Setup;
use crate::time::SimTime;

/// The queues of a setup, empty.
pub(super) fn queues(setup: &Setup) -> Vec<Queue> {
    let rules = setup.queues.iter().cloned().enumerate();
    rules
        .map(|(place, rules)| Queue::new(place, rules))
        .collect()
}

/// Messages that wait in all queues.
pub(super) fn waiting(queues: &[Queue]) -> u64 {
    queues.iter().map(Queue::waiting).sum()
}

impl Simulation {
    /// Puts a call into a queue instead of sending it.
    pub(super) fn enqueue(&mut self, now: SimTime, queue: usize, call: &Call) {
        self.queues[queue].enqueue(now, call);
        self.schedule_of(queue);
    }

    /// Whether an event was scheduled for what has changed since: it does not happen.
    pub(super) fn is_outdated(&mut self, now: SimTime, event: Event) -> bool {
        let Event::Queue(queue, task) = event else {
            return false;
        };
        let place = usize::from(queue);
        let outdated = self.queues[place].is_outdated(now, task);
        self.schedule_of(place);
        outdated
    }

    /// Plays what a queue has to do now, then lets its workers send.
    pub(super) fn play_queue(&mut self, now: SimTime, queue: u16, task: Task) {
        let queue = usize::from(queue);
        let mut next = self.queues[queue].begin(now, task);
        while let Some(mut call) = next.or_else(|| self.queues[queue].take(now, &mut self.fleet)) {
            self.send(now, queue, &mut call);
            next = None;
        }
        self.schedule_of(queue);
    }

    /// Sends a worker's call where its queue sends.
    fn send(&mut self, now: SimTime, queue: usize, call: &mut Call) {
        match self.queues[queue].route() {
            Route::Gateway => self.route(now, call),
            Route::Deployment(deployment) => self.send_to(now, call, deployment),
        }
    }

    /// Sends a call straight to a deployment.
    fn send_to(&mut self, now: SimTime, call: &mut Call, deployment: DeploymentId) {
        let verdict = match self.fleet.attempt(now, deployment, call) {
            Attempt::Served(service) => Verdict::Served(service),
            Attempt::Refused(refusal) => Verdict::Refused {
                status: refusal.status,
                retry_after: refusal.retry_after,
            },
        };
        self.settle(now, call, verdict);
    }

    /// Tells the queue of a worker's call what became of it.
    pub(super) fn report(&mut self, now: SimTime, call: &mut Call, verdict: Verdict) {
        let Origin::Queue { queue, delivery } = call.origin else {
            return;
        };
        let place = usize::from(queue);
        let queue = &mut self.queues[place];
        match verdict {
            Verdict::Served(service) => queue.served(now, delivery, &service),
            Verdict::Wait(until) => queue.held_by_gateway(delivery, until),
            Verdict::Refused {
                status,
                retry_after,
            } => match queue.refused(now, call, status, retry_after) {
                Refused::Held => {}
                Refused::Spills(to) => self.send_to(now, call, to),
                Refused::Ended => self.tallies.went_back(call),
            },
        }
        self.schedule_of(place);
    }

    /// Lets the workers look for more, now that the call of one of them may have ended.
    pub(super) fn look_after(&mut self, now: SimTime, call: &Call) {
        if let Origin::Queue { queue, .. } = call.origin {
            let place = usize::from(queue);
            self.queues[place].look_now(now);
            self.schedule_of(place);
        }
    }

    /// Lets queues know that a level fell by a correction: their gate may open earlier.
    pub(super) fn level_fell(&mut self, now: SimTime, of: DeploymentId) {
        for place in 0..self.queues.len() {
            self.queues[place].level_fell(now, of, &mut self.fleet);
            self.schedule_of(place);
        }
    }

    /// Lets queues hear what the answer to a call reports.
    pub(super) fn publish(&mut self, now: SimTime, call: &Call, verdict: Verdict) {
        let from = match verdict {
            Verdict::Served(service) => Some(service.by),
            Verdict::Wait(_) | Verdict::Refused { .. } => call.last,
        };
        let Some(from) = from else { return };
        for place in 0..self.queues.len() {
            self.queues[place].hear(now, from, &mut self.fleet);
            self.schedule_of(place);
        }
    }

    fn schedule_of(&mut self, place: usize) {
        let queue = &mut self.queues[place];
        let number = queue.place();
        for (at, task) in queue.agenda() {
            let event = Event::Queue(number, task);
            self.calendar.schedule(at, Rank::Queue, event);
        }
    }
}
