//! The configuration file: gathers the sections, each of which belongs to the module it is about.
//!
//! [`Config::parse`] reads the text of `tollbook.toml`. Values are checked as they are read, and
//! together after that; every message says `file:line:column`, and all faults of the second kind
//! are reported at once.

pub mod check;
pub mod deployment;
mod place;
mod reading;
pub mod scenario;
mod schema;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use crate::catalog::{Catalog, OwnModel};
use crate::chargeback::adjustments::{Adjustments, Credit, PercentAdjustment};
use crate::chargeback::allocation::Allocation;
use crate::chargeback::deployments::Defaults;
use crate::chargeback::exchange::{ExchangeRate, PRICE_CURRENCY, minor_digits};
use crate::chargeback::owners::OwnerRule;
use crate::chargeback::reservations::Reservation;
use crate::chargeback::shared_costs::SharedCost;
use crate::chargeback::{Fault, Policy, Step};
use crate::rate_card::{OwnPrice, OwnPtuPrice};
use crate::sim::queue::QueueSection;
use crate::usage::format::MappedSource;
use check::CheckSection;
use deployment::DeploymentSection;
use place::Places;
pub use place::{FilePlace, Message};
pub use reading::{CacheHits, NoGatewayRow, Reading, Users};
use scenario::{
    AppSection, Built, GatewaySection, GatewayTable, Scenario, SimulationSection, Sizes,
    TrafficSection,
};
pub use schema::SCHEMA;

/// What the configuration file says.
#[derive(Clone, Debug)]
pub struct Config {
    /// Globs of the input files, relative to the configuration file.
    pub inputs: Vec<String>,
    /// The policy of chargebacks.
    pub policy: Policy,
    /// How logs are read.
    pub reading: Reading,
    /// Readers of other files by column names, in order.
    pub sources: Vec<MappedSource>,
    /// Own token prices.
    pub prices: Vec<OwnPrice>,
    /// Own prices of provisioned throughput.
    pub ptu_prices: Vec<OwnPtuPrice>,
    /// Own models.
    pub models: Vec<OwnModel>,
    /// What simulations are told beside the policy.
    pub scenario: Scenario,
    /// What checks are told.
    pub check: CheckSection,
    origin: Origin,
}

/// The file's name and text, for messages about what only facts can tell.
#[derive(Clone, Debug, Default)]
struct Origin {
    path: String,
    text: String,
}

/// Why a configuration cannot be used: everything that is wrong, in the order of its sections.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{}", lines(.messages))]
pub struct ConfigError {
    /// What is wrong, each with its place.
    pub messages: Vec<Message>,
}

/// One message a line.
fn lines(messages: &[Message]) -> String {
    let lines: Vec<String> = messages.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// What the logs cannot tell: deployments, owners, prices, policy, scenarios and checks.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
struct Sections {
    /// Files, folders and globs to read when the command line names none; relative to this file.
    inputs: Vec<String>,
    /// ISO 4217 code of the statement. Anything but USD needs `[[exchange_rate]]`.
    currency: String,
    /// Decimals of the smallest amount that is charged; by currency if left out.
    minor_digits: Option<u32>,
    /// What is assumed of deployments that the logs name and this file does not describe.
    defaults: Option<Defaults>,
    /// What a name in the logs is; tried in order, the first match wins.
    deployment: Vec<DeploymentSection>,
    /// Throughput that is paid for whether it is deployed or not.
    reservation: Vec<Reservation>,
    /// Who pays for a caller; tried in order, the first match wins.
    owner: Vec<OwnerRule>,
    /// How provisioned cost reaches business units.
    allocation: Allocation,
    /// Negotiated discounts, applied first, in order.
    discount: Vec<PercentAdjustment>,
    /// Markups, applied after discounts, in order.
    markup: Vec<PercentAdjustment>,
    /// Credits, applied after markups, in order.
    credit: Vec<Credit>,
    /// Taxes, applied last, in order.
    tax: Vec<PercentAdjustment>,
    /// Units of `currency` per US dollar from a day on.
    exchange_rate: Vec<ExchangeRate>,
    /// Fixed costs beside Azure OpenAI.
    shared_cost: Vec<SharedCost>,
    /// Own token prices; they go before bundled ones.
    price: Vec<OwnPrice>,
    /// Own prices of provisioned throughput; they go before bundled ones.
    ptu_price: Vec<OwnPtuPrice>,
    /// Own models and figures; they go before bundled ones.
    model: Vec<OwnModel>,
    /// How logs are read.
    reading: Reading,
    /// Any other CSV or JSON lines, read by column names.
    source: Vec<MappedSource>,
    /// Simulations: where requests come from; all of it at once.
    traffic: Vec<TrafficSection>,
    /// Simulations: what stands between callers and deployments.
    gateway: Option<GatewayTable>,
    /// Simulations: what holds for the calls of some apps; tried in order.
    app: Vec<AppSection>,
    /// Simulations: queues of batch work.
    queue: Vec<QueueSection>,
    /// Simulations: chance, span, and what Azure does not document.
    simulation: SimulationSection,
    /// Checks: which findings fail, how bad each is, and the limits that are judged by.
    check: CheckSection,
}

impl Default for Sections {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            currency: PRICE_CURRENCY.to_owned(),
            minor_digits: None,
            defaults: None,
            deployment: Vec::new(),
            reservation: Vec::new(),
            owner: Vec::new(),
            allocation: Allocation::default(),
            discount: Vec::new(),
            markup: Vec::new(),
            credit: Vec::new(),
            tax: Vec::new(),
            exchange_rate: Vec::new(),
            shared_cost: Vec::new(),
            price: Vec::new(),
            ptu_price: Vec::new(),
            model: Vec::new(),
            reading: Reading::default(),
            source: Vec::new(),
            traffic: Vec::new(),
            gateway: None,
            app: Vec::new(),
            queue: Vec::new(),
            simulation: SimulationSection::default(),
            check: CheckSection::default(),
        }
    }
}

/// Most decimals of a minor unit; no currency has more than four.
const MOST_MINOR_DIGITS: u32 = 6;

impl Config {
    /// Reads the text of a configuration file; `path` is its name in messages.
    pub fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        let places = Places::new(text, path);
        let sections: Sections = toml::from_str(text).map_err(|error| ConfigError {
            messages: vec![places.message(error.span(), error.message())],
        })?;
        let digits = sections.minor_digits;
        let mut config = sections.gather();
        config.origin = Origin {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let mut faults = config.policy.faults();
        faults.extend(config.scenario.faults(&config.policy));
        let mut messages = located(&places, &faults);
        if digits.is_some_and(|digits| digits > MOST_MINOR_DIGITS) {
            let message = format!("minor_digits is above {MOST_MINOR_DIGITS}");
            messages.push(places.message(places.of_key("minor_digits"), &message));
        }
        if messages.is_empty() {
            return Ok(config);
        }
        Err(ConfigError { messages })
    }

    /// The name of its file; empty where it is made up.
    pub fn file(&self) -> &str {
        &self.origin.path
    }

    /// Where the longest part of `path` that the file has is written.
    pub fn place(&self, path: &[Step]) -> Option<FilePlace> {
        let places = Places::new(&self.origin.text, &self.origin.path);
        Some(places.place(&places.of(path)?))
    }

    /// The simulation's setup with the figures of `catalog` that hold `on` a day.
    pub fn setup(
        &self,
        catalog: &Catalog,
        on: NaiveDate,
        sizes: Sizes,
    ) -> Result<Built, ConfigError> {
        let built = self.scenario.build(&self.policy, catalog, on, sizes);
        built.map_err(|faults| self.refusal(&faults))
    }

    /// Faults that others found in what this configuration says, with their places.
    pub fn refusal(&self, faults: &[Fault]) -> ConfigError {
        let places = Places::new(&self.origin.text, &self.origin.path);
        ConfigError {
            messages: located(&places, faults),
        }
    }
}

/// The faults as messages with their places.
fn located(places: &Places<'_>, faults: &[Fault]) -> Vec<Message> {
    let message = |fault: &Fault| {
        let message = places.message(places.of(&fault.path), &fault.message);
        Message {
            path: fault.path.clone(),
            kind: fault.kind,
            ..message
        }
    };
    faults.iter().map(message).collect()
}

impl Sections {
    fn gather(self) -> Config {
        let digits = self.minor_digits;
        let deployments = self.deployment.into_iter().map(DeploymentSection::split);
        let (deployments, simulated) = deployments.unzip();
        let policy = Policy {
            minor_digits: digits.unwrap_or_else(|| minor_digits(&self.currency)),
            currency: self.currency,
            defaults: self.defaults,
            deployments,
            reservations: self.reservation,
            owners: self.owner,
            allocation: self.allocation,
            shared_costs: self.shared_cost,
            adjustments: Adjustments {
                discounts: self.discount,
                markups: self.markup,
                credits: self.credit,
                taxes: self.tax,
            },
            exchange_rates: self.exchange_rate,
            priced: self.reading.priced(),
            allowed_unpriced: BTreeSet::new(),
        };
        Config {
            inputs: self.inputs,
            policy,
            reading: self.reading,
            sources: self.source,
            prices: self.price,
            ptu_prices: self.ptu_price,
            models: self.model,
            scenario: Scenario {
                traffic: self.traffic,
                gateway: self.gateway.map(GatewaySection::from).unwrap_or_default(),
                apps: self.app,
                queues: self.queue,
                simulation: self.simulation,
                deployments: simulated,
            },
            check: self.check,
            origin: Origin::default(),
        }
    }
}

#[cfg(test)]
mod tests;
