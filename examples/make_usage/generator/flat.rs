//! One flat file of any number of rows, for benches: 31 days, 400 subscriptions, 12 models, one
//! row in a hundred delivered twice.
//!
//! Every row follows from its number alone, so rows stream out with no memory of the ones before,
//! and a repeated row is simply drawn again.

use std::io::{self, Write};

use clap::ValueEnum;

use self::item::Item;
use super::rng::Rng;

pub(crate) mod config;
mod item;
mod row;

/// How many subscriptions call.
const SUBSCRIPTIONS: u32 = 400;

/// The form of a flat file.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Whole requests, CSV, read by a `[[source]]`.
    Csv,
    /// Whole requests, JSON lines, read by a `[[source]]`.
    Jsonl,
    /// Both API Management categories in a portal CSV of the legacy wide table.
    ApimCsv,
    /// Both API Management categories as resource-log lines.
    ApimJsonl,
}

impl Form {
    /// Whether a request takes two rows, one of each category.
    const fn is_apim(self) -> bool {
        matches!(self, Self::ApimCsv | Self::ApimJsonl)
    }
}

/// Writes `rows` rows of `form`, after the heading where the form has one.
pub(crate) fn write(out: &mut impl Write, seed: u64, form: Form, rows: u64) -> io::Result<()> {
    const BUFFER: usize = 1 << 20;
    let mut buffer = Vec::with_capacity(BUFFER + 4096);
    row::push_heading(&mut buffer, form);
    for position in 0..rows {
        push_row(&mut buffer, seed, form, original(seed, position), rows);
        if buffer.len() >= BUFFER {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    out.write_all(&buffer)?;
    out.flush()
}

/// The position whose row stands at `position`: itself, or an earlier one that comes again.
fn original(seed: u64, position: u64) -> u64 {
    let mut position = position;
    loop {
        let mut rng = Rng::of_item(!seed, position);
        if position == 0 || !rng.percent(1) {
            return position;
        }
        position = rng.below(position);
    }
}

fn push_row(buffer: &mut Vec<u8>, seed: u64, form: Form, position: u64, rows: u64) {
    if !form.is_apim() {
        let item = Item::draw(seed, position, rows);
        return row::push_whole(buffer, form, &item);
    }
    let items = rows.div_ceil(2);
    if position.is_multiple_of(2) {
        let item = Item::draw(seed, position / 2, items);
        row::push_gateway(buffer, form, &item);
    } else {
        let item = Item::draw(seed, partner(position / 2, rows / 2), items);
        row::push_llm(buffer, form, &item);
    }
}

/// Which request the LLM row at `index` belongs to: one some hundred requests away, because the
/// two halves of a request do not arrive together. Every index below `count` has its own.
const fn partner(index: u64, count: u64) -> u64 {
    let other = index ^ 0x155;
    if other < count { other } else { index }
}
