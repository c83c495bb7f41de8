//! The statement as a table for a terminal: as much detail as the width allows, figures whole.

use super::columns::{Column, Detail};
use super::facts::Report;
use super::notes;
use super::sheet::Sheet;
use super::text::visible;
use super::view::{Row, View};

/// What the text is written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Width of the terminal [character]; figures that do not fit are written all the same.
    pub width: u16,
    /// How text is set off.
    pub ink: Ink,
}

/// How text is set off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Not at all.
    #[default]
    Plain,
    /// With ANSI sequences, where the terminal understands them.
    Ansi,
}

/// Width below which a wrapped name is harder to read than a missing detail [character].
const READABLE_NAME: u16 = 22;

/// The view as a table with a totals row; below it what has no price and why, provisioned
/// capacity, and findings.
pub fn render(report: &Report, view: &View, page: Page) -> String {
    let statement = &report.statement;
    let mut lines = vec![
        page.ink.strong(&format!(
            "Chargeback {}, in {}, by {}",
            statement.period,
            visible(&statement.currency),
            view.grouping.name().replace('-', " ")
        )),
        String::new(),
    ];
    lines.extend(body(report, view, page));
    lines.extend(notes::below(report, view, page.width));
    lines.push(String::new());
    lines.join("\n")
}

/// The table alone, at the fullest detail that fits.
fn body(report: &Report, view: &View, page: Page) -> Vec<String> {
    let sheet = Detail::ALL
        .into_iter()
        .map(|detail| sheet(report, view, &detail.columns(view)))
        .find(|sheet| sheet.fits(page.width, READABLE_NAME))
        .unwrap_or_else(|| sheet(report, view, &Detail::Amount.columns(view)));
    let mut lines = sheet.lines(page.width);
    let total = lines.pop().unwrap_or_default();
    // The totals row is the widest but for blanks at the end, and has no name that could wrap.
    let rule = "─".repeat(lines.first().map_or(0, |header| header.chars().count()));
    lines.insert(1, rule.clone());
    lines.push(rule);
    lines.push(page.ink.strong(&total));
    lines
}

fn sheet(report: &Report, view: &View, columns: &[Column]) -> Sheet {
    let statement = &report.statement;
    let names = columns.iter().filter(|column| column.is_name()).count();
    let headings = columns
        .iter()
        .map(|column| column.heading(&statement.currency));
    let mut sheet = Sheet::new(names, headings.collect());
    let texts = |row: &Row| -> Vec<String> {
        let digits = statement.minor_digits;
        columns
            .iter()
            .map(|column| column.cell(row, digits))
            .collect()
    };
    for row in &view.rows {
        sheet.add(texts(row));
    }
    let total = texts(&view.total)
        .into_iter()
        .enumerate()
        .map(|(place, text)| match place {
            0 => "total".to_owned(),
            _ if place < names => String::new(),
            _ => text,
        });
    sheet.add(total.collect());
    sheet
}

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Something that was not there.
    Added,
    /// Something that is there no more.
    Removed,
}

impl Ink {
    /// The text in a colour.
    pub fn tinted(self, text: &str, tint: Tint) -> String {
        let code = match tint {
            Tint::Added => 32,
            Tint::Removed => 31,
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    /// The text set off from its surroundings.
    pub fn strong(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[1m{text}\u{1b}[0m"),
        }
    }
}
