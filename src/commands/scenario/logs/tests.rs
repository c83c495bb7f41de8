use std::num::NonZero;

use super::*;
use crate::time::Timestamp;
use crate::units::{Requests, TokenCounts};
use crate::usage::Dimensions;
use crate::usage::record::Origin;

/// 2026-10-01T00:00:00Z [µs since 1970].
const OCTOBER: i64 = 1_790_812_800_000_000;

fn dimensions(subscription: &str) -> Arc<Dimensions> {
    Arc::new(Dimensions {
        subscription: subscription.to_owned(),
        api: "openai".to_owned(),
        deployment: "gpt-4.1".to_owned(),
        ..Dimensions::default()
    })
}

fn record(dimensions: &Arc<Dimensions>, second: i64) -> UsageRecord<'_> {
    UsageRecord {
        request: u128::try_from(second).unwrap_or_default(),
        time: Timestamp::from_micros(OCTOBER + second * 1_000_000),
        dimensions,
        status: Some(200),
        tokens: TokenCounts {
            input: Tokens::new(1_000),
            cached_input: Tokens::new(256),
            cache_write: Tokens::new(128),
            output: Tokens::new(90),
            reasoning: Tokens::new(30),
        },
        requests: Requests::new(1),
        streamed: false,
        quality: Quality::Exact,
        disposition: Disposition::Billable,
        origin: Origin::default(),
        apart: 0,
    }
}

fn collector() -> Collector {
    let folder = std::env::temp_dir();
    let mut collectors = timeline::Options::new(folder).collectors(NonZero::<usize>::MIN);
    collectors.pop().unwrap()
}

/// What is played of `records`, who sent it, and the count of all.
fn played(
    records: &[UsageRecord<'_>],
    nobody: App,
) -> (Result<Vec<Request>, String>, Apps, String) {
    let mut sorter = Sorter::of(collector());
    for record in records {
        sorter.add(record);
    }
    let told = sorter.tally.told();
    let mut replay = Replay {
        timeline: Timeline::of(vec![sorter.collector]).unwrap(),
        nobody,
        known: BTreeMap::new(),
    };
    let mut apps = Apps::default();
    let requests = std::iter::from_fn(|| replay.next(&mut apps)).collect::<Result<_, _>>();
    (requests.map_err(|error| error.to_string()), apps, told)
}

fn refusal(change: impl FnOnce(&mut UsageRecord<'_>)) -> String {
    let dimensions = dimensions("hr");
    let mut record = record(&dimensions, 0);
    change(&mut record);
    played(&[record], App::default()).0.unwrap_err()
}

#[test]
fn requests_keep_time_caller_and_tokens() {
    let (hr, legal) = (dimensions("hr"), dimensions("legal"));
    let records = [record(&legal, 7), record(&hr, 3), record(&legal, 5)];
    let (requests, apps, told) = played(&records, App::default());
    let requests = requests.unwrap();
    let seen = requests.iter().map(|request| {
        let second = request.at.timestamp().micros() - OCTOBER;
        let app = &apps.all()[request.app.place()];
        (second / 1_000_000, app.subscription.as_str())
    });
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [(3, "hr"), (5, "legal"), (7, "legal")]
    );
    assert_eq!(
        requests[0].tokens,
        RequestTokens {
            input: 1_000,
            cached_input: 256,
            cache_write: 128,
            output: 90,
            reasoning: 30,
        }
    );
    assert_eq!(apps.all()[0].deployment, "gpt-4.1");
    assert_eq!(apps.all()[0].api, "openai");
    assert_eq!(told, "requests logged 3 = played 3\n");
}

#[test]
fn what_no_model_answered_is_counted_and_left_out() {
    let dimensions = dimensions("hr");
    let fates = [
        (Disposition::Billable, 200),
        (Disposition::NoGatewayRow, 200),
        (Disposition::WithoutTokens, 200),
        (Disposition::Error, 429),
        (Disposition::Error, 429),
        (Disposition::Error, 500),
        (Disposition::NotAnLlmCall, 401),
        (Disposition::NoLlmRow, 200),
        (Disposition::CacheHit, 200),
    ];
    let records = fates
        .iter()
        .zip(0..)
        .map(|((disposition, status), second)| {
            let record = record(&dimensions, second);
            UsageRecord {
                status: Some(*status),
                disposition: *disposition,
                ..record
            }
        });
    let records: Vec<_> = records.collect();
    let (requests, _, told) = played(&records, App::default());
    assert_eq!(requests.unwrap().len(), 2);
    let sum = "requests logged 9 = played 2 + refused with 429 2 + 2xx-without-tokens 1 + error 1 \
               + not-an-llm-call 1 + no-llm-row 1 + cache-hit 1\nhint: ";
    assert!(told.starts_with(sum), "{told}");
}

#[test]
fn whom_the_log_does_not_name_the_scenario_may() {
    let (nameless, hr) = (dimensions(""), dimensions("hr"));
    let records = [record(&nameless, 0), record(&hr, 1)];
    let (_, apps, _) = played(&records, App::named("unknown"));
    let names: Vec<&str> = apps.all().iter().map(App::name).collect();
    assert_eq!(names, ["unknown", "hr"]);
    assert_eq!(apps.all()[0].deployment, "gpt-4.1");
}

#[test]
fn what_cannot_be_played_is_refused_with_its_time() {
    let at = "the logged request of 2026-10-01T00:00:00.000000Z: it ";
    let many = refusal(|record| record.requests = Requests::new(12));
    assert!(many.starts_with(&format!("{at}is a sum of many")), "{many}");
    let sum = refusal(|record| record.quality = Quality::Aggregated);
    assert_eq!(sum, many);
    let early = refusal(|record| record.time = Timestamp::from_micros(-1));
    let before = "the logged request of 1969-12-31T23:59:59.999999Z: it lies before 1970";
    assert!(early.starts_with(before), "{early}");
    let most = u64::from(u32::MAX);
    let large = refusal(|record| record.tokens.output = Tokens::new(most + 1));
    assert!(
        large.starts_with(&format!("{at}has 4294967296 output tokens")),
        "{large}"
    );
}
