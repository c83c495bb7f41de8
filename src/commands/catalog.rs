//! `tollbook catalog`: what is known about models and prices, where from, and how old it is.

use anyhow::{Context, bail};
use chrono::{Days, NaiveDate};
use clap::{Args, Subcommand, ValueEnum};

use super::Done;
use super::configuration;
use super::console::Console;
use super::facts::KnownFacts;
use crate::azure::{DeploymentKind, Tier, region_name};
use crate::catalog::ModelName;
use crate::config::Config;
use crate::report::catalog::{self as report, Explained, Filter, Listing, Shown};
use crate::spelling;

/// Flags of `tollbook catalog`.
#[derive(Debug, Args)]
pub struct CatalogArgs {
    #[command(subcommand)]
    view: View,
}

#[derive(Debug, Subcommand)]
enum View {
    /// List models: versions, encoding, throughput of a PTU, weights, sizes.
    Models(ListArgs),
    /// List token prices [USD per million tokens].
    Prices(ListArgs),
    /// List prices of one PTU for an hour, a month or a year [USD].
    Ptu(ListArgs),
    /// Say what a model costs and serves, where each figure is from, and how old it is.
    Explain(ExplainArgs),
}

/// Flags of the lists.
#[derive(Debug, Args)]
struct ListArgs {
    /// Only models with this in their name; * stands for anything.
    #[arg(long, value_name = "PATTERN")]
    model: Option<String>,
    /// Only this deployment kind: global, datazone or regional.
    #[arg(long, value_name = "KIND")]
    kind: Option<DeploymentKind>,
    /// Only what holds in this region.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only this price tier: standard, priority, batch or flex.
    #[arg(long, value_name = "TIER")]
    tier: Option<Tier>,
    /// What holds on this day; today if not given.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Only facts whose source was read more than so many days before.
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u64>,
    /// Show rows that answer the same question differently.
    #[arg(long)]
    conflicts: bool,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for a terminal.
    Table,
    /// Comma-separated values, every column.
    Csv,
    /// JSON, every column.
    Json,
}

/// Flags of `tollbook catalog explain`.
#[derive(Debug, Args)]
struct ExplainArgs {
    /// The model, as the catalog or as logs name it.
    model: String,
    /// Deployment kind: global, datazone or regional.
    #[arg(long, default_value_t = DeploymentKind::Global, value_name = "KIND")]
    kind: DeploymentKind,
    /// Region; that of `[defaults]` in the configuration if not given.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The day; today if not given.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
}

/// Shows what was asked for.
pub fn run(args: &CatalogArgs, console: &mut Console) -> anyhow::Result<Done> {
    let config = configuration::load(console)?.config;
    let facts = KnownFacts::of(&config, false)?;
    let text = match &args.view {
        View::Models(list) => list.render(console, &facts, |filter| match filter.shown {
            Shown::Used => report::models(&facts.catalog, filter),
            Shown::Conflicts => report::conflicts(&facts.catalog, filter),
        })?,
        View::Prices(list) => list.render(console, &facts, |filter| {
            report::prices(&facts.rates, filter)
        })?,
        View::Ptu(list) => list.render(console, &facts, |filter| {
            report::ptu_prices(&facts.rates, filter)
        })?,
        View::Explain(asked) => asked.explain(&facts, &config, console.today)?,
    };
    console.out().write_all(text.as_bytes())?;
    Ok(Done::Met)
}

impl ListArgs {
    fn render(
        &self,
        console: &mut Console,
        facts: &KnownFacts,
        list: impl Fn(&Filter) -> Listing,
    ) -> anyhow::Result<String> {
        let filter = self.filter(facts, console.today)?;
        let listing = list(&filter);
        if listing.is_empty() {
            self.check_model(facts)?;
            console.note(&format!("nothing is listed for {}", filter.on));
        }
        Ok(match self.format {
            Format::Table => listing.table(console.width),
            Format::Csv => listing.csv(),
            Format::Json => listing.json(),
        })
    }

    fn filter(&self, facts: &KnownFacts, today: NaiveDate) -> anyhow::Result<Filter> {
        let on = self.on.unwrap_or(today);
        let region = self
            .region
            .as_deref()
            .map(|region| known_region(facts, region));
        let read_before = self.older_than.map(|days| {
            on.checked_sub_days(Days::new(days))
                .with_context(|| format!("--older-than {days} is more days than a calendar has"))
        });
        Ok(Filter {
            model: self.model.clone(),
            kind: self.kind,
            region: region.transpose()?,
            tier: self.tier,
            on,
            read_before: read_before.transpose()?,
            shown: if self.conflicts {
                Shown::Conflicts
            } else {
                Shown::Used
            },
        })
    }

    /// An error if nothing is listed because no model is called so.
    fn check_model(&self, facts: &KnownFacts) -> anyhow::Result<()> {
        let Some(pattern) = &self.model else {
            return Ok(());
        };
        let names = || {
            facts
                .catalog
                .models()
                .map(|model| model.name.model.as_str())
        };
        if names()
            .chain(facts.rates.models())
            .any(|name| report::matches(pattern, name))
        {
            return Ok(());
        }
        let all = names().chain(facts.rates.models());
        bail!(
            "no model is called {pattern:?}{}",
            spelling::hint(pattern, all)
        )
    }
}

impl ExplainArgs {
    /// The model that is meant: one of the catalog, or one that only has prices.
    fn named(&self, facts: &KnownFacts) -> Option<ModelName> {
        let priced = || {
            facts
                .rates
                .models()
                .find(|model| model.eq_ignore_ascii_case(&self.model))
        };
        facts.catalog.resolve(&self.model).or_else(|| {
            let model = priced()?.to_owned();
            Some(ModelName {
                model,
                version: None,
            })
        })
    }

    fn explain(
        &self,
        facts: &KnownFacts,
        config: &Config,
        today: NaiveDate,
    ) -> anyhow::Result<String> {
        let defaults = config.policy.defaults.as_ref();
        let region = match (&self.region, defaults) {
            (Some(region), _) => known_region(facts, region)?,
            (None, Some(defaults)) => defaults.region.clone(),
            (None, None) => bail!(
                "prices depend on the region: name it with --region, or set `region` in \
                 [defaults] of tollbook.toml"
            ),
        };
        let Some(name) = self.named(facts) else {
            let nearest = facts.catalog.nearest(&self.model);
            let hint = match nearest.as_slice() {
                [] => "; `tollbook catalog models` lists the known ones".to_owned(),
                names => format!("; did you mean {}?", spelling::any_of(names)),
            };
            bail!("no model is called {:?}{hint}", self.model);
        };
        let asked = Explained {
            name,
            kind: self.kind,
            region,
            on: self.on.unwrap_or(today),
        };
        Ok(report::explain(&facts.catalog, &facts.rates, &asked)?)
    }
}

/// The region in its programmatic form, if prices know it.
fn known_region(facts: &KnownFacts, written: &str) -> anyhow::Result<String> {
    let region = region_name(written);
    let regions = facts.rates.regions();
    if !regions.knows(&region) {
        bail!("no region is called {written:?}{}", regions.hint(&region));
    }
    Ok(region)
}
