//! What a gateway does with a call when it has something to decide.

use super::Verdict;
use super::health::Health;
use super::limit::Limit;
use super::policy::{Hint, Nevertheless, Turn};
use super::pool::{Pool, Survey, View};
use super::retry::{Growth, Then};
use super::rules::GatewayRules;
use super::tracked::Tracked;
use crate::sim::answer::Answer;
use crate::sim::call::{Call, Passage};
use crate::sim::chance::{Chance, Drawer};
use crate::sim::fleet::{Attempt, Deployment, Fleet, Service};
use crate::sim::setup::AppRules;
use crate::time::{SimDuration, SimTime};
use crate::workload::App;

/// A gateway with something to decide.
#[derive(Clone, Debug)]
pub(super) struct Router {
    rules: GatewayRules,
    pools: Vec<Pool>,
    health: Option<Health>,
    limits: Vec<Limit>,
    tracked: Option<Tracked>,
    /// Calls taken so far, for the turn of instances.
    taken: u64,
    chance: Chance,
}

/// What follows a failed attempt.
enum Next {
    Again,
    Wait(SimTime),
    GiveUp(Answer),
}

impl Router {
    pub(super) fn new(rules: &GatewayRules, seed: u64) -> Self {
        let deployments = rules.deployments().last().map_or(0, |id| id.place() + 1);
        let instances = rules.instances.count.into();
        Self {
            pools: rules.pools.iter().map(Pool::new).collect(),
            health: rules
                .health
                .as_ref()
                .map(|health| Health::new(health, instances, deployments)),
            limits: rules.limits.iter().map(Limit::new).collect(),
            tracked: rules.tracked.map(Tracked::new),
            taken: 0,
            chance: Chance::new(seed, Drawer::Gateway),
            rules: rules.clone(),
        }
    }

    pub(super) fn introduce(&mut self, app: &App, rules: &AppRules) {
        for limit in &mut self.limits {
            limit.introduce(app, rules);
        }
    }

    pub(super) fn trips(&self) -> &[u64] {
        self.health.as_ref().map_or(&[], Health::trips)
    }

    pub(super) fn handle(&mut self, now: SimTime, call: &mut Call, fleet: &mut Fleet) -> Verdict {
        if call.gateway_attempts == 0
            && let Some(answer) = self.take(now, call)
        {
            return answer.into();
        }
        loop {
            let answer = match self.attempt(now, call, fleet) {
                Ok(service) => return Verdict::Served(service),
                Err(answer) => answer,
            };
            match self.after(now, call, answer) {
                Next::Again => {}
                Next::Wait(until) => return Verdict::Wait(until),
                Next::GiveUp(answer) => return answer.into(),
            }
        }
    }

    /// Takes a call in: the answer it gets if a limit stops it.
    fn take(&mut self, now: SimTime, call: &mut Call) -> Option<Answer> {
        let instances = self.rules.instances;
        let instance = match instances.turn {
            _ if instances.count == 1 => 0,
            Turn::RoundRobin => u16::try_from(self.taken % u64::from(instances.count)).ok()?,
            Turn::Random => u16::try_from(self.chance.below(instances.count.into())).ok()?,
        };
        self.taken += 1;
        let priority = call.request.priority.or(self.rules.missing_priority);
        call.request.priority = priority;
        call.passage = Passage {
            since: now,
            instance,
            pool: self.pool_of(priority),
            ..Passage::default()
        };
        let request = &call.request;
        let limited = self
            .limits
            .iter_mut()
            .find_map(|limit| limit.check(now, request));
        let tracked = self.tracked.as_mut();
        let stopped = limited.or_else(|| tracked?.check(now, request));
        if stopped.is_none() {
            self.limits
                .iter_mut()
                .for_each(|limit| limit.admit(now, request));
        }
        stopped
    }

    fn pool_of(&self, priority: Option<i32>) -> u16 {
        let bands = &mut self.rules.bands.iter();
        let found = priority.and_then(|value| bands.find(|(band, _)| band.contains(value)));
        let pool = found.map_or(self.rules.otherwise, |(_, pool)| *pool);
        u16::try_from(pool).expect("a policy has fewer than 2^16 pools")
    }

    /// One attempt: the service, or the answer of a deployment or of the gateway itself.
    fn attempt(
        &mut self,
        now: SimTime,
        call: &mut Call,
        fleet: &mut Fleet,
    ) -> Result<Service, Answer> {
        call.gateway_attempts += 1;
        if let Some(health) = &mut self.health {
            health.look(now, call.passage.instance.into());
        }
        let Some(place) = self.choose(now, call, fleet) else {
            return Err(self.exhausted(now, call));
        };
        call.passage.member = u16::try_from(place).expect("a pool has at most 64 members");
        call.passage.tried |= 1 << place;
        let pool = &mut self.pools[usize::from(call.passage.pool)];
        let id = pool.member(place).deployment;
        match fleet.attempt(now, id, call) {
            Attempt::Served(service) => {
                pool.note_speed(place, service.ends.since(now));
                self.served(now, call, &service, fleet);
                Ok(service)
            }
            Attempt::Refused(refusal) => {
                let answer = refusal.into();
                self.refused(now, call, &answer, fleet);
                Err(answer)
            }
        }
    }

    /// The member to try; `None` when none may be.
    fn choose(&mut self, now: SimTime, call: &mut Call, fleet: &mut Fleet) -> Option<usize> {
        let is_retry = call.gateway_attempts > 1;
        let then = self
            .rules
            .retry
            .as_ref()
            .map_or(Then::Again, |retry| retry.then);
        let last = 1_u64 << call.passage.member;
        let without = match then {
            Then::Same if is_retry => !last,
            Then::Next if is_retry => call.passage.tried,
            _ => 0,
        };
        let pool = &mut self.pools[usize::from(call.passage.pool)];
        let mut view = View {
            now,
            call,
            fleet,
            health: self.health.as_ref(),
            chance: &mut self.chance,
        };
        let mut survey = pool.survey(&mut view, without);
        if survey.open == 0 && then == Then::Next && is_retry {
            survey = pool.survey(&mut view, !last);
        }
        let chosen = (survey.open != 0).then(|| pool.pick(survey.open, now, &mut self.chance));
        self.pass_over(now, call, survey, fleet);
        chosen.or_else(|| self.nevertheless(call))
    }

    /// Notes which provisioned deployments a call does not reach.
    fn pass_over(&mut self, now: SimTime, call: &mut Call, survey: Survey, fleet: &mut Fleet) {
        if survey.out | survey.busy == 0 {
            return;
        }
        let pool = &self.pools[usize::from(call.passage.pool)];
        if let Some(id) = pool.provisioned(survey.out | survey.busy).next() {
            call.spilled_from.get_or_insert(id);
        }
        for id in pool.provisioned(survey.out) {
            fleet.turn_away(now, id, call);
        }
    }

    /// The member that is tried although it is out, on a call's first attempt.
    fn nevertheless(&mut self, call: &mut Call) -> Option<usize> {
        let members = self.pools[usize::from(call.passage.pool)]
            .rules
            .members
            .len();
        if call.gateway_attempts > 1 {
            return None;
        }
        let place = match self.rules.exhausted.nevertheless {
            Nevertheless::Nobody => return None,
            Nevertheless::First => 0,
            Nevertheless::Random => {
                let members = u32::try_from(members).expect("a pool has at most 64 members");
                self.chance.below(members) as usize
            }
        };
        call.passage.is_last = true;
        Some(place)
    }

    /// The gateway's own answer when no member may be tried; after an attempt, and where members
    /// are tried although they are out, the answer of that attempt.
    fn exhausted(&self, now: SimTime, call: &mut Call) -> Answer {
        let rules = &self.rules.exhausted;
        if rules.nevertheless != Nevertheless::Nobody && call.passage.tried != 0 {
            call.passage.is_last = true;
            return call.passage.answer;
        }
        let retry_after = match rules.retry_after {
            Hint::None => None,
            Hint::Fixed => Some(rules.retry_after_s.span()),
            Hint::Soonest => self
                .soonest(now, call)
                .map(|span| SimDuration::from_seconds(span.seconds_up())),
        };
        Answer {
            status: rules.status,
            retry_after,
        }
    }

    /// How long until health leaves a member; nothing while one is left, `None` without health.
    fn soonest(&self, now: SimTime, call: &Call) -> Option<SimDuration> {
        let health = self.health.as_ref()?;
        let members = &self.pools[usize::from(call.passage.pool)].rules.members;
        let instance = call.passage.instance.into();
        let ends = members
            .iter()
            .map(|member| health.out_until(instance, member.deployment));
        ends.min().map(|soonest| soonest.since(now))
    }

    fn served(&mut self, now: SimTime, call: &Call, service: &Service, fleet: &Fleet) {
        for limit in &mut self.limits {
            limit.serve(now, service.ends, &call.request);
        }
        if let (Some(tracked), Deployment::Standard(deployment)) =
            (&mut self.tracked, fleet.get(service.by))
            && let Some(left) = deployment.tokens_left(now)
        {
            tracked.learn(now, left);
        }
    }

    fn refused(&mut self, now: SimTime, call: &mut Call, answer: &Answer, fleet: &mut Fleet) {
        let Passage { pool, member, .. } = call.passage;
        let id = self.pools[usize::from(pool)]
            .member(member.into())
            .deployment;
        call.passage.answer = *answer;
        let instance = call.passage.instance.into();
        let health = self.health.as_mut();
        if let Some(until) = health.and_then(|health| health.note(now, instance, id, answer)) {
            fleet.keep_away(now, id, until);
        }
        if let (Some(tracked), 429, Some(reset)) =
            (&mut self.tracked, answer.status, answer.retry_after)
        {
            tracked.learn_refusal(now, reset);
        }
    }

    /// What follows an answer that is not the model's.
    fn after(&mut self, now: SimTime, call: &Call, answer: Answer) -> Next {
        let Some(retry) = &self.rules.retry else {
            return Next::GiveUp(answer);
        };
        let members = self.pools[usize::from(call.passage.pool)]
            .rules
            .members
            .len();
        let count = retry
            .count
            .map_or(members.saturating_sub(1), |count| count as usize);
        let retries = call.gateway_attempts - 1;
        let is_over = call.passage.is_last || retries as usize >= count;
        if is_over || !retry.codes.contains(answer.status) {
            return Next::GiveUp(answer);
        }
        let stated = match retry.wait {
            Growth::RetryAfter => self.soonest(now, call).or(answer.retry_after),
            _ => None,
        };
        let wait = retry.wait(retries, stated, &mut self.chance);
        let until = now.after(wait);
        let held = until.since(call.passage.since);
        if retry.hold_s.is_some_and(|hold| held > hold.span()) {
            let status = retry.hold_status.unwrap_or(answer.status);
            return Next::GiveUp(Answer { status, ..answer });
        }
        if wait.is_zero() {
            Next::Again
        } else {
            Next::Wait(until)
        }
    }
}
