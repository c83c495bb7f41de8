//! The choice of a member.

use super::health::Health;
use super::limit::is_in;
use super::lines::Gauge;
use super::policy::Choice;
use super::rules::{Member, PoolRules};
use crate::sim::call::Call;
use crate::sim::chance::Chance;
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Fleet;
use crate::time::{SimDuration, SimTime};

/// A pool at one moment.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) rules: PoolRules,
    /// Choices so far, for round robin.
    turn: usize,
    gauges: Vec<Gauge>,
    speed: Speed,
}

/// How fast members answered.
#[derive(Clone, Debug, Default)]
struct Speed {
    /// Ranks of the members by the last period's mean, lower first.
    ranks: Vec<u64>,
    /// Time of answers [µs] and their number, in this period.
    current: Vec<(u64, u64)>,
    next: SimTime,
}

/// Members as bits, by their place.
pub(super) type Places = u64;

/// What a look at the pool finds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Survey {
    /// Those of the lowest priority number that may be tried.
    pub(super) open: Places,
    /// Those passed over because health keeps calls away.
    pub(super) out: Places,
    /// Those passed over for their utilization.
    pub(super) busy: Places,
}

/// Everything a look at the pool needs besides the pool.
pub(super) struct View<'a> {
    pub(super) now: SimTime,
    pub(super) call: &'a Call,
    pub(super) fleet: &'a mut Fleet,
    pub(super) health: Option<&'a Health>,
    pub(super) chance: &'a mut Chance,
}

impl Pool {
    pub(super) fn new(rules: &PoolRules) -> Self {
        let members = rules.members.len();
        Self {
            turn: 0,
            gauges: vec![Gauge::default(); members],
            speed: Speed {
                ranks: vec![0; members],
                current: vec![(0, 0); members],
                next: SimTime::default(),
            },
            rules: rules.clone(),
        }
    }

    pub(super) fn member(&self, place: usize) -> &Member {
        &self.rules.members[place]
    }

    /// Looks for members that may be tried, other than `without`, until the priority is decided.
    pub(super) fn survey(&mut self, view: &mut View<'_>, without: Places) -> Survey {
        let mut survey = Survey::default();
        let mut decided = u32::MAX;
        for place in 0..self.rules.members.len() {
            let priority = self.rules.members[place].priority;
            if priority > decided {
                break;
            }
            if without >> place & 1 == 1 || !self.suits(view, place) {
                continue;
            }
            if self.is_out(view, place) {
                survey.out |= 1 << place;
            } else if self.is_busy(view, place) {
                survey.busy |= 1 << place;
            } else {
                decided = priority;
                survey.open |= 1 << place;
                if self.rules.choice == Choice::InOrder {
                    break;
                }
            }
        }
        survey
    }

    /// Whether the conditions that lie in the call and the hour hold.
    fn suits(&self, view: &mut View<'_>, place: usize) -> bool {
        let Some(only) = &self.rules.members[place].only else {
            return true;
        };
        let is_meant = only
            .priorities
            .is_none_or(|band| is_in(band, &view.call.request));
        let is_closed = only
            .closed
            .is_some_and(|hours| hours.contains(view.now.minutes()));
        let percent = only.percent_of_calls;
        is_meant && !is_closed && percent.is_none_or(|percent| view.chance.below(100) < percent)
    }

    fn is_out(&self, view: &View<'_>, place: usize) -> bool {
        let instance = view.call.passage.instance.into();
        view.health.is_some_and(|health| {
            health.out_until(instance, self.rules.members[place].deployment) > view.now
        })
    }

    fn is_busy(&mut self, view: &mut View<'_>, place: usize) -> bool {
        let member = &self.rules.members[place];
        let Some(lines) = member.only.as_ref().and_then(|only| only.utilization) else {
            return false;
        };
        let provisioned = view.fleet.provisioned(member.deployment, view.now);
        provisioned.is_some_and(|found| self.gauges[place].is_stopped(view.now, &lines, found))
    }

    /// One of the members in `open`, which is not empty.
    pub(super) fn pick(&mut self, open: Places, now: SimTime, chance: &mut Chance) -> usize {
        let first = open.trailing_zeros() as usize;
        if open.is_power_of_two() && self.rules.choice != Choice::RoundRobin {
            return first;
        }
        match self.rules.choice {
            Choice::InOrder => first,
            Choice::Random => self.by_weight(open, chance),
            Choice::RoundRobin => self.in_turn(open),
            Choice::Fastest => self.fastest(open, now),
        }
    }

    fn by_weight(&self, open: Places, chance: &mut Chance) -> usize {
        let weights = |place: usize| self.rules.members[place].weight;
        let total = places(open).map(weights).sum();
        let mut drawn = chance.below(total);
        for place in places(open) {
            if drawn < weights(place) {
                return place;
            }
            drawn -= weights(place);
        }
        open.trailing_zeros() as usize
    }

    /// The next of its priority group after the last one whose turn it was.
    fn in_turn(&mut self, open: Places) -> usize {
        let priority = self.rules.members[open.trailing_zeros() as usize].priority;
        let members = self.rules.members.iter();
        let start = members
            .clone()
            .take_while(|member| member.priority < priority)
            .count();
        let size = members.filter(|member| member.priority == priority).count();
        let turn = self.turn;
        self.turn += 1;
        (0..size)
            .map(|step| start + (turn + step) % size)
            .find(|place| open >> place & 1 == 1)
            .unwrap_or(start)
    }

    fn fastest(&mut self, open: Places, now: SimTime) -> usize {
        self.speed.refresh(now, self.rules.refresh);
        let ranks = &self.speed.ranks;
        places(open).min_by_key(|place| ranks[*place]).unwrap_or(0)
    }

    /// Notes how long an answer took.
    pub(super) fn note_speed(&mut self, place: usize, took: SimDuration) {
        if self.rules.choice == Choice::Fastest {
            let (time, answers) = &mut self.speed.current[place];
            *time += took.micros();
            *answers += 1;
        }
    }

    /// The provisioned deployments among the members in `passed`.
    pub(super) fn provisioned(&self, passed: Places) -> impl Iterator<Item = DeploymentId> {
        places(passed)
            .map(|place| &self.rules.members[place])
            .filter(|member| member.is_provisioned)
            .map(|member| member.deployment)
    }
}

impl Speed {
    /// Puts the list in order when a period is over; a member without answers keeps its rank.
    fn refresh(&mut self, now: SimTime, every: SimDuration) {
        if now < self.next {
            return;
        }
        self.next = now.after(every);
        for (rank, (time, answers)) in self.ranks.iter_mut().zip(&mut self.current) {
            *rank = time.checked_div(*answers).unwrap_or(*rank);
            (*time, *answers) = (0, 0);
        }
    }
}

/// The places whose bits are set, ascending.
pub(super) fn places(mut set: Places) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let place = set.trailing_zeros() as usize;
            set &= set - 1;
            place
        })
    })
}
