//! What gateway tests share: fleets by name, policies as text, and tables of calls and answers.

use tollbook::azure::{DeploymentKind, Offer};
use tollbook::sim::call::{Call, Origin};
use tollbook::sim::gateway::{DeploymentRole, Gateway, GatewayRules, Policy, PolicyError, Verdict};
use tollbook::sim::provisioned::ProvisionedRules;
use tollbook::sim::series::Series;
use tollbook::sim::setup::{AppRules, DeploymentRules, DeploymentSetup, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::{DeploymentId, Fleet};
use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::{App, Request};

use crate::sim_desk::{hundred_a_second, request, weighing};

/// A pool that prefers PTU; text may follow.
pub(crate) const PTU_THEN_PAYG: &str = r#"
    [[pool]]
    [[pool.member]]
    offer = "provisioned"
    [[pool.member]]
    offer = "standard"
    priority = 2
"#;

/// Deployments with their roles.
#[derive(Default)]
pub(crate) struct Park {
    pub(crate) roles: Vec<DeploymentRole>,
    pub(crate) deployments: Vec<DeploymentSetup>,
}

impl Park {
    fn with(
        mut self,
        name: &str,
        offer: Offer,
        kind: DeploymentKind,
        rules: DeploymentRules,
    ) -> Self {
        self.roles.push(DeploymentRole {
            name: name.to_owned(),
            offer,
            kind,
        });
        self.deployments.push(DeploymentSetup {
            name: name.to_owned(),
            logged_as: Vec::new(),
            rules,
            spillover: None,
        });
        self
    }

    pub(crate) fn provisioned(self, name: &str, rules: ProvisionedRules) -> Self {
        let rules = DeploymentRules::Provisioned(Box::new(rules));
        self.with(name, Offer::Provisioned, DeploymentKind::Global, rules)
    }

    pub(crate) fn standard(self, name: &str, kind: DeploymentKind) -> Self {
        self.limited(name, kind, StandardRules::default())
    }

    pub(crate) fn limited(self, name: &str, kind: DeploymentKind, rules: StandardRules) -> Self {
        self.with(
            name,
            Offer::Standard,
            kind,
            DeploymentRules::Standard(rules),
        )
    }

    /// The policy of a text, on these deployments.
    pub(crate) fn rules(&self, policy: &str) -> Result<GatewayRules, PolicyError> {
        policy_of(policy).resolve(&self.roles)
    }

    pub(crate) fn setup(&self, gateway: GatewayRules) -> Setup {
        Setup {
            deployments: self.deployments.clone(),
            gateway,
            apps: Vec::new(),
            queues: Vec::new(),
            yardstick: weighing("4"),
            thresholds: Vec::new(),
            seed: 1,
            start: None,
            end: None,
            series: Series::default(),
        }
    }
}

/// A policy as a scenario writes it, without the `gateway.` of its sections.
pub(crate) fn policy_of(text: &str) -> Policy {
    toml::from_str(text).unwrap()
}

/// The park of most cases: 100 weighted tokens a second, 60 s deep, and unlimited PAYG.
pub(crate) fn park() -> Park {
    Park::default()
        .provisioned("ptu", hundred_a_second())
        .standard("payg", DeploymentKind::Global)
}

/// A desk for the policy of a text.
pub(crate) fn desk(park: &Park, policy: &str) -> Desk {
    Desk::new(park, &park.rules(policy).unwrap())
}

/// One gateway in front of one park, and calls one by one.
pub(crate) struct Desk {
    gateway: Gateway,
    fleet: Fleet,
    names: Vec<String>,
}

impl Desk {
    pub(crate) fn new(park: &Park, rules: &GatewayRules) -> Self {
        let mut gateway = Gateway::new(rules, 1);
        for app in ["a", "b"] {
            gateway.introduce(&App::named(app), &AppRules::default());
        }
        Self {
            gateway,
            fleet: park.setup(rules.clone()).fleet(SimTime::default()),
            names: park.roles.iter().map(|role| role.name.clone()).collect(),
        }
    }

    /// Fills a provisioned deployment with `tokens` at `micros`.
    pub(crate) fn fill(&mut self, micros: u64, place: usize, tokens: u32) {
        let mut call = call(&request(micros, tokens, 0, None));
        let now = SimTime::from_micros(micros);
        self.fleet.attempt(now, DeploymentId::at(place), &mut call);
    }

    /// What becomes of a call, and the waits on its way: `wait 1 s, payg` or `429 in 40 s`.
    pub(crate) fn ask(&mut self, request: &Request) -> String {
        let mut call = call(request);
        let mut now = request.at;
        let mut waits = Vec::new();
        loop {
            match self.gateway.handle(now, &mut call, &mut self.fleet) {
                Verdict::Wait(until) => {
                    waits.push(format!("wait {}, ", seconds(until.since(now))));
                    now = until;
                }
                Verdict::Served(service) => {
                    return waits.concat() + &self.names[service.by.place()];
                }
                Verdict::Refused {
                    status,
                    retry_after,
                } => {
                    let hint = retry_after.map(|span| format!(" in {}", seconds(span)));
                    return format!("{}{status}{}", waits.concat(), hint.unwrap_or_default());
                }
            }
        }
    }

    pub(crate) fn trips(&self) -> &[u64] {
        self.gateway.trips()
    }

    pub(crate) fn attempts(&self, place: usize) -> (u64, u64) {
        self.fleet.attempts(DeploymentId::at(place))
    }
}

fn call(request: &Request) -> Call {
    let weight = weighing("4").weigh(&request.tokens, request.tokens.output);
    Call::new(*request, weight, Origin::Client)
}

fn seconds(span: SimDuration) -> String {
    let text = format!(
        "{}.{:06}",
        span.micros() / 1_000_000,
        span.micros() % 1_000_000
    );
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Plays a table of `at [s] | priority or - | input | answer` lines.
pub(crate) fn check(desk: &mut Desk, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [at, priority, input, answer] = cells[..] else {
            panic!("four cells: {line}")
        };
        let mut request = request(micros(at), input.parse().unwrap(), 0, None);
        request.priority = priority.parse().ok();
        assert_eq!(desk.ask(&request), answer, "{line}");
    }
}

/// Seconds with decimals as microseconds.
pub(crate) fn micros(seconds: &str) -> u64 {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    format!("{whole}{part:0<6}").parse().unwrap()
}
