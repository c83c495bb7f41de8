//! Plays one stream of requests through several runs.

use crate::sim::outcome::ServedRequest;
use crate::sim::{Outcome, Setup, Simulation};
use crate::workload::{App, Apps, Traffic};

/// Takes the served requests of the first run.
pub(super) type Journal<'j> = &'j mut dyn FnMut(&[App], &[ServedRequest]) -> anyhow::Result<()>;

/// Requests between two looks at the journal.
const BATCH: usize = 4_096;

/// The outcome of each setup on the same traffic.
pub(super) fn play(
    traffic: &mut dyn Traffic,
    apps: &mut Apps,
    setups: &[Setup],
    mut journal: Option<Journal<'_>>,
) -> anyhow::Result<Vec<Outcome>> {
    let mut runs: Vec<Simulation> = setups.iter().map(Simulation::new).collect();
    if journal.is_some() {
        runs.iter_mut().take(1).for_each(Simulation::keep_served);
    }
    let (mut introduced, mut offered) = (0, 0);
    while let Some(request) = traffic.next(apps).transpose()? {
        for app in &apps.all()[introduced..] {
            for run in &mut runs {
                run.introduce(app);
            }
        }
        introduced = apps.all().len();
        for run in &mut runs {
            run.offer(&request);
        }
        offered += 1;
        if offered % BATCH == 0 {
            tell(&mut runs, apps, &mut journal)?;
        }
    }
    for run in &mut runs {
        run.play_out();
    }
    tell(&mut runs, apps, &mut journal)?;
    Ok(runs.into_iter().map(Simulation::finish).collect())
}

fn tell(
    runs: &mut [Simulation],
    apps: &Apps,
    journal: &mut Option<Journal<'_>>,
) -> anyhow::Result<()> {
    if let (Some(journal), Some(first)) = (journal, runs.first_mut()) {
        journal(apps.all(), &first.take_served())?;
    }
    Ok(())
}
