//! Plays one stream of requests through several runs.

use std::num::NonZero;
use std::thread;

use crate::sim::outcome::ServedRequest;
use crate::sim::{Outcome, Setup, Simulation, runs};
use crate::workload::{App, Apps, Request, Traffic, TrafficError};

/// Takes the served requests of the first run.
pub(super) type Journal<'j> = dyn FnMut(&[App], &[ServedRequest]) -> anyhow::Result<()> + 'j;

/// Requests between two looks at the journal.
const BATCH: usize = 4_096;

/// The outcome of each setup on the same traffic, on all cores; `each` sees every request once.
pub(super) fn play(
    traffic: &mut dyn Traffic,
    setups: &[Setup],
    each: &mut dyn FnMut(&[Request]),
) -> Result<Vec<Outcome>, TrafficError> {
    let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    runs::play(traffic, setups, threads, each)
}

/// The same on one core, with the requests that the first run serves one by one.
pub(super) fn record(
    traffic: &mut dyn Traffic,
    setups: &[Setup],
    each: &mut dyn FnMut(&[Request]),
    journal: &mut Journal<'_>,
) -> anyhow::Result<Vec<Outcome>> {
    let mut apps = Apps::default();
    let mut runs: Vec<Simulation> = setups.iter().map(Simulation::new).collect();
    runs.iter_mut().take(1).for_each(Simulation::keep_served);
    let (mut introduced, mut offered) = (0, 0);
    while let Some(request) = traffic.next(&mut apps).transpose()? {
        for app in &apps.all()[introduced..] {
            for run in &mut runs {
                run.introduce(app);
            }
        }
        introduced = apps.all().len();
        for run in &mut runs {
            run.offer(&request);
        }
        each(&[request]);
        offered += 1;
        if offered % BATCH == 0 {
            tell(&mut runs, &apps, journal)?;
        }
    }
    for run in &mut runs {
        run.play_out();
    }
    tell(&mut runs, &apps, journal)?;
    Ok(runs.into_iter().map(Simulation::finish).collect())
}

fn tell(runs: &mut [Simulation], apps: &Apps, journal: &mut Journal<'_>) -> anyhow::Result<()> {
    runs.first_mut()
        .map_or(Ok(()), |first| journal(apps.all(), &first.take_served()))
}
