//! A thread that turns blocks into fragments.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use super::plan::Plan;
use super::rows::each_row;
use super::source_rows::SourceRows;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::usage::accounting::RowAccounting;
use crate::usage::carrier::{Block, Body, Item, JsonReader, Shape};
use crate::usage::format::{Context, Fault, Kind, PseudonymKey, Row, SlotSet};
use crate::usage::fragment::{FragmentSink, Lie, RowTexts};

/// A block and how to read it.
pub(super) struct Task {
    pub(super) plan: Arc<Plan>,
    pub(super) block: Block,
}

/// What a worker found beside fragments.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: RowAccounting,
    pub(super) diagnostics: Diagnostics,
    /// The rows of each source, by its place.
    pub(super) sources: BTreeMap<usize, SourceRows>,
}

/// Reads blocks into a sink.
pub(super) struct Worker<S> {
    sink: S,
    row: Row,
    context: Context,
    found: Found,
}

impl<S: FragmentSink> Worker<S> {
    pub(super) fn new(sink: S, pseudonym_key: Option<PseudonymKey>) -> Self {
        let context = Context {
            pseudonym_key,
            ..Context::default()
        };
        Self {
            sink,
            row: Row::new(),
            context,
            found: Found::default(),
        }
    }

    /// Reads blocks until there are no more.
    pub(super) fn run(mut self, tasks: &Mutex<Receiver<Task>>) -> (S, Found) {
        loop {
            let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
            match task {
                Ok(task) => self.read(&task),
                Err(_) => return (self.sink, self.found),
            }
        }
    }

    fn read(&mut self, task: &Task) {
        let plan = &*task.plan;
        let Self {
            sink,
            row,
            context,
            found,
        } = self;
        context.clock = plan.clock;
        context.cached = plan.cached;
        context.source = saturated(plan.index as u64);
        sink.look_at(&texts_of(&task.block, plan, context.source));
        let mut tally = Tally::default();
        let mut visit = |line, item: Item<'_>| {
            context.line = saturated(line);
            if let Err(fault) = tally.take(item, plan, context, sink) {
                found.diagnostics.add(Diagnostic {
                    source: plan.name.clone(),
                    line,
                    problem: fault.problem,
                    found: fault.found,
                });
            }
            ControlFlow::Continue(())
        };
        let mut json = JsonReader::new(&plan.vocabulary);
        let _ = each_row(&task.block, plan, (&mut json, row), &mut visit);
        found.rows += tally.rows;
        tally.seen.read = tally.rows.read;
        let seen = found.sources.entry(plan.index).or_default();
        seen.merge(tally.seen);
    }
}

/// The text of a block, for sinks that look at it.
fn texts_of<'t>(block: &'t Block, plan: &'t Plan, source: u32) -> RowTexts<'t> {
    let (text, lie): (&[u8], _) = match (&block.body, &plan.shape) {
        (Body::Csv(text), Shape::Csv(csv)) => {
            let (header, delimiter) = (csv.layout.header.as_slice(), csv.delimiter);
            (text, Lie::Csv { header, delimiter })
        }
        (Body::Objects(text, rows), _) => (text, Lie::Objects(rows)),
        (Body::Arrays(text, rows, layout), _) => (text, Lie::Arrays(rows, &layout.header)),
        (Body::Csv(text) | Body::Lines(text), _) => (text, Lie::Lines),
        (Body::Broken(_) | Body::Note(_), _) => (&[], Lie::Lines),
    };
    RowTexts {
        source,
        first: block.first,
        text,
        lie,
    }
}

/// A place to show in 32 bits, which is enough for any that a person will look up.
fn saturated(place: u64) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The rows of one block.
#[derive(Default)]
struct Tally {
    rows: RowAccounting,
    seen: SourceRows,
    /// The format and the fields of the row before: mostly those of the next.
    before: Option<(&'static str, SlotSet)>,
}

impl Tally {
    /// Counts one item, and sends it to the sink if it is a row that can be used.
    fn take(
        &mut self,
        item: Item<'_>,
        plan: &Plan,
        context: &mut Context,
        sink: &mut impl FragmentSink,
    ) -> Result<(), Fault> {
        if let Item::Note(fault) = item {
            return Err(fault);
        }
        self.rows.read += 1;
        let result = match item {
            Item::Row(row) => self.row(row, plan, context, sink),
            Item::Header => {
                self.rows.ignored += 1;
                self.seen.headers += 1;
                Ok(())
            }
            Item::Broken(fault) | Item::Note(fault) => Err(fault),
        };
        self.rows.quarantined += u64::from(result.is_err());
        result
    }

    fn row(
        &mut self,
        row: &Row,
        plan: &Plan,
        context: &mut Context,
        sink: &mut impl FragmentSink,
    ) -> Result<(), Fault> {
        match plan.reader.kind(row) {
            Kind::Known(format) => {
                let now = Some((format.name, row.present()));
                if self.before != now {
                    self.before = now;
                    self.seen.see(format, row);
                }
                sink.add(&format.read(row, context)?);
                Ok(())
            }
            Kind::Foreign => {
                self.rows.ignored += 1;
                self.seen.foreign += 1;
                Ok(())
            }
            Kind::Unknown => Err(Fault::new(
                "row has the fields of no log format known",
                "name its columns in a [[source]] of the configuration",
            )),
        }
    }
}
