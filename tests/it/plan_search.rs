//! The search against exhaustive search, and against what is known in advance.

use proptest::prelude::*;
use tollbook::azure::PtuTerm;
use tollbook::plan::objective::{Condition, Limit};
use tollbook::plan::{Objective, Study};
use tollbook::units::Ptu;

use crate::plan_desk::{Ask, Requests, plan, request};

const MINUTE: u64 = 60_000_000;

/// Minutes of even arrivals: the tokens of a minute come in requests of at most 2,000.
fn minutes(demands: &[u32]) -> Requests {
    let mut requests = Vec::new();
    for (minute, demand) in (0u64..).zip(demands) {
        let count = u64::from(demand.div_ceil(2_000)).max(1);
        for at in 0..count {
            let before = u64::from(*demand) * at / count;
            let after = u64::from(*demand) * (at + 1) / count;
            let tokens = u32::try_from(after - before).unwrap();
            requests.push(request(minute * MINUTE + at * MINUTE / count, tokens));
        }
    }
    Requests(requests)
}

fn planned(requests: &Requests, every_up_to: u32, max_spill: &str) -> Study {
    let objective = Objective {
        conditions: vec![Condition {
            app: None,
            limit: Limit::Spill(max_spill.parse().unwrap()),
        }],
    };
    let ask = Ask {
        objective,
        every_up_to,
        ..Ask::default()
    };
    plan(|| requests.traffic(), ask).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// What is left out is never the answer.
    #[test]
    fn the_search_finds_what_exhaustive_search_finds(
        demands in prop::collection::vec(10_000u32..1_500_000, 3..12),
        spill in 0u32..30,
    ) {
        let requests = minutes(&demands);
        let spill = format!("0.{spill:02}");
        let (every, searched) = (planned(&requests, u32::MAX, &spill), planned(&requests, 0, &spill));
        prop_assert_eq!(every.curves[0].pruned, 0);
        prop_assert_eq!(&every.answers.cheapest, &searched.answers.cheapest);
        prop_assert_eq!(&every.answers.by_term, &searched.answers.by_term);
        prop_assert_eq!(&every.answers.targets, &searched.answers.targets);
        prop_assert_eq!(every.answers.meeting, searched.answers.meeting);
    }
}

/// A reservation that costs 40 % of what its tokens cost when they are paid one by one is bought up to
/// the demand that 40 % of all minutes exceed (T13), here of demands from 15 to 115 PTU.
#[test]
fn the_optimum_is_the_newsvendors_quantile() {
    let mut demands: Vec<u32> = (0..200).map(|at| (15 * 200 + 100 * at) * 15).collect();
    // A seeded order without runs: 73 is prime to 200.
    demands = (0..200).map(|at| demands[at * 73 % 200]).collect();
    let requests = minutes(&demands);
    for (share, quantile) in [("0.4", 75), ("0.85", 30), ("0.1", 105)] {
        // A PTU hour is worth 180,000 tokens at 2 USD a million: 0.36 USD, and a year has 8,760 hours.
        let share: f64 = share.parse().unwrap();
        let price = format!("{:.4}", share * 0.36 * 8_760.0);
        let ask = Ask {
            extra: format!(
                "[simulation]\ndepth_s = 1\n[[ptu_price]]\nkind = \"global\"\nregion = \"swedencentral\"\n\
                 term = \"1-year\"\nprice = {price:?}\nfrom = \"2026-01-01\"\nsource = \"made\"\nas_of = \"2026-01-01\"\n"
            ),
            ..Ask::default()
        };
        let plan = plan(|| requests.traffic(), ask).unwrap();
        let yearly = plan
            .answers
            .by_term
            .iter()
            .find(|(term, _)| *term == PtuTerm::Year);
        let found = yearly.unwrap().1.ptu.get();
        assert!(
            found.abs_diff(quantile) <= 5,
            "{share}: {found}, not {quantile}"
        );
    }
}

/// Law 7: with nothing deployed the cost is that of the tokens, and enough PTU spill nothing.
#[test]
fn the_ends_of_the_curve_are_known() {
    let requests = minutes(&[300_000, 600_000, 150_000]);
    let plan = planned(&requests, u32::MAX, "0");
    let curve = &plan.curves[0];
    assert_eq!(curve.nothing().ptu, Ptu::new(0));
    // 1,050,000 tokens at 2 USD a million.
    assert_eq!(curve.nothing().tokens, "2.1".parse().unwrap());
    let last = curve.points.last().unwrap();
    assert!(last.all.spilled.requests.is_zero());
    assert!(last.tokens.is_zero());
}

/// The same answers on one core and two.
#[test]
fn threads_change_nothing() {
    let requests = minutes(&[300_000, 900_000, 150_000, 450_000]);
    let on = |threads| {
        let ask = Ask {
            threads,
            ..Ask::default()
        };
        format!("{:?}", plan(|| requests.traffic(), ask).unwrap().answers)
    };
    assert_eq!(on(1), on(2));
}

/// A lost request is no saving: where pay-as-you-go has a quota, "buy nothing" is not the cheapest
/// because it loses what the quota refuses.
#[test]
fn what_is_lost_is_not_saved() {
    let requests = minutes(&[900_000; 6]);
    let ask = Ask {
        standard_tpm: Some(90_000),
        ..Ask::default()
    };
    let plan = plan(|| requests.traffic(), ask).unwrap();
    let answers = &plan.answers;
    let nothing = plan.curves[0].nothing();
    assert!(nothing.all.loss() > "0.8".parse().unwrap());
    assert!(answers.nothing.cost.total() < answers.cheapest.cost.total());
    assert!(answers.nothing.cost.compared() > answers.cheapest.cost.compared());
    // 900,000 tokens a minute are 300 PTU; the quota takes a tenth, the bucket a minute of six.
    assert!(
        (225..=305).contains(&answers.cheapest.ptu.get()),
        "{:?}",
        answers.cheapest
    );
}
