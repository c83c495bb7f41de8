//! Traffic on the stage: kept in memory where it is small, else opened again for every pass.

use std::num::NonZero;
use std::path::Path;
use std::thread;

use super::PlanArgs;
use crate::commands::console::Console;
use crate::commands::scenario::Loaded;
use crate::commands::scenario::traffic::{self, Changes, Opened};
use crate::commands::usage_files::counts_bar;
use crate::config::Config;
use crate::plan::stage::Stage;
use crate::workload::{Kept, Traffic, TrafficError};

/// Traffic of at most so many requests is kept in memory; more is read again in every pass.
pub(super) const MOST_KEPT: usize = 2_000_000;

/// Does work on the stage of the traffic; it is told whether the traffic is kept in memory.
pub(super) fn staged<T>(
    args: &PlanArgs,
    loaded: &Loaded,
    console: &mut Console,
    work: impl FnOnce(&mut Stage<'_>, bool) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let traffic = Reopened::of(args, loaded);
    let mut first = traffic.open()?;
    first.tell(console);
    let kept = Kept::read(&mut first, MOST_KEPT)?;
    let source = || -> Result<Box<dyn Traffic>, TrafficError> {
        match &kept {
            Some(kept) => Ok(Box::new(kept.traffic())),
            None => Ok(Box::new(traffic.open()?)),
        }
    };
    let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let bar = counts_bar("requests × sizes played", console);
    let mut stage = Stage::new(Box::new(source), threads).heard_by(|played| bar.inc(played));
    let worked = work(&mut stage, kept.is_some());
    bar.finish_and_clear();
    worked
}

/// Traffic that can be opened again and again.
struct Reopened<'a> {
    config: &'a Config,
    changes: Changes,
    folder: &'a Path,
}

impl<'a> Reopened<'a> {
    fn of(args: &PlanArgs, loaded: &'a Loaded) -> Self {
        Self {
            config: &loaded.configuration.config,
            changes: args.scenario.changes(&loaded.traces),
            folder: &loaded.configuration.folder,
        }
    }

    fn open(&self) -> Result<Opened, TrafficError> {
        let opened = traffic::open(self.config, &self.changes, self.folder);
        opened.map_err(|error| TrafficError::new(format!("{error:#}")))
    }
}
