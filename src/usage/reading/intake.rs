//! A thread that opens sources, decides how each is read, and cuts it into blocks.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use sonic_rs::JsonValueTrait;

use super::meter::{Meter, Progress};
use super::plan::{Plan, mapped_source};
use super::rows::each_row;
use super::worker::Task;
use super::{ReadOptions, SourceError, SourceSummary};
use crate::decoding::{Compression, decompressed, text};
use crate::usage::carrier::{Block, Body, CutFault, Item, JsonReader, Shape, cut, sniffed};
use crate::usage::format::{Kind, Row, Slot, Value};
use crate::usage::source::Source;
use crate::usage::timestamp::{DateEvidence, OrderFault};

/// Opens and cuts sources.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions<'a>,
    progress: &'a Progress<'a>,
    send: SyncSender<Task>,
}

/// Rows at the start of a source that tell what it is.
const FIRST_ROWS: usize = 200;

/// Why a source was not read to its end.
enum Fault {
    Refused(SourceError),
    Cut(CutFault),
}

impl From<SourceError> for Fault {
    fn from(error: SourceError) -> Self {
        Self::Refused(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Cut(CutFault::Io(error))
    }
}

impl From<CutFault> for Fault {
    fn from(fault: CutFault) -> Self {
        Self::Cut(fault)
    }
}

impl<'a> Intake<'a> {
    pub(super) const fn new(
        options: &'a ReadOptions<'a>,
        progress: &'a Progress<'a>,
        send: SyncSender<Task>,
    ) -> Self {
        Self {
            options,
            progress,
            send,
        }
    }

    /// Cuts one source and sends its blocks.
    pub(super) fn take_in(
        &self,
        index: usize,
        source: &Source,
    ) -> (SourceSummary, Option<SourceError>) {
        let mut summary = SourceSummary {
            name: source.name().to_owned(),
            ..SourceSummary::default()
        };
        let raw = match source.open() {
            Ok(raw) => Meter::new(raw, self.options.hashing),
            Err(error) => {
                let name = summary.name.clone();
                return (summary, Some(SourceError::Unreadable { name, error }));
            }
        };
        let mut compression = Compression::None;
        let mut plan = Plan::new(index, source, self.options);
        let result = self.cut(source, &raw, &mut compression, &mut plan);
        summary.carrier = carrier(&plan.shape, compression);
        if let Shape::Csv(csv) = &plan.shape {
            summary.repeated = csv.layout.repeated_columns();
        }
        (summary.bytes, summary.sha256) = raw.finish();
        let error = result
            .err()
            .and_then(|fault| source_error(fault, source, compression));
        (summary, error)
    }

    fn cut(
        &self,
        source: &Source,
        raw: &Meter,
        compression: &mut Compression,
        plan: &mut Plan,
    ) -> Result<(), Fault> {
        let (found, bytes) = decompressed(Box::new(raw.clone()))?;
        *compression = found;
        let not_text = || SourceError::NotText {
            name: source.name().to_owned(),
        };
        let (shape, text) = sniffed(text(bytes)?, &plan.vocabulary)?.ok_or_else(not_text)?;
        plan.shape = shape.clone();
        if let Shape::Csv(csv) = &shape {
            plan.see_header(&csv.layout, mapped_source(source, self.options))?;
        }
        let vocabulary = Arc::clone(&plan.vocabulary);
        let mut settled: Option<Arc<Plan>> = None;
        let mut refused = None;
        let mut told = 0;
        let mut push = |block: Block| {
            let plan = match &settled {
                Some(plan) => Arc::clone(plan),
                None => match self.settle(source, plan, &block) {
                    Ok(()) => Arc::clone(settled.insert(Arc::new(plan.clone()))),
                    Err(fault) => {
                        refused = Some(fault);
                        return Err(CutFault::Stopped);
                    }
                },
            };
            let bytes = raw.bytes();
            self.progress.add(bytes - told);
            told = bytes;
            self.send
                .send(Task { plan, block })
                .map_err(|_| CutFault::Stopped)
        };
        let result = cut(&shape, text, &vocabulary, &mut push);
        self.progress.add(raw.bytes() - told);
        match refused {
            Some(fault) => Err(fault),
            None => Ok(result?),
        }
    }

    /// Decides from the first rows what the source is and in which order its dates are.
    fn settle(&self, source: &Source, plan: &mut Plan, first: &Block) -> Result<(), Fault> {
        if let Body::Arrays(_, _, layout) = &first.body {
            plan.see_header(layout, mapped_source(source, self.options))?;
        }
        let look = look_at(first, plan);
        if look.rows > 0 && !look.is_known {
            let mut error = plan.unknown_fields(look.keys.iter().map(String::as_str));
            if let SourceError::UnknownFields { schema, .. } = &mut error {
                *schema = stated_schema(first);
            }
            return Err(error.into());
        }
        if plan.clock.order.is_none() && look.dates.needs_order() {
            let dates = Self::survey(source, plan)?;
            plan.clock.order = dates.order().map_err(|fault| order_error(fault, source))?;
        }
        Ok(())
    }

    /// Looks at every date of a source.
    fn survey(source: &Source, plan: &Plan) -> Result<DateEvidence, Fault> {
        let (_, bytes) = decompressed(source.open()?)?;
        let mut dates = DateEvidence::default();
        let Some((shape, text)) = sniffed(text(bytes)?, &plan.vocabulary)? else {
            return Ok(dates);
        };
        let mut row = Row::new();
        let mut push = |block: Block| {
            let mut json = JsonReader::new(&plan.vocabulary);
            let _ = each_row(&block, plan, (&mut json, &mut row), &mut |_, item| {
                if let Item::Row(row) = item {
                    observe(&mut dates, row, plan);
                }
                ControlFlow::Continue(())
            });
            Ok(())
        };
        cut(&shape, text, &plan.vocabulary, &mut push)?;
        Ok(dates)
    }
}

/// What the first rows of a source tell.
#[derive(Default)]
struct FirstLook {
    rows: usize,
    /// Whether some row is of a known format, or of another log, or damaged.
    is_known: bool,
    dates: DateEvidence,
    keys: Vec<String>,
}

fn look_at(block: &Block, plan: &Plan) -> FirstLook {
    let mut look = FirstLook::default();
    let mut row = Row::new();
    let mut json = JsonReader::new(&plan.vocabulary);
    let _ = each_row(block, plan, (&mut json, &mut row), &mut |_, item| {
        look.rows += 1;
        match item {
            Item::Row(row) => {
                look.is_known |= !matches!(plan.reader.kind(row), Kind::Unknown);
                observe(&mut look.dates, row, plan);
            }
            Item::Header | Item::Broken(_) | Item::Note(_) => look.is_known = true,
        }
        if look.rows < FIRST_ROWS {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    look.keys = match (&block.body, &plan.shape) {
        (Body::Arrays(_, _, layout), _) => layout.header.clone(),
        (_, Shape::Csv(csv)) => csv.layout.header.clone(),
        _ => json.keys().map(str::to_owned).collect(),
    };
    look
}

/// The schema that the first row states: results of programs do, logs do not.
fn stated_schema(block: &Block) -> Option<String> {
    let row = match &block.body {
        Body::Objects(text, rows) => text.get(rows.first()?.clone())?,
        Body::Lines(text) => text.split(|byte| *byte == b'\n').next()?,
        _ => return None,
    };
    let schema = sonic_rs::get(row, ["schema"]).ok()?;
    let schema = schema.as_str()?;
    Some(schema.chars().take(80).collect())
}

/// Takes note of a row's date, if the row is of a format that is read.
fn observe(dates: &mut DateEvidence, row: &Row, plan: &Plan) {
    if let (Some(Value::Text { .. }), Kind::Known(_)) =
        (row.value(Slot::Time), plan.reader.kind(row))
    {
        dates.observe(row.text(Slot::Time));
    }
}

fn carrier(shape: &Shape, compression: Compression) -> String {
    match compression {
        Compression::None => shape.name().to_owned(),
        Compression::Gzip | Compression::Zstd => {
            format!("{}, {}", shape.name(), compression.name())
        }
    }
}

fn source_error(fault: Fault, source: &Source, compression: Compression) -> Option<SourceError> {
    let name = source.name().to_owned();
    match (fault, compression) {
        (Fault::Refused(error), _) => Some(error),
        (Fault::Cut(CutFault::Stopped), _) => None,
        (Fault::Cut(CutFault::Io(error)), Compression::None) => {
            Some(SourceError::Unreadable { name, error })
        }
        (Fault::Cut(CutFault::Io(error)), compression) => Some(SourceError::Damaged {
            name,
            compression: compression.name(),
            error,
        }),
    }
}

fn order_error(fault: OrderFault, source: &Source) -> SourceError {
    let name = source.name().to_owned();
    match fault {
        OrderFault::Ambiguous(example) => SourceError::AmbiguousDates { name, example },
        OrderFault::Mixed {
            month_first,
            day_first,
        } => SourceError::MixedDates {
            name,
            month_first,
            day_first,
        },
    }
}
