//! The usage behind the statement: how much each owner asked for, priced or not.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::callers::{Callers, Owner};
use super::owners::Payer;
use super::policy::Policy;
use super::routes::Route;
use crate::money::Factor;
use crate::units::{Requests, Tokens};
use crate::usage::{Disposition, UsageSum};

/// Usage of one owner; exact, because split shares may leave fractions of requests and tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedUsage {
    /// Who asked.
    pub payer: Payer,
    /// Model, as on the statement.
    pub model: String,
    /// Deployment, as on the statement.
    pub deployment: String,
    /// The UTC day, in statements by day only.
    pub day: Option<NaiveDate>,
    /// What became of the requests.
    pub disposition: Disposition,
    /// Whether they are priced.
    pub priced: bool,
    /// How much there was.
    pub amount: UsageAmount,
}

/// Requests and their tokens; exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageAmount {
    /// Requests.
    pub requests: Factor,
    /// Prompt tokens, cached ones included [token].
    pub input: Factor,
    /// Answer tokens, reasoning included [token].
    pub output: Factor,
}

impl Default for UsageAmount {
    fn default() -> Self {
        Self {
            requests: Factor::zero(),
            input: Factor::zero(),
            output: Factor::zero(),
        }
    }
}

impl UsageAmount {
    /// Adds other usage.
    pub fn add(&mut self, other: &Self) {
        self.requests = self.requests.plus(&other.requests);
        self.input = self.input.plus(&other.input);
        self.output = self.output.plus(&other.output);
    }
}

/// What usage is counted by: caller, owner, segment, and what became of it.
pub(super) type CountKey = (usize, Owner, u32, Disposition);

/// Requests and tokens of one key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    requests: Requests,
    input: Tokens,
    output: Tokens,
}

impl Count {
    /// Adds one usage sum.
    pub(super) fn add(&mut self, sum: &UsageSum) {
        self.requests += sum.requests;
        self.input += sum.tokens.input;
        self.output += sum.tokens.output;
    }

    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.input += other.input;
        self.output += other.output;
    }

    fn share(&self, share: &Factor) -> UsageAmount {
        let of = |count: u64| Factor::ratio(count.into(), 1).times(share);
        UsageAmount {
            requests: of(self.requests.get()),
            input: of(self.input.get()),
            output: of(self.output.get()),
        }
    }
}

type UsageKey = (Payer, String, String, Option<NaiveDate>, Disposition);

/// Owner, model, deployment, segment, and what became of it.
type WholeKey = (Owner, String, String, u32, Disposition);

/// Every owner's usage, sorted; with days where `day` gives the day of a segment.
pub(super) fn owned_usage(
    counts: &BTreeMap<CountKey, Count>,
    callers: &Callers<'_>,
    policy: &Policy,
    day: impl Fn(u32) -> Option<NaiveDate>,
) -> Vec<OwnedUsage> {
    // Callers are added up before they are shared out: whole numbers add a hundred times faster
    // than fractions, and there are many callers to an owner.
    let mut wholes: BTreeMap<WholeKey, Count> = BTreeMap::new();
    for (&(caller, owner, segment, disposition), count) in counts {
        let (model, deployment) = place(caller, callers, policy);
        let key = (owner, model, deployment, segment, disposition);
        wholes.entry(key).or_default().merge(count);
    }
    let mut sums: BTreeMap<UsageKey, UsageAmount> = BTreeMap::new();
    for ((owner, model, deployment, segment, disposition), count) in wholes {
        for (payer, share) in &callers.payers[owner] {
            let (model, deployment) = (model.clone(), deployment.clone());
            let key = (payer.clone(), model, deployment, day(segment), disposition);
            sums.entry(key).or_default().add(&count.share(share));
        }
    }
    let owned = |((payer, model, deployment, day, disposition), amount)| OwnedUsage {
        payer,
        model,
        deployment,
        day,
        disposition,
        priced: policy.priced.contains(&disposition),
        amount,
    };
    sums.into_iter().map(owned).collect()
}

/// Model and deployment as on the statement, or as logged where nothing on it charges them.
fn place(caller: usize, callers: &Callers<'_>, policy: &Policy) -> (String, String) {
    match callers.route(caller) {
        Route::PerToken { tariff, .. } => {
            let tariff = &callers.routes.tariffs[tariff];
            (tariff.name.model.clone(), tariff.deployment.clone())
        }
        Route::Provisioned(at) => {
            let deployment = &policy.deployments[at];
            (deployment.model.clone(), deployment.name.clone())
        }
        Route::SharedCostOnly | Route::Undescribed { .. } => {
            let logged = callers.dimensions(caller);
            (
                logged.model.to_lowercase(),
                logged.deployment.to_lowercase(),
            )
        }
    }
}
