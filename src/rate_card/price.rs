//! One price.

use std::fmt;

use chrono::NaiveDate;

use crate::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use crate::money::{Money, PricePerMillion};
use crate::units::Tokens;

/// Where a price is from and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// First day the price holds.
    pub effective_from: NaiveDate,
    /// Day after the last, where one is known.
    pub effective_until: Option<NaiveDate>,
    /// Where the price is from.
    pub text: String,
    /// When the source was read.
    pub as_of: NaiveDate,
    /// Whether the user set the price: it goes before bundled ones.
    pub own: bool,
}

impl Source {
    /// Whether the price holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|until| day < until)
    }

    /// Whether use on `day` is priced although the price is known only from a later day.
    pub fn stretched_to(&self, day: NaiveDate) -> bool {
        day < self.effective_from
    }

    /// Which of two rows that hold on the same day goes first: own, then newer, then read later.
    pub fn rank(&self) -> (bool, NaiveDate, NaiveDate) {
        (self.own, self.effective_from, self.as_of)
    }
}

/// The price of one token class of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPrice {
    /// Model name as in the catalog.
    pub model: String,
    /// Version the price is limited to; `None` holds for every version.
    pub version: Option<String>,
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Regions (programmatic names) or region groups the price is limited to; empty holds
    /// everywhere.
    pub regions: Vec<String>,
    /// Price tier.
    pub tier: Tier,
    /// Token class.
    pub class: TokenClass,
    /// Holds for requests with more input tokens than this; `None` for all others.
    pub input_above: Option<Tokens>,
    /// The price [USD per 10⁶ tokens].
    pub price: PricePerMillion,
    /// Where it is from.
    pub source: Source,
}

/// What a price is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PriceQuery<'a> {
    /// Model name as in the catalog.
    pub model: &'a str,
    /// Version, where known.
    pub version: Option<&'a str>,
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region, programmatic name.
    pub region: &'a str,
    /// Price tier.
    pub tier: Tier,
    /// Token class.
    pub class: TokenClass,
    /// The highest context threshold that the requests' input exceeded.
    pub input_above: Option<Tokens>,
    /// The day of use.
    pub on: NaiveDate,
}

impl TokenPrice {
    /// Whether the row answers `query`, or the like for another token class, in some region,
    /// context and time.
    pub(super) fn fits(&self, query: &PriceQuery<'_>) -> bool {
        let version_fits = query.version.is_none()
            || self.version.is_none()
            || self.version.as_deref() == query.version;
        version_fits && self.kind == query.kind && self.tier == query.tier
    }

    /// Whether the row holds in one of the regions or region groups `names`.
    pub fn covers(&self, names: &[&str]) -> bool {
        self.regions.is_empty()
            || self
                .regions
                .iter()
                .any(|name| names.contains(&name.as_str()))
    }
}

impl fmt::Display for PriceQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} tokens of {}",
            self.tier, self.kind, self.class, self.model
        )?;
        if let Some(version) = self.version {
            write!(f, " ({version})")?;
        }
        write!(f, " in {}", self.region)?;
        self.input_above
            .map_or(Ok(()), |above| write!(f, ", input above {above} tokens"))
    }
}

/// The price of one PTU for one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PtuPrice {
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region, programmatic name; empty holds everywhere.
    pub region: String,
    /// The commitment.
    pub term: PtuTerm,
    /// The price of one PTU for one hour (`hourly`) or for the whole term [USD].
    pub price: Money,
    /// Where it is from.
    pub source: Source,
}

/// What a PTU price is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PtuQuery<'a> {
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region, programmatic name.
    pub region: &'a str,
    /// The commitment.
    pub term: PtuTerm,
    /// The day of use, or the first day of a reservation.
    pub on: NaiveDate,
}

impl PtuPrice {
    /// Whether the row answers `query` in some region and time.
    pub(super) fn fits(&self, query: &PtuQuery<'_>) -> bool {
        self.kind == query.kind && self.term == query.term
    }

    /// Whether the row holds in one of the regions or region groups `names`.
    pub fn covers(&self, names: &[&str]) -> bool {
        self.region.is_empty() || names.contains(&self.region.as_str())
    }
}

impl fmt::Display for PtuQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} PTU ({}) in {}", self.kind, self.term, self.region)
    }
}
