//! The price tables that come with the program.

use std::collections::BTreeMap;

use super::{Entry, PtuPrice, RateCard, Regions, Source, TokenPrice};
use crate::azure::TokenClass;
use crate::facts::{self, Fact, FactError, Provenance};
use crate::money::PricePerMillion;
use crate::units::Tokens;

const TOKEN_PRICES: &str = include_str!("data/token_prices.csv");
const PTU_PRICES: &str = include_str!("data/ptu_prices.csv");
const REGIONS: &str = include_str!("data/regions.csv");

/// Loads every embedded row.
pub(super) fn load() -> Result<RateCard, FactError> {
    let tokens = token_prices("token_prices.csv", TOKEN_PRICES)?;
    let ptu = facts::read("ptu_prices.csv", PTU_PRICES, ptu_price)?;
    let regions = facts::read("regions.csv", REGIONS, region)?;
    let groups: BTreeMap<String, String> = regions.into_iter().collect();
    let mut card = RateCard::assemble(tokens, ptu, Regions::new(groups));
    let files = [TOKEN_PRICES, PTU_PRICES, REGIONS].map(str::as_bytes);
    card.version = card.newest_and(&files);
    Ok(card)
}

/// Reads a table of token prices; a row gives up to four prices, one per token class.
pub(super) fn token_prices(file: &str, csv: &str) -> Result<Vec<Entry<TokenPrice>>, FactError> {
    let rows = facts::read(file, csv, token_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// The columns of a price table that hold a price, by token class.
const CLASSES: [(TokenClass, &str); 4] = [
    (TokenClass::Input, "input"),
    (TokenClass::CachedInput, "cached_input"),
    (TokenClass::CacheWrite, "cache_write"),
    (TokenClass::Output, "output"),
];

fn token_row(fact: &Fact<'_>) -> Result<Vec<Entry<TokenPrice>>, FactError> {
    const PRICE: &str = "USD per million tokens, such as 1.25";
    let provenance = fact.provenance()?;
    let mut entries = Vec::new();
    for (class, column) in CLASSES {
        let Some(price) = fact.optional::<PricePerMillion>(column, PRICE)? else {
            continue;
        };
        let price = TokenPrice {
            model: fact.required("model")?.to_owned(),
            version: fact.optional("version", "a version")?,
            kind: fact.value("kind", "global, datazone or regional")?,
            regions: fact
                .required("regions")?
                .split('|')
                .map(str::to_owned)
                .collect(),
            tier: fact.value("tier", "standard, priority, batch or flex")?,
            class,
            input_above: fact.optional("input_above", "tokens")?.map(Tokens::new),
            price,
            source: source(&provenance),
        };
        entries.push(Entry {
            price,
            basis: provenance.basis,
        });
    }
    if entries.is_empty() {
        return Err(fact.refused("input", "at least one price in the row"));
    }
    Ok(entries)
}

fn ptu_price(fact: &Fact<'_>) -> Result<Entry<PtuPrice>, FactError> {
    let provenance = fact.provenance()?;
    let price = PtuPrice {
        kind: fact.value("kind", "global, datazone or regional")?,
        region: fact.required("region")?.to_owned(),
        term: fact.value("term", "hourly, 1-month or 1-year")?,
        price: fact.value("usd_per_ptu", "USD per PTU and term, such as 260")?,
        source: source(&provenance),
    };
    Ok(Entry {
        price,
        basis: provenance.basis,
    })
}

fn region(fact: &Fact<'_>) -> Result<(String, String), FactError> {
    fact.provenance()?;
    let name = fact.required("region")?.to_owned();
    Ok((name, fact.text("group")?.to_owned()))
}

fn source(provenance: &Provenance) -> Source {
    Source {
        effective_from: provenance.effective_from,
        effective_until: provenance.effective_until,
        text: provenance.source.clone(),
        as_of: provenance.as_of,
        own: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_row_loads() {
        let card = load().unwrap();
        assert!(card.token_entries().count() > 1000);
        assert!(card.ptu_entries().count() > 200);
        assert!(card.version().starts_with("2026-11-22+"));
    }

    #[test]
    fn every_region_of_a_price_is_known() {
        let card = load().unwrap();
        for entry in card.token_entries() {
            for name in &entry.price.regions {
                assert!(card.regions().knows_any(name), "{name}");
            }
        }
        for entry in card.ptu_entries() {
            assert!(
                card.regions().knows(&entry.price.region),
                "{}",
                entry.price.region
            );
        }
    }

    #[test]
    fn a_bad_price_row_names_file_line_and_field() {
        let header = TOKEN_PRICES.lines().next().unwrap();
        for (row, message) in [
            (
                "m,,global,us,standard,,free,,,,2026-10-01,,stated,s,2026-10-05",
                "t.csv:2: `input` is \"free\"; expected USD per million tokens, such as 1.25",
            ),
            (
                "m,,zone,us,standard,,1,,,,2026-10-01,,stated,s,2026-10-05",
                "t.csv:2: `kind` is \"zone\"; expected global, datazone or regional",
            ),
            (
                "m,,global,us,standard,,,,,,2026-10-01,,stated,s,2026-10-05",
                "t.csv:2: `input` is \"\"; expected at least one price in the row",
            ),
            (
                "m,,global,,standard,,1,,,,2026-10-01,,stated,s,2026-10-05",
                "t.csv:2: `regions` is \"\"; expected a value",
            ),
            (
                "m,,global,us,standard,,1,,,,2026-10-01,,stated,,2026-10-05",
                "t.csv:2: `source` is \"\"; expected a value",
            ),
        ] {
            let error = token_prices("t.csv", &format!("{header}\n{row}\n")).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
