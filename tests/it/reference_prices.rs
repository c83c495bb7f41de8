//! Every figure of the reference tables is what our look-ups answer, and every price that another
//! public list gives differently is listed with its reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use tollbook::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use tollbook::catalog::{Catalog, ModelName};
use tollbook::money::{Money, PricePerMillion};
use tollbook::rate_card::{PriceQuery, RateCard};
use tollbook::units::{TokenWeight, Tokens};

type Row = BTreeMap<String, String>;

fn table(name: &str) -> Vec<Row> {
    let folder = std::env::var("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE names a folder");
    let path = PathBuf::from(folder).join("reference").join(name);
    read(&std::fs::read_to_string(&path).unwrap())
}

fn read(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The newest day of the reference.
const NEWEST: &str = "2026-11-22";

/// A region in each group of the reference; lists of regions are all asked for.
fn regions(group: &str) -> Vec<&str> {
    match group {
        "all-commercial" => vec!["eastus2", "swedencentral", "japaneast", "uksouth"],
        "us" => vec!["eastus2"],
        "eu" => vec!["swedencentral"],
        "apac" => vec!["japaneast"],
        "other" => vec!["uksouth"],
        "usgov" => vec!["usgovvirginia"],
        list => list.split('|').collect(),
    }
}

fn named(catalog: &Catalog, model: &str, version: &str) -> ModelName {
    let logged = if version.is_empty() {
        model.to_owned()
    } else {
        format!("{model}-{version}")
    };
    catalog
        .resolve(&logged)
        .unwrap_or_else(|| panic!("{logged} is not known"))
}

/// The columns of the token prices that hold a price, with tier and class.
const SLOTS: [(&str, Tier, TokenClass); 7] = [
    ("input_usd_per_1m", Tier::Standard, TokenClass::Input),
    (
        "cached_input_usd_per_1m",
        Tier::Standard,
        TokenClass::CachedInput,
    ),
    ("output_usd_per_1m", Tier::Standard, TokenClass::Output),
    ("batch_input_usd_per_1m", Tier::Batch, TokenClass::Input),
    ("batch_output_usd_per_1m", Tier::Batch, TokenClass::Output),
    (
        "priority_input_usd_per_1m",
        Tier::Priority,
        TokenClass::Input,
    ),
    (
        "priority_output_usd_per_1m",
        Tier::Priority,
        TokenClass::Output,
    ),
];

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_token_price_is_answered() {
    let (catalog, card) = (Catalog::bundled(), RateCard::bundled());
    let mut asked = 0;
    for row in table("token-prices.csv") {
        let name = named(&catalog, &row["model"], &row["version"]);
        let on = if row["source"].contains("list price") {
            "2026-08-15"
        } else {
            NEWEST
        };
        for region in regions(&row["region_group"]) {
            for (slot, tier, class) in SLOTS.iter().filter(|slot| !row[slot.0].is_empty()) {
                let query = PriceQuery {
                    model: &name.model,
                    version: name.version.as_deref(),
                    kind: row["deployment_kind"].parse().unwrap(),
                    region,
                    tier: *tier,
                    class: *class,
                    input_above: row["context_tier_above_tokens"]
                        .parse()
                        .ok()
                        .map(Tokens::new),
                    on: day(on),
                };
                let price = card
                    .token_price(&query)
                    .unwrap_or_else(|error| panic!("{error}"));
                let expected: PricePerMillion = row[*slot].parse().unwrap();
                assert_eq!(price.price, expected, "{query} on {on}");
                asked += 1;
            }
        }
    }
    assert!(asked > 1500, "{asked}");
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_ptu_price_is_answered() {
    let card = RateCard::bundled();
    let mut asked = 0;
    for row in table("ptu-prices-by-region.csv") {
        let kind: DeploymentKind = row["deployment_kind"].parse().unwrap();
        let from = day(&row["effective_from"]);
        // The table has one start for a row: that of the hourly meter. Its older reservations
        // were read on 2025-11-30.
        let reserved = from.max(day("2025-11-30"));
        for (column, term, on) in [
            ("hourly_usd_per_ptu", PtuTerm::Hourly, from),
            ("reservation_1_month_usd_per_ptu", PtuTerm::Month, reserved),
            ("reservation_1_year_usd_per_ptu", PtuTerm::Year, reserved),
        ] {
            if row[column].is_empty() {
                continue;
            }
            let price = card.ptu_price(kind, &row["arm_region"], term, on).unwrap();
            let expected: Money = row[column].parse().unwrap();
            assert_eq!(
                price.price, expected,
                "{kind} {} {term} {on}",
                row["arm_region"]
            );
            asked += 1;
        }
    }
    assert!(asked > 200, "{asked}");
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_provisioned_model_is_answered() {
    let catalog = Catalog::bundled();
    let on = day("2026-09-29");
    for row in table("ptu-models.csv") {
        for version in row["version"].split(';') {
            let name = ModelName {
                model: row["model"].clone(),
                version: Some(version.to_owned()).filter(|version| !version.is_empty()),
            };
            check_throughput(&catalog, &name, &row, on);
            check_deployments(&catalog, &name, &row, on);
        }
    }
}

fn check_throughput(catalog: &Catalog, name: &ModelName, row: &Row, on: NaiveDate) {
    let figures = catalog.provisioned(name, on).ok();
    let throughput = figures.map(|figures| figures.input_tpm_per_ptu.to_string());
    assert_eq!(
        throughput.unwrap_or_default(),
        row["input_tpm_per_ptu"],
        "{name}"
    );
    let weights = figures.and_then(|figures| figures.weights);
    let output = weights.map(|weights| weights.output.to_string());
    assert_eq!(
        output.unwrap_or_default(),
        row["output_token_weight"],
        "{name}"
    );
    if let (Some(weights), Ok(cached)) = (weights, row["cached_input_weight"].parse()) {
        assert_eq!(weights.cached_input, cached, "{name}");
    }
}

fn check_deployments(catalog: &Catalog, name: &ModelName, row: &Row, on: NaiveDate) {
    let facts = catalog.deployment_facts(name, on).unwrap();
    let kinds = facts.kinds.iter().map(|(kind, zone)| match zone {
        None => kind.to_string(),
        Some(zone) => format!("{kind}_{zone}"),
    });
    assert_eq!(
        kinds.collect::<Vec<_>>().join("|"),
        row["deployment_kinds"],
        "{name}"
    );
    for (kind, prefix) in [
        (DeploymentKind::Global, "global"),
        (DeploymentKind::Regional, "regional"),
    ] {
        let sizes = catalog.sizes(name, kind, on);
        let minimum = sizes
            .map(|sizes| sizes.minimum().to_string())
            .unwrap_or_default();
        assert_eq!(minimum, row[&format!("{prefix}_min_ptu")], "{name} {kind}");
        let step = sizes.and_then(tollbook::catalog::PtuSizes::increment);
        let step = step.map(|step| step.to_string()).unwrap_or_default();
        assert_eq!(step, row[&format!("{prefix}_increment")], "{name} {kind}");
    }
    let latency = row
        .iter()
        .find(|(column, _)| column.starts_with("latency"))
        .unwrap()
        .1;
    let ours = facts
        .latency_tokens_per_second
        .map(|latency| latency.to_string());
    assert_eq!(&ours.unwrap_or_default(), latency, "{name}");
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_token_weight_is_answered() {
    let catalog = Catalog::bundled();
    let on = day("2026-09-29");
    for row in table("ptu-token-weights.csv") {
        let name = named(&catalog, &row["model"], &row["version"]);
        let expected: TokenWeight = row["normalized_weight"].parse().unwrap();
        let figures = catalog.provisioned(&name, on).unwrap();
        let weights = match row["context"].as_str() {
            "short" => figures.weights,
            "long" => figures.long_context.map(|(_, weights)| weights),
            _ => None,
        };
        let ours = match weights {
            Some(weights) => weights.of(row["token_class"].replace('_', "-").parse().unwrap()),
            None => {
                let mut media = catalog.media_weights(&name.model);
                media
                    .find(|media| media.class == row["token_class"])
                    .unwrap()
                    .weight
            }
        };
        assert_eq!(
            ours, expected,
            "{name} {} {}",
            row["context"], row["token_class"]
        );
    }
}

/// Our price and theirs for each price on which the two lists differ.
type Differences = BTreeMap<(String, String), (String, String)>;

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_difference_to_the_other_list_has_a_reason() {
    let found = differences(&table("litellm-azure-prices.csv"));
    let rows = read(include_str!("litellm_differences.csv"));
    let mut listed = Differences::new();
    for row in &rows {
        assert!(
            !row["reason"].trim().is_empty(),
            "no reason for {}",
            row["key"]
        );
        let key = (row["key"].clone(), row["slot"].clone());
        listed.insert(key, (row["ours"].clone(), row["theirs"].clone()));
    }
    assert_eq!(listed.len(), rows.len(), "a difference is listed twice");
    let unlisted = found
        .iter()
        .filter(|(key, prices)| listed.get(*key) != Some(*prices));
    let gone = listed
        .iter()
        .filter(|(key, prices)| found.get(*key) != Some(*prices));
    let say = |((key, slot), (ours, theirs)): (&(String, String), &(String, String))| {
        format!("{key},{slot},{ours},{theirs}\n")
    };
    let (unlisted, gone): (String, String) = (unlisted.map(say).collect(), gone.map(say).collect());
    assert!(
        unlisted.is_empty() && gone.is_empty(),
        "not listed:\n{unlisted}listed, but no longer so:\n{gone}"
    );
}

fn differences(rows: &[Row]) -> Differences {
    let (catalog, card) = (Catalog::bundled(), RateCard::bundled());
    let mut differences = Differences::new();
    for row in rows {
        let key = &row["key"];
        let (kind, region, logged) = place(key);
        let slots = row
            .iter()
            .filter_map(|(column, value)| Some((slot(column)?, column, value)));
        let slots = slots.filter(|(_, _, value)| !value.is_empty());
        let Some(name) = catalog.resolve(logged) else {
            let difference = ("unknown model".to_owned(), String::new());
            differences.insert((key.clone(), "*".to_owned()), difference);
            continue;
        };
        for ((tier, class, input_above), column, theirs) in slots {
            let query = PriceQuery {
                model: &name.model,
                version: name.version.as_deref(),
                kind,
                region,
                tier,
                class,
                input_above,
                on: day(NEWEST),
            };
            let ours = card.token_price(&query).ok().map(|price| price.price);
            if ours != theirs.parse().ok() {
                let ours = ours.map_or_else(|| "-".to_owned(), |price| price.to_string());
                differences.insert((key.clone(), column.clone()), (ours, theirs.clone()));
            }
        }
    }
    differences
}

/// The kind and a region that a key of the other list means, and the model's name in it.
fn place(key: &str) -> (DeploymentKind, &'static str, &str) {
    let name = key.split_once('/').map_or(key, |(_, name)| name);
    let (kind, region) = (DeploymentKind::DataZone, name);
    match region.split_once('/') {
        Some(("us", name)) => (kind, "eastus2", name),
        Some(("eu", name)) => (kind, "swedencentral", name),
        Some(("apac", name)) => (kind, "japaneast", name),
        Some(("us-gov", name)) => (kind, "usgovvirginia", name),
        Some(("global" | "global-standard", name)) => (DeploymentKind::Global, "eastus2", name),
        _ => (DeploymentKind::Global, "eastus2", name),
    }
}

/// Tier, class and context of a price column: `cached_usd_per_1m_above_272k_tokens_priority`.
fn slot(column: &str) -> Option<(Tier, TokenClass, Option<Tokens>)> {
    let (class, rest) = column.split_once("_usd_per_1m")?;
    let class = match class {
        "input" => TokenClass::Input,
        "cached" => TokenClass::CachedInput,
        "cache_write" => TokenClass::CacheWrite,
        "output" => TokenClass::Output,
        _ => return None,
    };
    let (above, tier) = match rest.strip_prefix("_above_") {
        None => (None, rest),
        Some(rest) => {
            let (thousands, tier) = rest.split_once("k_tokens")?;
            (
                Some(Tokens::new(thousands.parse::<u64>().ok()? * 1000)),
                tier,
            )
        }
    };
    let tier = match tier {
        "" => Tier::Standard,
        "_batches" => Tier::Batch,
        "_priority" => Tier::Priority,
        "_flex" => Tier::Flex,
        _ => return None,
    };
    Some((tier, class, above))
}
