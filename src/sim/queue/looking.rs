//! When the senders of a queue look whether they may send.

use super::{Queue, Task};
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Fleet;
use crate::time::SimTime;

impl Queue {
    /// Whether a task was put on the agenda for what has changed since.
    pub(in crate::sim) fn is_outdated(&mut self, now: SimTime, task: Task) -> bool {
        match task {
            Task::Look => self.look != Some(now),
            Task::PrefetchedLockEnds => !self.loses_prefetched(now),
            _ => false,
        }
    }

    /// Lets senders look in this instant, unless they wait for the gate.
    pub(in crate::sim) fn look_now(&mut self, now: SimTime) {
        if self.rules.prefetch > 0 {
            self.fetch(now);
        }
        let has_work = !self.backlog.is_empty() || !self.prefetched.is_empty();
        if self.look.is_none() && has_work && self.has_sender() {
            self.look_at(now);
        }
    }

    /// Lets senders look when the gate should open, or earlier than they meant to.
    pub(super) fn look_when_open(&mut self, now: SimTime, fleet: &mut Fleet) {
        let gate = self.gate.as_ref();
        let Some(at) = gate.and_then(|gate| gate.next_look(now, fleet)) else {
            return;
        };
        if self.look.is_none_or(|look| at < look) {
            self.look_at(at);
        }
    }

    fn look_at(&mut self, at: SimTime) {
        self.look = Some(at);
        self.agenda.push((at, Task::Look));
    }

    /// Takes note that the level of a deployment fell by a correction.
    pub(in crate::sim) fn level_fell(&mut self, now: SimTime, of: DeploymentId, fleet: &mut Fleet) {
        let follows = self.gate.as_ref().is_some_and(|gate| gate.follows(of));
        if follows && self.look.is_some_and(|look| look > now) {
            self.look_when_open(now, fleet);
        }
    }

    /// Takes note of an answer of a deployment, to whomever.
    pub(in crate::sim) fn hear(&mut self, now: SimTime, from: DeploymentId, fleet: &mut Fleet) {
        let heard = self.gate.as_mut();
        let matters = heard.is_some_and(|gate| gate.hears(now, from, fleet));
        if matters && self.look.is_some_and(|look| look > now) {
            self.look_at(now);
        }
    }
}
