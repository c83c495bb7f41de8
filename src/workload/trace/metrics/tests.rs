use super::*;
use crate::workload::{Apps, Request, Traffic};

/// An answer of the metrics API as documented, split by deployment and status.
const API: &str = r#"{
  "interval": "PT1M",
  "value": [
    {"name": {"value": "ProcessedPromptTokens"}, "timeseries": [{
      "metadatavalues": [{"name": {"value": "modeldeploymentname"}, "value": "chat"}],
      "data": [
        {"timeStamp": "2026-03-02T09:00:00Z", "total": 1820.0},
        {"timeStamp": "2026-03-02T09:01:00Z", "total": 0.0},
        {"timeStamp": "2026-03-02T09:02:00Z"}]}]},
    {"name": {"value": "GeneratedTokens"}, "timeseries": [{
      "metadatavalues": [{"name": {"value": "modeldeploymentname"}, "value": "chat"}],
      "data": [{"timeStamp": "2026-03-02T09:00:00Z", "total": 402.0}]}]},
    {"name": {"value": "AzureOpenAIRequests"}, "timeseries": [
      {"metadatavalues": [
        {"name": {"value": "statuscode"}, "value": "200"},
        {"name": {"value": "isspillover"}, "value": "True"},
        {"name": {"value": "modeldeploymentname"}, "value": "chat"}],
       "data": [{"timeStamp": "2026-03-02T09:00:00Z", "total": 2.0}]},
      {"metadatavalues": [
        {"name": {"value": "statuscode"}, "value": "200"},
        {"name": {"value": "isspillover"}, "value": "False"},
        {"name": {"value": "modeldeploymentname"}, "value": "chat"}],
       "data": [{"timeStamp": "2026-03-02T09:00:00Z", "total": 9.0}]},
      {"metadatavalues": [
        {"name": {"value": "statuscode"}, "value": "429"},
        {"name": {"value": "modeldeploymentname"}, "value": "chat"}],
       "data": [{"timeStamp": "2026-03-02T09:00:00Z", "total": 3.0}]}]},
    {"name": {"value": "AzureOpenAITTLTInMS"}, "timeseries": []}
  ]}"#;

fn record(metric: &str, minute: u32, total: &str) -> String {
    format!(
        r#"{{"total":{total},"resourceId":"/X/ACCOUNTS/AOAI","time":"2026-03-02T09:{minute:02}:00.0000000Z","metricName":"{metric}","timeGrain":"PT1M"}}"#
    )
}

fn options(spread: Spread) -> MetricsOptions {
    MetricsOptions {
        start: SimTime::default(),
        mean: None,
        spread,
        app: App::named("nobody"),
    }
}

fn metrics_of(text: &str, options: MetricsOptions) -> Result<Metrics, String> {
    let bytes: Bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    read([(bytes, "m.json".to_owned())], options).map_err(|error| error.to_string())
}

fn played(metrics: &Metrics) -> (Apps, Vec<Request>) {
    let (mut apps, mut traffic) = (Apps::default(), metrics.traffic());
    let mut requests = Vec::new();
    while let Some(request) = traffic.next(&mut apps) {
        requests.push(request.unwrap());
    }
    assert!(requests.is_sorted_by_key(|request| request.at));
    (apps, requests)
}

/// Requests, and their input, cached and output tokens.
fn sums(requests: &[Request]) -> (usize, u32, u32, u32) {
    let sum = |of: fn(&Request) -> u32| requests.iter().map(of).sum();
    (
        requests.len(),
        sum(|request| request.tokens.input),
        sum(|request| request.tokens.cached_input),
        sum(|request| request.tokens.output),
    )
}

#[test]
fn answers_of_the_api_keep_their_sums_and_leave_refused_calls_out() {
    for spread in [Spread::Even, Spread::Uniform(crate::workload::Seed::new(7))] {
        let metrics = metrics_of(API, options(spread)).unwrap();
        let (apps, requests) = played(&metrics);
        assert_eq!(sums(&requests), (11, 1_820, 0, 402));
        assert!(
            requests
                .iter()
                .all(|request| request.at.minutes() % 60 == 0)
        );
        assert_eq!(apps.all()[0].deployment, "chat");
        let told = metrics.told();
        assert_eq!((told.refused, told.by_status), (3, true));
        assert_eq!(told.cached, Counted::Not);
    }
}

/// Active tokens are all but the cached ones: 1,000 + 200 − 800 = 400 of them.
#[test]
fn records_of_a_diagnostic_setting_tell_cached_tokens_by_active_ones() {
    let lines = [
        record("ProcessedPromptTokens", 0, "1000.0"),
        record("GeneratedTokens", 0, "200"),
        record("ActiveTokens", 0, "800"),
        record("AzureOpenAIRequests", 0, "4"),
        record("AzureOpenAIRequests", 0, "4.0"),
    ];
    let metrics = metrics_of(&lines.join("\n"), options(Spread::Even)).unwrap();
    let (apps, requests) = played(&metrics);
    assert_eq!(sums(&requests), (4, 1_000, 400, 200));
    assert_eq!(requests[0].tokens.cached_input, 100);
    assert_eq!(apps.all()[0].name(), "aoai");
    assert_eq!(metrics.told().repeats, 1);
    // The same in an array, and in an envelope.
    for text in [
        format!("[{}]", lines.join(",")),
        format!("{{\"records\":[{}]}}", lines.join(",")),
    ] {
        let again = metrics_of(&text, options(Spread::Even)).unwrap();
        assert_eq!(played(&again).1, requests);
    }
}

#[test]
fn tables_give_each_request_an_equal_part_of_its_minute() {
    let text = "minute,requests,input,cached,output\n0,3,10,4,2\n2,1,5,0,1\n";
    let metrics = metrics_of(text, options(Spread::Even)).unwrap();
    let (_, requests) = played(&metrics);
    assert_eq!(sums(&requests), (4, 15, 4, 3));
    let seconds: Vec<u64> = requests
        .iter()
        .map(|request| request.at.micros() / 1_000_000)
        .collect();
    assert_eq!(seconds, [0, 20, 40, 120]);
    assert_eq!(metrics.told().cached, Counted::BySource);
}

#[test]
fn tokens_wait_for_a_request_and_requests_need_tokens() {
    let text = "minute,requests,input,output\n0,0,7,0\n1,2,3,0\n2,5,2,0\n3,0,9,1\n";
    let metrics = metrics_of(text, options(Spread::Even)).unwrap();
    let (_, requests) = played(&metrics);
    // 2 of minute 1 take 10 tokens, 2 of the 5 of minute 2 have one each, 1 is made for the last.
    assert_eq!(sums(&requests), (5, 21, 0, 1));
    let told = metrics.told();
    assert_eq!((told.without_requests, told.without_tokens), (2, 3));
}

#[test]
fn without_counted_requests_a_mean_request_says_how_many_there_are() {
    let text = "time,input,output\n2026-10-01T09:00:00Z,250,50\n";
    let refused = metrics_of(text, options(Spread::Even)).unwrap_err();
    assert!(refused.contains("nothing counts requests"), "{refused}");
    let mean = MetricsOptions {
        mean: Some((100, 20)),
        ..options(Spread::Even)
    };
    let (_, requests) = played(&metrics_of(text, mean).unwrap());
    assert_eq!(sums(&requests), (3, 250, 0, 50));
}

#[test]
fn what_cannot_be_right_is_refused() {
    let two = [
        record("ProcessedPromptTokens", 0, "1"),
        record("InputTokens", 0, "1"),
    ];
    let conflict = [
        record("ProcessedPromptTokens", 0, "1"),
        record("ProcessedPromptTokens", 0, "2"),
    ];
    let hours = record("ProcessedPromptTokens", 1, "1").replace("PT1M", "PT1H");
    let mixed = [record("ProcessedPromptTokens", 0, "1"), hours];
    for (text, message) in [
        (two.join("\n"), "all count input"),
        (conflict.join("\n"), "was 1 for the same span before"),
        (mixed.join("\n"), "totals of 3600 s follow totals of 60 s"),
        (record("ProcessedPromptTokens", 0, "1.5"), "is 1.5 at"),
        (record("ProcessedPromptTokens", 0, "-1"), "is -1 at"),
        (
            record("ProcessedPromptTokens", 77, "1"),
            "the time of a total",
        ),
        (
            record("GeneratedTokens", 0, "1"),
            "no totals of prompt tokens",
        ),
        ("{\"value\": [".to_owned(), "no metrics in JSON"),
        ("{}".to_owned(), "no totals of prompt tokens"),
        ("a,b\n1,2\n".to_owned(), "m.json:1: the columns are a, b"),
        (
            "minute,input\nx,2\n".to_owned(),
            "m.json:2: `minute` is \"x\"",
        ),
        (
            "minute,input\n1,-2\n".to_owned(),
            "m.json:2: `input` is \"-2\"",
        ),
        (
            "minute,input,requests,deployment\n1,2,,a\n1,,2,b\n".to_owned(),
            "deployment \"a\" has 2 prompt tokens and no requests",
        ),
    ] {
        let found = metrics_of(&text, options(Spread::Even)).unwrap_err();
        assert!(found.contains(message), "{found}");
    }
}
