//! Usage: what gateways logged, as one record a request, and as exact integer sums.
//!
//! Data flows one way: a [`source`] is opened; a *carrier* (CSV, JSON lines, …) cuts it into rows
//! of named fields; a *format* turns each row into a [`Fragment`]; [`assembly`] brings the
//! fragments of one request together, drops repeats, and yields [`UsageRecord`]s; [`totals`] adds
//! them up. Every row read ends in exactly one place of [`RowAccounting`].

pub mod accounting;
pub mod assembly;
pub mod classification;
pub mod diagnostic;
pub mod dimensions;
pub mod fragment;
pub mod record;
pub mod store;
pub mod totals;

pub use accounting::RowAccounting;
pub use diagnostic::{Diagnostic, Diagnostics, Problem};
pub use dimensions::Dimensions;
pub use fragment::{Fragment, FragmentSink, Part};
pub use record::{Disposition, Quality, UsageRecord};
pub use totals::{UsageKey, UsageSum};
