//! Clean exports have no finding at all; corrupted ones have one that says so.
//!
//! A month of each of four carriers is made from a seed, together with a configuration under which
//! the check finds nothing. Each class of corruption is then tried at 20 places. How often each is
//! told is asserted exactly, also where that is not always, and stands as a table in docs/RULES.md.

mod classes;
mod files;
mod judge;
mod month;
mod policy;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use self::classes::{Class, Clean, PLACES, all};
use self::files::written;
use self::judge::found;
use self::month::{Carrier, Month};
use crate::samples::generator::rng::Rng;

const CARRIERS: [Carrier; 4] = [
    Carrier::Portal,
    Carrier::EventHub,
    Carrier::AiHub,
    Carrier::Sums,
];

/// The seed of the months that are corrupted.
const SEED: u64 = 2026;

#[test]
fn clean_exports_have_no_finding() {
    for seed in [SEED, 1, 2, 3] {
        for carrier in CARRIERS {
            let month = Month::clean(carrier, seed);
            let findings = found(&written(&month), &month.policy);
            let told: Vec<String> = findings
                .iter()
                .map(|finding| format!("{}: {}", finding.rule, finding.message))
                .collect();
            assert!(told.is_empty(), "{carrier:?}, seed {seed}: {told:#?}");
        }
    }
}

/// How many of the places are told, with what was found at the others.
fn told(class: &Class, months: &BTreeMap<Carrier, Clean>) -> (u64, Vec<String>) {
    let (mut told, mut missed) = (0, Vec::new());
    for place in 0..PLACES {
        let turn = usize::try_from(place).unwrap() % class.carriers.len();
        let carrier = class.carriers[turn];
        let mut rng = Rng::of_item(class.seed(), place);
        let (files, policy) = class.damaged(&months[&carrier], &mut rng);
        let findings = found(&files, &policy);
        if findings
            .iter()
            .any(|one| class.told_by.contains(&one.rule.id))
        {
            told += 1;
        } else {
            let ids: Vec<&str> = findings.iter().map(|one| one.rule.id).collect();
            missed.push(format!("{place} ({carrier:?}): {ids:?}"));
        }
    }
    (told, missed)
}

/// Tries every `of`th class from the `from`th on: threads of the test runner share the work.
fn corruptions(from: usize, of: usize) {
    let months = CARRIERS.map(|carrier| (carrier, Clean::of(carrier, SEED)));
    let months = BTreeMap::from(months);
    let mut wrong = Vec::new();
    for class in all().into_iter().skip(from).step_by(of) {
        let (told, missed) = told(class, &months);
        if told != class.told {
            let expected = class.told;
            wrong.push(format!(
                "{}: told {told}, not {expected}; {missed:?}",
                class.what
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn corruptions_are_told_in_the_first_half() {
    corruptions(0, 2);
}

#[test]
fn corruptions_are_told_in_the_second_half() {
    corruptions(1, 2);
}

#[test]
fn there_are_enough_classes_and_their_rules_exist() {
    let classes = all();
    assert!(classes.len() >= 40, "{}", classes.len());
    for class in classes {
        assert_eq!(
            class.told == PLACES,
            class.because.is_empty(),
            "{}",
            class.what
        );
        for id in class.told_by {
            assert!(tollbook::check::rules::find(id).is_some(), "{id}");
        }
    }
}

/// The table of docs/RULES.md.
pub(crate) fn table() -> String {
    let mut text = String::from("| corruption | done to | told by | told |\n|---|---|---|---|\n");
    for class in all() {
        let carriers: BTreeSet<Carrier> = class.carriers.iter().copied().collect();
        let carriers: Vec<&str> = carriers.into_iter().map(name).collect();
        let carriers = if carriers.len() == CARRIERS.len() {
            "all".to_owned()
        } else {
            carriers.join(", ")
        };
        let because = match class.because {
            "" => String::new(),
            because => format!(" ({because})"),
        };
        let ids = class.told_by.join(", ");
        writeln!(
            text,
            "| {} | {carriers} | {ids} | {} of {PLACES}{because} |",
            class.what, class.told
        )
        .unwrap();
    }
    text
}

const fn name(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Portal => "portal",
        Carrier::EventHub => "Event Hub",
        Carrier::AiHub => "AI hub",
        Carrier::Sums => "sums",
    }
}
