use super::*;
use crate::azure::{Tier, TokenClass};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Asks for "model version kind region tier class above on"; `-` for none.
fn ask(card: &RateCard, question: &str) -> Result<String, PriceError> {
    let words: Vec<&str> = question.split_whitespace().collect();
    card.token_price(&PriceQuery {
        model: words[0],
        version: (words[1] != "-").then_some(words[1]),
        kind: words[2].parse().unwrap(),
        region: words[3],
        tier: words[4].parse().unwrap(),
        class: words[5].parse().unwrap(),
        input_above: words[6].parse().ok().map(Tokens::new),
        on: day(words[7]),
    })
    .map(|price| price.price.to_string())
}

#[test]
fn prices_by_version_kind_region_tier_context_and_day() {
    let card = RateCard::bundled();
    for line in "
        gpt-4.1      -          global   swedencentral standard input        -      2026-10-05 = 2
        gpt-4.1      2025-04-14 global   swedencentral standard output       -      2026-10-05 = 8
        gpt-4.1      -          datazone swedencentral standard input        -      2026-10-05 = 2.2
        gpt-4.1      -          regional swedencentral standard input        -      2026-10-05 = 2.42
        gpt-4.1      -          regional eastus2       standard input        -      2026-10-05 = 2.2
        gpt-4.1      -          regional northeurope   standard input        -      2026-10-05 = 2.64
        gpt-4.1      -          global   eastus        batch    output       -      2026-10-05 = 4
        gpt-4.1      -          global   eastus        priority cached-input -      2026-10-05 = 0.875
        gpt-4.1      -          global   swedencentral standard input        272000 2026-10-05 = 2
        gpt-4o       2024-08-06 regional swedencentral standard input        -      2026-10-05 = 2.75
        gpt-4o       2024-11-20 regional swedencentral standard input        -      2026-10-05 = 3.025
        gpt-4o       2024-05-13 global   westeurope    standard input        -      2026-10-05 = 5
        gpt-6-sol    -          datazone westeurope    standard input        -      2026-10-05 = 2.4
        gpt-6-sol    -          datazone eastus2       standard input        -      2026-10-05 = 2.2
        gpt-6-sol    -          global   eastus2       standard cache-write  -      2026-10-05 = 2.5
        gpt-6-sol    -          global   eastus2       standard output       272000 2026-10-05 = 15
        gpt-6-sol    -          global   eastus2       standard output       300000 2026-10-05 = 15
        gpt-5.4      -          datazone japaneast     standard input        -      2026-10-05 = 3
        gpt-5.6-luna -          datazone usgovvirginia standard input        -      2026-10-05 = 0.275
        gpt-5.6-terra -         global   eastus        standard input        -      2026-07-15 = 2.5
        gpt-5.6-terra -         global   eastus        standard input        -      2026-08-01 = 2
        gpt-5.6-sol  -          global   eastus        standard output       -      2026-08-31 = 30
        gpt-5.6-sol  -          global   eastus        standard output       -      2026-09-01 = 20
        gpt-5.6-sol  -          global   eastus        standard output       -      2026-11-30 = 20
        gpt-5.6-sol  -          global   eastus        standard output       -      2026-12-01 = 30
        gpt-oss-120b -          global   usgovvirginia standard input        -      2026-10-05 = 0.19"
        .trim()
        .lines()
    {
        let (question, price) = line.split_once('=').unwrap();
        let found = ask(&card, question).map_err(|error| error.to_string());
        assert_eq!(found.as_deref(), Ok(price.trim()), "{}", question.trim());
    }
}

/// Questions without an answer, and what is said instead.
const UNANSWERED: &[(&str, &str)] = &[
    (
        "gpt-4.1-mni - global eastus standard input - 2026-10-05",
        "the rate card has no prices for model \"gpt-4.1-mni\"; did you mean gpt-4.1-mini, \
         gpt-4.1 or gpt-4.1-nano?",
    ),
    (
        "gpt-4.1 - global swedencentrl standard input - 2026-10-05",
        "the rate card knows no region \"swedencentrl\"; did you mean swedencentral?",
    ),
    (
        "gpt-5-nano - regional eastus standard input - 2026-10-05",
        "no price for standard regional input tokens of gpt-5-nano in eastus on 2026-10-05; \
         known for kind datazone, global",
    ),
    (
        "gpt-5-nano - global eastus priority input - 2026-10-05",
        "no price for priority global input tokens of gpt-5-nano in eastus on 2026-10-05; \
         known for tier batch, standard",
    ),
    (
        "gpt-5-pro - global eastus standard cached-input - 2026-10-05",
        "no price for standard global cached-input tokens of gpt-5-pro in eastus on \
         2026-10-05; known for input tokens, output tokens",
    ),
    (
        "gpt-4.1 - regional qatarcentral standard input - 2026-10-05",
        "no price for standard regional input tokens of gpt-4.1 in qatarcentral on \
         2026-10-05; known in eastus, eastus2, northcentralus, southcentralus, westus, \
         westus2, westus3, northeurope, swedencentral, switzerlandnorth, usgovarizona, \
         usgovvirginia",
    ),
    (
        "gpt-5.4 - global eastus priority input 272000 2026-10-05",
        "no price for priority global input tokens of gpt-5.4 in eastus, input above 272000 \
         tokens on 2026-10-05; known for shorter requests",
    ),
    (
        "gpt-4o 2030-01-01 global eastus standard input - 2026-10-05",
        "no price for standard global input tokens of gpt-4o (2030-01-01) in eastus on \
         2026-10-05; known for version 2024-05-13, 2024-08-06, 2024-11-20",
    ),
    (
        "gpt-4o - global eastus standard input - 2026-10-05",
        "no price for standard global input tokens of gpt-4o in eastus on 2026-10-05: it \
         depends on the version; name one of 2024-05-13, 2024-08-06, 2024-11-20",
    ),
    (
        "gpt-4o - global eastus standard cached-input - 2026-10-05",
        "no price for standard global cached-input tokens of gpt-4o in eastus on 2026-10-05: it \
         depends on the version; name one of 2024-05-13, 2024-08-06, 2024-11-20",
    ),
    (
        "gpt-6.1-sol - global eastus standard input - 2026-09-30",
        "no price for standard global input tokens of gpt-6.1-sol in eastus on 2026-09-30; \
         the first one known holds from 2026-10-01",
    ),
    (
        "gpt-5.6-sol - global eastus standard cache-write - 2026-12-24",
        "no price for standard global cache-write tokens of gpt-5.6-sol in eastus on \
         2026-12-24; the last one known ended before 2026-12-01",
    ),
];

#[test]
fn what_has_no_price_says_what_there_is() {
    let card = RateCard::bundled();
    for (question, message) in UNANSWERED {
        assert_eq!(ask(&card, question).unwrap_err().to_string(), *message);
    }
}

#[test]
fn versions_that_agree_need_not_be_named() {
    let card = RateCard::bundled();
    let question = "chat-latest - global eastus standard input - 2026-10-05";
    assert_eq!(ask(&card, question).as_deref(), Ok("5"));
}

#[test]
fn earlier_use_is_priced_only_when_allowed_and_then_says_so() {
    let card = RateCard::bundled().allow_earlier();
    let query = PriceQuery {
        model: "gpt-6.1-sol",
        version: None,
        kind: DeploymentKind::Global,
        region: "eastus",
        tier: Tier::Standard,
        class: TokenClass::Input,
        input_above: None,
        on: day("2026-09-30"),
    };
    let price = card.token_price(&query).unwrap();
    assert_eq!(price.price.to_string(), "2");
    assert!(price.source.stretched_to(query.on));
    assert!(!price.source.stretched_to(day("2026-10-01")));
}

#[test]
fn ptu_prices_by_region_term_and_day() {
    let card = RateCard::bundled();
    for line in "
        global   swedencentral hourly  2026-10-05 1
        global   swedencentral 1-month 2026-10-05 260
        global   swedencentral 1-year  2026-03-01 2652
        datazone swedencentral hourly  2026-08-31 1.1
        datazone swedencentral hourly  2026-09-01 1.2
        datazone japaneast     hourly  2026-07-01 1.1
        datazone japaneast     hourly  2026-08-01 1.2
        regional westeurope    hourly  2026-10-05 2.72
        regional swedencentral 1-year  2026-08-31 3204
        regional swedencentral 1-year  2026-09-01 3444"
        .trim()
        .lines()
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (kind, term) = (words[0].parse().unwrap(), words[2].parse().unwrap());
        let found = card.ptu_price(kind, words[1], term, day(words[3])).unwrap();
        assert_eq!(found.price.to_string(), words[4], "{line}");
    }
}

#[test]
fn ptu_prices_that_are_missing_name_the_regions_that_have_one() {
    let card = RateCard::bundled();
    let kind = DeploymentKind::Regional;
    let error = card
        .ptu_price(kind, "qatarcentral", PtuTerm::Year, day("2026-10-05"))
        .unwrap_err();
    assert!(error.to_string().starts_with(
        "no price for a regional PTU (1-year) in qatarcentral on 2026-10-05; known in australiaeast"
    ));
}

#[test]
fn superseded_and_disagreeing_rows_stay_visible() {
    let card = RateCard::bundled();
    let query = PtuQuery {
        kind: DeploymentKind::DataZone,
        region: "japaneast",
        term: PtuTerm::Hourly,
        on: day("2026-10-05"),
    };
    let rivals: Vec<String> = card
        .ptu_rivals(&query)
        .iter()
        .map(|entry| entry.price.price.to_string())
        .collect();
    assert_eq!(rivals, ["1.1"]);
    let flex = PriceQuery {
        model: "gpt-5.6-sol",
        version: None,
        kind: DeploymentKind::Global,
        region: "eastus",
        tier: Tier::Flex,
        class: TokenClass::Output,
        input_above: None,
        on: day("2026-10-05"),
    };
    assert_eq!(card.token_price(&flex).unwrap().price.to_string(), "10");
    assert_eq!(card.rivals(&flex)[0].price.price.to_string(), "15");
}

#[test]
fn own_prices_go_before_bundled_ones() {
    #[derive(serde::Deserialize)]
    struct File {
        price: Vec<OwnPrice>,
        ptu_price: Vec<OwnPtuPrice>,
    }
    let file: File = toml::from_str(
        r#"
        [[price]]
        model = "gpt-4.1"
        kind = "global"
        input = "1.5"
        output = 6
        from = "2026-01-01"
        until = "2027-01-01"
        source = "contract 4711"
        as_of = "2026-01-15"
        [[ptu_price]]
        kind = "global"
        region = "Sweden Central"
        term = "hourly"
        price = "0.9"
        from = "2026-01-01"
        source = "contract 4711"
        as_of = "2026-01-15"
        "#,
    )
    .unwrap();
    let bundled = RateCard::bundled();
    let card = bundled
        .clone()
        .with_own(&file.price, &file.ptu_price)
        .unwrap();
    for (question, price) in [
        ("gpt-4.1 - global eastus standard input - 2026-10-05", "1.5"),
        ("gpt-4.1 - global eastus standard output - 2026-10-05", "6"),
        (
            "gpt-4.1 - global eastus standard cached-input - 2026-10-05",
            "0.5",
        ),
        (
            "gpt-4.1 - datazone eastus standard input - 2026-10-05",
            "2.2",
        ),
        ("gpt-4.1 - global eastus standard input - 2027-01-01", "2"),
    ] {
        assert_eq!(ask(&card, question).as_deref(), Ok(price), "{question}");
    }
    let hourly = card
        .ptu_price(
            DeploymentKind::Global,
            "swedencentral",
            PtuTerm::Hourly,
            day("2026-10-05"),
        )
        .unwrap();
    assert_eq!(hourly.price.to_string(), "0.9");
    assert_ne!(card.version(), bundled.version());
}

#[test]
fn own_prices_that_cannot_match_are_refused() {
    let own = |lines: &str| -> String {
        let text = format!("model = \"m\"\nsource = \"s\"\nas_of = \"2026-01-15\"\n{lines}");
        match toml::from_str::<OwnPrice>(&text) {
            Err(error) => error.message().to_owned(),
            Ok(price) => match RateCard::bundled().with_own(&[price], &[]) {
                Err(error) => error.to_string(),
                Ok(_) => String::new(),
            },
        }
    };
    for (lines, message) in [
        (
            "from = \"2026-01-01\"\ninput = 1\nregion = \"swedncentral\"",
            "[[price]] of m: region \"swedncentral\" is not known; did you mean swedencentral, \
             spaincentral or westcentralus?; leave `region` out to price every region",
        ),
        (
            "from = \"2026-01-01\"",
            "[[price]] of \"m\" gives no price; expected at least one of input, cached_input, \
             cache_write, output",
        ),
        (
            "from = \"2026-01-01\"\nuntil = \"2026-01-01\"\ninput = 1",
            "[[price]] of m: until 2026-01-01 is not after from 2026-01-01",
        ),
        (
            "from = \"2026-01-01\"\ninput = 1.5",
            "invalid type: floating point `1.5`, expected a decimal in quotes such as \"12.5\", \
             or a whole number",
        ),
        ("from = \"2026-01-01\"\ninput = 1\nregion = \"eu\"", ""),
    ] {
        assert_eq!(own(lines), message, "{lines}");
    }
}

#[test]
fn thresholds_are_listed_once() {
    assert_eq!(
        RateCard::bundled().context_thresholds(),
        [Tokens::new(272_000)]
    );
    assert!(
        RateCard::from_rows(Vec::new(), Vec::new())
            .context_thresholds()
            .is_empty()
    );
}
