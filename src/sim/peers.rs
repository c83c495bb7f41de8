//! What other tools' formulas say of the same requests, to be shown beside a simulation.
//!
//! None of them models admission; each answers "which share of the tokens would spill" from sums
//! per minute or second. The definitions are pinned by the figures they give on a public trace
//! (docs/MODEL.md).

use super::weighing::Weighing;
use crate::time::{SimDuration, SimTime};
use crate::units::{Ptu, TokensPerMinute};
use crate::workload::Request;

/// Seconds of a minute: a second's capacity is a minute's through this.
const SECONDS: u128 = 60;
/// Thousandths of a weighted token.
const THOUSANDTHS: u64 = 1000;

/// Sums of requests in the making, for several sizes of a deployment.
#[derive(Clone, Debug)]
pub struct Peers {
    weighing: Weighing,
    tpm_per_ptu: TokensPerMinute,
    sizes: Vec<Size>,
    first: Option<SimTime>,
    last: SimTime,
    total: u128,
    /// Weight of each minute, counted from the first request [weighted token × 10⁻³].
    minutes: Vec<u64>,
    /// The second under way, counted from the first request, and its weight.
    second: (u64, u64),
}

#[derive(Clone, Debug)]
struct Size {
    ptu: Ptu,
    /// What it serves in a minute [weighted token × 10⁻³].
    a_minute: u64,
    /// What seconds had beyond their capacity [weighted token × 10⁻³ / 60].
    beyond_seconds: u128,
}

/// What the requests amount to, and what each formula says for each size.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerFigures {
    /// Mean over the time from the first request to the last [PTU].
    pub mean_ptu: f64,
    /// The busiest minute, counted from the first request [PTU].
    pub busiest_minute_ptu: f64,
    /// Formulas for each size, in the order asked.
    pub sizes: Vec<PeerSpill>,
}

/// Shares of tokens that spill by formulas of other tools [part of 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeerSpill {
    /// The size.
    pub ptu: Ptu,
    /// A bucket that is full again at each minute, counted from the first request: what minutes
    /// have beyond their capacity.
    pub minute_reset: f64,
    /// The same with seconds.
    pub second_buckets: f64,
    /// 1 − capacity ÷ busiest minute.
    pub below_peak: f64,
    /// (99th percentile of minutes by nearest rank − capacity) ÷ mean: the excess of that one
    /// minute, taken to last all the time. It may exceed 1.
    pub p99_excess: f64,
    /// 1 − capacity ÷ mean: only the average counts.
    pub average: f64,
}

impl Peers {
    /// Nothing yet, for these sizes of a deployment.
    pub fn new(weighing: Weighing, tpm_per_ptu: TokensPerMinute, sizes: &[Ptu]) -> Self {
        let size = |ptu: &Ptu| Size {
            ptu: *ptu,
            a_minute: u64::from(ptu.get()) * tpm_per_ptu.get() * THOUSANDTHS,
            beyond_seconds: 0,
        };
        Self {
            sizes: sizes.iter().map(size).collect(),
            weighing,
            tpm_per_ptu,
            first: None,
            last: SimTime::default(),
            total: 0,
            minutes: Vec::new(),
            second: (0, 0),
        }
    }

    /// Adds a request; requests come in time order.
    pub fn add(&mut self, request: &Request) {
        let tokens = &request.tokens;
        let weight = self.weighing.weigh(tokens, tokens.output);
        let since = request.at.since(*self.first.get_or_insert(request.at));
        self.last = request.at;
        self.total += u128::from(weight);
        let minute = since.micros() / SimDuration::MINUTE.micros();
        let minute = usize::try_from(minute).expect("minutes of a run fit into memory");
        if minute >= self.minutes.len() {
            self.minutes.resize(minute + 1, 0);
        }
        self.minutes[minute] += weight;
        let second = since.micros() / SimDuration::SECOND.micros();
        if second != self.second.0 {
            self.close_second();
            self.second = (second, 0);
        }
        self.second.1 += weight;
    }

    fn close_second(&mut self) {
        let weight = u128::from(self.second.1) * SECONDS;
        for size in &mut self.sizes {
            size.beyond_seconds += weight.saturating_sub(size.a_minute.into());
        }
    }

    /// The figures; `None` without two requests at different times, or without any weight.
    pub fn finish(mut self) -> Option<PeerFigures> {
        self.close_second();
        let span = self.last.since(self.first?);
        if span.is_zero() || self.total == 0 {
            return None;
        }
        let a_ptu = float((self.tpm_per_ptu.get() * THOUSANDTHS).into());
        let span = float(span.micros().into()) / float(SimDuration::MINUTE.micros().into());
        let mean = float(self.total) / span;
        let mut sorted = self.minutes.clone();
        sorted.sort_unstable();
        let peak = float((*sorted.last()?).into());
        let p99 = float(sorted[(sorted.len() * 99).div_ceil(100) - 1].into());
        let sizes = self.sizes.iter().map(|size| {
            let capacity = float(size.a_minute.into());
            let beyond = |weight: &u64| u128::from(weight.saturating_sub(size.a_minute));
            let beyond_minutes: u128 = self.minutes.iter().map(beyond).sum();
            PeerSpill {
                ptu: size.ptu,
                minute_reset: float(beyond_minutes) / float(self.total),
                second_buckets: float(size.beyond_seconds) / float(self.total * SECONDS),
                below_peak: (1.0 - capacity / peak).max(0.0),
                p99_excess: ((p99 - capacity) / mean).max(0.0),
                average: (1.0 - capacity / mean).max(0.0),
            }
        });
        Some(PeerFigures {
            mean_ptu: mean / a_ptu,
            busiest_minute_ptu: peak / a_ptu,
            sizes: sizes.collect(),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn float(count: u128) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CapacityWeights;
    use crate::units::TokenWeight;
    use crate::workload::{AppId, RequestTokens};

    fn peers(sizes: &[u32]) -> Peers {
        let one = TokenWeight::from_thousandths(1000);
        let weights = CapacityWeights {
            input: one,
            cached_input: one,
            cache_write: one,
            output: one,
        };
        let sizes: Vec<Ptu> = sizes.iter().copied().map(Ptu::new).collect();
        Peers::new(Weighing::by(weights, 0), TokensPerMinute::new(60), &sizes)
    }

    fn request(seconds: u64, input: u32) -> Request {
        Request {
            at: SimTime::from_micros(seconds * 1_000_000),
            app: AppId::default(),
            tokens: RequestTokens {
                input,
                ..RequestTokens::default()
            },
            max_tokens: None,
            latency: None,
            priority: None,
        }
    }

    #[test]
    fn each_formula_by_hand() {
        // Minutes of 90, 0 and 30 at 60 a minute and PTU: 1 PTU serves 60 a minute, 1 a second.
        let mut peers = peers(&[1, 2]);
        for (seconds, input) in [(10, 60), (69, 30), (130, 20), (190, 10)] {
            peers.add(&request(seconds, input));
        }
        let figures = peers.finish().unwrap();
        // 120 in 180 s are 40 a minute.
        assert!((figures.mean_ptu - 40.0 / 60.0).abs() < 1e-12);
        assert!((figures.busiest_minute_ptu - 1.5).abs() < 1e-12);
        let one = figures.sizes[0];
        for (found, expected) in [
            (one.minute_reset, 30.0 / 120.0),
            (one.second_buckets, (59.0 + 29.0 + 19.0 + 9.0) / 120.0),
            (one.below_peak, 1.0 - 60.0 / 90.0),
            (one.p99_excess, (90.0 - 60.0) / 40.0),
            (one.average, 0.0),
            (figures.sizes[1].minute_reset, 0.0),
        ] {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn without_a_span_there_is_nothing_to_say() {
        assert_eq!(peers(&[1]).finish(), None);
        let mut peers = peers(&[1]);
        peers.add(&request(1, 5));
        assert_eq!(peers.finish(), None);
    }
}
