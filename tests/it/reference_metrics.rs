//! Samples of Azure Monitor of the reference folder give the sums that they hold.

use std::fs::File;
use std::path::PathBuf;

use tollbook::time::SimTime;
use tollbook::workload::trace::{self, Bytes, Metrics, MetricsOptions, Spread};
use tollbook::workload::{App, Apps, Traffic};

fn metrics(name: &str, mean: Option<(u32, u32)>) -> Metrics {
    let root = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE is set");
    let folder = PathBuf::from(root).join("reference/gateway-samples/azure-monitor-metrics");
    let bytes: Bytes = Box::new(File::open(folder.join(name)).unwrap());
    let options = MetricsOptions {
        start: SimTime::default(),
        mean,
        spread: Spread::Even,
        app: App::named("nobody"),
    };
    trace::metrics([(bytes, name.to_owned())], options).unwrap()
}

/// Requests, input and output tokens, and the minutes since 09:00 that requests lie in.
fn sums(metrics: &Metrics) -> (u64, u64, u64, Vec<u64>) {
    let (mut apps, mut traffic) = (Apps::default(), metrics.traffic());
    let (mut requests, mut input, mut output, mut minutes) = (0, 0, 0, Vec::new());
    while let Some(request) = traffic.next(&mut apps) {
        let request = request.unwrap();
        requests += 1;
        input += u64::from(request.tokens.input);
        output += u64::from(request.tokens.output);
        minutes.push(request.at.minutes() % 60);
    }
    minutes.dedup();
    (requests, input, output, minutes)
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn the_answer_of_the_metrics_api_leaves_refused_calls_out() {
    let metrics = metrics("metrics-rest-response.schema-example.json", None);
    assert_eq!(sums(&metrics), (11, 1_820, 402, vec![0]));
    assert_eq!(metrics.told().refused, 3);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn records_of_a_diagnostic_setting_need_a_mean_request() {
    let metrics = metrics(
        "insights-metrics-pt1m.PT1H.schema-example.json",
        Some((455, 100)),
    );
    // 2,222 tokens are 4.004 requests of 555, so 5.
    assert_eq!(sums(&metrics), (5, 1_820, 402, vec![0]));
}
