//! A small desk to work bills at by hand: round prices, round figures, usage as a table.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use tollbook::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use tollbook::catalog::{Catalog, OwnModel};
use tollbook::chargeback::{Charges, Detail, Facts, charge};
use tollbook::config::Config;
use tollbook::rate_card::{PtuPrice, RateCard, Source, TokenPrice};
use tollbook::units::{Requests, TokenCounts, Tokens};
use tollbook::usage::{Dimensions, Disposition, Quality, UsageKey, UsageSum};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn source() -> Source {
    Source {
        effective_from: day("2024-01-01"),
        effective_until: None,
        text: "by hand".to_owned(),
        as_of: day("2026-01-01"),
        own: false,
    }
}

pub(crate) fn token_price(model: &str, class: TokenClass, price: &str) -> TokenPrice {
    TokenPrice {
        model: model.to_owned(),
        version: None,
        kind: DeploymentKind::Global,
        regions: Vec::new(),
        tier: Tier::Standard,
        class,
        input_above: None,
        price: price.parse().unwrap(),
        source: source(),
    }
}

/// Prices [USD per 10⁶ tokens]: gpt-4.1 input 2, cached 0.5, output 8; router input 0.14; a global
/// PTU 1 an hour, 260 a month, 2652 a year.
pub(crate) fn rates() -> RateCard {
    let ptu = |term, price: &str| PtuPrice {
        kind: DeploymentKind::Global,
        region: "swedencentral".to_owned(),
        term,
        price: price.parse().unwrap(),
        source: source(),
    };
    RateCard::from_rows(
        vec![
            token_price("gpt-4.1", TokenClass::Input, "2"),
            token_price("gpt-4.1", TokenClass::CachedInput, "0.5"),
            token_price("gpt-4.1", TokenClass::Output, "8"),
            token_price("model-router", TokenClass::Input, "0.14"),
        ],
        vec![
            ptu(PtuTerm::Hourly, "1"),
            ptu(PtuTerm::Month, "260"),
            ptu(PtuTerm::Year, "2652"),
        ],
    )
}

/// One PTU of gpt-4.1: 3,000 input tokens a minute, an output token weighs 4, a cached one 0. Other
/// models, model-router among them, are those of the bundled catalog.
pub(crate) fn catalog() -> &'static Catalog {
    &CATALOG
}

/// Loaded once: properties charge thousands of periods.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let own: OwnModel = toml::from_str(
        r#"
name = "gpt-4.1"
input_tpm_per_ptu = 3000
weights = { input = "1", cached_input = "0", cache_write = "1", output = "4" }
from = "2025-04-14"
source = "by hand"
as_of = "2026-01-01"
"#,
    )
    .unwrap();
    Catalog::bundled().with_own(&[own]).unwrap()
});

/// Rows `day subscription deployment input cached output`; `_` in numbers is left out.
pub(crate) fn usage(table: &str) -> Vec<UsageSum> {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty());
    rows.map(|row| {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [on, subscription, deployment, input, cached, output] = cells[..] else {
            panic!("{row}: not six cells")
        };
        let tokens = |text: &str| Tokens::new(text.replace('_', "").parse().unwrap());
        UsageSum {
            key: UsageKey {
                day: day(on),
                dimensions: Arc::new(Dimensions {
                    subscription: subscription.to_owned(),
                    deployment: deployment.to_owned(),
                    model: "gpt-4.1-2025-04-14".to_owned(),
                    ..Dimensions::default()
                }),
                disposition: Disposition::Billable,
                input_above: None,
            },
            requests: Requests::new(1),
            tokens: TokenCounts {
                input: tokens(input),
                cached_input: tokens(cached),
                output: tokens(output),
                ..TokenCounts::default()
            },
            quality: Quality::Exact,
        }
    })
    .collect()
}

pub(crate) fn charges(config: &str, usage: &[UsageSum], period: &str) -> Charges {
    charged(config, usage, (period, Detail::Period)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn charged(
    config: &str,
    usage: &[UsageSum],
    (period, detail): (&str, Detail),
) -> Result<Charges, tollbook::chargeback::ChargeError> {
    let config = Config::parse(config, "tollbook.toml").unwrap_or_else(|error| panic!("{error}"));
    let (catalog, rates) = (catalog(), rates());
    let facts = Facts {
        catalog,
        rates: &rates,
    };
    charge(
        usage,
        &config.policy,
        &facts,
        period.parse().unwrap(),
        detail,
    )
}

/// The lines `business unit, app, deployment, component, quantity, amount`, and the total.
pub(crate) fn bill(charges: &Charges) -> String {
    let statement = &charges.statement;
    let mut text = String::new();
    let or_dash = |text: &str| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text.to_owned()
        }
    };
    for line in &statement.lines {
        let quantity = line.quantity.as_ref();
        let quantity = quantity.map_or("-".to_owned(), |q| {
            format!("{} {}", q.value.to_trimmed(3), q.unit)
        });
        writeln!(
            text,
            "{} | {} | {} | {} | {quantity} | {}",
            line.business_unit,
            or_dash(&line.app),
            or_dash(&line.deployment),
            line.component.name(),
            line.amount.to_decimal(statement.minor_digits),
        )
        .unwrap();
    }
    let total = statement.total.to_decimal(statement.minor_digits);
    writeln!(text, "total {total} {}", statement.currency).unwrap();
    text
}

/// Checks a bill; `expected` is indented as the test is.
pub(crate) fn check_bill(charges: &Charges, expected: &str) {
    let lines = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let expected: Vec<&str> = lines.collect();
    assert_eq!(bill(charges), expected.join("\n") + "\n");
}
