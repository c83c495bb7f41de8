//! More or fewer requests of the same kind.

use rand::RngExt;

use super::quota::{Factor, Quota};
use crate::time::{SimDuration, SimTime};
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::seed::Seed;
use crate::workload::waiting::Waiting;
use crate::workload::{Traffic, TrafficError};

/// How traffic is scaled.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// The factor of the rate; below 1 it thins.
    pub factor: Factor,
    /// A copy beyond the first arrives up to this much later than its request [µs].
    pub jitter: SimDuration,
    /// What chance follows from.
    pub seed: Seed,
    /// The name of the traffic, which chance follows from as well.
    pub name: String,
}

/// Traffic with its rate times a factor: requests are dropped or copied, and what remains keeps
/// its times, but for copies, which are spread.
#[derive(Debug)]
pub struct Scale<T> {
    traffic: T,
    quota: Quota,
    jitter: SimDuration,
    waiting: Waiting,
    latest: SimTime,
    is_over: bool,
}

impl<T> Scale<T> {
    /// `traffic` scaled.
    pub fn new(traffic: T, scaling: &Scaling) -> Self {
        let stream = scaling.seed.stream("scale", &scaling.name);
        Self {
            traffic,
            quota: Quota::new(scaling.factor, stream),
            jitter: scaling.jitter,
            waiting: Waiting::default(),
            latest: SimTime::default(),
            is_over: false,
        }
    }

    /// Takes the copies of `request`.
    fn copy(&mut self, request: Request) {
        self.latest = request.at;
        let copies = self.quota.next();
        if copies > 0 {
            self.waiting.push(request);
        }
        for _ in 1..copies {
            let stream = self.quota.stream();
            let late = stream.random_range(0..=self.jitter.micros());
            let at = request.at.after(SimDuration::from_micros(late));
            self.waiting.push(Request { at, ..request });
        }
    }
}

impl<T: Traffic> Traffic for Scale<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        loop {
            if let Some(request) = self.waiting.pop_until(self.latest) {
                return Some(Ok(request));
            }
            if self.is_over {
                return self.waiting.pop().map(Ok);
            }
            match self.traffic.next(apps) {
                Some(Ok(request)) => self.copy(request),
                Some(Err(error)) => {
                    self.is_over = true;
                    self.waiting.clear();
                    return Some(Err(error));
                }
                None => self.is_over = true,
            }
        }
    }
}
