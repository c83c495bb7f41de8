//! The sample month's statement, worked out by hand and once more without the engine.
//!
//! The total, from `samples/contoso/expected/usage.csv`, `tollbook.toml` and the bundled prices:
//!
//! What is fixed. A year's reservation costs 2,652 USD a PTU, so 221 a PTU and term month; October
//! is one term month, because the terms began on a first of the month.
//!
//! | | USD |
//! |---|---|
//! | hub: 40 PTU reserved, 40 × 221 | 8,840.00 |
//! | hub by the hour: 1 to 14 October 08:00 are 320 h × (50 − 40) PTU; the other 424 h × (65 − 40) PTU; 13,800 PTU-hours at 1 | 13,800.00 |
//! | assistants: 25 PTU reserved, 25 × 221 (15 deployed: 3,315; 10 unused: 2,210) | 5,525.00 |
//! | API Management | 2,800.00 |
//! | together | 30,965.00 |
//!
//! What tokens cost, in tokens × USD per million.
//!
//! | | tokens | USD |
//! |---|---|---|
//! | gpt-4.1-payg, uncached | 7,001,286 − 10,496 = 6,990,790 × 2 | 13.98158 |
//! | gpt-4.1-payg, cached | 10,496 × 0.5 | 0.005248 |
//! | gpt-4.1-payg, output | 104,240 × 8 | 0.83392 |
//! | gpt-4o-mini-payg, uncached | 133,941 − 1,152 = 132,789 × 0.15 | 0.01991835 |
//! | gpt-4o-mini-payg, cached | 1,152 × 0.075 | 0.0000864 |
//! | gpt-4o-mini-payg, output | 17,339 × 0.6 | 0.0104034 |
//! | spilled over | | 14.85115615 |
//! | model-router as gpt-4.1-mini | 48,004 × 0.4 + 1,408 × 0.1 + 2,976 × 1.6 | 0.024104 |
//! | model-router as gpt-4.1-nano | 138,282 × 0.1 + 7,844 × 0.4 | 0.0169658 |
//! | text-embedding-3-small | 385,033 × 0.02 | 0.00770066 |
//! | lab-gpt-4.1-mini | 2,441,298 × 0.4 + 120,890 × 1.6 | 1.1699432 |
//! | standard | | 1.21871366 |
//! | discount | 5 % of standard | −0.060935683 |
//!
//! 30,965 + 14.85115615 + 1.21871366 − 0.060935683 = 30,981.008934127, so 30,981.01 USD.

use std::collections::BTreeMap;
use std::process::Command;

use num_rational::Ratio;
use serde_json::Value;

use super::samples::generator::call::{Call, Story};
use super::samples::generator::month::{self, END, START};

/// US dollars, exactly.
type Usd = Ratio<i128>;

const USAGE: &str = include_str!("../../samples/contoso/expected/usage.csv");

/// What each business unit owes.
type Owed = BTreeMap<String, Usd>;

fn ratio(numerator: i128, denominator: i128) -> Usd {
    Ratio::new(numerator, denominator)
}

/// A decimal such as `8572.340689696404`.
fn decimal(text: &str) -> Usd {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}").parse().unwrap();
    ratio(digits, 10_i128.pow(u32::try_from(fraction.len()).unwrap()))
}

/// A line of `usage.csv`.
struct Line<'a> {
    units: Vec<(&'a str, Usd)>,
    app: &'a str,
    deployment: &'a str,
    model: &'a str,
    requests: i128,
    input: i128,
    cached: i128,
    output: i128,
}

fn lines() -> Vec<Line<'static>> {
    USAGE.lines().skip(1).map(line).collect()
}

fn line(text: &'static str) -> Line<'static> {
    let fields: Vec<&str> = text.split(',').collect();
    let count = |at: usize| fields[at].parse().unwrap();
    Line {
        units: units(fields[0]),
        app: fields[1],
        deployment: fields[2],
        model: fields[3],
        requests: count(4),
        input: count(5),
        cached: count(6),
        output: count(7),
    }
}

/// `HR 60 % + Legal 40 %` and plain names.
fn units(text: &str) -> Vec<(&str, Usd)> {
    match text {
        "HR 60 % + Legal 40 %" => vec![("HR", ratio(60, 100)), ("Legal", ratio(40, 100))],
        unit => vec![(unit, ratio(1, 1))],
    }
}

/// List prices of uncached input, cached input and output [USD per 10⁹ tokens].
fn prices(model: &str) -> [i128; 3] {
    match model {
        "gpt-4.1" => [2_000, 500, 8_000],
        "gpt-4.1-mini" => [400, 100, 1_600],
        "gpt-4.1-nano" => [100, 25, 400],
        "gpt-4o-mini" => [150, 75, 600],
        "text-embedding-3-small" => [20, 0, 0],
        _ => panic!("{model}"),
    }
}

fn owe(owed: &mut Owed, units: &[(&str, Usd)], amount: Usd) {
    for (unit, share) in units {
        *owed.entry((*unit).to_owned()).or_default() += amount * share;
    }
}

/// Spillover at list price, standard 5 % below it, provisioned nothing.
fn owe_tokens(owed: &mut Owed) {
    for line in lines() {
        let percent = match line.deployment {
            name if name.ends_with("-ptu") => continue,
            name if name.ends_with("-payg") => 100,
            _ => 95,
        };
        let [uncached, cached, output] = prices(line.model);
        let nano =
            (line.input - line.cached) * uncached + line.cached * cached + line.output * output;
        owe(owed, &line.units, ratio(nano * percent, 100_000_000_000));
    }
}

/// 2,800 USD of API Management by requests.
fn owe_gateway(owed: &mut Owed) {
    let all: i128 = lines().iter().map(|line| line.requests).sum();
    for line in lines() {
        owe(owed, &line.units, ratio(2_800 * line.requests, all));
    }
}

/// A deployment on provisioned throughput.
struct Provisioned {
    name: &'static str,
    model: &'static str,
    /// Input tokens a minute and PTU; an output token weighs four, a cached one nothing.
    tokens_per_minute: i128,
    /// What all its hours of October cost.
    cost: Usd,
    /// Cost of a PTU-hour on a day of October.
    hour: fn(i128) -> Usd,
}

fn provisioned() -> [Provisioned; 2] {
    [
        Provisioned {
            name: "gpt-4.1-ptu",
            model: "gpt-4.1",
            tokens_per_minute: 3_000,
            cost: ratio(8_840 + 13_800, 1),
            hour: hub_hour,
        },
        Provisioned {
            name: "gpt-4o-mini-ptu",
            model: "gpt-4o-mini",
            tokens_per_minute: 37_000,
            cost: ratio(15 * 221, 1),
            hour: |_| ratio(221, 744),
        },
    ]
}

/// 40 PTU at 221 USD over 744 hours, the other 10 or 25 at 1 USD an hour, spread over 50 or 65.
fn hub_hour(day: i128) -> Usd {
    let hours_of_50 = match day {
        ..14 => 24,
        14 => 8,
        _ => 0,
    };
    let hours_of_65 = 24 - hours_of_50;
    let reserved = ratio(24 * 40 * 221, 744);
    let by_the_hour = ratio(hours_of_50 * 10 + hours_of_65 * 25, 1);
    (reserved + by_the_hour) / ratio(hours_of_50 * 50 + hours_of_65 * 65, 1)
}

/// The month's calls that a provisioned deployment served.
fn served<'a>(
    calls: &'a [Call],
    deployment: &'a Provisioned,
) -> impl Iterator<Item = &'a Call> + 'a {
    calls.iter().filter(|call| {
        (START..END).contains(&call.at)
            && call.story == Story::Served
            && call.backend == "aoai-ptu"
            && call.model.starts_with(deployment.model)
            && call.deployment.overflow.is_some()
    })
}

fn unit_of(call: &Call) -> &'static str {
    if call.anonymous {
        return "__unattributed__";
    }
    call.app.business_unit
}

/// Tokens as logged: input, of which cached, output.
fn tokens(call: &Call) -> [i128; 3] {
    let (input, cached, output) = call.logged_tokens();
    let cached = if call.carrier.tells_cached() {
        cached
    } else {
        0
    };
    [input, cached, output].map(i128::from)
}

/// What was used goes to whoever used it, at the cost of its day; the rest by the capacity each
/// unit asked for; the reservation of 10 PTU that nobody deployed to `__idle__`.
fn owe_capacity(owed: &mut Owed, calls: &[Call]) {
    for deployment in provisioned() {
        let mut idle = deployment.cost;
        for call in served(calls, &deployment) {
            let [input, cached, output] = tokens(call);
            let weighted = input - cached + 4 * output;
            let hours = ratio(weighted, deployment.tokens_per_minute * 60);
            let day = i128::from((call.at - START) / 86_400_000) + 1;
            let amount = hours * (deployment.hour)(day);
            idle -= amount;
            owe(owed, &units(unit_of(call)), amount);
        }
        for (unit, asked) in [
            ("HR", 10),
            ("Finance", 20),
            ("Legal", 15),
            ("Retail", 10),
            ("Research", 10),
        ] {
            owe(owed, &units(unit), idle * ratio(asked, 65));
        }
    }
    owe(owed, &units("__idle__"), ratio(10 * 221, 1));
}

fn statement() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["chargeback", "--period", "2026-10", "--format", "json"])
        .args(["--config", "samples/contoso/tollbook.toml"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_total_is_the_one_worked_out_by_hand() {
    let statement = statement();
    assert_eq!(statement["exact_total"], "30981.008934127");
    assert_eq!(statement["total"], "30981.01");
}

#[test]
fn calls_add_up_to_the_answer_sheet() {
    let calls = month::calls(2026, 850);
    for deployment in provisioned() {
        let mut sums = BTreeMap::new();
        for call in served(&calls, &deployment) {
            let app = if call.anonymous { "" } else { call.app.name };
            let sum: &mut [i128; 4] = sums.entry((unit_of(call), app)).or_default();
            let [input, cached, output] = tokens(call);
            for (total, value) in sum.iter_mut().zip([1, input, cached, output]) {
                *total += value;
            }
        }
        let sheet: BTreeMap<_, _> = lines()
            .into_iter()
            .filter(|line| line.deployment == deployment.name)
            .map(|line| {
                let counts = [line.requests, line.input, line.cached, line.output];
                ((line.units[0].0, line.app), counts)
            })
            .collect();
        assert_eq!(sums, sheet, "{}", deployment.name);
    }
}

#[test]
fn every_business_unit_owes_what_plain_fractions_say() {
    let mut owed = Owed::new();
    owe_tokens(&mut owed);
    owe_gateway(&mut owed);
    owe_capacity(&mut owed, &month::calls(2026, 850));
    let total: Usd = owed.values().sum();
    assert_eq!(total, decimal("30981.008934127"));

    let statement = statement();
    let units = statement["business_units"].as_array().unwrap();
    assert_eq!(units.len(), owed.len());
    let mut charged_total = Usd::default();
    for unit in units {
        let text = |key: &str| unit[key].as_str().unwrap();
        let name = text("business_unit");
        let (exact, charged) = (decimal(text("exact_amount")), decimal(text("amount")));
        let off = owed[name] - exact;
        // Shown to twelve decimals.
        assert!(
            off < ratio(1, 1_000_000_000_000) && off > ratio(-1, 1_000_000_000_000),
            "{name}: {} is stated, {} is right",
            exact,
            owed[name]
        );
        let rounding = charged - owed[name];
        assert!(
            rounding < ratio(1, 100) && rounding > ratio(-1, 100),
            "{name}: {charged} is charged for {}",
            owed[name]
        );
        charged_total += charged;
    }
    assert_eq!(charged_total, decimal("30981.01"));
}
