//! Usage behind the lines: what each payer asked for, priced or not.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::callers::{Callers, Owner};
use super::policy::Policy;
use super::routes::Route;
use super::segments::Segments;
use crate::money::Factor;
use crate::units::{Requests, Tokens};
use crate::usage::{Disposition, UsageSum};

/// Usage of one payer; exact, because split shares may leave fractions of requests and tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedUsage {
    /// Who asked.
    pub business_unit: String,
    /// Cost centre; may be empty.
    pub cost_centre: String,
    /// Application; may be empty.
    pub app: String,
    /// Model, as on the statement.
    pub model: String,
    /// Deployment, as on the statement.
    pub deployment: String,
    /// The UTC day, in statements by day only.
    pub day: Option<NaiveDate>,
    /// What became of the requests, and so whether they are priced.
    pub disposition: Disposition,
    /// How many requests.
    pub requests: Factor,
    /// Prompt tokens, cached ones included [token].
    pub input: Factor,
    /// Answer tokens, reasoning included [token].
    pub output: Factor,
}

/// Whole-number sums of usage on their way to payers.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    requests: Requests,
    input: Tokens,
    output: Tokens,
}

/// A caller, its owner, what became of its requests, and the segment of the period.
type CountKey = (usize, Owner, Disposition, u32);

/// Usage by caller and owner, while it is metered.
#[derive(Debug, Default)]
pub(super) struct UsageMeter {
    counts: HashMap<CountKey, Counts>,
}

impl UsageMeter {
    /// Adds one usage sum of a caller and its owner.
    pub(super) fn add(&mut self, sum: &UsageSum, caller: usize, owner: Owner, segment: u32) {
        let key = (caller, owner, sum.key.disposition, segment);
        let counts = self.counts.entry(key).or_default();
        counts.requests += sum.requests;
        counts.input += sum.tokens.input;
        counts.output += sum.tokens.output;
    }

    /// Usage of every payer, sorted; by day where segments are days.
    pub(super) fn finish(
        self,
        callers: &Callers<'_>,
        policy: &Policy,
        days: Option<&Segments>,
    ) -> Vec<OwnedUsage> {
        let mut owned: BTreeMap<Place, [Factor; 3]> = BTreeMap::new();
        for ((caller, owner, disposition, segment), counts) in self.counts {
            let (model, deployment) = names(callers, policy, caller);
            for (payer, share) in &callers.payers[owner] {
                let place = Place {
                    business_unit: payer.business_unit.clone(),
                    cost_centre: payer.cost_centre.clone(),
                    app: payer.app.clone(),
                    model: model.clone(),
                    deployment: deployment.clone(),
                    day: days.map(|segments| segments.start(segment)),
                    disposition,
                };
                let sums = owned.entry(place).or_insert_with(|| [(); 3].map(|()| Factor::zero()));
                let counts = [counts.requests.get(), counts.input.get(), counts.output.get()];
                for (sum, count) in sums.iter_mut().zip(counts) {
                    *sum = sum.plus(&Factor::ratio(count.into(), 1).times(share));
                }
            }
        }
        owned.into_iter().map(|(place, sums)| place.with(sums)).collect()
    }
}

/// Everything that tells owned usage apart, in the order it is sorted.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    business_unit: String,
    cost_centre: String,
    app: String,
    model: String,
    deployment: String,
    day: Option<NaiveDate>,
    disposition: Disposition,
}

impl Place {
    fn with(self, [requests, input, output]: [Factor; 3]) -> OwnedUsage {
        OwnedUsage {
            business_unit: self.business_unit,
            cost_centre: self.cost_centre,
            app: self.app,
            model: self.model,
            deployment: self.deployment,
            day: self.day,
            disposition: self.disposition,
            requests,
            input,
            output,
        }
    }
}

/// The model and deployment of a caller's usage, as its lines name them.
fn names(callers: &Callers<'_>, policy: &Policy, caller: usize) -> (String, String) {
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
            let dimensions = callers.dimensions(caller);
            (dimensions.model.clone(), dimensions.deployment.to_lowercase())
        }
    }
}
