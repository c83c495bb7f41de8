//! Profiles as shapes, from which simulations draw.

use std::collections::BTreeSet;

use super::{Group, Profiled, Tally};
use crate::shapes::{Shape, Shapes};
use crate::tokenizer::count::Certainty;

/// What the shape of records without any group is called.
const ALL: &str = "all";

impl Profiled {
    /// The shape of every group, named after its labels. The profile must have kept cells.
    pub fn shapes(&self) -> Result<Shapes, String> {
        let mut taken = BTreeSet::new();
        let shapes = self.groups.iter().map(|group| {
            let requests = group.cells.kinds();
            let name = free_name(group, &mut taken);
            Ok(Shape {
                about: about(group),
                model: only_model(&group.tally),
                requests: requests.map_err(|problem| format!("{name}: {problem}"))?,
                name,
            })
        });
        Ok(Shapes {
            shape: shapes.collect::<Result<_, String>>()?,
        })
    }
}

/// The labels of a group, as far as it has any, in one name that no other group has.
fn free_name(group: &Group, taken: &mut BTreeSet<String>) -> String {
    let labels = group.labels.iter().map(String::as_str);
    let said: Vec<&str> = labels.filter(|label| !label.is_empty()).collect();
    let plain = match said.as_slice() {
        [] => ALL.to_owned(),
        said => said.join("/"),
    };
    let numbered = (2..).map(|number| format!("{plain} {number}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names
        .find(|name| taken.insert(name.clone()))
        .expect("numbers do not end")
}

/// The model of all records; empty where there are several.
fn only_model(tally: &Tally) -> String {
    let mut models: Vec<&String> = tally.models.keys().map(|name| &name.model).collect();
    models.dedup();
    match models.as_slice() {
        [only] => (*only).clone(),
        _ => String::new(),
    }
}

/// What the shape was counted from, in words.
fn about(group: &Group) -> String {
    let tally = &group.tally;
    let certainties = [
        (Certainty::Exact, "exact"),
        (Certainty::Estimate, "estimates"),
        (Certainty::LowerBound, "lower bounds"),
    ];
    let certainties = certainties.map(|(certainty, word)| (tally.of_certainty(certainty), word));
    let told = certainties.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let cells = if group.cells.is_exact() {
        ""
    } else {
        "; requests much alike are one kind"
    };
    format!("{} requests: {}{cells}", tally.records(), told.join(", "))
}
