//! How far a plan can be trusted, on traffic whose costs can be worked out by hand.

use std::sync::LazyLock;

use tollbook::azure::PtuTerm;
use tollbook::money::Money;
use tollbook::plan::uncertainty::{Case, Doubts, doubt};
use tollbook::plan::{PlanError, Span, Study, Uncertainty};
use tollbook::time::SimTime;
use tollbook::units::Ptu;
use tollbook::workload::{Request, RequestTokens};

use crate::plan_desk::{Ask, DAY, Requests, plan_and, request};

const SECOND: u64 = 1_000_000;
const HOUR: u64 = 3_600 * SECOND;
const DAYS: u64 = 3;

/// A request of 0.088 USD: 40,000 prompt tokens at 2 USD a million and 1,000 of answer at 8.
fn asked(at: u64) -> Request {
    Request {
        tokens: RequestTokens {
            input: 40_000,
            output: 1_000,
            ..RequestTokens::default()
        },
        ..request(at, 0)
    }
}

/// Three days: a request each 40 s for 22 hours, which 22 PTU serve, and each 4 min for two. These are
/// 6,030 requests for 530.64 USD.
fn busy_days() -> Requests {
    let day = |day: u64| {
        let start = day * 24 * HOUR;
        let busy = (0..22 * 90).map(move |at| start + at * 40 * SECOND);
        let quiet = (0..30).map(move |at| start + 22 * HOUR + at * 240 * SECOND);
        busy.chain(quiet)
    };
    Requests((0..DAYS).flat_map(day).map(asked).collect())
}

fn whole_days(days: u64) -> Span {
    Span {
        start: SimTime::from_micros(DAY),
        end: SimTime::from_micros(DAY + days * 24 * HOUR),
    }
}

fn doubted(threads: usize, doubts: &Doubts) -> (Study, Uncertainty) {
    let requests = busy_days();
    let ask = Ask {
        span: Some(whole_days(DAYS)),
        threads,
        ..Ask::default()
    };
    let found = plan_and(
        || requests.traffic(),
        ask,
        |plan, facts, stage| {
            let uncertainty = doubt(&plan, facts, doubts, stage)?;
            Ok::<_, PlanError>((plan, uncertainty))
        },
    );
    found.unwrap()
}

fn growing() -> Doubts {
    Doubts {
        growth: vec!["5%/month".parse().unwrap()],
        ..Doubts::default()
    }
}

/// One look that most tests share.
static GROWING: LazyLock<(Study, Uncertainty)> = LazyLock::new(|| doubted(1, &growing()));

fn case<'u>(uncertainty: &'u Uncertainty, name: &str) -> &'u Case {
    let found = uncertainty.cases.iter().find(|case| case.name == name);
    found.unwrap_or_else(|| {
        let names = uncertainty.cases.iter().map(|case| case.name.as_str());
        panic!("{name} is none of {:?}", names.collect::<Vec<_>>())
    })
}

/// What a case costs with nothing deployed.
fn unbought(uncertainty: &Uncertainty, name: &str) -> String {
    case(uncertainty, name).sizes[0].cost.to_string()
}

#[test]
fn cases_cost_what_a_hand_works_out() {
    let (plan, found) = &*GROWING;
    let recommended = plan.answers.recommended();
    assert_eq!(recommended.ptu, Ptu::new(20));
    assert_eq!(recommended.term, Some(PtuTerm::Year));
    for (name, cost) in [
        ("as it is", "530.64"),
        ("volume -20 %", "424.512"),
        ("volume +20 %", "636.768"),
        // 6,030 × 200 tokens of answer are 9.648 USD.
        ("output length -20 %", "520.992"),
        ("output length +20 %", "540.288"),
        // Nothing is cached that could be less; 6,030 × 4,000 tokens cost 1.50 USD a million less.
        ("cached share -10 points", "530.64"),
        ("cached share +10 points", "494.46"),
        ("max_tokens 1000 stated by all (p99 answer)", "530.64"),
        ("token price -10 %", "477.576"),
        ("token price +10 %", "583.704"),
        ("PTU price -10 %", "530.64"),
        ("PTU price +10 %", "530.64"),
        ("reservation not renewed, so paid by the hour", "530.64"),
    ] {
        assert_eq!(unbought(found, name), cost, "{name}");
    }
    let names: Vec<&str> = found.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names[0], "as it is");
    assert_eq!(
        names[3..5],
        [
            "growth +5 %/month after 6 months (×1.340096)",
            "growth +5 %/month after 12 months (×1.795856)",
        ]
    );
    assert_eq!(found.cases.len(), 15);
    assert_eq!(found.left_out, []);
}

/// 72 hours of 20 PTU at 2,652 USD a year and at 1 USD an hour.
#[test]
fn prices_move_only_what_they_are_of() {
    let (plan, found) = &*GROWING;
    let size = Ptu::new(20);
    let tokens = &plan.curves[0].point(size).unwrap().tokens;
    let bought: Money = "2652".parse().unwrap();
    let bought = bought.times_whole(20).fraction(72, 8_760);
    for (name, expected) in [
        ("as it is", bought.clone() + tokens.clone()),
        (
            "PTU price +10 %",
            bought.fraction(110, 100) + tokens.clone(),
        ),
        (
            "token price -10 %",
            bought.clone() + tokens.fraction(90, 100),
        ),
        (
            "reservation not renewed, so paid by the hour",
            "1440".parse::<Money>().unwrap() + tokens.clone(),
        ),
    ] {
        let recommended = &case(found, name).recommended;
        assert_eq!((recommended.ptu, &recommended.cost), (size, &expected));
    }
    let expired = case(found, "reservation not renewed, so paid by the hour");
    assert_eq!(expired.best.ptu, Ptu::new(0));
}

#[test]
fn the_grid_is_the_same_everywhere() {
    let (planned, found) = &*GROWING;
    let plain = &found.cases[0];
    let sizes: Vec<Ptu> = plain.sizes.iter().map(|size| size.ptu).collect();
    // 20 PTU become 36 with the traffic of the end of the term, so that 40 are looked at too.
    assert_eq!(sizes, [0, 15, 20, 25, 30, 35, 40].map(Ptu::new));
    for case in &found.cases {
        assert!(case.sizes.iter().map(|size| size.ptu).eq(sizes.clone()));
        assert!(case.sizes.iter().all(|size| size.cost >= case.best.cost));
    }
    // The scenario's own depth is the deepest of the band.
    let seconds = found
        .depths
        .iter()
        .map(|one| one.depth.micros() / 1_000_000);
    assert_eq!(seconds.collect::<Vec<_>>(), [1, 10, 30, 60]);
    assert_eq!(found.depths[3].sizes, plain.sizes);
    let spill = |depth: usize| found.depths[depth].sizes[2].spill;
    assert!(spill(0) > spill(3), "a shallow bucket spills more");
    assert_eq!(planned.answers.cheapest.ptu, plain.best.ptu);
}

#[test]
fn drawn_days_surround_the_plain_cost() {
    let (_, found) = &*GROWING;
    let bootstrap = found.bootstrap.as_ref().unwrap();
    assert_eq!((bootstrap.days, bootstrap.block), (3, 1));
    assert_eq!(
        bootstrap.best.iter().map(|(_, times)| times).sum::<usize>(),
        1_000
    );
    for (interval, plain) in bootstrap.sizes.iter().zip(&found.cases[0].sizes) {
        assert_eq!(interval.ptu, plain.ptu);
        assert!(interval.low <= plain.cost && plain.cost <= interval.high);
    }
    // With nothing deployed all days are alike.
    assert_eq!(bootstrap.sizes[0].low, bootstrap.sizes[0].high);
}

#[test]
fn regrets_and_swings_are_in_order() {
    let (_, found) = &*GROWING;
    let greatest = found.regrets.iter().map(|regret| &regret.greatest);
    assert!(greatest.is_sorted());
    assert_eq!(found.regrets.len(), found.cases[0].sizes.len());
    for place in 0..found.cases.len() {
        let mut none = found
            .regrets
            .iter()
            .filter(|one| one.by_case[place].is_zero());
        assert!(none.next().is_some(), "one size is right in each case");
    }
    let width = |(least, most): &(Money, Money)| most.clone() - least.clone();
    let widths: Vec<Money> = found.swings.iter().map(|one| width(&one.costs)).collect();
    assert!(widths.is_sorted_by(|one, next| one >= next));
    assert_eq!(found.swings[0].input, "growth +5 %/month");
    assert_eq!(found.swings[1].input, "volume");
}

#[test]
fn one_core_and_two_find_the_same() {
    assert_eq!(GROWING.1, doubted(2, &growing()).1);
}

#[test]
fn what_cannot_be_varied_is_told() {
    let requests = (0..100).map(|at| Request {
        max_tokens: std::num::NonZero::new(2_000),
        ..asked(at * 40 * SECOND)
    });
    let requests = Requests(requests.collect());
    let found = plan_and(
        || requests.traffic(),
        Ask::default(),
        |plan, facts, stage| doubt(&plan, facts, &Doubts::default(), stage),
    );
    let found = found.unwrap();
    assert_eq!(
        found.bootstrap.unwrap_err(),
        "the traffic covers 0 whole days (UTC); drawing days anew needs at least 2"
    );
    let left_out = found.left_out.iter();
    let left_out = left_out.map(|one| (one.input.as_str(), one.why.as_str()));
    assert_eq!(
        left_out.collect::<Vec<_>>(),
        [("max_tokens", "some callers state it already")]
    );
}
