//! Why a period cannot be charged; each message lists everything of its kind at once.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use thiserror::Error;

use super::pools::PoolName;
use crate::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use crate::catalog::ModelName;
use crate::rate_card::PriceError;
use crate::units::{Requests, Tokens};

/// Why a period cannot be charged.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ChargeError {
    /// Logs name deployments that nothing describes.
    #[error("{}", undescribed(.0))]
    Undescribed(Vec<Undescribed>),
    /// Tokens have no price.
    #[error("{}", unpriced(.0))]
    Unpriced(Vec<Unpriced>),
    /// Models lack the figures that weigh their tokens.
    #[error("{}", no_figures(.0))]
    NoFigures(Vec<NoFigures>),
    /// Provisioned throughput has no price.
    #[error(
        "pool {pool}: {error}\nhint: add a [[ptu_price]] (kind, region, term = \"{term}\", price, \
         from, source, as_of){}",
        if *.term == PtuTerm::Hourly { "" } else { ", or price_per_ptu to the [[reservation]]" }
    )]
    NoPtuPrice {
        /// The pool.
        pool: PoolName,
        /// The term that lacks a price.
        term: PtuTerm,
        /// What the rate card says.
        error: PriceError,
    },
    /// Prices are in US dollars and the statement is not.
    #[error(
        "no exchange rate from USD to {currency} on {day}\nhint: add [[exchange_rate]] with \
         from = \"{day}\" or earlier and rate = units of {currency} per 1 USD"
    )]
    NoExchangeRate {
        /// The first day without one.
        day: NaiveDate,
        /// The statement's currency.
        currency: String,
    },
    /// The lines do not add up to the cost: an error of the program, never of its input.
    #[error(
        "internal error: the statement adds up to {lines}, but the cost is {cost}; please report it"
    )]
    Unbalanced {
        /// Sum of all lines.
        lines: String,
        /// The cost.
        cost: String,
    },
}

/// Usage of a deployment that nothing describes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undescribed {
    /// Its name in the logs, in lower case.
    pub deployment: String,
    /// Its backend in the logs; may be empty.
    pub backend: String,
    /// The model that served, as far as the logs tell; may be empty.
    pub model: String,
    /// How many requests it served.
    pub requests: Requests,
    /// Whether it is described, but the model that is to be priced is not logged.
    pub lacks_model: bool,
}

/// Tokens without a price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unpriced {
    /// The model.
    pub name: ModelName,
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region.
    pub region: String,
    /// Price tier.
    pub tier: Tier,
    /// Token class.
    pub class: TokenClass,
    /// The context threshold that the requests exceeded.
    pub input_above: Option<Tokens>,
    /// First and last day of such usage.
    pub days: (NaiveDate, NaiveDate),
    /// How many tokens.
    pub tokens: Tokens,
    /// What the rate card says of the first day.
    pub reason: String,
}

/// What needs the weights of tokens, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NeededBy {
    /// A provisioned deployment.
    Deployment(String),
    /// A shared cost.
    SharedCost(String),
}

impl fmt::Display for NeededBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deployment(name) => write!(f, "deployment {name:?}"),
            Self::SharedCost(name) => write!(f, "shared cost {name:?}"),
        }
    }
}

/// A model whose tokens cannot be weighed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoFigures {
    /// What needs the weights.
    pub needed_by: NeededBy,
    /// The model.
    pub model: ModelName,
    /// Why there are none, with the nearest known.
    pub reason: String,
    /// First day of such usage.
    pub first_day: NaiveDate,
}

fn undescribed(deployments: &[Undescribed]) -> String {
    let listed = deployments.iter().map(|one| {
        let reason = if one.lacks_model {
            "described, but the logs do not name the model to price"
        } else {
            "not described"
        };
        format!(
            "\n  {:?} (backend {:?}, model {:?}, {} requests): {reason}",
            one.deployment, one.backend, one.model, one.requests
        )
    });
    let described = deployments.iter().filter(|one| !one.lacks_model);
    let snippets = described.map(|one| format!("\n\n{}", one.snippet(deployments)));
    format!(
        "the configuration does not tell how these deployments are paid:{}\n\
         hint: describe each, or set [defaults] for all; for example{}",
        listed.collect::<String>(),
        snippets.collect::<String>()
    )
}

impl Undescribed {
    /// A table to start from; where one name is reached through several backends, one for each.
    /// `all` are sorted.
    pub fn snippet(&self, all: &[Self]) -> String {
        let before = all.partition_point(|other| other.deployment < self.deployment);
        let through = all.partition_point(|other| other.deployment <= self.deployment);
        let namesakes = through - before;
        let names = match (namesakes, self.backend.as_str()) {
            (1, _) | (_, "") => format!("name = {:?}", self.deployment),
            (_, backend) => format!(
                "name = {:?}\nlogged_as = [{:?}]\nbackends = [{backend:?}]",
                format!("{} at {backend}", self.deployment),
                self.deployment
            ),
        };
        format!(
            "[[deployment]]\n{names}\nmodel = {:?}\noffer = \"standard\"\nkind = \"global\"\n\
             region = \"swedencentral\"",
            self.model
        )
    }
}

/// The prices that are missing, and how to add them.
pub fn prices_missing(missing: &[Unpriced]) -> String {
    let listed = missing.iter().map(|one| format!("\n  {one}"));
    format!(
        "prices are missing:{}\nhint: add a [[price]] (model, kind, region, tier, a price per \
         class, from, source, as_of) to the configuration",
        listed.collect::<String>()
    )
}

/// The same for a charge, which may leave tokens unpriced.
fn unpriced(missing: &[Unpriced]) -> String {
    let models: BTreeSet<&str> = missing.iter().map(|m| m.name.model.as_str()).collect();
    let allowed = models.iter().map(|m| format!(" --allow-unpriced {m}"));
    format!(
        "{}, or pass{}",
        prices_missing(missing),
        allowed.collect::<String>()
    )
}

impl fmt::Display for Unpriced {
    /// Writes what is missing, on which days, for how many tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.days;
        write!(
            f,
            "{} {} {} tokens of {} in {}",
            self.tier, self.kind, self.class, self.name, self.region
        )?;
        if let Some(above) = self.input_above {
            write!(f, " (input above {above} tokens)")?;
        }
        write!(f, ": {} tokens, {first}", self.tokens)?;
        if first != last {
            write!(f, " to {last}")?;
        }
        write!(f, " ({})", self.reason)
    }
}

fn no_figures(missing: &[NoFigures]) -> String {
    let listed = missing.iter().map(|one| {
        let (what, day, why) = (&one.needed_by, one.first_day, &one.reason);
        format!("\n  {what} from {day}: {why}")
    });
    format!(
        "tokens cannot be weighed:{}\nhint: add a [[model]] (name, input_tpm_per_ptu, weights, \
         from, source, as_of) to the configuration",
        listed.collect::<String>()
    )
}
