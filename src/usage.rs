//! Usage: what gateways logged, as one record a request, and as exact integer sums.
//!
//! Data flows one way: a [`source`] is opened; a *carrier* (CSV, JSON lines, …) cuts it into rows
//! of named fields; a *format* turns each row into a [`Fragment`]; [`assembly`] brings the
//! fragments of one request together, drops repeats, and yields [`UsageRecord`]s; [`totals`] adds
//! them up, or [`timeline`] puts them in order of time. Every row read ends in exactly one place of [`RowAccounting`].

pub mod accounting;
pub mod assembly;
mod carrier;
pub mod classification;
pub mod collection;
pub mod dimensions;
pub mod format;
pub mod fragment;
pub mod locating;
pub mod reading;
pub mod record;
pub mod source;
pub mod store;
pub mod timeline;
pub mod timestamp;
pub mod totals;

pub use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
pub use accounting::RowAccounting;
pub use dimensions::Dimensions;
pub use format::{MappedColumns, MappedSource, MappedSourceError, PseudonymKey};
pub use fragment::{Fragment, FragmentSink, Lie, Part, RowTexts};
pub use reading::{Hashing, ReadOptions, ReadOutcome, SourceError, SourceSummary, read};
pub use record::{Disposition, Origin, Quality, UsageRecord};
pub use source::Source;
pub use timestamp::{DateOrder, Dates};
pub use totals::{UsageKey, UsageSum};
