//! Sizing without traffic: from a rate and a mean request, or from a month's totals.

use anyhow::{Context, anyhow, bail};
use chrono::NaiveDate;
use clap::Args;

use super::Format;
use crate::azure::{DeploymentKind, PtuTerm, region_name};
use crate::catalog::{Catalog, ModelName};
use crate::commands::Done;
use crate::commands::chargeback::page;
use crate::commands::configuration;
use crate::commands::console::Console;
use crate::commands::facts::{KnownFacts, Reach};
use crate::money::Factor;
use crate::plan::busy_hours::BusyHours;
use crate::plan::sizing::{self, Asked, Load, MeanRequest, MonthTotals};
use crate::report::plan::sizing as report;
use crate::spelling::any_of;

/// Flags of a sizing without traffic.
#[derive(Debug, Args)]
#[command(next_help_heading = "Without traffic")]
pub(super) struct QuickArgs {
    /// Requests a minute at the peak.
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        conflicts_with = "month_requests"
    )]
    rpm: Option<Factor>,
    /// Prompt tokens of a mean request, cached ones included.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        conflicts_with = "month_requests"
    )]
    input: Option<Factor>,
    /// Answer tokens of a mean request.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        conflicts_with = "month_requests"
    )]
    output: Option<Factor>,
    /// The share of prompt tokens that is read from the prompt cache: 0.5 or 50%.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share)]
    cached: Option<Factor>,
    /// The share of prompt tokens that is written to the prompt cache: 0.1 or 10%.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share)]
    cache_write: Option<Factor>,
    /// Tokens of the images in a mean prompt, for models of images.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        conflicts_with = "month_requests"
    )]
    image_input: Option<Factor>,
    /// Tokens of the images in a mean answer, for models of images.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        conflicts_with = "month_requests"
    )]
    image_output: Option<Factor>,
    /// How many times the mean the peak is: PTU are for the peak, tokens are paid for the mean.
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true)]
    peak_factor: Option<Factor>,
    /// In place of --rpm, --input and --output: requests of a month.
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        requires = "month_input",
        requires = "month_output"
    )]
    month_requests: Option<Factor>,
    /// With --month-requests: tokens of all its prompts.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        requires = "month_requests"
    )]
    month_input: Option<Factor>,
    /// With --month-requests: tokens of all its answers.
    #[arg(
        long,
        value_name = "TOKENS",
        allow_negative_numbers = true,
        requires = "month_requests"
    )]
    month_output: Option<Factor>,
}

/// What the flags of all kinds of plans say.
pub(super) struct Shared<'a> {
    /// The model.
    pub(super) model: Option<&'a str>,
    /// Its version.
    pub(super) version: Option<&'a str>,
    /// The terms to consider.
    pub(super) terms: Vec<PtuTerm>,
    /// Deployment kinds; empty for all that the model has sizes for.
    pub(super) kinds: &'a [DeploymentKind],
    /// Region as written.
    pub(super) region: &'a str,
    /// The day; today if not given.
    pub(super) on: Option<NaiveDate>,
    /// How the result is written.
    pub(super) format: Format,
    /// The hours in which all requests of a month come; the whole day if not given.
    pub(super) busy_hours: Option<BusyHours>,
}

/// Reads a share written as `0.5` or as `50%`.
fn share(text: &str) -> Result<Factor, String> {
    let refusal = || format!("{text:?} is not a share; expected 0.5 or 50%, from 0 to 1");
    let parsed: Result<Factor, _> = match text.strip_suffix('%') {
        Some(percent) => percent
            .trim_end()
            .parse()
            .map(|share: Factor| share.percent()),
        None => text.parse(),
    };
    let share = parsed.map_err(|_| refusal())?;
    let is_share = !share.is_negative() && share <= Factor::one();
    is_share.then_some(share).ok_or_else(refusal)
}

impl QuickArgs {
    /// Whether a sizing without traffic is asked for.
    pub(super) fn asked(&self) -> bool {
        let requests = [&self.rpm, &self.month_requests, &self.input, &self.output];
        let shares = [&self.cached, &self.cache_write, &self.peak_factor];
        let images = [&self.image_input, &self.image_output];
        let mut stated = requests.into_iter().chain(shares).chain(images);
        stated.any(Option::is_some)
    }

    /// `--rpm` as a rate, for requests of a shape [request/minute].
    pub(super) fn rpm(&self) -> Option<f64> {
        self.rpm.as_ref()?.to_trimmed(9).parse().ok()
    }

    /// `--output` in whole tokens, for shapes that do not know them.
    pub(super) fn output_tokens(&self) -> Option<u32> {
        self.output.as_ref()?.to_trimmed(0).parse().ok()
    }

    fn load(&self, busy_hours: Option<BusyHours>) -> anyhow::Result<Load> {
        let or_none = |figure: &Option<Factor>| figure.clone().unwrap_or_else(Factor::zero);
        let request = MeanRequest {
            input: or_none(&self.input),
            cached: or_none(&self.cached),
            cache_write: or_none(&self.cache_write),
            output: or_none(&self.output),
            image_input: or_none(&self.image_input),
            image_output: or_none(&self.image_output),
        };
        let peak_factor = self.peak_factor.clone().unwrap_or_else(Factor::one);
        if let Some(requests) = &self.month_requests {
            let totals = MonthTotals {
                requests: requests.clone(),
                input: or_none(&self.month_input),
                output: or_none(&self.month_output),
                busy: busy_hours,
            };
            return Ok(Load::of_month(&totals, request, &peak_factor)?);
        }
        if busy_hours.is_some() {
            bail!("--busy-hours of a sizing are those of --month-requests; leave one of them out");
        }
        let Some(rpm) = &self.rpm else {
            bail!(
                "a mean request is stated, but not how many there are; add --rpm, the requests a \
                 minute at the peak"
            );
        };
        if self.input.is_none() {
            bail!("--rpm needs the mean request: add --input and --output [token]");
        }
        Ok(Load::at_peak(rpm.clone(), request, &peak_factor)?)
    }
}

/// Sizes what the flags state.
pub(super) fn run(
    args: &QuickArgs,
    shared: &Shared<'_>,
    console: &mut Console,
) -> anyhow::Result<Done> {
    let load = args.load(shared.busy_hours)?;
    let config = configuration::load(console)?.config;
    let facts = KnownFacts::of(&config, Reach::Known)?;
    let model = shared.model.context(
        "no model: name the one to size with --model; `tollbook catalog models` lists those with \
         figures",
    )?;
    let region = region_name(shared.region);
    let regions = facts.rates.regions();
    if !regions.knows(&region) {
        let hint = regions.hint(&region);
        bail!("no region is called {:?}{hint}", shared.region);
    }
    let sizing = sizing::size(&Asked {
        catalog: &facts.catalog,
        rates: &facts.rates,
        model: named(&facts.catalog, model, shared.version)?,
        kinds: shared.kinds.to_vec(),
        terms: shared.terms.clone(),
        region,
        on: shared.on.unwrap_or(console.today),
        load,
    })?;
    let text = match shared.format {
        Format::Table => report::table(&sizing, page(console)),
        Format::Json => report::json(&sizing),
        Format::Csv | Format::Markdown => {
            bail!("a sizing without traffic is written as table or json")
        }
    };
    console.out().write_all(text.as_bytes())?;
    Ok(Done::Met)
}

/// The model that is meant.
fn named(catalog: &Catalog, model: &str, version: Option<&str>) -> anyhow::Result<ModelName> {
    let name = catalog.resolve(model).ok_or_else(|| {
        let nearest = catalog.nearest(model);
        let hint = match nearest.as_slice() {
            [] => "; `tollbook catalog models` lists the known ones".to_owned(),
            names => format!("; did you mean {}?", any_of(names)),
        };
        anyhow!("no model is called {model:?}{hint}")
    })?;
    match (&name.version, version) {
        (Some(own), Some(other)) if own != other => {
            bail!("--model {model} means version {own}, and --model-version says {other}")
        }
        (None, Some(version)) => Ok(ModelName {
            version: Some(version.to_owned()),
            ..name
        }),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_decimals_or_percent() {
        for (text, expected) in [
            ("0.5", "0.5"),
            ("50%", "0.5"),
            ("12.5 %", "0.125"),
            ("1", "1"),
        ] {
            assert_eq!(share(text).unwrap(), expected.parse().unwrap(), "{text}");
        }
        for text in ["1.5", "150%", "-1", "half", "%", ""] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
