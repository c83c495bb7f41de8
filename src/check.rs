//! Checks: what is wrong, or may be, with usage exports, their owners, prices and policy.
//!
//! [`check`] reads the sources once. While rows are read, [`inspection`] looks at each by itself;
//! while requests are put together, [`tally`] counts what their callers do by the hour. What came of
//! it, charged as a chargeback would, is the [`Evidence`] that the families of [`rules`] judge by
//! the limits of [`settings`]. [`Finding`]s are grouped by rule, file and subject, so that memory is
//! bounded however bad an export is; `baseline` tells new ones from known ones.
//!
//! A rule is one entry in the table of its family, and has an example that triggers it and one that
//! does not.

pub mod baseline;
mod checked;
pub mod evidence;
pub mod finding;
pub mod place;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod tally;

pub use checked::Checked;
pub use evidence::Evidence;
pub use finding::{Finding, Located, Place, Spot};
pub use rule::{Family, Rule, Severity};
pub use settings::{Limits, Settings};
