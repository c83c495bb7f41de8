//! A desk for planners: made-up traffic, one deployment of an easy model, and its plan.

use std::num::NonZero;

use tollbook::azure::PtuTerm;
use tollbook::catalog::Catalog;
use tollbook::chargeback::Facts;
use tollbook::config::Config;
use tollbook::plan::candidate::Market;
use tollbook::plan::objective::Objective;
use tollbook::plan::sizes::Wanted;
use tollbook::plan::stage::Stage;
use tollbook::plan::study::Effort;
use tollbook::plan::{Candidate, PlanError, Question, Span, Study, study};
use tollbook::rate_card::RateCard;
use tollbook::time::SimTime;
use tollbook::workload::{App, AppId, Apps, Request, RequestTokens, Traffic, TrafficError};

/// One app's requests.
pub(crate) struct Requests(pub(crate) Vec<Request>);

impl Requests {
    /// The same requests as traffic.
    pub(crate) fn traffic(&self) -> Box<dyn Traffic> {
        Box::new(OneApp(self.0.clone().into_iter()))
    }
}

struct OneApp(std::vec::IntoIter<Request>);

impl Traffic for OneApp {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        apps.id(App {
            app: "app".to_owned(),
            ..App::default()
        });
        Iterator::next(&mut self.0).map(Ok)
    }
}

/// The id of the only app.
pub(crate) fn only_app() -> AppId {
    Apps::default().id(App::default())
}

/// A request of so many prompt tokens and none of answer.
pub(crate) fn request(micros: u64, input: u32) -> Request {
    Request {
        at: SimTime::from_micros(DAY + micros),
        app: only_app(),
        tokens: RequestTokens {
            input,
            ..RequestTokens::default()
        },
        max_tokens: None,
        latency: None,
        priority: None,
    }
}

/// 2026-11-02, a day on which every bundled price is known [µs since 1970].
pub(crate) const DAY: u64 = 1_793_577_600_000_000;

/// What a planner is asked beside traffic.
pub(crate) struct Ask {
    /// `[simulation]`, `[[price]]` and the like.
    pub(crate) extra: String,
    /// What a size must do.
    pub(crate) objective: Objective,
    /// The span; from the first request to the last if not given.
    pub(crate) span: Option<Span>,
    /// Every size is played up to so many.
    pub(crate) every_up_to: u32,
    /// Quota of the standard deployment [token/minute]; none if not given.
    pub(crate) standard_tpm: Option<u64>,
    /// Cores.
    pub(crate) threads: usize,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            extra: String::new(),
            objective: Objective::default(),
            span: None,
            every_up_to: 150,
            standard_tpm: None,
            threads: 1,
        }
    }
}

/// One provisioned deployment of gpt-4.1 (3,000 tokens a minute and PTU, answers weigh 4, sizes from 15
/// in steps of 5, 2 and 8 USD a million) that spills over to an unlimited standard one.
const DEPLOYMENTS: &str = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
ptu = 0

[[deployment]]
name = "standard"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
spillover_from = "ptu"
"#;

/// The plan for traffic that `open` opens.
pub(crate) fn plan(open: impl FnMut() -> Box<dyn Traffic>, ask: Ask) -> Result<Study, PlanError> {
    plan_and(open, ask, |plan, _, _| Ok(plan))
}

/// The plan for traffic that `open` opens, and what comes `after` it on the same stage.
pub(crate) fn plan_and<R>(
    mut open: impl FnMut() -> Box<dyn Traffic>,
    ask: Ask,
    after: impl FnOnce(Study, &Facts<'_>, &mut Stage<'_>) -> Result<R, PlanError>,
) -> Result<R, PlanError> {
    let quota = ask
        .standard_tpm
        .map_or_else(String::new, |tpm| format!("tpm = {tpm}\n"));
    let text = format!("{}\n{DEPLOYMENTS}{quota}", ask.extra);
    let config = Config::parse(&text, "desk.toml").unwrap();
    let catalog = Catalog::bundled();
    let rates = RateCard::bundled()
        .with_own(&config.prices, &config.ptu_prices)
        .unwrap();
    let facts = Facts {
        catalog: &catalog,
        rates: &rates,
    };
    let market = Market {
        facts,
        terms: PtuTerm::ALL.to_vec(),
        on: "2026-11-22".parse().unwrap(),
    };
    let question = Question {
        candidates: vec![Candidate::of(config, 0, &market).unwrap()],
        objective: ask.objective,
        facts,
        span: ask.span,
        effort: Effort {
            every_up_to: ask.every_up_to,
            sizes: Wanted::Useful,
        },
    };
    let threads = NonZero::new(ask.threads).unwrap();
    let mut stage = Stage::new(Box::new(move || Ok(open())), threads);
    let plan = study(question, &mut stage)?;
    after(plan, &facts, &mut stage)
}
