use std::num::NonZero;

use super::*;
use crate::azure::PtuTerm;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::plan::candidate::Market;
use crate::plan::objective::{Condition, Limit, Objective};
use crate::plan::sizes::Wanted;
use crate::plan::study::{Effort, Question, study};
use crate::plan::{Advice, Candidate, Plan};
use crate::rate_card::RateCard;
use crate::time::SimTime;
use crate::units::Ptu;
use crate::workload::{App, Apps, Request, RequestTokens, Traffic, TrafficError};

/// gpt-4.1: 3,000 tokens a minute and PTU, answers weigh 4, 2 and 8 USD a million; a year costs
/// 2,652 USD a PTU, so a PTU that is always busy saves 0.36 USD an hour and costs 0.3027. The bucket
/// holds two seconds.
const SCENARIO: &str = r#"
    [simulation]
    depth_s = 2
    [[deployment]]
    name = "ptu"
    model = "gpt-4.1"
    offer = "provisioned"
    kind = "global"
    region = "swedencentral"
    ptu = 0
    output_tokens_per_s = 10
    [[deployment]]
    name = "standard"
    model = "gpt-4.1"
    offer = "standard"
    kind = "global"
    region = "swedencentral"
    spillover_from = "ptu"
    output_tokens_per_s = 10
"#;

/// 2026-11-02 08:00, a Monday [s since 1970].
const START: u64 = 1_793_606_400;

/// An app's request: second, app, prompt, answer, most it may answer.
#[derive(Clone, Copy)]
struct Line(u64, &'static str, u32, u32, Option<u32>);

struct Lines<'l>(std::slice::Iter<'l, Line>);

impl Traffic for Lines<'_> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let Line(second, app, input, output, most) = *self.0.next()?;
        Some(Ok(Request {
            at: SimTime::from_micros((START + second) * 1_000_000),
            app: apps.id(App::named(app)),
            tokens: RequestTokens {
                input,
                output,
                ..RequestTokens::default()
            },
            max_tokens: most.and_then(NonZero::new),
            latency: None,
            priority: None,
        }))
    }
}

/// Plans an hour of lines and weighs its levers.
fn weighed(lines: &[Line], batch: &[&str], objective: Objective) -> (Plan, Vec<Lever>) {
    let config = Config::parse(SCENARIO, "levers.toml").unwrap();
    let (catalog, rates) = (Catalog::bundled(), RateCard::bundled());
    let facts = Facts {
        catalog: &catalog,
        rates: &rates,
    };
    let market = Market {
        facts,
        terms: PtuTerm::ALL.to_vec(),
        on: "2026-11-02".parse().unwrap(),
    };
    let question = Question {
        candidates: vec![Candidate::of(config, 0, &market).unwrap()],
        objective,
        facts,
        span: Some(crate::plan::Span {
            start: SimTime::from_micros(START * 1_000_000),
            end: SimTime::from_micros((START + 3_600) * 1_000_000),
        }),
        effort: Effort {
            every_up_to: 150,
            sizes: Wanted::Useful,
        },
    };
    let open =
        || -> Result<Box<dyn Traffic + '_>, TrafficError> { Ok(Box::new(Lines(lines.iter()))) };
    let mut stage = Stage::new(Box::new(open), NonZero::<usize>::MIN);
    let study = study(question, &mut stage).unwrap();
    let asked = Asked {
        facts,
        batch_apps: batch.iter().map(|app| (*app).to_owned()).collect(),
        busy_hours: Some("8-9".parse().unwrap()),
    };
    let levers = weigh(&study, &asked, &mut stage).unwrap();
    let plan = Plan {
        advice: Advice::of(&study, None, &facts),
        study,
        uncertainty: None,
        levers: Vec::new(),
    };
    (plan, levers)
}

fn lever<'l>(levers: &'l [Lever], name: &str) -> Option<&'l Lever> {
    levers.iter().find(|lever| lever.name == name)
}

/// Each second one request of 1,000 tokens and 100 of answer: 1,400 weighted, which keep 28 PTU
/// busy all the time.
fn steady(most: Option<u32>) -> Vec<Line> {
    (0..3_600)
        .map(|second| Line(second, "chat", 1_000, 100, most))
        .collect()
}

fn nothing_asked() -> Objective {
    Objective::default()
}

#[test]
fn stating_less_returns_what_admission_held_back() {
    // An estimate of 1,000 + 4 × 4,000 = 17,000 fills the bucket of 25 PTU (2,500 tokens) for the
    // ten seconds that the answer takes, so nearly all spill. With what answers need, few do.
    let (plan, levers) = weighed(&steady(Some(4_000)), &[], nothing_asked());
    let lower = lever(&levers, "lower max_tokens").unwrap();
    assert_eq!(plan.study.answers.recommended().ptu, Ptu::new(0));
    assert_eq!(lower.choice.ptu, Ptu::new(25));
    // 3,600 × 1,400 weighted tokens are 10.08 USD per token. 25 PTU take 25/28 of them for an hour,
    // but for what the bucket holds at first: 7.5685 + 1.08 USD.
    assert_eq!(
        plan.study.answers.recommended().cost.total(),
        "10.08".parse().unwrap()
    );
    assert!(lower.saving > "1.4".parse().unwrap(), "{}", lower.saving);
    assert!(lower.saving < "1.45".parse().unwrap(), "{}", lower.saving);
    let text = lower.what.told(|figure| format!("{figure:?}"));
    assert!(
        text.contains("Count(3600)") && text.contains("Count(100)"),
        "{text}"
    );
}

#[test]
fn callers_that_state_what_they_need_have_nothing_to_lower() {
    for most in [None, Some(100)] {
        let (_, levers) = weighed(&steady(most), &[], nothing_asked());
        assert_eq!(lever(&levers, "lower max_tokens"), None);
    }
}

/// Chat in even seconds only, and reports all at once in the first.
fn valleys() -> Vec<Line> {
    let mut lines: Vec<Line> = (0..6_000)
        .map(|_| Line(0, "reports", 280, 0, None))
        .collect();
    lines.extend((0..1_800).map(|at| Line(2 * at, "chat", 1_400, 0, None)));
    lines
}

#[test]
fn what_can_wait_rides_in_the_valleys() {
    // Chat keeps 14 PTU busy: 15 are bought, and reports, all in one second, are paid per token.
    // Behind a queue they keep 9.3 PTU more busy. 20 PTU would not be done within the hour; 25 are,
    // and cost 7.57 USD in place of 4.54 and up to 3.36 per token.
    let (plan, levers) = weighed(&valleys(), &["reports"], nothing_asked());
    let queue = lever(&levers, "queue what can wait").unwrap();
    assert_eq!(plan.study.answers.recommended().ptu, Ptu::new(15));
    assert_eq!(queue.choice.ptu, Ptu::new(25));
    assert!(queue.choice.cost.tokens.is_zero());
    assert!(queue.saving > "0.3".parse().unwrap(), "{}", queue.saving);
    // Half the price per token: 6,000 × 280 tokens cost 1.68 USD in place of 3.36 at most.
    let batch = lever(&levers, "global batch").unwrap();
    assert!(batch.saving > "1.6".parse().unwrap(), "{}", batch.saving);
    assert!(lever(&weighed(&valleys(), &[], nothing_asked()).1, "global batch").is_none());
}

#[test]
fn an_app_that_nobody_knows_is_refused_with_the_nearest() {
    let (plan, _) = weighed(&valleys(), &[], nothing_asked());
    let error = apps::movable(&plan.study, &["report".to_owned()]).unwrap_err();
    assert!(error.to_string().contains("reports"), "{error}");
    let found = apps::movable(&plan.study, &["rep*".to_owned()]).unwrap();
    assert_eq!(found, ["reports"]);
}

#[test]
fn apps_that_take_turns_need_half_when_pooled() {
    // Each keeps 42 PTU busy for half an hour: pooled all the time, alone half of it.
    let turns = (0..3_600).map(|second| {
        let app = if second < 1_800 { "early" } else { "late" };
        Line(second, app, 2_100, 0, None)
    });
    let turns: Vec<Line> = turns.collect();
    let (plan, levers) = weighed(&turns, &[], nothing_asked());
    assert_eq!(plan.study.answers.recommended().ptu, Ptu::new(40));
    let separate = lever(&levers, "separate deployments").unwrap();
    assert_eq!(separate.choice.ptu, Ptu::new(0));
    let paid_per_token = plan.study.answers.nothing.cost.total();
    assert_eq!(separate.choice.cost.total(), paid_per_token);
    assert!(separate.saving.is_negative());
}

#[test]
fn throughput_by_the_hour_never_pays_for_itself() {
    let (_, levers) = weighed(&steady(None), &[], nothing_asked());
    let hourly = lever(&levers, "hourly PTU in busy hours").unwrap();
    assert!(hourly.saving.is_negative());
    let caution = hourly.caution.told(|figure| format!("{figure:?}"));
    assert!(
        caution.starts_with("by the hour a PTU never pays for itself"),
        "{caution}"
    );
}

/// The words of an advice, with figures as they are.
fn words(sentence: &Sentence) -> String {
    sentence.told(|figure| match figure {
        crate::plan::sentence::Figure::Text(text) => text.clone(),
        crate::plan::sentence::Figure::Ptu(ptu) => format!("{ptu} PTU"),
        crate::plan::sentence::Figure::Share(share) => {
            share
                .times(&crate::money::Factor::ratio(100, 1))
                .to_trimmed(1)
                + " %"
        }
        crate::plan::sentence::Figure::Money(money) => money.to_decimal(0),
        crate::plan::sentence::Figure::Count(count) => count.to_string(),
        crate::plan::sentence::Figure::Ratio(ratio) => ratio.to_trimmed(2),
        crate::plan::sentence::Figure::Span(span) => format!("{} s", span.seconds_up()),
    })
}

#[test]
fn advice_says_what_to_buy_and_how_busy_the_last_of_it_is() {
    let (plan, _) = weighed(&steady(None), &[], nothing_asked());
    let advice = &plan.advice;
    let recommendation = words(&advice.recommendation);
    assert!(recommendation.starts_with("Buy 25 PTU of gpt-4.1 global for 1 year and pay"));
    let reasons: Vec<String> = advice.reasons.iter().map(words).collect();
    assert_eq!(reasons.len(), 3);
    // Break-even is 2,652 / 8,760 / 0.36; the next 5 PTU would have 3/5 of
    // their time to do, less what the bucket of the first 25 holds at the end.
    let edge = reasons
        .iter()
        .find(|reason| reason.starts_with("The last 5 PTU"))
        .unwrap();
    assert!(
        edge.contains("pay from 84.1 %; the next 5 PTU would be busy 59.7 %"),
        "{edge}"
    );
    assert!(advice.risks.len() <= 3);
    let risks: Vec<String> = advice.risks.iter().map(words).collect();
    assert!(
        risks
            .iter()
            .any(|risk| risk.contains("commitment to 66300 ")),
        "{risks:?}"
    );
}

#[test]
fn advice_buys_nothing_where_nothing_pays() {
    let rare: Vec<Line> = (0..60)
        .map(|at| Line(60 * at, "chat", 1_000, 0, None))
        .collect();
    let (plan, _) = weighed(&rare, &[], nothing_asked());
    let recommendation = words(&plan.advice.recommendation);
    assert!(recommendation.starts_with("Buy nothing: paying gpt-4.1 global per token costs 88 a"));
    assert!(recommendation.contains("the cheapest size (15 PTU of gpt-4.1 global for 1 year)"));
}

#[test]
fn advice_prices_an_objective() {
    let spill = |limit| Objective {
        conditions: vec![Condition { app: None, limit }],
    };
    let (plan, _) = weighed(
        &steady(None),
        &[],
        spill(Limit::Spill("0".parse().unwrap())),
    );
    let recommendation = words(&plan.advice.recommendation);
    let start = "Buy 30 PTU of gpt-4.1 global for 1 year for the objective, not for cost:";
    assert!(recommendation.starts_with(start), "{recommendation}");
    let reasons: Vec<String> = plan.advice.reasons.iter().map(words).collect();
    let broken = "25 PTU would break the objective of at most 0 % spilled";
    assert!(
        reasons.iter().any(|reason| reason.starts_with(broken)),
        "{reasons:?}"
    );
}
