//! A span of traffic.

use crate::time::SimTime;
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::{Traffic, TrafficError};

/// The requests from `from` up to, not including, `until`.
///
/// Nothing is read after the first request beyond the end, so faults there stay unseen.
#[derive(Debug)]
pub struct Cut<T> {
    traffic: T,
    from: Option<SimTime>,
    until: Option<SimTime>,
    is_over: bool,
}

impl<T> Cut<T> {
    /// The part of `traffic` between both; `None` is no bound.
    pub const fn new(traffic: T, from: Option<SimTime>, until: Option<SimTime>) -> Self {
        Self {
            traffic,
            from,
            until,
            is_over: false,
        }
    }
}

impl<T: Traffic> Traffic for Cut<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        while !self.is_over {
            let request = match self.traffic.next(apps)? {
                Ok(request) => request,
                Err(error) => return Some(Err(error)),
            };
            self.is_over = self.until.is_some_and(|until| request.at >= until);
            let is_early = self.from.is_some_and(|from| request.at < from);
            if !self.is_over && !is_early {
                return Some(Ok(request));
            }
        }
        None
    }
}
