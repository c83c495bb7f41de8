//! What a person and a machine see of counted records, from fixed ones.

use std::num::NonZero;

use chrono::NaiveDate;
use serde_json::Value;
use tollbook::azure::{DeploymentKind, Tier, TokenClass};
use tollbook::catalog::{CapacityWeights, Catalog, ModelName, ProvisionedModel};
use tollbook::rate_card::{RateCard, Source, TokenPrice};
use tollbook::report::table::{Ink, Page};
use tollbook::report::tokens::records::Records;
use tollbook::report::tokens::{Priced, Report, Run, csv, json, table};
use tollbook::tokenizer::profile::{Label, Profile, Settings, Terms, context_thresholds};
use tollbook::tokenizer::{Count, Counted, Labels, LoggedUsage, Part, Reason};
use tollbook::units::{TokenWeight, Tokens, TokensPerMinute};

use crate::golden::check;
use crate::report_schema::violation;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()
}

/// Prices of two models; `gpt-old` has none of cached tokens.
fn rates() -> RateCard {
    use TokenClass::{CachedInput, Input, Output};
    let rows = [
        ("gpt-chat", Input, None, "2"),
        ("gpt-chat", CachedInput, None, "0.5"),
        ("gpt-chat", Output, None, "8"),
        ("gpt-chat", Input, Some(200_000), "4"),
        ("gpt-chat", CachedInput, Some(200_000), "1"),
        ("gpt-chat", Output, Some(200_000), "12"),
        ("gpt-old", Input, None, "0.0375"),
        ("gpt-old", Output, None, "0.15"),
    ];
    let price = |(model, class, above, price): (&str, TokenClass, Option<u64>, &str)| TokenPrice {
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
            text: "a list of prices".to_owned(),
            as_of: day(),
            own: false,
        },
    };
    RateCard::from_rows(rows.into_iter().map(price).collect(), Vec::new())
}

fn catalog() -> Catalog {
    let weight = TokenWeight::from_thousandths;
    Catalog::from_rows(vec![ProvisionedModel {
        name: ModelName {
            model: "gpt-chat".to_owned(),
            version: None,
        },
        input_tpm_per_ptu: TokensPerMinute::new(3_000),
        weights: Some(CapacityWeights {
            input: weight(1_000),
            cached_input: weight(0),
            cache_write: weight(1_000),
            output: weight(4_000),
        }),
        long_context: None,
        effective_from: day(),
        effective_until: None,
        source: "a table of sizes".to_owned(),
        as_of: day(),
    }])
}

fn counted(app: &str, model: &str, line: u64, parts: &[(Part, i64)]) -> Counted {
    let mut input = Count::default();
    for (part, tokens) in parts {
        input.add(*part, *tokens);
    }
    Counted {
        labels: Labels {
            model: model.to_owned(),
            app: app.to_owned(),
            file: "logs/bodies.jsonl".to_owned(),
            ..Labels::default()
        },
        line,
        input,
        ..Counted::default()
    }
}

/// Forty requests with tools, one shared start, answers, limits and reported usage.
fn chat(number: u64) -> Counted {
    let text = 1_500 + 37 * number.cast_signed();
    let parts = [(Part::Text, text), (Part::Overhead, 7), (Part::Tools, 120)];
    let mut chat = counted("chat", "gpt-chat", number, &parts);
    chat.input.doubt(Reason::Tools);
    let off = [0, 0, 0, 2, 9][usize::try_from(number % 5).unwrap()];
    chat.usage = Some(LoggedUsage {
        input: chat.input.total() - off,
        cached_input: number.is_multiple_of(2).then_some(1_152),
        output: 40 + number,
        reasoning: None,
    });
    chat.output = Some(40 + number);
    chat.max_tokens = NonZero::new(800);
    let own = |block| number * 1_000 + block;
    chat.prefix = (0..9).chain((9..12).map(own)).collect();
    chat
}

/// All records, in order: chats, ten long ones without answers, and a nameless one.
fn records() -> Vec<Counted> {
    let long = (1..=10_u64).map(|number| {
        let tokens = 30_000 * number.cast_signed();
        let mut long = counted("batch", "gpt-chat", 40 + number, &[(Part::Text, tokens)]);
        if number > 8 {
            long.input.doubt(Reason::File);
        }
        long
    });
    let nameless = counted("", "gpt-old", 51, &[(Part::Text, 9), (Part::Overhead, 7)]);
    (1..=40).map(chat).chain(long).chain([nameless]).collect()
}

fn run(label: &str, settings: Settings, records: &[Counted]) -> Run {
    let (rates, catalog) = (rates(), catalog());
    let mut profile = Profile::new(Settings {
        thresholds: context_thresholds(&rates, &catalog),
        ..settings
    });
    for record in records {
        profile.add(record).unwrap();
    }
    let terms = Terms {
        rates: &rates,
        catalog: &catalog,
        kind: DeploymentKind::Global,
        region: "swedencentral",
        on: day(),
    };
    Run::of(label.to_owned(), profile.finish(), &terms)
}

fn report(runs: Vec<Run>) -> Report {
    Report {
        name: "logs/bodies.jsonl".to_owned(),
        runs,
        priced: Priced {
            kind: DeploymentKind::Global,
            region: "swedencentral".to_owned(),
            on: day(),
        },
    }
}

fn by(labels: &[Label]) -> Settings {
    Settings {
        by: labels.to_vec(),
        ..Settings::default()
    }
}

fn by_app() -> Report {
    report(vec![run("", by(&[Label::App]), &records())])
}

/// The same prompts for two models, of which one counts a quarter more.
fn compared() -> Report {
    let prompts: Vec<Counted> = (1..=20).map(chat).collect();
    let more = prompts.iter().map(|prompt| {
        let mut more = prompt.clone();
        let text = prompt.input.total().cast_signed() / 4;
        more.input.add(Part::Text, text);
        "gpt-old".clone_into(&mut more.labels.model);
        more.usage = None;
        more
    });
    let more: Vec<Counted> = more.collect();
    let settings = || by(&[]);
    report(vec![
        run("gpt-chat", settings(), &prompts),
        run("gpt-old", settings(), &more),
    ])
}

fn budgeted() -> Report {
    let settings = Settings {
        budget: Some(200_000),
        largest: 3,
        ..by(&[])
    };
    report(vec![run("", settings, &records())])
}

fn empty() -> Report {
    report(vec![run("", by(&[Label::App]), &[])])
}

fn table_at(report: &Report, width: u16) -> String {
    let ink = Ink::Plain;
    table(report, Page { width, ink })
}

#[test]
fn tables_fit_the_terminal() {
    for width in [60, 80, 120] {
        check(&format!("tokens-{width}.txt"), &table_at(&by_app(), width));
    }
    check("tokens-compared.txt", &table_at(&compared(), 80));
    check("tokens-budget.txt", &table_at(&budgeted(), 80));
    check("tokens-empty.txt", &table_at(&empty(), 80));
    let one = report(vec![run("", by(&[]), &[chat(1)])]);
    check("tokens-one.txt", &table_at(&one, 80));
}

#[test]
fn lines_are_no_wider_than_the_page() {
    for report in [by_app(), compared(), budgeted()] {
        for width in [60_u16, 70, 80, 100, 200] {
            for line in table_at(&report, width).lines() {
                let length = line.chars().count();
                assert!(length <= usize::from(width), "{width}: {line}");
            }
        }
    }
}

#[test]
fn machines_get_every_figure() {
    check("tokens.csv", &csv(&by_app()));
    check("tokens.json", &json(&by_app()));
    check("tokens-compared.csv", &csv(&compared()));
}

#[test]
fn records_are_rows_with_their_parts() {
    let mut records = Records::new(Vec::new()).unwrap();
    let mut hidden = counted("=app", "gpt-chat", 2, &[(Part::Text, 5), (Part::Tools, -2)]);
    hidden.input.doubt(Reason::HostedTools);
    hidden.input.doubt(Reason::ToolCalls);
    for record in [&chat(4), &hidden] {
        records.add(record).unwrap();
    }
    let text = String::from_utf8(records.finish().unwrap()).unwrap();
    check("tokens-records.csv", &text);
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/tokens-1.schema.json")).unwrap()
}

fn documents() -> Vec<Value> {
    let reports = [by_app(), compared(), budgeted(), empty()];
    let reports = reports.iter();
    let written = reports.map(|report| serde_json::from_str(&json(report)).unwrap());
    written.collect()
}

#[test]
fn documents_are_what_the_schema_says() {
    let (schema, documents) = (schema(), documents());
    for document in &documents {
        assert_eq!(violation(document, &schema, &schema, ""), None);
    }
    for (name, rule) in schema["properties"].as_object().unwrap() {
        let rows = |document: &Value| document[name].as_array().map_or(1, Vec::len);
        let some = documents.iter().map(rows).sum::<usize>() > 0;
        assert!(some, "no document has a row of {name}: {rule}");
    }
}

#[test]
fn the_check_of_documents_can_fail() {
    let schema = schema();
    let mut document = documents().remove(0);
    let mut found = |path: &str, value: Value| {
        *document.pointer_mut(path).unwrap() = value;
        violation(&document, &schema, &schema, "").unwrap_or_default()
    };
    let wrong = found("/groups/0/input_mean", "1e3".into());
    assert!(wrong.starts_with("/groups/0/input_mean"), "{wrong}");
    assert_eq!(found("/groups/0/input_mean", "1000.5".into()), "");
    let wrong = found("/total", serde_json::json!({}));
    assert!(wrong.starts_with("/total: no"), "{wrong}");
}
