//! The eight requests of the reference come out of every carrier.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use tollbook::usage::{Fragment, FragmentSink, Part, ReadOptions, Source, read};

/// Where the reference lies.
fn reference() -> PathBuf {
    let shared = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE must be set");
    Path::new(&shared).join("reference")
}

/// What a request's rows say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Request {
    day: String,
    subscription: String,
    product: String,
    api: String,
    deployment: String,
    model: String,
    input: u32,
    cached: u32,
    output: u32,
    status: Option<u16>,
    parts: Vec<Part>,
}

/// Joins rows as assembly does, as far as these few need it.
#[derive(Default)]
struct Joined(BTreeMap<u128, BTreeMap<(Part, u64), Request>>);

impl FragmentSink for Joined {
    fn add(&mut self, row: &Fragment<'_>) {
        let request = Request {
            day: row.time.to_string()[..19].to_owned(),
            subscription: row.dimensions.subscription.to_owned(),
            product: row.dimensions.product.to_owned(),
            api: row.dimensions.api.to_owned(),
            deployment: row.dimensions.deployment.to_owned(),
            model: row.dimensions.model.to_owned(),
            input: row.input,
            cached: row.cached_input,
            output: row.output,
            status: row.status,
            parts: vec![row.part],
        };
        let rows = self.0.entry(row.request).or_default();
        rows.insert((row.part, row.row_key), request);
    }
}

fn join(rows: impl Iterator<Item = Request>) -> Request {
    let mut all = Request::default();
    for row in rows {
        let Request {
            day,
            subscription,
            product,
            api,
            deployment,
            model,
            ..
        } = row;
        let texts = [
            (&mut all.day, day),
            (&mut all.subscription, subscription),
            (&mut all.product, product),
            (&mut all.api, api),
            (&mut all.deployment, deployment),
            (&mut all.model, model),
        ];
        for (have, new) in texts {
            if have.is_empty() {
                *have = new;
            }
        }
        all.input += row.input;
        all.cached += row.cached;
        all.output += row.output;
        all.status = all.status.or(row.status);
        all.parts.extend(row.parts);
    }
    all.parts.sort_unstable();
    all.parts.dedup();
    all
}

fn requests(files: &[&str]) -> Vec<Request> {
    let folder = reference().join("gateway-samples/apim-llmlog");
    let sources: Vec<_> = files
        .iter()
        .map(|file| Source::from_bytes(*file, fs::read(folder.join(file)).expect("a sample")))
        .collect();
    let threads = NonZero::new(2).expect("two threads");
    let outcome = read(&sources, &ReadOptions::default(), Joined::default, threads);
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    let mut all = Joined::default();
    for sink in outcome.sinks {
        for (request, rows) in sink.0 {
            all.0.entry(request).or_default().extend(rows);
        }
    }
    let mut requests: Vec<_> = all
        .0
        .into_values()
        .map(|rows| join(rows.into_values()))
        .collect();
    requests.sort_by(|a, b| a.day.cmp(&b.day));
    requests
}

/// Compares a carrier with the expected file, whose business unit is the subscription.
fn check(files: &[&str]) {
    let folder = reference().join("gateway-samples/apim-llmlog");
    let expected = fs::read_to_string(folder.join("expected.schema-example.csv")).expect("a file");
    let has_cached = requests(files).iter().any(|request| request.cached > 0);
    let found: Vec<_> = requests(files).iter().map(line).collect();
    let expected: Vec<_> = expected
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            let unit = fields[2].replace("unattributed", "");
            let cached = if has_cached { fields[8] } else { "0" };
            let fields = [
                fields[1], &unit, fields[3], fields[4], fields[5], fields[6], fields[7], cached,
                fields[9],
            ];
            fields.join(",")
        })
        .collect();
    assert_eq!(found, expected, "{files:?}");
}

/// A request in the columns of the expected file; the prompt as the log counts it.
fn line(request: &Request) -> String {
    let unit = request.subscription.replace("master", "");
    let is_anthropic = request.model.starts_with("claude");
    let prompt = if is_anthropic {
        request.input - request.cached
    } else {
        request.input
    };
    format!(
        "{},{},{},{},{},{},{},{},{}",
        &request.day[..7],
        unit.strip_prefix("bu-").unwrap_or(&unit),
        request.product,
        request.deployment,
        request.model,
        prompt,
        request.output,
        request.cached,
        request
            .status
            .map(|status| status.to_string())
            .unwrap_or_default(),
    )
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn log_analytics_rest() {
    check(&[
        "llmlog.rest.schema-example.json",
        "gatewaylogs.rest.schema-example.json",
    ]);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn az_cli() {
    check(&[
        "llmlog.az-cli.schema-example.json",
        "gatewaylogs.az-cli.schema-example.json",
    ]);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn event_hub() {
    check(&["eventhub-messages.schema-example.jsonl"]);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn storage_blobs() {
    check(&[
        "insights-logs-gatewayllmlogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
        "insights-logs-gatewaylogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
    ]);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn portal_csv() {
    check(&[
        "portal-export.llmlog.en-us.schema-example.csv",
        "portal-export.gatewaylogs.en-us.schema-example.csv",
    ]);
}
