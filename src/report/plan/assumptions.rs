//! What was assumed, because Azure does not say or nobody can know.

use super::Report;
use crate::plan::Candidate;
use crate::report::grid::{Cell, Column, Grid, duration};
use crate::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use crate::sim::setup::DeploymentRules;

/// One assumption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assumption {
    /// What it is about.
    pub(super) subject: &'static str,
    /// What was assumed.
    pub(super) value: String,
    /// Why, or on whose word.
    pub(super) ground: &'static str,
}

/// The rules that the planned deployment was played by.
fn rules(candidate: &Candidate) -> Option<&ProvisionedRules> {
    match &candidate.built.setup.deployments[candidate.place].rules {
        DeploymentRules::Provisioned(rules) => Some(rules),
        DeploymentRules::Standard(_) => None,
    }
}

/// Everything that was assumed of the first candidate.
pub(super) fn all(report: &Report) -> Vec<Assumption> {
    let candidate = &report.plan.study.curves[0].candidate;
    let mut all = Vec::new();
    if let Some(rules) = rules(candidate) {
        all.extend(of_rules(rules));
    }
    let add = |subject, value: String, ground| Assumption {
        subject,
        value,
        ground,
    };
    all.push(add(
        "seed of what is left to chance",
        candidate.built.setup.seed.to_string(),
        "the same seed gives the same plan",
    ));
    all.push(add(
        "a month",
        "730 h, like the traffic".to_owned(),
        "a twelfth of 8,760 h, as Azure's own estimates have it",
    ));
    all.push(add(
        "a reservation",
        "its price spread over the hours of its term".to_owned(),
        "1 month over 730 h, 1 year over 8,760 h; list prices without negotiated discounts",
    ));
    all
}

fn of_rules(rules: &ProvisionedRules) -> [Assumption; 4] {
    let add = |subject, value: String, ground| Assumption {
        subject,
        value,
        ground,
    };
    let admission = match rules.admission {
        Admission::Doc => "while the bucket is not full, as documented",
        Admission::Fit => "when the estimate fits into the bucket",
    };
    let edge = match rules.edge {
        Edge::Admit => "admitted",
        Edge::Refuse => "refused",
    };
    let unstated = match rules.unstated {
        UnstatedMaximum::AsAnswered => "the answer that came".to_owned(),
        UnstatedMaximum::Tokens(tokens) => format!("{tokens} tokens"),
    };
    [
        add(
            "depth of the bucket",
            format!("{} of draining", duration(rules.depth)),
            "not documented by Azure; the band shows what it changes",
        ),
        add(
            "admission",
            admission.to_owned(),
            "Microsoft's description of utilisation and 429 responses",
        ),
        add(
            "at exactly 100 %",
            edge.to_owned(),
            "Azure's documents say both \"at\" and \"above\"",
        ),
        add(
            "answers without a stated maximum",
            unstated,
            "Azure's estimate is not published",
        ),
    ]
}

/// The assumptions as a table.
pub(super) fn grid(report: &Report) -> Grid {
    let column = |heading, field| Column {
        heading,
        field,
        rank: 0,
    };
    let rows = all(report).into_iter().map(|one| {
        let texts = [one.subject.to_owned(), one.value, one.ground.to_owned()];
        texts.map(Cell::Text).to_vec()
    });
    Grid {
        names: 3,
        columns: vec![
            column("about", "about"),
            column("assumed", "assumed"),
            column("because", "because"),
        ],
        rows: rows.collect(),
        total: None,
    }
}
