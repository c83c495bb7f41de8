//! Configurations and scenarios that do not hold.

use chrono::NaiveDate;

use super::{CONFIG_ERROR, SCENARIO_ERROR};
use crate::catalog::Catalog;
use crate::chargeback::{FaultKind, Step};
use crate::check::finding::{Finding, Place};
use crate::check::rule::Rule;
use crate::check::rules::attribution::SHARES_NOT_100;
use crate::check::rules::prices::PTU_PRICE_REGION;
use crate::check::rules::written::entry;
use crate::config::scenario::{Scenario, Sizes};
use crate::config::{Config, ConfigError, Message};
use crate::rate_card::{OwnPriceError, Regions};

/// One finding for everything that is wrong with a configuration.
pub fn from_config_error(error: &ConfigError) -> Vec<Finding> {
    of_messages(error, &CONFIG_ERROR)
}

/// Everything that is wrong with own models and prices, which the rate card and the catalog
/// refuse: where there is any, there is nothing to charge with.
pub fn own_facts(config: &Config, regions: &Regions) -> Vec<Finding> {
    let models = config.models.iter().enumerate().filter_map(|(at, own)| {
        let message = own.fault()?.to_string();
        Some((&CONFIG_ERROR, entry("model", at, "name"), message))
    });
    let prices = config.prices.iter().enumerate().filter_map(|(at, own)| {
        let fault = own.fault(regions)?;
        Some((
            &CONFIG_ERROR,
            entry("price", at, key(&fault)),
            fault.to_string(),
        ))
    });
    let ptu = config
        .ptu_prices
        .iter()
        .enumerate()
        .filter_map(|(at, own)| {
            let fault = own.fault(regions)?;
            let rule = match fault {
                OwnPriceError::UnknownRegion { .. } => &PTU_PRICE_REGION,
                OwnPriceError::Empty { .. } | OwnPriceError::Span { .. } => &CONFIG_ERROR,
            };
            Some((rule, entry("ptu_price", at, key(&fault)), fault.to_string()))
        });
    let faults = models.chain(prices).chain(ptu);
    faults
        .map(|(rule, path, message)| {
            Finding::of(rule, message.clone(), message).written(config, &path)
        })
        .collect()
}

/// The key that is at fault.
const fn key(fault: &OwnPriceError) -> &'static str {
    match fault {
        OwnPriceError::UnknownRegion { .. } => "region",
        OwnPriceError::Empty { .. } => "model",
        OwnPriceError::Span { .. } => "until",
    }
}

/// Everything that is wrong with the text of a scenario, which messages call `name`.
///
/// Its figures are those of `catalog` and of its own [[model]] tables on the first day it plays;
/// `as_of` where it does not say which that is. A configuration that plays nothing is only read.
pub fn scenario(name: &str, text: &str, catalog: &Catalog, as_of: NaiveDate) -> Vec<Finding> {
    let config = match Config::parse(text, name) {
        Ok(config) => config,
        Err(error) => return of_messages(&error, &SCENARIO_ERROR),
    };
    let catalog = match catalog.clone().with_own(&config.models) {
        Ok(catalog) => catalog.allow_earlier(),
        Err(error) => {
            let message = error.to_string();
            let finding = Finding::of(&SCENARIO_ERROR, message.clone(), message);
            return vec![finding.written(&config, &[Step::Key("model")])];
        }
    };
    if !plays(&config.scenario) {
        return Vec::new();
    }
    let day = first_day(&config.scenario).unwrap_or(as_of);
    match config.setup(&catalog, day, Sizes::Legal) {
        Ok(_) => Vec::new(),
        Err(error) => of_messages(&error, &SCENARIO_ERROR),
    }
}

/// Whether anything in it is for simulations only.
fn plays(scenario: &Scenario) -> bool {
    let gateway = scenario.gateway.policy();
    !scenario.traffic.is_empty()
        || !scenario.apps.is_empty()
        || !scenario.queues.is_empty()
        || !matches!(gateway, Ok(None))
}

/// The day that the scenario says it starts on.
fn first_day(scenario: &Scenario) -> Option<NaiveDate> {
    let starts = scenario.traffic.iter().filter_map(|traffic| traffic.start);
    scenario.simulation.from.or_else(|| starts.min())?.day()
}

/// A finding for each message; those about shares are of a rule of their own.
fn of_messages(error: &ConfigError, rule: &'static Rule) -> Vec<Finding> {
    error
        .messages
        .iter()
        .map(|one| of_message(one, rule))
        .collect()
}

fn of_message(message: &Message, rule: &'static Rule) -> Finding {
    let rule = match message.kind {
        FaultKind::Shares => &SHARES_NOT_100,
        FaultKind::Other => rule,
    };
    let (text, hint) = message
        .text
        .split_once("\nhint: ")
        .unwrap_or((&message.text, ""));
    let text = text.replace('\n', " ");
    let place = match message.place {
        Some(place) => Place::text(&message.file, place.line, place.column),
        None => Place::whole(&message.file),
    };
    Finding::of(rule, text.clone(), text)
        .with_help(hint)
        .at(place)
}
