//! The cost of some sizes as bars for a terminal: throughput first, then tokens.

use std::collections::BTreeSet;

use super::Report;
use super::figures::{amount, fraction, spoken};
use crate::azure::PtuTerm;
use crate::plan::curve::{Cost, Curve};
use crate::plan::term::TermPrice;
use crate::units::Ptu;

/// Bars of a chart at most, but for the sizes that a reader looks for.
const BARS: usize = 6;

/// One bar.
struct Bar {
    ptu: Ptu,
    cost: Cost,
    marks: Vec<&'static str>,
}

/// A title and one line a size; nothing where nothing can be bought.
pub(super) fn lines(report: &Report, width: u16) -> Vec<String> {
    let choice = report.plan.study.answers.recommended();
    let curve = &report.plan.study.curves[choice.curve];
    let Some(price) = price(report, curve) else {
        return Vec::new();
    };
    let bars = bars(report, choice.curve, price);
    let text = |bar: &Bar| amount(report, &report.monthly(&bar.cost.total())).shown();
    let amounts: Vec<String> = bars.iter().map(text).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let sizes = widest(&mut bars.iter().map(|bar| bar.ptu.to_string().len()));
    let figures = widest(&mut amounts.iter().map(String::len));
    let marks = widest(
        &mut bars
            .iter()
            .map(|bar| bar.marks.join(", ").chars().count() + 3),
    );
    let room = usize::from(width)
        .saturating_sub(sizes + figures + marks + 3)
        .max(8);
    let most = bars
        .iter()
        .map(|bar| bar.cost.total())
        .max()
        .unwrap_or_default();
    let mut lines = vec![format!(
        "USD a month by PTU, {}: █ throughput, ░ tokens",
        spoken(price.term)
    )];
    for (bar, amount) in bars.iter().zip(&amounts) {
        let drawn = drawn(&bar.cost, &most, room);
        let mark = match bar.marks.as_slice() {
            [] => String::new(),
            marks => format!(" ◀ {}", marks.join(", ")),
        };
        let line = format!(
            "{:>sizes$} {drawn:<room$} {amount:>figures$}{mark}",
            bar.ptu.get()
        );
        lines.push(line);
    }
    lines
}

/// The term of the chart: the recommended one, or the cheapest to deploy anything on.
fn price<'c>(report: &Report, curve: &'c Curve) -> Option<&'c TermPrice> {
    let term = report.plan.study.answers.recommended().term;
    let wanted: Option<PtuTerm> = term.or(report.plan.study.answers.cheapest.term);
    let prices = &curve.candidate.prices;
    wanted
        .and_then(|term| prices.get(term))
        .or_else(|| prices.iter().min_by(|a, b| a.per_hour.cmp(&b.per_hour)))
}

fn bars(report: &Report, place: usize, price: &TermPrice) -> Vec<Bar> {
    let curve = &report.plan.study.curves[place];
    let named = super::answers::named(report);
    let here = named.iter().filter(|(_, choice)| choice.curve == place);
    let here: Vec<(&'static str, Ptu)> = here.map(|(name, choice)| (*name, choice.ptu)).collect();
    let mut sizes: BTreeSet<Ptu> = here.iter().map(|(_, ptu)| *ptu).collect();
    let step = curve.points.len().div_ceil(BARS).max(1);
    let spread = curve.points.iter().map(|point| point.ptu).step_by(step);
    sizes.extend(spread);
    let bar = |ptu: Ptu| {
        let point = curve.point(ptu)?;
        let told = here
            .iter()
            .filter(|(name, of)| *of == ptu && *name != "pay as you go");
        Some(Bar {
            ptu,
            cost: curve.cost(point, price),
            marks: told.map(|(name, _)| *name).collect(),
        })
    };
    sizes.into_iter().filter_map(bar).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "lengths of a bar"
)]
fn drawn(cost: &Cost, most: &crate::money::Money, room: usize) -> String {
    if most.is_zero() {
        return String::new();
    }
    let length = |part: &crate::money::Money| {
        (fraction(&part.ratio(most)) * room as f64).round().max(0.0) as usize
    };
    let all = length(&cost.total());
    let provisioned = length(&cost.provisioned()).min(all);
    "█".repeat(provisioned) + &"░".repeat(all - provisioned)
}
