//! A quick sizing, for people and machines.

mod document;
mod grids;
mod notes;

use super::super::figure;
use super::super::table::Page;
use super::super::text::{visible, wrapped};
use crate::money::Factor;
use crate::plan::sizing::{Basis, Sizing};

/// The sizing on one page of a terminal.
pub fn table(sizing: &Sizing, page: Page) -> String {
    let title = format!(
        "PTU for {}, in {} on {}",
        sizing.figures.name, sizing.region, sizing.on
    );
    let mut lines = vec![page.ink.strong(&visible(&title))];
    lines.extend(wrapped(&load(sizing), page.width));
    let parts = [
        ("", grids::classes(sizing)),
        (
            "the sizes, how busy the load keeps them, and what a month of 730 h costs [USD]",
            grids::sizes(sizing),
        ),
        (
            "how busy a PTU must be before it costs less than paying per token",
            grids::break_even(sizing),
        ),
        (
            "requests that find it full when they come at random, by the depth of its bucket",
            grids::bursts(sizing),
        ),
    ];
    for (heading, grid) in parts {
        if !grid.says_anything() {
            continue;
        }
        lines.push(String::new());
        if !heading.is_empty() {
            lines.extend(wrapped(heading, page.width));
        }
        lines.extend(grid.lines(page.width));
    }
    for note in notes::all(sizing) {
        lines.push(String::new());
        lines.extend(wrapped(&visible(&note), page.width));
    }
    lines.join("\n") + "\n"
}

/// The sizing as JSON with a versioned schema.
pub fn json(sizing: &Sizing) -> String {
    document::render(sizing)
}

/// What is sized, and what it comes to, in a sentence.
fn load(sizing: &Sizing) -> String {
    let request = &sizing.load.request;
    let tokens = [
        (&request.input, "input"),
        (&request.image_input, "image input"),
        (&request.output, "output"),
        (&request.image_output, "image output"),
    ];
    let tokens = tokens.iter().filter(|(count, _)| !count.is_zero());
    let tokens: Vec<String> = tokens
        .map(|(count, name)| format!("{} {name}", figure::quantity(count, 1)))
        .collect();
    let peak = match &sizing.load.basis {
        Basis::Peak => "at the peak",
        Basis::Month(_) => "at the peak of an even month",
    };
    format!(
        "{} requests a minute {peak}, each of {} tokens{}: {} weighted tokens a minute, of which a \
         PTU serves {}, so {} PTU",
        figure::short(|digits| sizing.load.rpm.to_decimal(digits), 0),
        list(&tokens),
        cached(sizing),
        figure::short(|digits| sizing.weighted.to_decimal(digits), 0),
        figure::whole(sizing.figures.input_tpm_per_ptu.get()),
        figure::grouped(&sizing.exact.to_decimal(2)),
    )
}

/// The parts as a list that ends in "and".
fn list(parts: &[String]) -> String {
    match parts {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        parts => parts.concat(),
    }
}

fn cached(sizing: &Sizing) -> String {
    let request = &sizing.load.request;
    let parts = [
        (&request.cached, "read from the cache"),
        (&request.cache_write, "written to it"),
    ];
    let parts = parts.iter().filter(|(share, _)| !share.is_zero());
    let parts = parts.map(|(share, what)| format!(" ({} {what})", percent(share)));
    parts.collect()
}

/// An exact share, as people read it.
fn percent(share: &Factor) -> String {
    let hundred = Factor::ratio(100, 1);
    format!("{} %", figure::quantity(&share.times(&hundred), 2))
}

/// An exact share or count as statistics take it.
fn rounded(factor: &Factor) -> f64 {
    let written = factor.to_decimal(9);
    written.parse().expect("a decimal is a number")
}
