//! Several traffics as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::{Traffic, TrafficError};

/// All requests of several sources in time order; at one time, in the order of the sources.
#[derive(Debug)]
pub struct Merge<T> {
    sources: Vec<T>,
    /// The next request of each source.
    heads: Vec<Option<Request>>,
    order: BinaryHeap<Reverse<(SimTime, usize)>>,
    /// Sources whose next request is not known yet: all at first, then the one just served.
    wanting: Vec<usize>,
    is_over: bool,
}

impl<T: Traffic> Merge<T> {
    /// The requests of all `sources`.
    pub fn new(sources: Vec<T>) -> Self {
        let count = sources.len();
        Self {
            sources,
            heads: vec![None; count],
            order: BinaryHeap::with_capacity(count),
            wanting: (0..count).rev().collect(),
            is_over: false,
        }
    }

    fn step(&mut self, apps: &mut Apps) -> Result<Option<Request>, TrafficError> {
        while let Some(place) = self.wanting.pop() {
            if let Some(request) = self.sources[place].next(apps) {
                let request = request?;
                self.heads[place] = Some(request);
                self.order.push(Reverse((request.at, place)));
            }
        }
        let Some(Reverse((_, place))) = self.order.pop() else {
            return Ok(None);
        };
        self.wanting.push(place);
        Ok(self.heads[place].take())
    }
}

impl<T: Traffic> Traffic for Merge<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        if self.is_over {
            return None;
        }
        let request = self.step(apps);
        self.is_over = !matches!(request, Ok(Some(_)));
        request.transpose()
    }
}
