//! The band over the depth on a published trace.

use tollbook::plan::Choice;
use tollbook::plan::uncertainty::{Doubts, doubt};
use tollbook::units::Ptu;

use crate::plan_desk::{Ask, plan_and};
use crate::reference_plan::azure;

/// 300 PTU spill 2.940 % of weighted tokens when the bucket holds a second, 0.064 % when it holds
/// ten, and nothing when it holds a minute.
#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn the_band_of_the_azure_trace_is_as_known() {
    let doubts = Doubts {
        growth: vec!["5%/month".parse().unwrap()],
        ..Doubts::default()
    };
    let ask = Ask::default();
    let found = plan_and(azure, ask, |mut plan, facts, stage| {
        // What is deployed is always looked at.
        plan.answers.today = Some(Choice {
            ptu: Ptu::new(300),
            ..plan.answers.cheapest.clone()
        });
        doubt(&plan, facts, &doubts, stage)
    });
    let found = found.unwrap();
    let spills = found.depths.iter().map(|depth| {
        let mut sizes = depth.sizes.iter();
        let size = sizes.find(|size| size.ptu == Ptu::new(300)).unwrap();
        let seconds = depth.depth.micros() / 1_000_000;
        (seconds, format!("{:.3}", size.spill * 100.0))
    });
    let spills: Vec<_> = spills.filter(|(seconds, _)| *seconds != 30).collect();
    let known = [(1, "2.940"), (10, "0.064"), (60, "0.000")];
    assert_eq!(
        spills,
        known.map(|(depth, spill)| (depth, spill.to_owned()))
    );
    assert_eq!(found.cases[0].best.ptu, Ptu::new(175));
    assert!(found.bootstrap.is_err(), "an hour has no days");
    let swing = &found.swings[0];
    assert_eq!(swing.input, "growth +5 %/month");
    let (cheap, dear) = (&swing.ends.0, &swing.ends.1);
    assert_eq!(cheap.cost.to_decimal(6), "67.670380");
    assert!(dear.ptu > cheap.ptu, "more traffic needs more");
}
