//! Several runs over one stream of requests: it is read once, however many runs there are.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope, ScopedJoinHandle};

use super::abreast::{self, Abreast, Course};
use super::outcome::Outcome;
use super::setup::Setup;
use super::simulation::Simulation;
use crate::time::SimDuration;
use crate::workload::{App, Apps, Request, Traffic, TrafficError};

/// Requests of a batch: enough to make handing it over cheap, few enough for a cache.
const BATCH: usize = 8192;
/// Batches that may wait for a thread.
const AHEAD: usize = 4;

/// Depths of the band [s]: nobody outside the service knows the bucket's depth, and results differ
/// more by it than by anything else, so they are shown for this range.
pub const BAND_SECONDS: [u64; 4] = [1, 10, 30, 60];

/// The setup with each depth of the band, in its order.
pub fn band(setup: &Setup) -> Vec<Setup> {
    let depths = BAND_SECONDS.map(SimDuration::from_seconds);
    depths.map(|depth| setup.clone().with_depth(depth)).into()
}

/// Requests in time order, and the apps that are new in them.
#[derive(Debug, Default)]
struct Batch {
    apps: Vec<App>,
    requests: Vec<Request>,
}

/// Plays every setup over the same traffic, and yields their outcomes in the order of setups.
/// `each` sees every batch of requests once. Threads change nothing but the time it takes: with
/// one, everything happens here; with more, setups are dealt over them while this one reads.
pub fn play(
    traffic: &mut dyn Traffic,
    setups: &[Setup],
    threads: NonZero<usize>,
    each: &mut dyn FnMut(&[Request]),
) -> Result<Vec<Outcome>, TrafficError> {
    let mut batches = Batches {
        traffic,
        apps: Apps::default(),
        each,
    };
    if threads.get() == 1 || setups.is_empty() {
        let mut share = Share::of(setups.iter());
        while let Some(batch) = batches.next()? {
            share.take(&batch);
        }
        return Ok(share.finish());
    }
    thread::scope(|scope| {
        let crew = Crew::hire(scope, setups, threads.get().min(setups.len()));
        while let Some(batch) = batches.next()? {
            crew.hand_out(&Arc::new(batch));
        }
        Ok(crew.finish())
    })
}

/// Traffic, cut into batches.
struct Batches<'t> {
    traffic: &'t mut dyn Traffic,
    apps: Apps,
    each: &'t mut dyn FnMut(&[Request]),
}

impl Batches<'_> {
    /// The next batch; `None` after the last.
    fn next(&mut self) -> Result<Option<Batch>, TrafficError> {
        let known = self.apps.all().len();
        let mut requests = Vec::with_capacity(BATCH);
        while requests.len() < BATCH {
            let Some(request) = self.traffic.next(&mut self.apps) else {
                break;
            };
            requests.push(request?);
        }
        (self.each)(&requests);
        let apps = self.apps.all()[known..].to_vec();
        Ok((!requests.is_empty()).then_some(Batch { apps, requests }))
    }
}

/// The runs of one thread, with their places among its setups.
struct Share {
    alone: Vec<(usize, Simulation)>,
    abreast: Vec<(Vec<usize>, Abreast)>,
}

impl Share {
    fn of<'s>(setups: impl Iterator<Item = &'s Setup>) -> Self {
        let setups: Vec<&Setup> = setups.collect();
        let (alike, alone) = alike(&setups);
        let abreast = alike.into_iter().map(|(course, places)| {
            let setups: Vec<&Setup> = places.iter().map(|place| setups[*place]).collect();
            (places, Abreast::new(course, &setups))
        });
        let simulation = |place: usize| (place, Simulation::new(setups[place]));
        Self {
            alone: alone.into_iter().map(simulation).collect(),
            abreast: abreast.collect(),
        }
    }

    fn take(&mut self, batch: &Batch) {
        for (_, simulation) in &mut self.alone {
            batch.apps.iter().for_each(|app| simulation.introduce(app));
            let requests = batch.requests.iter();
            requests.for_each(|request| simulation.offer(request));
        }
        for (_, abreast) in &mut self.abreast {
            batch.apps.iter().for_each(|app| abreast.introduce(app));
            let requests = batch.requests.iter();
            requests.for_each(|request| abreast.offer(request));
        }
    }

    fn finish(self) -> Vec<Outcome> {
        let alone = self.alone.into_iter();
        let mut outcomes: Vec<(usize, Outcome)> = alone
            .map(|(place, simulation)| (place, simulation.finish()))
            .collect();
        for (places, abreast) in self.abreast {
            outcomes.extend(places.into_iter().zip(abreast.finish()));
        }
        outcomes.sort_by_key(|(place, _)| *place);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }
}

/// The places of setups that may be played side by side, with what they share, and of the others.
fn alike(setups: &[&Setup]) -> (Vec<(Course, Vec<usize>)>, Vec<usize>) {
    let mut groups: Vec<(Course, Vec<usize>)> = Vec::new();
    let mut alone = Vec::new();
    for (place, setup) in setups.iter().enumerate() {
        let Some(course) = Course::of(setup) else {
            alone.push(place);
            continue;
        };
        let has_room = |(other, places): &&mut (Course, Vec<usize>)| {
            places.len() < abreast::MOST && course.is_like(other)
        };
        match groups.iter_mut().find(has_room) {
            Some((_, places)) => places.push(place),
            None => groups.push((course, vec![place])),
        }
    }
    let (alike, single): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(_, places)| places.len() > 1);
    alone.extend(single.into_iter().flat_map(|(_, places)| places));
    (alike, alone)
}

/// Threads that take batches, each for its share of setups.
struct Crew<'scope> {
    desks: Vec<SyncSender<Arc<Batch>>>,
    workers: Vec<ScopedJoinHandle<'scope, Vec<Outcome>>>,
}

impl<'scope> Crew<'scope> {
    /// Deals the setups over `threads` in turn.
    fn hire<'env>(scope: &'scope Scope<'scope, 'env>, setups: &[Setup], threads: usize) -> Self {
        let hire = |first: usize| {
            let share = Share::of(setups.iter().skip(first).step_by(threads));
            let (desk, batches) = sync_channel(AHEAD);
            (desk, scope.spawn(move || work(share, &batches)))
        };
        let (desks, workers) = (0..threads).map(hire).unzip();
        Self { desks, workers }
    }

    fn hand_out(&self, batch: &Arc<Batch>) {
        for desk in &self.desks {
            // A worker that panicked takes nothing more; joining it tells.
            let _ = desk.send(Arc::clone(batch));
        }
    }

    /// Outcomes in the order of setups.
    fn finish(self) -> Vec<Outcome> {
        drop(self.desks);
        let joined = self.workers.into_iter().map(ScopedJoinHandle::join);
        let mut shares: Vec<_> = joined
            .map(|share| share.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .map(Vec::into_iter)
            .collect();
        let mut outcomes = Vec::new();
        for turn in 0.. {
            let threads = shares.len();
            let Some(outcome) = shares[turn % threads].next() else {
                break;
            };
            outcomes.push(outcome);
        }
        outcomes
    }
}

fn work(mut share: Share, batches: &Receiver<Arc<Batch>>) -> Vec<Outcome> {
    for batch in batches {
        share.take(&batch);
    }
    share.finish()
}
