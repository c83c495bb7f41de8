//! Workload: requests in time order, whatever they come from.
//!
//! A [`Traffic`] yields requests one at a time, so a month is never held in memory. Sources make
//! traffic, transforms take traffic and yield traffic, and the simulator takes the last of them.

pub mod app;
pub mod arrivals;
pub mod kept;
pub mod prefix_cache;
pub mod request;
pub mod seed;
pub mod servegen;
pub mod synthetic;
pub mod trace;
pub mod transform;
mod waiting;

pub use app::{App, AppId, Apps};
pub use arrivals::Arrivals;
pub use kept::Kept;
pub use prefix_cache::PrefixCache;
pub use request::{Request, RequestTokens};
pub use seed::Seed;
pub use synthetic::SyntheticApp;

#[cfg(test)]
mod tests;

use thiserror::Error;

/// The end of the years that traffic lies in: 2262-01-01 [µs since 1970]. Logs end there as well.
const END_OF_TIME: u64 = 9_214_646_400_000_000;

/// Requests in time order.
pub trait Traffic {
    /// The next request, or `None` after the last; callers it meets first are added to `apps`.
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>>;
}

impl<T: Traffic + ?Sized> Traffic for Box<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        (**self).next(apps)
    }
}

/// Requests that are in memory, already in time order.
impl Traffic for std::vec::IntoIter<Request> {
    fn next(&mut self, _: &mut Apps) -> Option<Result<Request, TrafficError>> {
        Iterator::next(self).map(Ok)
    }
}

/// Why traffic cannot go on: where, what was found, what was expected, what to do.
#[derive(Debug, Error)]
#[error("{message}")]
pub struct TrafficError {
    message: String,
}

impl TrafficError {
    /// An error that says this.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}
