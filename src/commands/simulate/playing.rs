//! Plays one stream of requests through several runs.

use crate::sim::{Outcome, Setup, Simulation};
use crate::workload::{Apps, Traffic, TrafficError};

/// The outcome of each setup on the same traffic.
pub(super) fn play(
    traffic: &mut dyn Traffic,
    apps: &mut Apps,
    setups: &[Setup],
) -> Result<Vec<Outcome>, TrafficError> {
    let mut runs: Vec<Simulation> = setups.iter().map(Simulation::new).collect();
    let mut introduced = 0;
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
    }
    Ok(runs.into_iter().map(Simulation::finish).collect())
}
