//! Rows and columns of text: names to the left and wrapped, figures to the right and whole.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};

/// Blanks between columns.
const GAP: u16 = 2;
/// Narrowest a column of names gets, whatever the width: `__unattributed__` stays whole
/// [character].
const SHORTEST_NAME: u16 = 16;

/// A table of text without ornaments.
#[derive(Debug)]
pub(super) struct Sheet {
    /// How many of the first columns hold names; the others hold figures.
    names: usize,
    table: Table,
}

impl Sheet {
    /// A sheet with these headings, the first `names` of them over names.
    pub(super) fn new(names: usize, headings: Vec<String>) -> Self {
        let mut table = Table::new();
        table
            .load_style(comfy_table::presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .force_no_tty()
            .set_header(cells(names, headings));
        Self { names, table }
    }

    /// A sheet with these headings and rows.
    pub(super) fn of(
        names: usize,
        headings: Vec<String>,
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Self {
        let mut sheet = Self::new(names, headings);
        for row in rows {
            sheet.add(row);
        }
        sheet
    }

    /// Adds a row of as many texts as there are headings.
    pub(super) fn add(&mut self, texts: Vec<String>) {
        self.table.add_row(cells(self.names, texts));
    }

    /// Whether the sheet fits `width` without a name being wrapped below `readable` characters.
    pub(super) fn fits(&self, width: u16, readable: u16) -> bool {
        let widths = self.table.column_max_content_widths();
        let names = widths.iter().take(self.names);
        let needed: u16 = names.map(|&name| name.min(readable)).sum();
        let figures: u16 = widths.iter().skip(self.names).sum();
        needed + figures + gaps(&widths) <= width
    }

    /// The sheet as lines of at most `width` characters, or as many as the figures need.
    pub(super) fn lines(mut self, width: u16) -> Vec<String> {
        let natural = self.table.column_max_content_widths();
        let room = self.room_for_names(width);
        let names = shrunk(&natural[..self.names.min(natural.len())], room);
        let last = natural.len().saturating_sub(1);
        for (place, column) in self.table.column_iter_mut().enumerate() {
            let gap = if place == last { 0 } else { GAP };
            column.set_padding((0, gap));
            let content = names.get(place).unwrap_or(&natural[place]);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(content + gap)));
        }
        self.table
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    fn room_for_names(&self, width: u16) -> u16 {
        let widths = self.table.column_max_content_widths();
        let figures: u16 = widths.iter().skip(self.names).sum();
        width.saturating_sub(figures + gaps(&widths))
    }
}

fn cells(names: usize, texts: Vec<String>) -> Vec<Cell> {
    texts
        .into_iter()
        .enumerate()
        .map(|(place, text)| {
            let alignment = if place < names {
                CellAlignment::Left
            } else {
                CellAlignment::Right
            };
            Cell::new(text).set_alignment(alignment)
        })
        .collect()
}

fn gaps(widths: &[u16]) -> u16 {
    GAP * u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX / GAP)
}

/// Takes from the widest names until all fit `room`, or are as short as names get.
fn shrunk(natural: &[u16], room: u16) -> Vec<u16> {
    let mut widths = natural.to_vec();
    while widths.iter().sum::<u16>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > SHORTEST_NAME => *widest -= 1,
            _ => break,
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_names_give_way() {
        assert_eq!(shrunk(&[30, 14], 36), [22, 14]);
        assert_eq!(shrunk(&[30, 14], 10), [16, 14]);
        assert_eq!(shrunk(&[8], 40), [8]);
    }
}
