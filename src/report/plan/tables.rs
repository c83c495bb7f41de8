//! The plan as text: one page for a terminal, and Markdown.

use super::levers::Telling;
use super::{Report, answers, assumptions, chart, doubts, levers, sources, story};
use crate::report::grid::Grid;
use crate::report::table::Page;
use crate::report::text::{markdown as escaped, visible, wrapped};

/// Levers that a page has room for.
const FEW: usize = 5;
/// Reasons, and risks, that a page has room for.
const THREE: usize = 3;

/// One page.
pub(super) fn terminal(report: &Report, page: Page) -> String {
    let width = page.width;
    let title = format!("Plan for {}: {}", report.name, story::planned(report, 0));
    let mut lines: Vec<String> = wrapped(&visible(&title), width);
    for line in &mut lines {
        *line = page.ink.strong(line);
    }
    lines.extend(told(&story::traffic(report), width));
    lines.push(String::new());
    lines.extend(answers::grid(report).lines(width));
    lines.extend(told(&story::difference(report), width));
    lines.extend(
        story::flat(report)
            .iter()
            .flat_map(|text| told(text, width)),
    );
    lines.push(String::new());
    lines.extend(chart::lines(report, width));
    lines.push(String::new());
    lines.extend(
        story::targets(report)
            .iter()
            .flat_map(|text| told(text, width)),
    );
    let doubts = doubts::few(report);
    lines.extend(doubts.iter().flat_map(|text| told(text, width)));
    if !report.plan.levers.is_empty() {
        lines.push(String::new());
        lines.extend(levers::grid(report, FEW, Telling::Short).lines(width));
    }
    lines.push(String::new());
    let recommendation = told(&story::recommendation(report), width);
    lines.extend(recommendation.iter().map(|line| page.ink.strong(line)));
    for (mark, texts) in [("+", story::reasons(report)), ("!", story::risks(report))] {
        let items = texts.iter().take(THREE);
        lines.extend(items.flat_map(|text| item(mark, text, width)));
    }
    lines.push(String::new());
    lines.extend(told(story::MONTH, width));
    lines.extend(told(&sources::sentence(report), width));
    lines.extend(report.notes.iter().flat_map(|note| told(note, width)));
    lines.join("\n") + "\n"
}

fn told(text: &str, width: u16) -> Vec<String> {
    wrapped(&visible(text), width)
}

/// A text behind a mark, its further lines below its first word.
fn item(mark: &str, text: &str, width: u16) -> Vec<String> {
    let lines = told(text, width.saturating_sub(2));
    let marked = lines
        .into_iter()
        .enumerate()
        .map(|(place, line)| match place {
            0 => format!("{mark} {line}"),
            _ => format!("  {line}"),
        });
    marked.collect()
}

/// The same for pull requests, wikis and mail, with all columns and all levers.
pub(super) fn markdown(report: &Report) -> String {
    let mut blocks = vec![
        format!("## Plan for {}", escaped(&report.name)),
        escaped(&format!(
            "{}: {}.",
            story::planned(report, 0),
            story::traffic(report)
        )),
        format!("**{}**", escaped(&story::recommendation(report))),
    ];
    blocks.extend(list("Reasons", &story::reasons(report)));
    blocks.extend(list("Risks", &story::risks(report)));
    blocks.push(answers::grid(report).markdown());
    blocks.push(escaped(&story::difference(report)));
    blocks.extend(story::flat(report).map(|text| escaped(&text)));
    blocks.push(escaped(story::MONTH));
    blocks.push(answers::targets(report).markdown());
    blocks.extend(doubts::sentences(report).iter().map(|text| escaped(text)));
    let doubts = [
        doubts::depths(report),
        doubts::cases(report),
        doubts::swings(report),
        doubts::left_out(report),
    ];
    blocks.extend(doubts.iter().flatten().filter_map(some_rows));
    blocks.extend(some_rows(&levers::grid(report, usize::MAX, Telling::Full)));
    blocks.push(assumptions::grid(report).markdown());
    blocks.push(sources::prices(report).markdown());
    blocks.extend(report.notes.iter().map(|note| escaped(note)));
    blocks.join("\n\n") + "\n"
}

fn some_rows(grid: &Grid) -> Option<String> {
    (!grid.rows.is_empty()).then(|| grid.markdown())
}

fn list(heading: &str, texts: &[String]) -> Option<String> {
    let items = texts.iter().map(|text| format!("- {}", escaped(text)));
    let items: Vec<String> = items.collect();
    (!items.is_empty()).then(|| format!("{heading}:\n\n{}", items.join("\n")))
}
