//! Every output of a chargeback: the only code that formats, and that rounds for display.
//!
//! A [`Report`] is grouped into a [`View`]; the formats ([`table`], [`csv`], [`json`],
//! [`markdown`]) write a view, and [`split`] writes one file per business unit. Beside the
//! statement there are [`explain`] (the way from rows to one unit's amount), [`manifest`] (what
//! the statement was made from) and [`accounting`] (what was read, and what was wrong with it).
//! All of them return text: where it goes, how wide and whether in colour is the caller's choice.

pub mod accounting;
pub mod catalog;
mod chart;
pub mod check;
pub mod columns;
pub mod csv;
pub mod diff;
pub mod explain;
pub mod facts;
pub mod figure;
mod grid;
pub mod json;
pub mod manifest;
pub mod markdown;
mod notes;
pub mod pieces;
pub mod plan;
pub mod recorded;
pub mod sentence;
mod sheet;
pub mod simulation;
pub mod split;
pub mod table;
pub mod text;
pub mod tokens;
pub mod view;

pub use facts::Report;
pub use view::{Grouping, View};
