//! Where setups are played: the same traffic, again and again.

use std::num::NonZero;

use super::error::PlanError;
use super::survey::{Survey, Surveyor};
use crate::sim::weighing::Weighing;
use crate::sim::{Outcome, Setup, runs};
use crate::workload::{App, Apps, Request, Traffic, TrafficError};

/// Opens the traffic anew.
pub type Source<'s> = dyn FnMut() -> Result<Box<dyn Traffic + 's>, TrafficError> + 's;

/// Where setups are played.
pub struct Stage<'s> {
    source: Box<Source<'s>>,
    threads: NonZero<usize>,
    /// Hears how many requests were played in all setups together, as they are.
    heard: Box<dyn FnMut(u64) + 's>,
}

impl<'s> Stage<'s> {
    /// A stage for traffic that `source` opens, on so many cores.
    pub fn new(source: Box<Source<'s>>, threads: NonZero<usize>) -> Self {
        Self {
            source,
            threads,
            heard: Box::new(|_| ()),
        }
    }

    /// Tells `heard` how many requests were played in each batch, over all setups.
    #[must_use]
    pub fn heard_by(mut self, heard: impl FnMut(u64) + 's) -> Self {
        self.heard = Box::new(heard);
        self
    }

    /// Looks at all requests once; requests are weighed by `weighing`.
    pub fn survey(&mut self, weighing: Weighing) -> Result<Survey, PlanError> {
        let mut surveyor = Surveyor::new(weighing);
        let apps = self.look(|request, _| surveyor.add(request))?;
        Ok(surveyor.finish(apps.all()))
    }

    /// Shows every request and its app to `each`, in time order; then every app.
    pub fn look(&mut self, mut each: impl FnMut(&Request, &App)) -> Result<Apps, PlanError> {
        let mut traffic = (self.source)()?;
        let mut apps = Apps::default();
        while let Some(request) = traffic.next(&mut apps) {
            let request = request?;
            each(&request, &apps.all()[request.app.place()]);
        }
        Ok(apps)
    }

    /// The outcome of every setup, in their order.
    pub fn play(&mut self, setups: &[Setup]) -> Result<Vec<Outcome>, PlanError> {
        let mut traffic = (self.source)()?;
        let (heard, runs) = (&mut self.heard, setups.len() as u64);
        let mut each = |requests: &[Request]| heard(requests.len() as u64 * runs);
        Ok(runs::play(&mut traffic, setups, self.threads, &mut each)?)
    }

    /// A stage for the same traffic, changed on its way.
    pub fn changed<'c>(
        &'c mut self,
        change: impl Fn(Box<dyn Traffic + 'c>) -> Box<dyn Traffic + 'c> + 'c,
    ) -> Stage<'c>
    where
        's: 'c,
    {
        let source = &mut self.source;
        let heard = &mut self.heard;
        Stage {
            source: Box::new(move || Ok(change((source)()?))),
            threads: self.threads,
            heard: Box::new(heard),
        }
    }
}
