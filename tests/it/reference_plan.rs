//! Golden results of the published traces: the cheapest size of each term, and the smallest size for
//! each spill.

use std::env;
use std::fs::File;
use std::path::PathBuf;

use tollbook::azure::PtuTerm;
use tollbook::plan::{Choice, Study};
use tollbook::time::SimTime;
use tollbook::workload::trace::{self, TraceOptions};
use tollbook::workload::{PrefixCache, Traffic};

use crate::plan_desk::{Ask, DAY, plan};

fn traces() -> PathBuf {
    let root = env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE names a folder");
    PathBuf::from(root).join("data/traces")
}

pub(crate) fn azure() -> Box<dyn Traffic> {
    let path = traces().join("azure2023-conv/AzureLLMInferenceTrace_conv.csv.gz");
    let file = Box::new(File::open(path).unwrap());
    Box::new(trace::azure(file, "azure", &TraceOptions::default()).unwrap())
}

fn mooncake() -> Box<dyn Traffic> {
    let path = traces().join("mooncake-conversation/conversation_trace.jsonl.gz");
    let file = Box::new(File::open(path).unwrap());
    let cache = PrefixCache {
        block: PrefixCache::MOONCAKE_BLOCK,
        minimum: 1_024,
    };
    let options = TraceOptions {
        start: SimTime::from_micros(DAY),
        ..TraceOptions::default()
    };
    Box::new(trace::mooncake(file, "mooncake", &options, cache).unwrap())
}

fn of_term(plan: &Study, term: PtuTerm) -> &Choice {
    let found = plan
        .answers
        .by_term
        .iter()
        .find(|(known, _)| *known == term);
    &found.expect("every term has a price").1
}

/// Checks the cheapest size and cost of each term, and the smallest sizes for 0, 1, 5 and 10 % of spill.
fn check(plan: &Study, terms: [(PtuTerm, u32, &str, &str); 3], targets: [u32; 4]) {
    for (term, ptu, cost, spill) in terms {
        let choice = of_term(plan, term);
        assert_eq!(choice.ptu.get(), ptu, "{term}");
        assert_eq!(choice.cost.total().to_decimal(6), cost, "{term}");
        let point = plan.curves[0].point(choice.ptu).unwrap();
        let percent = point.all.spill().divided_by(&"0.01".parse().unwrap());
        assert_eq!(percent.to_decimal(4), spill, "{term}");
    }
    let found = plan.answers.targets.iter();
    let found: Vec<u32> = found
        .map(|target| target.choice.as_ref().unwrap().ptu.get())
        .collect();
    assert_eq!(found, targets);
}

fn check_azure(plan: &Study) {
    check(
        plan,
        [
            (PtuTerm::Hourly, 0, "77.433060", "100.0000"),
            (PtuTerm::Month, 165, "76.583394", "25.0805"),
            (PtuTerm::Year, 175, "67.670380", "20.8402"),
        ],
        [275, 260, 225, 205],
    );
}

/// Costs of neighbours of the cheapest, to the sixth decimal.
fn neighbours(plan: &Study, term: PtuTerm, costs: &[(u32, &str)]) {
    let curve = &plan.curves[0];
    for (ptu, cost) in costs {
        let point = curve.point(tollbook::units::Ptu::new(*ptu)).unwrap();
        let price = curve.candidate.prices.get(term).unwrap();
        assert_eq!(
            curve.cost(point, price).total().to_decimal(6),
            *cost,
            "{ptu}"
        );
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn the_cheapest_sizes_of_the_azure_trace_are_exact() {
    let plan = plan(azure, Ask::default()).unwrap();
    check_azure(&plan);
    neighbours(
        &plan,
        PtuTerm::Month,
        &[(160, "76.590822"), (170, "76.603007")],
    );
    neighbours(
        &plan,
        PtuTerm::Year,
        &[(170, "67.768754"), (180, "67.673823")],
    );
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn the_cheapest_sizes_of_the_mooncake_trace_are_exact() {
    // The reference prices cached tokens as free on both sides.
    let free = "[[price]]\nmodel = \"gpt-4.1\"\nkind = \"global\"\ncached_input = \"0\"\ninput = \"2\"\n\
                output = \"8\"\nfrom = \"2026-01-01\"\nsource = \"made\"\nas_of = \"2026-01-01\"\n";
    let ask = Ask {
        extra: free.to_owned(),
        ..Ask::default()
    };
    let plan = plan(mooncake, ask).unwrap();
    check(
        &plan,
        [
            (PtuTerm::Hourly, 0, "221.967802", "100.0000"),
            (PtuTerm::Month, 605, "216.591328", "2.1998"),
            (PtuTerm::Year, 610, "184.586231", "1.4177"),
        ],
        [665, 620, 590, 560],
    );
    neighbours(
        &plan,
        PtuTerm::Month,
        &[(600, "216.614175"), (610, "216.604955")],
    );
    neighbours(
        &plan,
        PtuTerm::Year,
        &[(605, "184.835053"), (615, "185.193711")],
    );
}

/// The search leaves sizes out and finds the same.
#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn branch_and_bound_finds_the_same_on_the_azure_trace() {
    let ask = Ask {
        every_up_to: 0,
        ..Ask::default()
    };
    let plan = plan(azure, ask).unwrap();
    assert!(plan.curves[0].pruned > 0, "something was left out");
    check_azure(&plan);
}
