//! A plan of made-up traffic, with everything that a plan may hold.

use std::num::NonZero;

use chrono::NaiveDate;
use tollbook::azure::PtuTerm;
use tollbook::catalog::Catalog;
use tollbook::chargeback::Facts;
use tollbook::config::Config;
use tollbook::money::{Factor, Money};
use tollbook::plan::answers::Choice;
use tollbook::plan::candidate::{Candidate, Market};
use tollbook::plan::objective::{Condition, Limit, Objective};
use tollbook::plan::sentence::Sentence;
use tollbook::plan::sizes::Wanted;
use tollbook::plan::stage::Stage;
use tollbook::plan::study::{Effort, Question, study};
use tollbook::plan::uncertainty::{
    Bootstrap, Case, DepthCase, LeftOut, Regret, SizeCost, SizeInterval, Swing, Uncertainty,
};
use tollbook::plan::{Advice, Lever, Plan};
use tollbook::rate_card::RateCard;
use tollbook::report::plan::Report;
use tollbook::time::SimDuration;
use tollbook::units::Ptu;
use tollbook::workload::{App, Apps, Request, Traffic, TrafficError};

use crate::sim_desk::request;

/// 2026-10-05, a Monday [µs since 1970].
const START: u64 = 1_791_158_400_000_000;
const MINUTE: u64 = 60_000_000;

/// Requests a minute by the hour of the day.
const BY_HOUR: [u64; 24] = [
    3, 3, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 4, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 3,
];

/// Names that end scripts and start tags, as an attacker may choose them.
pub(crate) const HOSTILE: [&str; 2] = ["</script><script>alert(1)</script>", "a&b <img src=x>"];

const CONFIG: &str = r#"
[simulation]
seed = 7

[[deployment]]
name = "chat-ptu"
model = "gpt-4.1"
version = "2025-04-14"
offer = "provisioned"
kind = "global"
region = "swedencentral"
ptu = 50
spillover_to = "chat-payg"

[[deployment]]
name = "chat-payg"
model = "gpt-4.1"
version = "2025-04-14"
offer = "standard"
kind = "global"
region = "swedencentral"
"#;

/// Two days of requests from two apps.
struct Days {
    requests: std::vec::IntoIter<(Request, &'static str)>,
}

impl Days {
    fn new(apps: [&'static str; 2]) -> Self {
        let minutes = (0..2 * 1_440_u64).flat_map(|minute| {
            let place = usize::try_from(minute / 60 % 24).unwrap();
            (0..BY_HOUR[place]).map(move |at| (minute, at))
        });
        let requests = minutes.enumerate().map(|(number, (minute, at))| {
            // Spread without a generator: the low digits of a product with a large prime.
            let draw = (number as u64 + 1) * 2_654_435_761 % 1_000;
            let micros = START + minute * MINUTE + at * MINUTE / 5 + draw * 1_000;
            let input = u32::try_from(20_000 + draw * 45 + minute * 7_919 % 1_440 * 10).unwrap();
            let output = u32::try_from(400 + draw % 97 * 12).unwrap();
            let request = request(micros, input, output, Some(2_000));
            (request, apps[usize::from(draw > 700)])
        });
        let requests: Vec<_> = requests.collect();
        Self {
            requests: requests.into_iter(),
        }
    }
}

impl Traffic for Days {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let (mut request, app) = self.requests.next()?;
        request.app = apps.id(App::named(app));
        Some(Ok(request))
    }
}

/// What was found for the requests of two apps, nothing else asked.
pub(crate) fn plain(apps: [&'static str; 2]) -> Plan {
    let (catalog, rates) = (Catalog::bundled(), RateCard::bundled());
    let facts = Facts {
        catalog: &catalog,
        rates: &rates,
    };
    let market = Market {
        facts,
        terms: PtuTerm::ALL.to_vec(),
        on: NaiveDate::from_ymd_opt(2026, 11, 2).unwrap(),
    };
    let config = Config::parse(CONFIG, "plan.toml").unwrap();
    let spill = Condition {
        app: None,
        limit: Limit::Spill(Factor::ratio(1, 100)),
    };
    let question = Question {
        candidates: vec![Candidate::of(config, 0, &market).unwrap()],
        objective: Objective {
            conditions: vec![spill],
        },
        facts,
        span: None,
        effort: Effort {
            every_up_to: 150,
            sizes: Wanted::default(),
        },
    };
    let source = move || Ok(Box::new(Days::new(apps)) as Box<dyn Traffic>);
    let mut stage = Stage::new(Box::new(source), NonZero::<usize>::MIN);
    Plan {
        study: study(question, &mut stage).unwrap(),
        uncertainty: None,
        levers: Vec::new(),
        advice: Advice::default(),
    }
}

/// The plan with made-up doubts, levers and advice.
pub(crate) fn full(apps: [&'static str; 2]) -> Report {
    let mut plan = plain(apps);
    plan.uncertainty = Some(uncertainty(&plan));
    plan.levers = levers(&plan);
    plan.advice = Advice {
        recommendation: Sentence::plain(
            "Buy these PTU for 1 year: it is the cheapest size that keeps spill below 1 %.",
        ),
        reasons: [
            "A PTU is busy less than the break-even most of the night, so more would not pay.",
            "Spill stays below 1 % in every hour but two.",
            "The yearly term is cheaper than the monthly one from month eleven on.",
        ]
        .map(Sentence::plain)
        .to_vec(),
        risks: [
            "Two days of traffic are few; a busier week may spill more.",
            "The depth of the bucket is not documented; a shallow one spills more.",
            "A year is a long time for prices of models.",
        ]
        .map(Sentence::plain)
        .to_vec(),
    };
    Report {
        name: "two days of chat".to_owned(),
        plan,
        notes: vec!["3 rows of the log were left out: no tokens.".to_owned()],
    }
}

/// The sizes of the recommended curve and term with costs and spill changed by factors.
fn sizes(plan: &Plan, cost: (u128, u128), spill: f64) -> Vec<SizeCost> {
    let choice = plan.study.answers.recommended();
    let curve = &plan.study.curves[choice.curve];
    let price = choice
        .term
        .and_then(|term| curve.candidate.prices.get(term));
    let price = price
        .or_else(|| curve.candidate.prices.iter().last())
        .unwrap();
    let sizes = curve.points.iter().map(|point| {
        let share: f64 = point.all.spill().to_trimmed(9).parse().unwrap();
        SizeCost {
            ptu: point.ptu,
            cost: curve.cost(point, price).total().fraction(cost.0, cost.1),
            spill: (share * spill).min(1.0),
        }
    });
    sizes.collect()
}

fn best(sizes: &[SizeCost]) -> SizeCost {
    sizes
        .iter()
        .min_by_key(|size| size.cost.clone())
        .unwrap()
        .clone()
}

fn uncertainty(plan: &Plan) -> Uncertainty {
    let depths = [(1, 104, 1.9), (10, 102, 1.4), (60, 100, 1.0)].map(|(seconds, cost, spill)| {
        let sizes = sizes(plan, (cost, 100), spill);
        DepthCase {
            depth: SimDuration::from_seconds(seconds),
            best: best(&sizes).ptu,
            sizes,
        }
    });
    let recommended = plan.study.answers.recommended().ptu;
    let case = |name: &str, input: &str, cost| {
        let sizes = sizes(plan, (cost, 100), 1.0);
        let of_size = sizes
            .iter()
            .find(|size| size.ptu == recommended)
            .unwrap()
            .clone();
        Case {
            name: name.to_owned(),
            input: input.to_owned(),
            best: best(&sizes),
            recommended: of_size,
            binds: true,
            sizes,
        }
    };
    let cases = vec![
        case("as it is", "traffic", 100),
        case("volume −20 %", "volume", 83),
        case("volume +20 %", "volume", 119),
        case("token prices −30 %", "token prices", 78),
    ];
    let middle = best(&cases[0].sizes);
    let intervals = cases[0].sizes.iter().map(|size| SizeInterval {
        ptu: size.ptu,
        low: size.cost.fraction(94, 100),
        median: size.cost.clone(),
        high: size.cost.fraction(108, 100),
    });
    Uncertainty {
        left_out: vec![LeftOut {
            input: "cache rate".to_owned(),
            why: "the traffic tells of no cached tokens".to_owned(),
        }],
        depths: depths.to_vec(),
        bootstrap: Ok(Bootstrap {
            days: 2,
            block: 1,
            rounds: 200,
            seed: 7,
            sizes: intervals.collect(),
            best: vec![(middle.ptu, 200)],
            range: (middle.ptu, recommended.max(middle.ptu)),
        }),
        swings: vec![Swing {
            input: "volume".to_owned(),
            cases: vec!["volume −20 %".to_owned(), "volume +20 %".to_owned()],
            sizes: (Ptu::new(20), Ptu::new(45)),
            costs: (cases[1].best.cost.clone(), cases[2].best.cost.clone()),
            ends: (cases[1].best.clone(), cases[2].best.clone()),
        }],
        regrets: vec![Regret {
            ptu: middle.ptu,
            by_case: cases.iter().map(|_| Money::zero()).collect(),
            greatest: middle.cost.fraction(3, 100),
        }],
        cases,
    }
}

fn levers(plan: &Plan) -> Vec<Lever> {
    let choice = plan.study.answers.recommended();
    let smaller = |part: u128| Choice {
        cost: tollbook::plan::curve::Cost {
            bought: choice.cost.bought.fraction(part, 100),
            tokens: choice.cost.tokens.fraction(part, 100),
            ..choice.cost.clone()
        },
        ..choice.clone()
    };
    let lever = |name: &'static str, what: &'static str, part: u128, caution: &'static str| {
        let choice_then = smaller(part);
        Lever {
            name,
            what: Sentence::plain(what),
            saving: choice.cost.total() - choice_then.cost.total(),
            choice: choice_then,
            caution: Sentence::plain(caution),
        }
    };
    vec![
        lever(
            "move reports to Global Batch",
            "12 % of tokens at half the price, done within a day",
            88,
            "nobody may wait for the reports",
        ),
        lever(
            "lower max_tokens",
            "from 2,000 to 1,600, which 99 of 100 answers stay within",
            96,
            "1 answer of 100 would be cut",
        ),
    ]
}
