//! Checks: what is wrong, or may be, with usage exports, their owners, prices and policy.
//!
//! A [`Job`] reads the sources once. While rows are read, [`inspection`] looks at each by itself;
//! once its rows are together, [`requests`] looks at each request, and [`tally`] counts what callers do by the
//! hour. What came of it, charged as a chargeback would, is the [`Evidence`] that the families of [`rules`] judge by
//! the limits of [`settings`]. [`Finding`]s are grouped by rule, file and subject, so that memory is
//! bounded however bad an export is; `baseline` tells new ones from known ones.
//!
//! A rule is one entry in the table of its family, and has an example that triggers it and one that
//! does not.

pub mod baseline;
mod charging;
mod checked;
pub mod evidence;
pub mod finding;
mod inspection;
pub mod job;
mod names;
pub mod place;
mod private;
mod requests;
pub mod rule;
pub mod rules;
pub mod settings;
mod sightings;
mod span;
pub mod tally;

pub use baseline::{Baseline, BaselineError};
pub use checked::Checked;
pub use evidence::Evidence;
pub use finding::{Finding, Located, Place, Spot};
pub use job::{Extent, Job, Scope, Standing};
pub use rule::{Family, Rule, Severity};
pub use settings::{Choice, Limits, Settings};
