//! Runs the check on files in memory.

use std::num::NonZero;
use std::sync::LazyLock;

use tollbook::catalog::Catalog;
use tollbook::chargeback::Facts;
use tollbook::check::rules::{from_config_error, own_facts};
use tollbook::check::{Choice, Finding, Job, Scope, Settings};
use tollbook::config::Config;
use tollbook::rate_card::RateCard;
use tollbook::usage::{ReadOptions, Source, assembly};

use super::files::Files;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::bundled);
static RATES: LazyLock<RateCard> = LazyLock::new(RateCard::bundled);

/// What the check finds on the day that all fixtures are checked on.
pub(crate) fn found(files: &Files, policy: &str) -> Vec<Finding> {
    let config = match Config::parse(policy, "tollbook.toml") {
        Ok(config) => config,
        Err(error) => return from_config_error(&error),
    };
    let faults = own_facts(&config, RATES.regions());
    if !faults.is_empty() {
        return faults;
    }
    let catalog = CATALOG.clone().with_own(&config.models).unwrap();
    let rates = RATES.clone();
    let rates = rates.with_own(&config.prices, &config.ptu_prices).unwrap();
    let settings = Settings::of(&config.check, Choice::default()).unwrap();
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, bytes)| Source::from_bytes(name.as_str(), bytes.as_slice()))
        .collect();
    let spill = std::env::temp_dir();
    let job = Job {
        sources: &sources,
        config: &config,
        facts: Facts {
            catalog: &catalog,
            rates: &rates,
        },
        settings: &settings,
        as_of: "2026-11-22".parse().unwrap(),
        period: Some("2026-10".parse().unwrap()),
        scope: Scope::default(),
        reading: ReadOptions {
            dates: config.reading.dates,
            mapped: config.sources.clone(),
            ..ReadOptions::default()
        },
        assembling: assembly::Options::new(spill),
        threads: NonZero::<usize>::MIN,
        beforehand: Vec::new(),
    };
    job.check().unwrap().findings
}
