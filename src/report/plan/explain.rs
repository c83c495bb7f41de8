//! `--explain`: how the recommended cost came about, step by step, with sources.

use super::figures::{Figures, spoken};
use super::{Report, assumptions, sources, story};
use crate::money::{Factor, Money};
use crate::plan::term::TermPrice;
use crate::report::figure;
use crate::report::grid::{Cell, Grid};
use crate::report::text::{visible, wrapped};

/// How the recommended choice's cost came about.
pub(super) fn render(report: &Report, width: u16) -> String {
    let figures = Figures::of(report, report.plan.study.answers.recommended());
    let mut lines = vec![
        format!("How the plan for {} came about", visible(&report.name)),
        story::traffic(report),
        String::new(),
        format!("recommended: {}", figures.purchase()),
    ];
    lines.extend(provisioned(&figures));
    lines.extend(tokens(&figures));
    lines.extend(month(&figures));
    lines.extend(break_even(&figures));
    lines.extend(searched(report));
    lines.extend([String::new(), "assumed".to_owned()]);
    let assumed = assumptions::all(report).into_iter();
    lines.extend(assumed.map(|one| format!("  {}: {} ({})", one.subject, one.value, one.ground)));
    for grid in [sources::throughput_grid(report), sources::prices(report)] {
        lines.push(String::new());
        lines.extend(listed(&grid));
    }
    let lines = lines.iter().flat_map(|line| folded(line, width));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// The rows of a table as lines, for sources are too long for columns.
fn listed(grid: &Grid) -> Vec<String> {
    let heading = grid.columns.first().map_or("", |column| column.heading);
    let rows = grid.rows.iter().filter_map(|row| {
        let (what, rest) = row.split_first()?;
        let rest: Vec<String> = rest.iter().map(Cell::shown).collect();
        Some(format!("  {}: {}", what.shown(), rest.join(", ")))
    });
    std::iter::once(heading.to_owned()).chain(rows).collect()
}

/// A line within a width; what goes over it is indented under its beginning.
fn folded(line: &str, width: u16) -> Vec<String> {
    if line.is_empty() {
        return vec![String::new()];
    }
    let Some(text) = line.strip_prefix("  ") else {
        return wrapped(line, width);
    };
    let lines = wrapped(text, width.saturating_sub(4))
        .into_iter()
        .enumerate();
    let indented = lines.map(|(place, line)| match place {
        0 => format!("  {line}"),
        _ => format!("    {line}"),
    });
    indented.collect()
}

fn usd(money: &Money) -> String {
    format!("USD {}", figure::exact(money))
}

fn rate(price: &TermPrice) -> String {
    format!(
        "{} an hour and PTU ({} {}, {}, as of {})",
        usd(&price.per_hour),
        usd(&price.price.price),
        spoken(price.term),
        price.price.source.text,
        price.price.source.as_of
    )
}

/// What is bought, and what is owned already.
fn provisioned(figures: &Figures<'_>) -> Vec<String> {
    let candidate = &figures.curve.candidate;
    let (choice, hours) = (figures.choice, figures.curve.span.hours());
    let hours = figure::quantity(&hours, 6);
    let mut lines = Vec::new();
    if !candidate.owned.ptu.is_zero() || !choice.cost.owned.is_zero() {
        lines.push(format!(
            "  reservations that are paid anyway: {} an hour × {hours} h of the span = {}; they cover \
             {} PTU",
            usd(&candidate.owned.per_hour),
            usd(&choice.cost.owned),
            candidate.owned.ptu
        ));
    }
    let price = choice.term.and_then(|term| candidate.prices.get(term));
    if let Some(price) = price {
        let bought = choice.ptu.get().saturating_sub(candidate.owned.ptu.get());
        lines.push(format!(
            "  throughput: {bought} PTU × {} × {hours} h of the span = {}",
            rate(price),
            usd(&choice.cost.bought)
        ));
    }
    lines
}

/// What is paid per token.
fn tokens(figures: &Figures<'_>) -> Vec<String> {
    let spilled = &figures.point.all.spilled;
    let mut lines = vec![format!(
        "  paid per token: {} (prices below); {} requests spilled with {} prompt and {} answer tokens",
        usd(&figures.choice.cost.tokens),
        figure::whole(spilled.requests.get()),
        figure::whole(spilled.tokens.input.get()),
        figure::whole(spilled.tokens.output.get()),
    )];
    if !figures.choice.cost.lost.is_zero() {
        lines.push(format!(
            "  lost tokens would have cost {}: not paid, but counted when choices are compared",
            usd(&figures.choice.cost.lost)
        ));
    }
    lines
}

/// From the span to a month.
fn month(figures: &Figures<'_>) -> Vec<String> {
    let total = figures.choice.cost.total();
    vec![format!(
        "  total of the span {}, × {} spans in a month of 730 h = {}",
        usd(&total),
        figure::quantity(&figures.curve.span.monthly(), 6),
        usd(&figures.monthly())
    )]
}

fn break_even(figures: &Figures<'_>) -> Option<String> {
    let price = figures.curve.candidate.prices.get(figures.choice.term?)?;
    let share = figures.break_even()?.times(&Factor::ratio(100, 1));
    Some(format!(
        "  break-even: {} an hour ÷ {} that a PTU saves in an hour at 100 % of this mix = {} %",
        usd(&price.per_hour),
        usd(&figures.curve.hour_value()),
        share.to_decimal(2)
    ))
}

/// How sizes were looked for.
fn searched(report: &Report) -> Vec<String> {
    let curves = report.plan.study.curves.iter();
    let told = curves.map(|curve| {
        format!(
            "  {}: {} sizes played, {} legal ones left out because they can be no answer",
            curve.candidate.label,
            curve.points.len(),
            curve.pruned
        )
    });
    std::iter::once(String::new())
        .chain(std::iter::once("sizes".to_owned()))
        .chain(told)
        .collect()
}
