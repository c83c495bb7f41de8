//! What things cost: dated prices, each with its source. A missing price is never 0.
//!
//! The bundled prices are tables in `rate_card/data`, one row per model, version, kind, regions,
//! tier and context; own prices of the configuration go before them. Prices are copied from their
//! sources, never derived by a multiplier, for meters are rounded one by one.

mod bundled;
mod error;
mod own;
pub mod price;
mod region;

pub use error::PriceError;
pub use own::{OwnPrice, OwnPriceError, OwnPtuPrice};
pub use price::{PriceQuery, PtuPrice, PtuQuery, Source, TokenPrice};
pub use region::Regions;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::azure::{DeploymentKind, PtuTerm};
use crate::facts::{Basis, fingerprint};
use crate::units::Tokens;

/// A price and how its first day is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<P> {
    /// The price.
    pub price: P,
    /// How the first day it holds is known.
    pub basis: Basis,
}

/// What happens to use before the first day from which a price is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Earlier {
    /// It has no price.
    #[default]
    Refuse,
    /// It is priced at the earliest known price, which callers report.
    UseFirst,
}

/// All prices, in US dollars.
#[derive(Clone, Debug, Default)]
pub struct RateCard {
    tokens: BTreeMap<String, Vec<Entry<TokenPrice>>>,
    ptu: Vec<Entry<PtuPrice>>,
    regions: Regions,
    earlier: Earlier,
    version: String,
}

impl RateCard {
    /// A rate card of these rows, which knows no region groups.
    pub fn from_rows(tokens: Vec<TokenPrice>, ptu: Vec<PtuPrice>) -> Self {
        let stated = Basis::Stated;
        let entries = tokens.into_iter().map(|price| Entry {
            price,
            basis: stated,
        });
        let ptu = ptu.into_iter().map(|price| Entry {
            price,
            basis: stated,
        });
        Self::assemble(entries, ptu.collect(), Regions::default())
    }

    /// The prices that come with the program.
    pub fn bundled() -> Self {
        bundled::load().expect("a unit test loads every embedded row")
    }

    fn assemble(
        tokens: impl IntoIterator<Item = Entry<TokenPrice>>,
        ptu: Vec<Entry<PtuPrice>>,
        regions: Regions,
    ) -> Self {
        let mut card = Self {
            ptu,
            regions,
            ..Self::default()
        };
        for entry in tokens {
            let model = entry.price.model.clone();
            card.tokens.entry(model).or_default().push(entry);
        }
        card.version = card.newest_and(&[]);
        card
    }

    /// This card with the user's own prices, which go before the bundled ones.
    pub fn with_own(
        mut self,
        prices: &[OwnPrice],
        ptu: &[OwnPtuPrice],
    ) -> Result<Self, OwnPriceError> {
        for own in prices {
            for price in own.rows(&self.regions)? {
                let entry = Entry {
                    price,
                    basis: Basis::Stated,
                };
                self.tokens
                    .entry(own.model.clone())
                    .or_default()
                    .push(entry);
            }
        }
        for own in ptu {
            let price = own.row(&self.regions)?;
            self.ptu.push(Entry {
                price,
                basis: Basis::Stated,
            });
        }
        if !prices.is_empty() || !ptu.is_empty() {
            let texts = format!("{prices:?}{ptu:?}");
            self.version = self.newest_and(&[self.version.as_bytes(), texts.as_bytes()]);
        }
        Ok(self)
    }

    /// This card, with use before the first known day of a price priced at that price. Callers
    /// report every price for which [`Source::stretched_to`] the day of use holds.
    #[must_use]
    pub fn allow_earlier(mut self) -> Self {
        self.earlier = Earlier::UseFirst;
        self
    }

    /// The newest `as_of` of a price and a fingerprint of all prices, for manifests.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn newest_and(&self, parts: &[&[u8]]) -> String {
        let tokens = self.token_entries().map(|entry| entry.price.source.as_of);
        let ptu = self.ptu.iter().map(|entry| entry.price.source.as_of);
        let newest = tokens.chain(ptu).max();
        let day = newest.map_or_else(|| "empty".to_owned(), |day| day.to_string());
        format!("{day}+{}", fingerprint(parts.iter().copied()))
    }

    /// The one price that answers `query`: own rows before bundled ones, rows of the version asked
    /// for before those of every version, then the latest `effective_from` that is not after the
    /// day, then the latest `as_of`.
    ///
    /// Requests beyond a context threshold are priced by the rows of the highest threshold of the
    /// model that they exceed. Without a version, rows limited to versions answer only if they
    /// all give the same price.
    pub fn token_price(&self, query: &PriceQuery<'_>) -> Result<&TokenPrice, PriceError> {
        self.token_entry(query).map(|entry| &entry.price)
    }

    /// [`RateCard::token_price`], with how its first day is known.
    pub fn token_entry(&self, query: &PriceQuery<'_>) -> Result<&Entry<TokenPrice>, PriceError> {
        let fitting = self.fitting(query);
        let holding = in_force(&fitting, query.on, self.earlier);
        let unversioned = |entry: &&&Entry<TokenPrice>| entry.price.version.is_none();
        if query.version.is_some() || holding.iter().any(|entry| unversioned(&entry)) {
            let usable = holding
                .iter()
                .filter(|entry| query.version.is_some() || unversioned(entry));
            return usable
                .max_by_key(|entry| rank(&entry.price))
                .copied()
                .ok_or_else(|| self.no_price(query, &fitting));
        }
        let place = in_force(&self.in_place(query), query.on, self.earlier);
        match same_for_all_versions(&holding, &place) {
            Ok(Some(entry)) => Ok(entry),
            Ok(None) => Err(self.no_price(query, &fitting)),
            Err(versions) => Err(PriceError::AmbiguousVersion {
                what: query.to_string(),
                on: query.on,
                versions,
            }),
        }
    }

    /// The rows that could answer `query` on some day.
    fn fitting(&self, query: &PriceQuery<'_>) -> Vec<&Entry<TokenPrice>> {
        let mut rows = self.in_place(query);
        rows.retain(|entry| entry.price.class == query.class);
        rows
    }

    /// The rows that could answer `query`, or the like for another token class, on some day.
    fn in_place(&self, query: &PriceQuery<'_>) -> Vec<&Entry<TokenPrice>> {
        let rows = self.tokens.get(query.model).map_or(&[][..], Vec::as_slice);
        let threshold = rows
            .iter()
            .filter_map(|entry| entry.price.input_above)
            .filter(|above| Some(*above) <= query.input_above)
            .max();
        let names = self.regions.names(query.region);
        rows.iter()
            .filter(|entry| entry.price.input_above == threshold)
            .filter(|entry| entry.price.fits(query) && entry.price.covers(&names))
            .collect()
    }

    /// Other prices in force for the same question: superseded values that their source has not
    /// withdrawn, and sources that disagree.
    pub fn rivals(&self, query: &PriceQuery<'_>) -> Vec<&Entry<TokenPrice>> {
        let Ok(winner) = self.token_entry(query) else {
            return Vec::new();
        };
        let fitting = self.fitting(query);
        let mut rivals = in_force(&fitting, query.on, Earlier::Refuse);
        rivals.retain(|entry| {
            entry.price.price != winner.price.price && entry.price.version == winner.price.version
        });
        rivals
    }

    /// The price of one PTU for one term: own rows before bundled ones, then the latest
    /// `effective_from` that is not after the day, then the latest `as_of`.
    pub fn ptu_price(
        &self,
        kind: DeploymentKind,
        region: &str,
        term: PtuTerm,
        on: NaiveDate,
    ) -> Result<&PtuPrice, PriceError> {
        let query = PtuQuery {
            kind,
            region,
            term,
            on,
        };
        self.ptu_entry(&query).map(|entry| &entry.price)
    }

    /// [`RateCard::ptu_price`], with how its first day is known.
    pub fn ptu_entry(&self, query: &PtuQuery<'_>) -> Result<&Entry<PtuPrice>, PriceError> {
        let fitting = self.fitting_ptu(query);
        in_force(&fitting, query.on, self.earlier)
            .into_iter()
            .max_by_key(|entry| entry.price.source.rank())
            .ok_or_else(|| self.no_ptu_price(query, &fitting))
    }

    /// Other PTU prices in force for the same question.
    pub fn ptu_rivals(&self, query: &PtuQuery<'_>) -> Vec<&Entry<PtuPrice>> {
        let Ok(winner) = self.ptu_entry(query) else {
            return Vec::new();
        };
        let mut rivals = in_force(&self.fitting_ptu(query), query.on, Earlier::Refuse);
        rivals.retain(|entry| entry.price.price != winner.price.price);
        rivals
    }

    fn fitting_ptu(&self, query: &PtuQuery<'_>) -> Vec<&Entry<PtuPrice>> {
        let names = self.regions.names(query.region);
        let mut fitting: Vec<_> = self.ptu.iter().collect();
        fitting.retain(|entry| entry.price.fits(query) && entry.price.covers(&names));
        fitting
    }

    /// The context thresholds above which some model's tokens have another price, ascending.
    pub fn context_thresholds(&self) -> Vec<Tokens> {
        let mut thresholds: Vec<Tokens> = self
            .token_entries()
            .filter_map(|entry| entry.price.input_above)
            .collect();
        thresholds.sort_unstable();
        thresholds.dedup();
        thresholds
    }

    /// Every model with a price, in the order of the alphabet.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// Every token price, by model.
    pub fn token_entries(&self) -> impl Iterator<Item = &Entry<TokenPrice>> {
        self.tokens.values().flatten()
    }

    /// Every PTU price.
    pub fn ptu_entries(&self) -> impl Iterator<Item = &Entry<PtuPrice>> {
        self.ptu.iter()
    }

    /// The regions and region groups the card knows.
    pub const fn regions(&self) -> &Regions {
        &self.regions
    }
}

/// A price that has a source.
trait Sourced {
    fn source(&self) -> &Source;
}

impl Sourced for TokenPrice {
    fn source(&self) -> &Source {
        &self.source
    }
}

impl Sourced for PtuPrice {
    fn source(&self) -> &Source {
        &self.source
    }
}

/// The rows that hold on `day`. Where none does and earlier use is priced too, the first that
/// will.
fn in_force<'a, P: Sourced>(
    rows: &[&'a Entry<P>],
    day: NaiveDate,
    earlier: Earlier,
) -> Vec<&'a Entry<P>> {
    let holding: Vec<_> = rows
        .iter()
        .copied()
        .filter(|entry| entry.price.source().holds_on(day))
        .collect();
    if !holding.is_empty() || earlier == Earlier::Refuse {
        return holding;
    }
    let first = rows
        .iter()
        .map(|entry| entry.price.source().effective_from)
        .filter(|from| *from > day)
        .min();
    rows.iter()
        .copied()
        .filter(|entry| Some(entry.price.source().effective_from) == first)
        .collect()
}

/// The price that the current rows of all versions agree on; else the versions. A version in
/// `place` that has prices, but not this one, does not agree.
fn same_for_all_versions<'a>(
    holding: &[&'a Entry<TokenPrice>],
    place: &[&'a Entry<TokenPrice>],
) -> Result<Option<&'a Entry<TokenPrice>>, Vec<String>> {
    let mut current: BTreeMap<&Option<String>, &'a Entry<TokenPrice>> = BTreeMap::new();
    for entry in holding {
        let best = current.entry(&entry.price.version).or_insert(entry);
        if rank(&entry.price) > rank(&best.price) {
            *best = entry;
        }
    }
    let prices: BTreeSet<_> = current.values().map(|entry| entry.price.price).collect();
    let versions: BTreeSet<_> = place
        .iter()
        .filter_map(|row| row.price.version.clone())
        .collect();
    let complete = current.is_empty() || current.len() == versions.len();
    if prices.len() > 1 || !complete {
        return Err(versions.into_iter().collect());
    }
    Ok(current.into_values().next_back())
}

/// Which of two rows that hold on the same day goes first.
fn rank(price: &TokenPrice) -> (bool, bool, NaiveDate, NaiveDate) {
    let (own, from, as_of) = price.source.rank();
    (own, price.version.is_some(), from, as_of)
}

#[cfg(test)]
mod tests;
