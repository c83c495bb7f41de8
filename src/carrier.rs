//! Cuts a text into runs of whole rows, whatever the rows mean.
//!
//! One thread cuts, many read what was cut: finding where rows end is cheap, reading their fields
//! is not. No row may be longer than [`LONGEST_ROW`], so memory is bounded on any input.

mod block;
mod csv_cut;
mod extent;
mod json_cut;
mod json_window;
mod keys;
mod line_cut;

pub(crate) use block::{Block, Body, CutFault, Push, too_long};
pub(crate) use csv_cut::{CsvText, cut_csv};
pub(crate) use extent::{extent, is_one_value};
pub(crate) use json_cut::{JsonCutter, Resolve};
pub(crate) use keys::Keys;
pub(crate) use line_cut::Lines;

/// The longest row that is read [byte]; longer ones are faulty.
pub(crate) const LONGEST_ROW: usize = 64 << 20;

/// Keys whose arrays hold rows.
pub(crate) const ENVELOPES: [&str; 5] = ["records", "tables", "value", "result", "results"];
