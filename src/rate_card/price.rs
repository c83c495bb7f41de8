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
    /// Regions the price is limited to (programmatic names); empty holds everywhere.
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
    /// Whether the row is one answer to `query`.
    pub fn answers(&self, query: &PriceQuery<'_>) -> bool {
        self.model == query.model
            && (self.version.is_none() || self.version.as_deref() == query.version)
            && self.kind == query.kind
            && (self.regions.is_empty() || self.regions.iter().any(|region| region == query.region))
            && self.tier == query.tier
            && self.class == query.class
            && self.input_above == query.input_above
            && self.source.holds_on(query.on)
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
    /// Region, programmatic name.
    pub region: String,
    /// The commitment.
    pub term: PtuTerm,
    /// The price of one PTU for one hour (`hourly`) or for the whole term [USD].
    pub price: Money,
    /// Where it is from.
    pub source: Source,
}
