//! Own and negotiated prices, as the configuration states them.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::{PtuPrice, Regions, Source, TokenPrice};
use crate::azure::{DeploymentKind, PtuTerm, Tier, TokenClass, region_name};
use crate::money::{Money, PricePerMillion};
use crate::units::Tokens;

/// An own price is wrong.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum OwnPriceError {
    /// The region is not known.
    #[error(
        "[[{table}]] of {subject}: region {region:?} is not known{nearest}; leave `region` out to \
         price every region"
    )]
    UnknownRegion {
        /// The table of the configuration.
        table: &'static str,
        /// What the price is for.
        subject: String,
        /// The region as written.
        region: String,
        /// "; did you mean …?", or empty.
        nearest: String,
    },
    /// The entry prices nothing.
    #[error(
        "[[price]] of {model:?} gives no price; expected at least one of input, cached_input, \
         cache_write, output"
    )]
    Empty {
        /// The model.
        model: String,
    },
    /// The price ends before it starts.
    #[error("[[{table}]] of {subject}: until {until} is not after from {from}")]
    Span {
        /// The table of the configuration.
        table: &'static str,
        /// What the price is for.
        subject: String,
        /// First day.
        from: NaiveDate,
        /// Day after the last, as written.
        until: NaiveDate,
    },
}

/// One `[[price]]`: token prices of a model [USD per 10⁶ tokens].
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnPrice {
    /// Model name as in the catalog, or a name of one's own.
    pub model: String,
    /// Version the price is limited to; default all.
    pub version: Option<String>,
    /// Deployment kind; default all.
    pub kind: Option<DeploymentKind>,
    /// Region or region group; default all.
    pub region: Option<String>,
    /// Price tier.
    #[serde(default = "standard")]
    pub tier: Tier,
    /// Price of uncached prompt tokens.
    pub input: Option<PricePerMillion>,
    /// Price of prompt tokens read from the cache.
    pub cached_input: Option<PricePerMillion>,
    /// Price of prompt tokens written to the cache.
    pub cache_write: Option<PricePerMillion>,
    /// Price of answer tokens.
    pub output: Option<PricePerMillion>,
    /// Holds for requests with more input tokens than this; 0 and default: for all others.
    #[serde(default)]
    pub input_above: u64,
    /// First day the price holds.
    pub from: NaiveDate,
    /// Day after the last.
    pub until: Option<NaiveDate>,
    /// Where the price is from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

const fn standard() -> Tier {
    Tier::Standard
}

impl OwnPrice {
    /// What is wrong with the entry, where these are the regions there are.
    pub fn fault(&self, regions: &Regions) -> Option<OwnPriceError> {
        self.rows(regions).err()
    }

    /// The rows of the rate card that the entry states.
    pub(super) fn rows(&self, regions: &Regions) -> Result<Vec<TokenPrice>, OwnPriceError> {
        let region = known_region(regions, self.region.as_deref(), ("price", &self.model))?;
        check_span(self.from, self.until, ("price", &self.model))?;
        let kinds = self
            .kind
            .as_ref()
            .map_or(DeploymentKind::ALL, std::slice::from_ref);
        let mut rows = Vec::new();
        for (class, price) in self.prices() {
            rows.extend(kinds.iter().map(|kind| TokenPrice {
                model: self.model.clone(),
                version: self.version.clone(),
                kind: *kind,
                regions: region.iter().cloned().collect(),
                tier: self.tier,
                class,
                input_above: (self.input_above > 0).then(|| Tokens::new(self.input_above)),
                price,
                source: own_source((self.from, self.until), &self.source, self.as_of),
            }));
        }
        if rows.is_empty() {
            return Err(OwnPriceError::Empty {
                model: self.model.clone(),
            });
        }
        Ok(rows)
    }

    fn prices(&self) -> impl Iterator<Item = (TokenClass, PricePerMillion)> {
        [
            (TokenClass::Input, self.input),
            (TokenClass::CachedInput, self.cached_input),
            (TokenClass::CacheWrite, self.cache_write),
            (TokenClass::Output, self.output),
        ]
        .into_iter()
        .filter_map(|(class, price)| Some((class, price?)))
    }
}

/// One `[[ptu_price]]`: the price of one PTU for one hour or term [USD].
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnPtuPrice {
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region; default all.
    pub region: Option<String>,
    /// The commitment.
    pub term: PtuTerm,
    /// The price of one PTU for one hour (`hourly`) or for the whole term.
    pub price: Money,
    /// First day the price holds.
    pub from: NaiveDate,
    /// Day after the last.
    pub until: Option<NaiveDate>,
    /// Where the price is from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

impl OwnPtuPrice {
    /// What is wrong with the entry, where these are the regions there are.
    pub fn fault(&self, regions: &Regions) -> Option<OwnPriceError> {
        self.row(regions).err()
    }

    /// The row of the rate card that the entry states.
    pub(super) fn row(&self, regions: &Regions) -> Result<PtuPrice, OwnPriceError> {
        let subject = format!("{} {}", self.kind, self.term);
        let region = known_region(regions, self.region.as_deref(), ("ptu_price", &subject))?;
        check_span(self.from, self.until, ("ptu_price", &subject))?;
        Ok(PtuPrice {
            kind: self.kind,
            region: region.unwrap_or_default(),
            term: self.term,
            price: self.price.clone(),
            source: own_source((self.from, self.until), &self.source, self.as_of),
        })
    }
}

/// The region in its programmatic form, if it is known or no region is.
fn known_region(
    regions: &Regions,
    written: Option<&str>,
    (table, subject): (&'static str, &str),
) -> Result<Option<String>, OwnPriceError> {
    let Some(written) = written else {
        return Ok(None);
    };
    let region = region_name(written);
    if regions.is_empty() || regions.knows_any(&region) {
        return Ok(Some(region));
    }
    Err(OwnPriceError::UnknownRegion {
        table,
        subject: subject.to_owned(),
        region: written.to_owned(),
        nearest: regions.hint(written),
    })
}

fn check_span(
    from: NaiveDate,
    until: Option<NaiveDate>,
    (table, subject): (&'static str, &str),
) -> Result<(), OwnPriceError> {
    match until {
        Some(until) if until <= from => Err(OwnPriceError::Span {
            table,
            subject: subject.to_owned(),
            from,
            until,
        }),
        _ => Ok(()),
    }
}

fn own_source(
    (effective_from, effective_until): (NaiveDate, Option<NaiveDate>),
    text: &str,
    as_of: NaiveDate,
) -> Source {
    Source {
        effective_from,
        effective_until,
        text: text.to_owned(),
        as_of,
        own: true,
    }
}
