use std::num::NonZero;

use super::*;
use crate::catalog::Catalog;
use crate::chargeback::Facts;
use crate::config::Config;
use crate::plan::candidate::Market;
use crate::plan::objective::Objective;
use crate::plan::sizes::Wanted;
use crate::plan::study::Effort;
use crate::rate_card::RateCard;
use crate::workload::{App, Apps, Request, RequestTokens, Traffic, TrafficError};

/// Two deployments that callers ask for by name, and 25 PTU reserved for both; 5 more are reserved
/// where nothing is deployed. A reserved PTU costs 876 USD a year, which is 0.10 USD an hour.
const SCENARIO: &str = r#"
    [simulation]
    depth_s = 2
    [[deployment]]
    name = "a"
    model = "gpt-4.1"
    offer = "provisioned"
    kind = "global"
    region = "swedencentral"
    ptu = 15
    spillover_to = "standard"
    [[deployment]]
    name = "b"
    model = "gpt-4.1"
    offer = "provisioned"
    kind = "global"
    region = "swedencentral"
    ptu = 15
    spillover_to = "standard"
    [[deployment]]
    name = "standard"
    model = "gpt-4.1"
    offer = "standard"
    kind = "global"
    region = "swedencentral"
    [[reservation]]
    name = "shared"
    kind = "global"
    region = "swedencentral"
    ptu = 25
    term = "1-year"
    start = "2026-06-01"
    price_per_ptu = "876"
    [[reservation]]
    name = "forgotten"
    kind = "regional"
    region = "swedencentral"
    ptu = 5
    term = "1-year"
    start = "2026-06-01"
    price_per_ptu = "876"
"#;

const START: u64 = 1_793_606_400_000_000;
const HOUR: u64 = 3_600_000_000;

/// Each second a request for each deployment: 1,000 tokens keep 20 PTU of `a` busy, 750 keep 15 of
/// `b`.
struct Seconds(u64);

impl Traffic for Seconds {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let at = self.0;
        self.0 += 1;
        let (name, input) = if at.is_multiple_of(2) {
            ("a", 1_000)
        } else {
            ("b", 750)
        };
        let app = App {
            deployment: name.to_owned(),
            ..App::named(name)
        };
        let request = Request {
            at: SimTime::from_micros(START + at / 2 * 1_000_000),
            app: apps.id(app),
            tokens: RequestTokens {
                input,
                ..RequestTokens::default()
            },
            max_tokens: None,
            latency: None,
            priority: None,
        };
        (at < 7_200).then_some(Ok(request))
    }
}

fn planned(quotas: &[&str]) -> Result<FleetPlan, PlanError> {
    let config = Config::parse(SCENARIO, "fleet.toml").unwrap();
    let (catalog, rates) = (Catalog::bundled(), RateCard::bundled());
    let facts = Facts {
        catalog: &catalog,
        rates: &rates,
    };
    let market = Market {
        facts,
        terms: vec![PtuTerm::Year],
        on: "2026-11-02".parse().unwrap(),
    };
    let candidate = |place| Candidate::of(config.clone(), place, &market).unwrap();
    let question = Question {
        candidates: vec![candidate(0), candidate(1)],
        objective: Objective::default(),
        facts,
        span: Some(Span {
            start: SimTime::from_micros(START),
            end: SimTime::from_micros(START + HOUR),
        }),
        effort: Effort {
            every_up_to: 150,
            sizes: Wanted::Useful,
        },
    };
    let open = || -> Result<Box<dyn Traffic>, TrafficError> { Ok(Box::new(Seconds(0))) };
    let mut stage = Stage::new(Box::new(open), NonZero::<usize>::MIN);
    let quotas: Vec<Quota> = quotas.iter().map(|quota| quota.parse().unwrap()).collect();
    plan(&question, &quotas, &mut stage)
}

fn sizes(plan: &FleetPlan) -> Vec<u32> {
    plan.members.iter().map(|member| member.ptu.get()).collect()
}

#[test]
fn busy_deployments_use_what_is_reserved_and_buy_the_rest() {
    // Both are busy all the time at 20 and 15 PTU, which pays at 0.36 against 0.3027 USD an hour.
    let plan = planned(&[]).unwrap();
    assert_eq!(sizes(&plan), [20, 15]);
    let [regional, shared] = plan.pools.as_slice() else {
        panic!("{:?}", plan.pools);
    };
    let ptu = |pool: &PoolPlan| [pool.deployed, pool.owned, pool.unused, pool.bought].map(Ptu::get);
    let (regional, shared) = match regional.name.kind {
        DeploymentKind::Regional => (regional, shared),
        _ => (shared, regional),
    };
    assert_eq!(ptu(shared), [35, 25, 0, 10]);
    assert_eq!(shared.owned_cost, "2.5".parse().unwrap());
    // 10 × 2,652 / 8,760 USD for the hour.
    assert_eq!(
        shared.bought_cost,
        "26520".parse::<Money>().unwrap().fraction(1, 8_760)
    );
    assert_eq!(ptu(regional), [0, 5, 5, 0]);
    assert_eq!(regional.unused_cost, "0.5".parse().unwrap());
    assert_eq!(plan.cost.tokens, Money::zero());
    assert_eq!(plan.separately, plan.cost.total());
}

#[test]
fn a_quota_holds_for_all_deployments_of_a_kind_in_a_region() {
    // 30 PTU: 15 of each, and a quarter of the first one's tokens is paid for.
    let plan = planned(&["global:swedencentral=30"]).unwrap();
    assert_eq!(sizes(&plan), [15, 15]);
    assert!(plan.cost.tokens > "1.7".parse().unwrap());
    assert!(plan.cost.tokens < "1.81".parse().unwrap());
    let plan = planned(&["global:swedencentral=10"]).unwrap();
    assert_eq!(sizes(&plan), [0, 0]);
    assert_eq!(
        plan.pools.iter().map(|pool| pool.unused.get()).sum::<u32>(),
        30
    );
}
