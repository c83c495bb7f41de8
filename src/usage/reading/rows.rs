//! The rows of a block, one after the other, whatever the carrier.

use std::ops::{ControlFlow, Range};

use memchr::memchr_iter;

use super::plan::Plan;
use crate::usage::carrier::{
    Block, Body, CutFault, Item, JsonRead, JsonReader, Shape, Visit, cut_json_slice, not_utf8,
    read_csv,
};
use crate::usage::format::{Fault, Row};

/// Reads every row of `block` into `row`; `visit` is given its line or number, and may stop.
pub(super) fn each_row(
    block: &Block,
    plan: &Plan,
    (json, row): (&mut JsonReader<'_>, &mut Row),
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let first = block.first;
    match (&block.body, &plan.shape) {
        (Body::Csv(text), Shape::Csv(csv)) => {
            let text = (text.as_slice(), csv.delimiter);
            let mut place = |line, item: Item<'_>| visit(first + line, item);
            read_csv(text, &csv.layout, (json, row), &mut place)
        }
        (Body::Csv(_), _) => ControlFlow::Continue(()),
        (Body::Lines(text), _) => {
            let mut lines = Lines { plan, json, row };
            lines.read(text, first, visit)
        }
        (Body::Objects(text, rows), _) => numbered(text, rows, first, &mut |number, text| {
            let item = match utf8(text).map(|text| json.object(text, row)) {
                Ok(JsonRead::Row | JsonRead::Envelope) => Item::Row(row),
                Ok(JsonRead::Broken(fault)) | Err(fault) => Item::Broken(fault),
            };
            visit(number, item)
        }),
        (Body::Arrays(text, rows, layout), _) => {
            numbered(text, rows, first, &mut |number, text| {
                let item = match utf8(text).map(|text| json.array(text, layout, row)) {
                    Ok(JsonRead::Row | JsonRead::Envelope) => Item::Row(row),
                    Ok(JsonRead::Broken(fault)) | Err(fault) => Item::Broken(fault),
                };
                visit(number, item)
            })
        }
        (Body::Broken(fault), _) => visit(first, Item::Broken(fault.clone())),
        (Body::Note(fault), _) => visit(first, Item::Note(fault.clone())),
    }
}

/// Every row of a text and its number.
fn numbered(
    text: &[u8],
    rows: &[Range<usize>],
    first: u64,
    visit: &mut impl FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for (number, row) in (first..).zip(rows) {
        visit(number, &text[row.clone()])?;
    }
    ControlFlow::Continue(())
}

fn utf8(text: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(text).map_err(|_| not_utf8())
}

/// Reads JSON lines.
struct Lines<'a, 'v> {
    plan: &'a Plan,
    json: &'a mut JsonReader<'v>,
    row: &'a mut Row,
}

impl Lines<'_, '_> {
    fn read(&mut self, text: &[u8], first: u64, visit: &mut Visit<'_>) -> ControlFlow<()> {
        // `split` by a closure looks at one byte after the other: a seventh of all instructions.
        let ends = memchr_iter(b'\n', text).chain([text.len()]);
        let mut start = 0;
        for (number, end) in (first..).zip(ends) {
            let line = text[start..end].trim_ascii();
            start = end + 1;
            if line.is_empty() {
                continue;
            }
            match utf8(line).map(|line| self.json.object(line, self.row)) {
                Ok(JsonRead::Row) => visit(number, Item::Row(self.row))?,
                Err(fault) => visit(number, Item::Broken(fault))?,
                Ok(JsonRead::Envelope | JsonRead::Broken(_)) => {
                    self.split(line, number, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Reads a line that holds several rows, or that may.
    fn split(&mut self, line: &[u8], number: u64, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let Self { plan, json, row } = self;
        let mut push = |block: Block| {
            let mut at_line = |_, item: Item<'_>| visit(number, item);
            match each_row(&block, plan, (json, row), &mut at_line) {
                ControlFlow::Continue(()) => Ok(()),
                ControlFlow::Break(()) => Err(CutFault::Stopped),
            }
        };
        match cut_json_slice(line, number, &plan.vocabulary, &mut push) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}
