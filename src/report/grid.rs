//! Rows and columns with meaning: one value, written for people or for machines.

use crate::money::{Factor, MinorUnits, Money};
use crate::report::figure::{self, EXACT_DIGITS};
use crate::report::sheet::Sheet;
use crate::report::text::{guarded, markdown, visible};
use crate::time::SimDuration;

/// What stands for nothing.
const NOTHING: &str = "–";

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A name from the scenario or the traffic.
    Text(String),
    /// A count; exact, for owner rules may split requests.
    Count(Factor),
    /// A span [s].
    Time(SimDuration),
    /// A share of a whole, from 0 to 1.
    Share(f64),
    /// An amount as charged, with the decimals of its currency.
    Amount(MinorUnits, u32),
    /// An amount before rounding.
    Exact(Money),
    /// An amount that may be a small part of a cent.
    Price(Money),
    /// A quantity that may be tiny.
    Quantity(Factor),
    /// A difference.
    Signed(i64),
    /// A difference of amounts as charged, with the decimals of their currency.
    Change(MinorUnits, u32),
    /// A difference as part of a whole, which may be above 1.
    Growth(Factor),
    /// Nothing that could be told.
    None,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its heading for people.
    pub(super) heading: &'static str,
    /// Its name for machines, with the unit in it.
    pub(super) field: &'static str,
    /// Who stays longest when room is short: 0 stays always, [`MACHINES_ONLY`] is never shown.
    pub(super) rank: u8,
}

/// Width below which a wrapped name is harder to read than a missing column [character].
const READABLE_NAME: u16 = 22;

/// The rank of columns that people do not see.
pub(super) const MACHINES_ONLY: u8 = u8::MAX;

/// Rows of values, the first columns with names.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    /// How many of the first columns hold names.
    pub(super) names: usize,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// All rows together, where that means something.
    pub(super) total: Option<Vec<Cell>>,
}

impl Cell {
    pub(super) fn count(count: u64) -> Self {
        Self::Count(Factor::ratio(count.into(), 1))
    }

    /// The value for people.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => visible(text),
            Self::Count(count) if count.is_zero() => NOTHING.to_owned(),
            Self::Count(count) => figure::count(count),
            Self::Time(span) => duration(*span),
            Self::Share(share) => percent(*share),
            Self::Amount(amount, digits) => figure::amount(*amount, *digits),
            Self::Exact(money) => figure::exact(money),
            Self::Price(money) => figure::short(|digits| money.to_decimal(digits), 2),
            Self::Quantity(value) => figure::short(|digits| value.to_decimal(digits), 0),
            Self::Signed(value) => figure::grouped(&value.to_string()),
            Self::Change(MinorUnits(0), _) | Self::None => NOTHING.to_owned(),
            Self::Change(amount, digits) => figure::signed(*amount, *digits),
            Self::Growth(share) => figure::growth(share),
        }
    }

    /// The value for machines.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) | Self::Quantity(count) => count.to_trimmed(EXACT_DIGITS),
            Self::Time(span) => Factor::ratio(span.micros().into(), 1_000_000).to_trimmed(6),
            Self::Share(share) => format!("{share:.6}"),
            Self::Amount(amount, digits) | Self::Change(amount, digits) => {
                amount.to_decimal(*digits)
            }
            Self::Exact(money) | Self::Price(money) => money.to_trimmed(EXACT_DIGITS),
            Self::Signed(value) => value.to_string(),
            Self::Growth(share) => share.times(&Factor::ratio(100, 1)).to_decimal(1),
            Self::None => String::new(),
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::None => true,
            Self::Count(count) => count.is_zero(),
            Self::Change(amount, _) => amount.0 == 0,
            _ => false,
        }
    }
}

/// A span as people read it: two to three digits and a unit.
pub(super) fn duration(span: SimDuration) -> String {
    let micros = span.micros();
    let tenths = |unit: u64| {
        let tenths = (micros * 10 + unit / 2) / unit;
        Factor::ratio(tenths.into(), 10).to_trimmed(1)
    };
    match micros {
        0 => "0".to_owned(),
        1..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{} ms", tenths(1_000)),
        _ => format!("{} s", figure::grouped(&tenths(1_000_000))),
    }
}

/// A share as people read it.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.01 {
        return "< 0.01 %".to_owned();
    }
    format!("{percent:.2} %")
}

impl Grid {
    /// The columns that people see at a detail of `rank`, without those that would be empty.
    pub(super) fn shown(&self, rank: u8) -> Vec<usize> {
        let all = self.columns.iter().enumerate();
        all.filter(|(_, column)| column.rank <= rank)
            .filter(|(place, column)| {
                let mut cells = self.rows.iter().chain(&self.total).map(|row| &row[*place]);
                column.rank == 0 || cells.any(|cell| !cell.is_nothing())
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// Whether people would see the same in every row, names aside.
    pub(super) fn is_uniform(&self) -> bool {
        let figures = |row: &[Cell]| -> Vec<String> {
            let cells = self.columns.iter().zip(row).skip(self.names);
            let seen = cells.filter(|(column, _)| column.rank != MACHINES_ONLY);
            seen.map(|(_, cell)| cell.shown()).collect()
        };
        self.rows
            .windows(2)
            .all(|pair| figures(&pair[0]) == figures(&pair[1]))
    }

    /// Whether any row holds more than names.
    pub(super) fn says_anything(&self) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row[self.names..]);
        cells.any(|cell| !cell.is_nothing())
    }

    fn sheet(&self, places: &[usize]) -> Sheet {
        let names = places.iter().filter(|place| **place < self.names).count();
        let headings = places.iter().map(|&at| self.columns[at].heading.to_owned());
        let mut sheet = Sheet::new(names, headings.collect());
        for row in self.rows.iter().chain(&self.total) {
            sheet.add(places.iter().map(|&at| row[at].shown()).collect());
        }
        sheet
    }

    /// Whether the columns of a detail of `rank` fit `width`.
    pub(super) fn fits(&self, rank: u8, width: u16) -> bool {
        self.sheet(&self.shown(rank)).fits(width, READABLE_NAME)
    }

    /// The grid as lines of at most `width` characters where figures allow, with as many columns
    /// as fit.
    pub(super) fn lines(&self, width: u16) -> Vec<String> {
        let mut ranks: Vec<u8> = self.columns.iter().map(|column| column.rank).collect();
        ranks.retain(|rank| *rank != MACHINES_ONLY);
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        ranks.dedup();
        let sheets = ranks.iter().map(|&rank| self.sheet(&self.shown(rank)));
        let mut sheets = sheets.collect::<Vec<_>>().into_iter();
        let mut sheet = sheets.next().unwrap_or_else(|| self.sheet(&[]));
        while !sheet.fits(width, READABLE_NAME) {
            let Some(smaller) = sheets.next() else { break };
            sheet = smaller;
        }
        let mut lines = sheet.lines(width);
        let widest = lines.iter().map(|line| line.chars().count()).max();
        let rule = "─".repeat(widest.unwrap_or(0));
        if self.total.is_some() && self.rows.len() > 1 {
            let last = lines.len() - 1;
            lines.insert(last, rule.clone());
        } else if self.total.is_some() {
            lines.pop();
        }
        lines.insert(1, rule);
        lines
    }

    /// The grid as a Markdown table with every column that says anything.
    pub(super) fn markdown(&self) -> String {
        let places = self.shown(MACHINES_ONLY - 1);
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let alignment = |at: &usize| if *at < self.names { ":--" } else { "--:" }.to_owned();
        let headings = places.iter().map(|&at| markdown(self.columns[at].heading));
        let mut lines = vec![row(headings.collect())];
        lines.push(row(places.iter().map(alignment).collect()));
        for cells in self.rows.iter().chain(&self.total) {
            let cells = places.iter().map(|&at| match &cells[at] {
                Cell::Text(text) => markdown(text),
                cell => cell.shown(),
            });
            lines.push(row(cells.collect()));
        }
        lines.join("\n")
    }

    /// The names of all columns for machines.
    pub(super) fn fields(&self) -> Vec<String> {
        let fields = self.columns.iter();
        fields.map(|column| column.field.to_owned()).collect()
    }

    /// The rows for machines, without the total; texts are safe in spreadsheets.
    pub(super) fn csv_rows(&self) -> impl Iterator<Item = Vec<String>> {
        let cell = |cell: &Cell| match cell {
            Cell::Text(text) => guarded(text),
            cell => cell.plain(),
        };
        self.rows
            .iter()
            .map(move |row| row.iter().map(cell).collect())
    }

    /// One row as a JSON object.
    pub(super) fn object(&self, row: &[Cell]) -> serde_json::Value {
        let fields = self.columns.iter().zip(row);
        let value = |cell: &Cell| match cell {
            Cell::None => serde_json::Value::Null,
            cell => cell.plain().into(),
        };
        let fields = fields.map(|(column, cell)| (column.field.to_owned(), value(cell)));
        serde_json::Value::Object(fields.collect())
    }

    /// Every row as a JSON object.
    pub(super) fn objects(&self) -> Vec<serde_json::Value> {
        self.rows.iter().map(|row| self.object(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_shares_are_short() {
        for (micros, text) in [
            (0, "0"),
            (999, "999 µs"),
            (1_500, "1.5 ms"),
            (350_000, "350 ms"),
            (1_234_567, "1.2 s"),
            (7_200_000_000, "7,200 s"),
        ] {
            assert_eq!(duration(SimDuration::from_micros(micros)), text);
        }
        for (share, text) in [(0.0, "0.00 %"), (0.000_01, "< 0.01 %"), (0.5, "50.00 %")] {
            assert_eq!(percent(share), text);
        }
    }
}
