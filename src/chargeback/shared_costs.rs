//! Fixed costs beside Azure OpenAI (the gateway, search, queues), shared by use or by policy.

use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use super::allocation::{Key, Keys, Weights};
use super::ledger::{Charge, ChargeKey, Ledger, UnitPrice, post};
use super::segments::Segments;
use super::statement::Component;
use crate::money::{Factor, Money};

/// A cost per calendar month, and the key it is shared by.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SharedCost {
    /// Name on the statement.
    pub name: String,
    /// The amount of one calendar month in the statement's currency; part months by days.
    pub amount: Money,
    /// The key.
    pub by: SharedKey,
    /// Which requests count.
    #[serde(default)]
    pub count: Counted,
    /// Logged deployments whose usage counts, in any case; empty means all.
    #[serde(default)]
    pub deployments: Vec<String>,
    /// Whether usage of those deployments is also priced per token.
    #[serde(default = "yes")]
    pub price_per_token: bool,
}

/// Keys for shared costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SharedKey {
    /// By requests.
    Requests,
    /// By prompt tokens, cached ones included.
    InputTokens,
    /// By prompt and answer tokens.
    Tokens,
    /// By the capacity that requests would take of provisioned throughput.
    WeightedTokens,
    /// By the throughput held.
    Shares,
    /// Evenly over the business units with priced use in the period.
    Even,
    /// By fixed percentages.
    Fixed,
}

/// Which requests count towards a shared cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Those whose tokens have a price.
    #[default]
    Priced,
    /// All that reached the gateway.
    All,
}

fn yes() -> bool {
    true
}

impl SharedKey {
    pub(super) const fn key(self) -> Key {
        match self {
            Self::Requests | Self::InputTokens | Self::Tokens | Self::WeightedTokens => Key::Use,
            Self::Shares => Key::Shares,
            Self::Even => Key::Even,
            Self::Fixed => Key::Fixed,
        }
    }

    /// The unit of quantities on the statement, for keys that count one.
    const fn unit(self) -> Option<&'static str> {
        match self {
            Self::Requests => Some("requests"),
            Self::InputTokens | Self::Tokens => Some("tokens"),
            Self::WeightedTokens | Self::Shares | Self::Even | Self::Fixed => None,
        }
    }
}

impl SharedCost {
    /// Whether usage logged under this deployment name counts.
    pub(super) fn counts_deployment(&self, logged: &str) -> bool {
        self.deployments.is_empty() || self.names(logged)
    }

    /// Whether the cost names this deployment.
    pub(super) fn names(&self, logged: &str) -> bool {
        self.deployments
            .iter()
            .any(|name| name.eq_ignore_ascii_case(logged))
    }

    /// The part of the amount that belongs to `day`.
    fn on(&self, day: NaiveDate) -> Money {
        self.amount.fraction(1, days_of_month(day))
    }

    /// Posts the cost of the period, shared out, and returns its exact amount and the key that was
    /// applied. `weights` are the counts of the whole period by payer.
    pub(super) fn post(
        &self,
        ledger: &mut Ledger,
        segments: &Segments,
        keys: &Keys<'_>,
        weights: &Weights,
    ) -> (Money, Key) {
        let division = keys.divide(self.by.key(), weights);
        let counted: Factor = weights.values().sum();
        let unit = self.by.unit().filter(|_| division.key == Key::Use);
        let days = Factor::ratio(segments.days().count() as u128, 1);
        let mut total = Money::zero();
        for (index, day) in segments.days() {
            let amount = self.on(day);
            for (payer, share, part) in division.of(&amount) {
                let key = ChargeKey {
                    payer: payer.clone(),
                    model: String::new(),
                    deployment: self.name.clone(),
                    component: Component::SharedCost,
                    day: segments.start(segments.of(index)),
                };
                let quantity = unit.map(|u| (counted.times(share).divided_by(&days), u));
                let charge = Charge {
                    quantity,
                    unit_price: UnitPrice::Several,
                    exact: part,
                };
                post(ledger, key, charge);
            }
            total += &amount;
        }
        (total, division.key)
    }
}

/// How many days the month of `day` has.
pub(crate) fn days_of_month(day: NaiveDate) -> u128 {
    let first = day.with_day(1).expect("every month has a first day");
    let next = first.checked_add_months(Months::new(1));
    next.map_or(31, |next| {
        u128::try_from(next.signed_duration_since(first).num_days()).expect("months are positive")
    })
}
