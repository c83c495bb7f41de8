//! Costs and capacity that can be checked by hand.

use super::*;
use crate::catalog::CapacityWeights;
use crate::rate_card::Source;
use crate::tokenizer::count::{Count, Counted, Labels, Part};
use crate::tokenizer::profile::{Profile, Settings};
use crate::units::{TokenWeight, TokensPerMinute};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()
}

fn price(model: &str, class: TokenClass, above: Option<u64>, price: &str) -> TokenPrice {
    TokenPrice {
        model: model.to_owned(),
        version: None,
        kind: DeploymentKind::Global,
        regions: Vec::new(),
        tier: Tier::Standard,
        class,
        input_above: above.map(Tokens::new),
        price: price.parse().unwrap(),
        source: Source {
            effective_from: day(),
            effective_until: None,
            text: "a test".to_owned(),
            as_of: day(),
            own: false,
        },
    }
}

/// 2 $ a million prompt tokens, 0.5 $ cached, 8 $ a million answer tokens; twice that beyond
/// 10,000.
fn rates() -> RateCard {
    use TokenClass::{CachedInput, Input, Output};
    let rows = [
        price("m", Input, None, "2"),
        price("m", CachedInput, None, "0.5"),
        price("m", Output, None, "8"),
        price("m", Input, Some(10_000), "4"),
        price("m", CachedInput, Some(10_000), "1"),
        price("m", Output, Some(10_000), "16"),
        price("old", Input, None, "1"),
        price("writes", Input, None, "1"),
        price("writes", CachedInput, None, "0.1"),
        price("writes", TokenClass::CacheWrite, None, "1.25"),
    ];
    RateCard::from_rows(rows.into(), Vec::new())
}

/// 1,000 tokens a minute and PTU; answers weigh 4, cached tokens nothing.
fn catalog() -> Catalog {
    let weight = TokenWeight::from_thousandths;
    let weights = CapacityWeights {
        input: weight(1_000),
        cached_input: weight(0),
        cache_write: weight(1_000),
        output: weight(4_000),
    };
    let row = |model: &str, weights| ProvisionedModel {
        name: ModelName {
            model: model.to_owned(),
            version: None,
        },
        input_tpm_per_ptu: TokensPerMinute::new(1_000),
        weights,
        long_context: None,
        effective_from: day(),
        effective_until: None,
        source: "a test".to_owned(),
        as_of: day(),
    };
    Catalog::from_rows(vec![row("m", Some(weights)), row("old", None)])
}

struct Record(&'static str, i64, Option<u64>, u64);

/// Records of a model with input, output, and the seed of a prefix of twelve blocks.
fn worth(records: &[Record]) -> Worth {
    let (rates, catalog) = (rates(), catalog());
    let mut profile = Profile::new(Settings {
        thresholds: context_thresholds(&rates, &catalog),
        ..Settings::default()
    });
    for Record(model, input, output, prefix) in records {
        let mut count = Count::default();
        count.add(Part::Text, *input);
        let counted = Counted {
            labels: Labels {
                model: (*model).to_owned(),
                ..Labels::default()
            },
            input: count,
            output: *output,
            prefix: (0..12).map(|block| prefix * 100 + block).collect(),
            ..Counted::default()
        };
        profile.add(&counted).unwrap();
    }
    let terms = Terms {
        rates: &rates,
        catalog: &catalog,
        kind: DeploymentKind::Global,
        region: "swedencentral",
        on: day(),
    };
    Worth::of(&profile.finish().total, &terms)
}

fn usd(text: &str) -> Result<Money, String> {
    text.parse().map_err(|_| format!("{text} is no amount"))
}

#[test]
fn a_thousand_requests_cost_a_thousand_times_the_mean() {
    // 2,000 and 4,000 tokens of one prefix: the second finds 1,536 of them.
    let found = worth(&[
        Record("m", 2_000, Some(100), 1),
        Record("m", 4_000, Some(300), 1),
    ]);
    // 3,000 × 1,000 × 2 $ / 10⁶.
    assert_eq!(found.input, usd("6"));
    // (4,464 × 2 $ + 1,536 × 0.5 $) / 10⁶ × 500.
    assert_eq!(found.cached_input, usd("4.848"));
    // 200 × 1,000 × 8 $ / 10⁶.
    assert_eq!(found.output, Some(usd("1.6")));
    assert_eq!(found.per_thousand(), usd("7.6"));
    assert_eq!(found.cached_per_thousand(), usd("6.448"));
    // (3,000 + 200 × 4) / 1,000; without 768 cached tokens of the mean prompt.
    assert_eq!(found.ptu.map(|ptu| ptu.to_string()), Ok("3.8".to_owned()));
    assert_eq!(
        found.cached_ptu.map(|ptu| ptu.to_string()),
        Ok("3.032".to_owned())
    );
    assert_eq!(found.long_context.requests, 0);
    assert_eq!(found.prices.len(), 3);
}

#[test]
fn long_requests_have_their_own_prices() {
    let found = worth(&[Record("m", 10_000, None, 1), Record("m", 10_001, None, 2)]);
    // (10,000 × 2 $ + 10,001 × 4 $) / 10⁶ × 500.
    assert_eq!(found.input, usd("30.002"));
    assert_eq!(found.output, None);
    assert_eq!(found.per_thousand(), found.input);
    assert_eq!(found.long_context.requests, 1);
    let thresholds: Vec<u64> = found
        .long_context
        .thresholds
        .iter()
        .map(|t| t.get())
        .collect();
    assert_eq!(thresholds, [10_000]);
}

#[test]
fn answers_that_are_not_told_are_as_large_as_those_that_are() {
    let found = worth(&[
        Record("m", 1_000, Some(500), 1),
        Record("m", 1_000, None, 2),
    ]);
    assert_eq!(found.output, Some(usd("4")));
    assert_eq!(found.ptu.map(|ptu| ptu.to_string()), Ok("3".to_owned()));
}

#[test]
fn writing_to_the_cache_costs_where_it_has_a_price() {
    let found = worth(&[Record("writes", 2_000, None, 1)]);
    assert_eq!(found.input, usd("2"));
    // (464 × 1 $ + 1,536 × 1.25 $) / 10⁶ × 1,000.
    assert_eq!(found.cached_input, usd("2.384"));
}

#[test]
fn what_is_missing_is_told_and_never_nothing() {
    let reason = |result: Result<Money, String>| result.unwrap_err();
    let found = worth(&[
        Record("old", 2_000, Some(1), 1),
        Record("old", 2_000, Some(1), 1),
    ]);
    assert_eq!(found.input, usd("2"));
    assert_eq!(
        reason(found.cached_input),
        "no price for standard global cached-input tokens of old in swedencentral on 2026-11-02; \
         known for input tokens"
    );
    let output = reason(found.output.unwrap());
    assert!(
        output.starts_with("no price for standard global output tokens of old"),
        "{output}"
    );
    assert_eq!(
        found.ptu.unwrap_err(),
        "no source gives the weights of old on provisioned throughput"
    );
    let nameless = worth(&[Record("", 10, None, 1)]);
    assert_eq!(
        reason(nameless.input),
        "the records name no model; give --model"
    );
    let unknown = worth(&[Record("m", 10, None, 1), Record("mm", 10, None, 1)]);
    let unknown = (reason(unknown.input), unknown.ptu.unwrap_err());
    assert_eq!(
        unknown.0,
        "the rate card has no prices for model \"mm\"; did you mean m?"
    );
    assert!(
        unknown
            .1
            .starts_with("no provisioned throughput figures for model \"mm\"")
    );
}

#[test]
fn the_version_that_a_record_tells_decides_its_price() {
    let (rates, catalog) = (RateCard::bundled(), Catalog::bundled());
    let known = |version: Option<&str>| {
        let mut profile = Profile::new(Settings::default());
        let mut count = Count::default();
        count.add(Part::Text, 1_000);
        let counted = Counted {
            labels: Labels {
                model: "gpt-4o".to_owned(),
                ..Labels::default()
            },
            version: version.map(str::to_owned),
            input: count,
            ..Counted::default()
        };
        profile.add(&counted).unwrap();
        let terms = Terms {
            rates: &rates,
            catalog: &catalog,
            kind: DeploymentKind::Global,
            region: "swedencentral",
            on: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        };
        Pricing::of(&profile.finish().total, &terms).input(Caching::Unused)
    };
    // 2.5 $ a million tokens, and 5 $ for the first version.
    assert_eq!(known(Some("2024-08-06")), Ok("2.5".parse().unwrap()));
    assert_eq!(known(Some("2024-05-13")), Ok("5".parse().unwrap()));
    assert!(known(None).unwrap_err().contains("2024-05-13"));
}
