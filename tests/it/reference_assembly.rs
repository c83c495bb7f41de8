//! The eight requests of the reference, read, assembled and classified from every carrier.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use tollbook::usage::assembly::{Assembly, Options};
use tollbook::usage::{ReadOptions, RowAccounting, Source, UsageRecord, read};

fn folder() -> PathBuf {
    let shared = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE must be set");
    Path::new(&shared).join("reference/gateway-samples/apim-llmlog")
}

/// Reads and assembles `files`: the records as lines of the expected file, and the accounting.
fn assembled(files: &[&str]) -> (Vec<String>, RowAccounting) {
    let sources: Vec<_> = files
        .iter()
        .map(|file| Source::from_bytes(*file, fs::read(folder().join(file)).expect("a sample")))
        .collect();
    let names: Vec<_> = files.iter().map(|file| (*file).to_owned()).collect();
    let assembly = Assembly::new(Options::new(std::env::temp_dir()));
    let threads = NonZero::new(2).expect("two threads");
    let outcome = read(
        &sources,
        &ReadOptions::default(),
        || assembly.worker(),
        threads,
    );
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    let mut lines = Vec::new();
    let mut visit = |record: &UsageRecord<'_>| lines.push((record.time, line(record)));
    let assembled = assembly
        .finish(outcome.sinks, &names, &mut [&mut visit])
        .expect("a temporary directory");
    assert!(
        assembled.diagnostics.is_empty(),
        "{:?}",
        assembled.diagnostics
    );
    lines.sort();
    let mut accounting = outcome.rows;
    accounting += assembled.accounting;
    (
        lines.into_iter().map(|(_, line)| line).collect(),
        accounting,
    )
}

/// `month,caller,product,deployment,model,prompt,completion,cached,status,class`; the prompt as
/// the log counts it, which for this provider leaves out what was cached.
fn line(record: &UsageRecord<'_>) -> String {
    let names = record.dimensions;
    let tokens = record.tokens;
    let prompt = if names.model.starts_with("claude") {
        tokens.uncached_input()
    } else {
        tokens.input
    };
    let status = record
        .status
        .map_or(String::new(), |status| status.to_string());
    let fields = [
        &record.time.to_string()[..7],
        &names.subscription,
        &names.product,
        &names.deployment,
        &names.model,
        &prompt.to_string(),
        &tokens.output.to_string(),
        &tokens.cached_input.to_string(),
        &status,
        record.disposition.name(),
    ];
    fields.join(",")
}

/// The expected lines; business unit `x` is subscription `bu-x`, and two callers are nobody.
fn expected(cached: Cached) -> Vec<String> {
    let text = fs::read_to_string(folder().join("expected.schema-example.csv")).expect("a file");
    let line = |line: &str| {
        let mut fields: Vec<_> = line.split(',').map(str::to_owned).collect();
        let request = fields.remove(0);
        fields[1] = match (&*fields[1], request.chars().last()) {
            ("unattributed", Some('7')) => "master".to_owned(),
            ("unattributed", _) => String::new(),
            (unit, _) => format!("bu-{unit}"),
        };
        if cached == Cached::Unknown {
            "0".clone_into(&mut fields[7]);
        }
        fields.join(",")
    };
    text.lines().skip(1).map(line).collect()
}

/// Whether a carrier tells cached tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cached {
    Told,
    Unknown,
}

const REST: [&str; 2] = [
    "gatewaylogs.rest.schema-example.json",
    "llmlog.rest.schema-example.json",
];
const CLI: [&str; 2] = [
    "gatewaylogs.az-cli.schema-example.json",
    "llmlog.az-cli.schema-example.json",
];
const PORTAL: [&str; 2] = [
    "portal-export.gatewaylogs.en-us.schema-example.csv",
    "portal-export.llmlog.en-us.schema-example.csv",
];
const HUB: [&str; 1] = ["eventhub-messages.schema-example.jsonl"];
const STORAGE: [&str; 2] = [
    "insights-logs-gatewaylogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
    "insights-logs-gatewayllmlogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
];

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_carrier_gives_the_expected_requests() {
    let carriers: [(&[&str], Cached); 5] = [
        (&REST, Cached::Unknown),
        (&CLI, Cached::Unknown),
        (&PORTAL, Cached::Unknown),
        (&HUB, Cached::Told),
        (&STORAGE, Cached::Told),
    ];
    for (files, cached) in carriers {
        let (lines, accounting) = assembled(files);
        assert_eq!(lines, expected(cached), "{files:?}");
        assert!(accounting.balances(), "{files:?}: {accounting:?}");
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn exports_of_several_carriers_count_once() {
    let files: Vec<_> = [&REST[..], &CLI, &PORTAL, &HUB, &STORAGE].concat();
    let (lines, accounting) = assembled(&files);
    assert_eq!(lines, expected(Cached::Told));
    assert!(accounting.balances(), "{accounting:?}");
}
