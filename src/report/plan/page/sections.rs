//! What fills the slots of the page.

use super::markup::{escaped, list, paragraph, sentence, table};
use crate::plan::answers::Choice;
use crate::report::grid::Cell;
use crate::report::plan::figures::{Figures, RESERVED, amount, fraction, percent, spoken};
use crate::report::plan::levers::{self, Telling};
use crate::report::plan::{Report, answers, assumptions, doubts, points, sources, story};

/// Sizes of the table of regrets.
const REGRETS: usize = 8;

/// The content of a slot.
pub(super) fn written(report: &Report, slot: &str) -> String {
    match slot {
        "planned" => escaped(&story::planned(report, 0)),
        "traffic" => sentence(&story::traffic(report)),
        "recommendation" => sentence(&story::recommendation(report)),
        "key figures" => key_figures(report),
        "advice" => advice(report),
        "answers" => table("The answers", &answers::grid(report)),
        "difference" => difference(report),
        "month" => escaped(story::MONTH),
        "targets" => table(
            "The smallest size for each share of spill",
            &answers::targets(report),
        ),
        "all sizes" => all_sizes(report),
        "uncertainty" => uncertainty(report),
        "levers" => levers_section(report),
        "assumptions" => table("Assumptions", &assumptions::grid(report)),
        "prices" => table("Prices", &sources::prices(report)),
        "throughput" => table("Throughput", &sources::throughput_grid(report)),
        "notes" => report.notes.iter().map(|note| paragraph(note)).collect(),
        slot => unreachable!("the template has no slot {slot:?}"),
    }
}

/// What the recommendation costs, saves and does, in large figures.
fn key_figures(report: &Report) -> String {
    let answers = &report.plan.study.answers;
    let figures = Figures::of(report, answers.recommended());
    let nothing = Figures::of(report, &answers.nothing).monthly();
    let saving = nothing.clone() - figures.monthly();
    let (label, difference) = if saving.is_negative() {
        ("above pay as you go", -saving)
    } else {
        ("below pay as you go", saving)
    };
    let usd = |money| format!("USD {}", amount(report, money).shown());
    let mut told = vec![
        bought(figures.choice),
        ("a month", usd(&figures.monthly())),
        (label, usd(&difference)),
    ];
    if !figures.choice.ptu.is_zero() {
        let spill = percent(fraction(&figures.point.all.spill()));
        told.push(("of tokens spill", spill));
        let busy = percent(figures.point.utilization());
        told.push(("of the PTU used", busy));
    }
    if let Some(price) = figures.per_million() {
        told.push((
            "per 1 M tokens",
            format!("USD {}", Cell::Price(price).shown()),
        ));
    }
    let told = told
        .into_iter()
        .map(|(label, value)| format!("<div><dt>{label}</dt><dd>{}</dd></div>", escaped(&value)));
    told.collect()
}

/// The size, and the term it is for.
fn bought(choice: &Choice) -> (&'static str, String) {
    match choice.term {
        _ if choice.ptu.is_zero() => ("to buy", "no PTU".to_owned()),
        Some(term) => (spoken(term), format!("{} PTU", choice.ptu)),
        None => (RESERVED, format!("{} PTU", choice.ptu)),
    }
}

fn advice(report: &Report) -> String {
    let column = |heading: &str, items: &[String]| match items {
        [] => String::new(),
        items => format!("<div><h2>{heading}</h2>{}</div>", list(items)),
    };
    column("Why", &story::reasons(report)) + &column("Risks", &story::risks(report))
}

fn difference(report: &Report) -> String {
    let texts = std::iter::once(story::difference(report)).chain(story::flat(report));
    texts.map(|text| paragraph(&text)).collect()
}

fn all_sizes(report: &Report) -> String {
    let curves = report.plan.study.curves.iter().map(|curve| {
        let caption = format!(
            "{}: what each played size does, and what it costs in a month [USD]",
            curve.candidate.label
        );
        table(&caption, &points::grid(report, curve))
    });
    curves.collect()
}

fn uncertainty(report: &Report) -> String {
    if report.plan.uncertainty.is_none() {
        return paragraph("Nobody asked how far these answers can be trusted.");
    }
    let grids = [
        (
            "By the depth of the bucket, which Azure does not document",
            doubts::depths(report),
        ),
        ("If things turn out otherwise", doubts::cases(report)),
        ("What moves the answer", doubts::swings(report)),
        ("What was not varied", doubts::left_out(report)),
        (
            "What a size costs more than the best, at worst",
            doubts::regrets(report, REGRETS),
        ),
    ];
    let grids = grids.into_iter();
    let tables = grids.filter_map(|(caption, grid)| Some(table(caption, &grid?)));
    list(&doubts::sentences(report)) + &tables.collect::<String>()
}

fn levers_section(report: &Report) -> String {
    if report.plan.levers.is_empty() {
        return paragraph("No lever beside buying was tried.");
    }
    let grid = levers::grid(report, usize::MAX, Telling::Full);
    table(
        "Levers, against the recommendation, on the same traffic",
        &grid,
    )
}
