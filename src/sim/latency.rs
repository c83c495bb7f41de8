//! How long serving a request takes.

use crate::time::SimDuration;
use crate::workload::Request;

/// Time to the first token and speed after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// From admission to the first token of the answer.
    pub first_token: SimDuration,
    /// Speed of the answer [output token/s]; zero for answers that take no time.
    pub tokens_per_second: u32,
    /// Whose word counts where the source of the traffic tells how long serving took.
    pub measured: Measured,
}

/// Whether latencies that the traffic brings are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measured {
    /// They are: what happened is the best guess of what would happen.
    #[default]
    Used,
    /// They are not: the deployment is another one.
    Ignored,
}

impl Latency {
    /// How long serving `request` takes; the answer's time is rounded down to a microsecond.
    pub fn of(&self, request: &Request) -> SimDuration {
        if let (Some(latency), Measured::Used) = (request.latency, self.measured) {
            return latency;
        }
        let micros = u64::from(request.tokens.output) * SimDuration::SECOND.micros();
        let answer = micros.checked_div(self.tokens_per_second.into());
        self.first_token
            .plus(SimDuration::from_micros(answer.unwrap_or(0)))
    }
}
