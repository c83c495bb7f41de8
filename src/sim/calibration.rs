//! Finds the depth of a bucket that explains what was observed.
//!
//! The depth is not documented, and results depend on it (docs/MODEL.md). Where the owner of a
//! deployment has its utilisation by minute, or the times of its 429s, the same traffic is played
//! with many depths at once, and the depth with the least error wins. Where the evidence fits
//! every depth, or every depth above some length, the answer says so.

mod evidence;

pub use evidence::Evidence;

use std::num::NonZero;

use super::deployment::DeploymentId;
use super::outcome::Outcome;
use super::runs;
use super::series::Series;
use super::setup::{DeploymentRules, Setup};
use crate::time::SimDuration;
use crate::units::TokensPerMinute;
use crate::workload::{Traffic, TrafficError};

/// Depths of the first pass, over the whole range.
const COARSE: u32 = 24;
/// Depths of each further pass, around the best ones so far.
const FINE: u32 = 16;
/// Further passes: each narrows the range to an eighth, so the depth is found within 1 %.
const FURTHER: usize = 2;
/// Depths whose error is above the least by no more than this part of the spread are plausible.
const PLAUSIBLE: f64 = 0.01;
/// Errors that differ by less are equal: utilisations and counts are far coarser.
const EQUAL: f64 = 1e-9;
/// A leak of nothing: the throughput that is documented [10⁻³].
pub const AS_DOCUMENTED: u32 = 1000;

/// Where to look.
#[derive(Clone, Debug)]
pub struct Search {
    /// The deployment that was observed.
    pub deployment: DeploymentId,
    /// The shortest depth that is tried.
    pub shortest: SimDuration,
    /// The longest.
    pub longest: SimDuration,
    /// Throughputs that are tried [10⁻³ of what is documented]; at least one.
    pub leaks: Vec<u32>,
    /// Threads to use.
    pub threads: NonZero<usize>,
}

impl Search {
    /// Depths from a tenth of a second to ten minutes, with the throughput that is documented.
    pub fn of(deployment: DeploymentId) -> Self {
        Self {
            deployment,
            shortest: SimDuration::from_millis(100),
            longest: SimDuration::from_seconds(600),
            leaks: vec![AS_DOCUMENTED],
            threads: NonZero::<usize>::MIN,
        }
    }
}

/// One combination that was tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Depth of the bucket.
    pub depth: SimDuration,
    /// Throughput [10⁻³ of what is documented].
    pub leak: u32,
    /// Its error [part of 1 for utilisation, 429 per minute for refusals].
    pub error: f64,
}

/// How much the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The depth lies in the plausible range.
    Fitted,
    /// Every longer depth explains it as well.
    AtLeast,
    /// Every shorter depth explains it as well.
    AtMost,
    /// Every depth explains it equally well, as when nothing was ever refused.
    CannotTell,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// How much the evidence says.
    pub verdict: Verdict,
    /// The trial with the least error; of several, the middle one.
    pub best: Trial,
    /// The shortest and the longest depth that explain the evidence about as well.
    pub plausible: (SimDuration, SimDuration),
    /// The throughputs that do [10⁻³ of what is documented]: more than one where depth and
    /// throughput make up for each other.
    pub leaks: Vec<u32>,
    /// Every trial, by leak and depth.
    pub curve: Vec<Trial>,
}

/// Opens the traffic anew for each pass.
pub type Open<'o> = dyn FnMut() -> Result<Box<dyn Traffic + 'o>, TrafficError> + 'o;

/// Fits the depth of a deployment's bucket to what was observed; `None` where no minute of the
/// evidence lies in the traffic. Passes over the traffic: three, or one when it cannot tell.
pub fn fit(
    setup: &Setup,
    search: &Search,
    evidence: &Evidence,
    open: &mut Open<'_>,
) -> Result<Option<Fit>, TrafficError> {
    let depths = grid(search.shortest, search.longest, COARSE);
    let mut tried: Vec<(u32, SimDuration)> = Vec::new();
    for leak in &search.leaks {
        tried.extend(depths.iter().map(|depth| (*leak, *depth)));
    }
    let mut curve: Vec<Trial> = Vec::new();
    for pass in 0..=FURTHER {
        curve.extend(trials(setup, search, &tried, evidence, open)?);
        curve.sort_by_key(|trial| (trial.leak, trial.depth));
        let fit = Fit::of(&curve);
        let ends = |fit: &Fit| pass == FURTHER || fit.verdict == Verdict::CannotTell;
        if fit.as_ref().is_none_or(ends) {
            return Ok(fit);
        }
        tried = finer(&curve, &search.leaks);
    }
    Ok(None)
}

/// Depths that are worth a look in the next pass, for each leak around its own best ones.
fn finer(curve: &[Trial], leaks: &[u32]) -> Vec<(u32, SimDuration)> {
    let mut next = Vec::new();
    for leak in leaks {
        let of_leak: Vec<Trial> = of_leak(curve, *leak).collect();
        let Some(fit) = Fit::of(&of_leak) else {
            continue;
        };
        let (from, until) = fit.bracket();
        let known = |depth: &SimDuration| of_leak.iter().any(|trial| trial.depth == *depth);
        let mut depths = grid(from, until, FINE);
        depths.extend(whole_seconds_near(fit.best.depth));
        depths.sort_unstable();
        depths.dedup();
        let depths = depths.into_iter();
        next.extend(
            depths
                .filter(|depth| !known(depth))
                .map(|depth| (*leak, depth)),
        );
    }
    next
}

/// Whole seconds within a tenth of a depth, a few at most. A depth that somebody chose is likely
/// round, and the error falls to nothing only there: a little beside it other calls are refused.
fn whole_seconds_near(depth: SimDuration) -> impl Iterator<Item = SimDuration> {
    let micros = depth.micros();
    let second = SimDuration::SECOND.micros();
    let (first, last) = (
        (micros - micros / 10).div_ceil(second),
        (micros + micros / 10) / second,
    );
    (first..=last)
        .take(FINE as usize)
        .map(SimDuration::from_seconds)
}

fn of_leak(curve: &[Trial], leak: u32) -> impl DoubleEndedIterator<Item = Trial> {
    let of_leak = curve.iter().filter(move |trial| trial.leak == leak);
    of_leak.copied()
}

/// Plays combinations of leak and depth in one pass.
fn trials(
    setup: &Setup,
    search: &Search,
    tried: &[(u32, SimDuration)],
    evidence: &Evidence,
    open: &mut Open<'_>,
) -> Result<Vec<Trial>, TrafficError> {
    let setups: Vec<Setup> = tried
        .iter()
        .map(|(leak, depth)| changed(setup, search.deployment, *leak, *depth))
        .collect();
    let outcomes = runs::play(open()?.as_mut(), &setups, search.threads, &mut |_| ())?;
    let error = |outcome: &Outcome| {
        let deployment = outcome.deployments.get(search.deployment.place())?;
        evidence.error(&deployment.minutes)
    };
    let trial =
        |(&(leak, depth), outcome)| error(outcome).map(|error| Trial { depth, leak, error });
    Ok(tried.iter().zip(&outcomes).filter_map(trial).collect())
}

/// The setup with another depth and throughput of one deployment, the latter rounded down to
/// whole tokens a minute.
fn changed(setup: &Setup, deployment: DeploymentId, leak: u32, depth: SimDuration) -> Setup {
    let mut setup = setup.clone();
    setup.series = Series::ByMinute;
    let deployment = setup.deployments.get_mut(deployment.place());
    if let Some(DeploymentRules::Provisioned(rules)) = deployment.map(|found| &mut found.rules) {
        rules.depth = depth;
        let documented = rules.tpm_per_ptu.get();
        let changed = documented * u64::from(leak) / u64::from(AS_DOCUMENTED);
        rules.tpm_per_ptu = TokensPerMinute::new(changed);
    }
    setup
}

/// `points` depths with equal ratios between them, both ends included, in whole microseconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "depths are positive, and far below 2^52 µs"
)]
fn grid(shortest: SimDuration, longest: SimDuration, points: u32) -> Vec<SimDuration> {
    let (from, until) = (shortest.micros().max(1) as f64, longest.micros() as f64);
    let ratio = (until / from).powf(1.0 / f64::from(points - 1));
    let inner = (1..points - 1).map(|number| {
        let exponent = i32::try_from(number).expect("a grid is small");
        SimDuration::from_micros((from * ratio.powi(exponent)).round() as u64)
    });
    let mut depths: Vec<_> = [shortest]
        .into_iter()
        .chain(inner)
        .chain([longest])
        .collect();
    depths.dedup();
    depths
}

impl Fit {
    /// What a curve, sorted by leak and depth, tells; `None` without a trial.
    fn of(curve: &[Trial]) -> Option<Self> {
        let errors = || curve.iter().map(|trial| trial.error);
        let least = errors().reduce(f64::min)?;
        let slack = (errors().fold(least, f64::max) - least) * PLAUSIBLE;
        let leak = curve
            .iter()
            .find(|trial| trial.error <= least + EQUAL)?
            .leak;
        let of_leak: Vec<Trial> = of_leak(curve, leak).collect();
        let within = |slack: f64| move |trial: &&Trial| trial.error <= least + slack.max(EQUAL);
        let best: Vec<&Trial> = of_leak.iter().filter(within(EQUAL)).collect();
        let from = of_leak.iter().find(within(slack))?.depth;
        let until = of_leak.iter().rfind(within(slack))?.depth;
        let (shortest, longest) = (of_leak.first()?.depth, of_leak.last()?.depth);
        let mut leaks: Vec<u32> = curve
            .iter()
            .filter(within(slack))
            .map(|trial| trial.leak)
            .collect();
        leaks.dedup();
        Some(Self {
            verdict: match (from == shortest, until == longest) {
                (true, true) => Verdict::CannotTell,
                (false, true) => Verdict::AtLeast,
                (true, false) => Verdict::AtMost,
                (false, false) => Verdict::Fitted,
            },
            best: *best[best.len() / 2],
            plausible: (from, until),
            leaks,
            curve: curve.to_vec(),
        })
    }

    /// The depths next to the plausible ones, on either side.
    fn bracket(&self) -> (SimDuration, SimDuration) {
        let (from, until) = self.plausible;
        let depths = || of_leak(&self.curve, self.best.leak).map(|trial| trial.depth);
        let before = depths().rfind(|depth| *depth < from);
        let after = depths().find(|depth| *depth > until);
        (before.unwrap_or(from), after.unwrap_or(until))
    }
}
