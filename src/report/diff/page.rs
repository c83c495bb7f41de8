//! A comparison for people: on a terminal, and in the comment of a pull request.

use super::{Comparison, columns, notes, sentence};
use crate::diff::{Change, Row};
use crate::report::grid::Grid;
use crate::report::table::{Ink, Page, Tint};
use crate::report::text::{markdown as escaped, visible, wrapped};

/// Title, what was compared, answers, the table, notes.
pub(super) fn terminal(comparison: &Comparison, page: Page) -> String {
    let mut lines = vec![page.ink.strong(&title(comparison)), String::new()];
    lines.extend(columns::sides(comparison).lines(page.width));
    lines.push(String::new());
    for answer in sentence::answers(comparison, visible) {
        lines.extend(wrapped(&answer, page.width));
    }
    for excess in sentence::excesses(comparison, visible) {
        let text = format!("Over the limit: {excess}.");
        lines.extend(
            wrapped(&text, page.width)
                .iter()
                .map(|line| page.ink.strong(line)),
        );
    }
    let (rows, hidden) = comparison.visible_rows();
    if !rows.is_empty() {
        lines.push(String::new());
        lines.extend(body(comparison, &rows, page));
    }
    for note in notes::all(comparison, (&rows, hidden), visible) {
        lines.push(String::new());
        lines.extend(wrapped(&note, page.width));
    }
    lines.join("\n") + "\n"
}

fn title(comparison: &Comparison) -> String {
    format!(
        "Difference of two {}, in {}, by {}",
        comparison.kind.name(),
        visible(&comparison.difference.currency),
        comparison.by.name().replace('-', " ")
    )
}

/// The table: a column for each cause where there is room, else causes in words.
fn body(comparison: &Comparison, rows: &[Row], page: Page) -> Vec<String> {
    let full = named(columns::grid(comparison, rows), comparison);
    let grid = if full.fits(columns::CAUSES, page.width) {
        full
    } else {
        columns::narrow(comparison, rows)
    };
    let lines = grid.lines(page.width);
    lines
        .into_iter()
        .map(|line| tinted(line, page.ink))
        .collect()
}

/// The grid with blanks named for people; the total keeps its own.
fn named(mut grid: Grid, comparison: &Comparison) -> Grid {
    use crate::report::grid::Cell;
    for row in &mut grid.rows {
        let texts: Vec<String> = row[1..grid.names].iter().map(Cell::plain).collect();
        let names = columns::names(comparison.by.keys(), &texts);
        for (cell, name) in row[1..grid.names].iter_mut().zip(names) {
            *cell = Cell::Text(name);
        }
    }
    grid
}

/// Lines of rows that came or went, in the colours of their marks.
fn tinted(line: String, ink: Ink) -> String {
    if line.starts_with("+ ") {
        ink.tinted(&line, Tint::Added)
    } else if line.starts_with("- ") {
        ink.tinted(&line, Tint::Removed)
    } else {
        line
    }
}

/// Longest text of a comment that GitHub takes is 65,536 characters; tables end before this one
/// [byte], so that what stands around them has room.
const LONGEST_TABLE: usize = 48_000;
/// Most bytes of notes below the table.
const LONGEST_NOTES: usize = 6_000;

/// Headline, what was compared, the table, notes.
pub(super) fn markdown(comparison: &Comparison) -> String {
    let mut blocks = vec![format!("### {}", escaped(&title(comparison)))];
    let mut answers = sentence::answers(comparison, escaped).into_iter();
    let headline = answers.next().unwrap_or_default();
    blocks.push(format!("**{headline}**"));
    let excesses = sentence::excesses(comparison, escaped).into_iter();
    let points: Vec<String> = answers
        .map(|answer| format!("- {answer}"))
        .chain(excesses.map(|one| format!("- **Over the limit**: {one}")))
        .collect();
    blocks.extend(joined(points, LONGEST_NOTES, "\n"));
    blocks.push(columns::sides(comparison).markdown());
    let (rows, hidden) = comparison.visible_rows();
    if !rows.is_empty() {
        blocks.push(capped(comparison, &rows));
    }
    let notes = notes::all(comparison, (&rows, hidden), escaped);
    blocks.extend(joined(notes, LONGEST_NOTES, "\n\n"));
    blocks.join("\n\n") + "\n"
}

/// As many texts as fit, and how many are left out; nothing where there is none.
fn joined(texts: Vec<String>, longest: usize, between: &str) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    let (mut length, count) = (0, texts.len());
    for text in texts {
        length += text.len();
        if length > longest {
            kept.push(format!("… and {} more.", count - kept.len()));
            break;
        }
        kept.push(text);
    }
    (!kept.is_empty()).then(|| kept.join(between))
}

/// The table with as many rows as fit; the others in one row, so that it adds up all the same.
fn capped(comparison: &Comparison, rows: &[Row]) -> String {
    let whole = named(columns::grid(comparison, rows), comparison).markdown();
    if whole.len() <= LONGEST_TABLE {
        return whole;
    }
    // Heading and alignment come first, the total last.
    let mut length = 0;
    let lines = whole.lines().skip(2).take(rows.len());
    let fitting = lines.take_while(|line| {
        length += line.len() + 1;
        length < LONGEST_TABLE
    });
    let kept = fitting.count();
    let mut others = Change::default();
    for row in &rows[kept..] {
        others.add(&row.change);
    }
    let left_out = rows.len() - kept;
    let mut keys = vec![format!("and {left_out} more")];
    keys.resize(comparison.by.keys().len(), "…".to_owned());
    let mut shown = rows[..kept].to_vec();
    shown.push(Row {
        keys,
        change: others,
    });
    named(columns::grid(comparison, &shown), comparison).markdown()
}
