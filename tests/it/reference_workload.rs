//! Traces and rates of the reference folder give the sums that were counted elsewhere.

use std::fs::File;
use std::path::PathBuf;

use tollbook::time::{SimDuration, SimTime, Timestamp};
use tollbook::workload::servegen::{Input, ServeGen, ServeGenOptions};
use tollbook::workload::trace::{self, Bytes, MinuteOptions, Spread, TraceOptions};
use tollbook::workload::transform::Cut;
use tollbook::workload::{App, Apps, PrefixCache, Seed, Traffic};

fn file(name: &str) -> Bytes {
    let root = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE is set");
    let path = PathBuf::from(root).join("data/traces").join(name);
    Box::new(File::open(path).unwrap())
}

/// Sums over traffic.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    rows: u64,
    input: u64,
    cached: u64,
    output: u64,
    reasoning: u64,
    first: SimTime,
    last: SimTime,
}

impl Sums {
    fn of(mut traffic: impl Traffic) -> Self {
        let mut apps = Apps::default();
        let mut sums = Self::default();
        while let Some(request) = traffic.next(&mut apps) {
            let request = request.unwrap();
            if sums.rows == 0 {
                sums.first = request.at;
            }
            assert!(request.at >= sums.last);
            sums.last = request.at;
            sums.rows += 1;
            sums.input += u64::from(request.tokens.input);
            sums.cached += u64::from(request.tokens.cached_input);
            sums.output += u64::from(request.tokens.output);
            sums.reasoning += u64::from(request.tokens.reasoning);
        }
        sums
    }
}

fn at(text: &str) -> SimTime {
    let time = chrono::DateTime::parse_from_rfc3339(text).unwrap();
    SimTime::from_timestamp(Timestamp::from_micros(time.timestamp_micros())).unwrap()
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn azure_2023_conversations() {
    let bytes = file("azure2023-conv/AzureLLMInferenceTrace_conv.csv.gz");
    let traffic = trace::azure(bytes, "azure", &TraceOptions::default()).unwrap();
    let expected = Sums {
        rows: 19_366,
        input: 22_361_870,
        output: 4_088_665,
        first: at("2023-11-16T18:15:46.680590Z"),
        last: at("2023-11-16T19:14:08.402527Z"),
        ..Sums::default()
    };
    assert_eq!(Sums::of(traffic), expected);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn mooncake_conversations() {
    for (minimum, cached, weighted) in [(0, 54_098_411, None), (1_024, 0, Some(110_983_901))] {
        let cache = PrefixCache {
            block: PrefixCache::MOONCAKE_BLOCK,
            minimum,
        };
        let bytes = file("mooncake-conversation/conversation_trace.jsonl.gz");
        let options = TraceOptions::default();
        let found = Sums::of(trace::mooncake(bytes, "mooncake", &options, cache).unwrap());
        let counts = (found.rows, found.input, found.output);
        assert_eq!(counts, (12_031, 144_793_823, 4_122_048));
        let span = found.last.since(found.first);
        assert_eq!(span, SimDuration::from_millis(3_536_999));
        match weighted {
            None => assert_eq!(found.cached, cached),
            Some(weighted) => {
                assert_eq!(found.input - found.cached + 4 * found.output, weighted);
            }
        }
    }
}

/// The mean of 1,682 tokens a minute is over all 10,080 minutes, and is rounded.
#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn burst_gpt_minutes() {
    let options = MinuteOptions {
        start: SimTime::default(),
        input: 600,
        output: 134,
        spread: Spread::Uniform(Seed::new(1)),
        app: App::named("burstgpt"),
    };
    let bytes = file("burstgpt-week1-minutes/week1_minutes.csv.gz");
    let found = Sums::of(trace::minutes(bytes, "minutes", options).unwrap());
    let tokens = found.input + found.output;
    assert_eq!((tokens + 5_040) / 10_080, 1_682);
    assert_eq!(found.input, tokens * 600 / 734);
    assert_eq!(found.rows, tokens.div_ceil(734));
}

/// Draws both sets of clients; the tolerance is several deviations of a count whose gaps have
/// the coefficients of variation in the table.
#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn serve_gen_rates() {
    for (folder, from, hours, rate, clients) in [
        ("servegen-r1", 0, 24, 1_383_669.0 / 86_400.0, 73),
        (
            "servegen-mlarge",
            0,
            1,
            window_rate("servegen-mlarge", 3_600.0),
            162,
        ),
    ] {
        let (rates, tokens) = (
            format!("{folder}/rates.csv.gz"),
            format!("{folder}/tokens.csv.gz"),
        );
        let options = ServeGenOptions {
            start: SimTime::default(),
            seed: Seed::new(20),
            prefix: "client".to_owned(),
        };
        let input = |name| Input {
            bytes: file(name),
            name,
        };
        let traffic = ServeGen::new(input(&rates), input(&tokens), &options).unwrap();
        assert_eq!(traffic.without_histograms().len(), clients - 30);
        let seconds = hours * 3_600;
        let until = SimTime::from_micros((from + seconds) * 1_000_000);
        let found = Sums::of(Cut::new(traffic, None, Some(until)));
        let mean = f64::from(u32::try_from(found.rows).unwrap())
            / f64::from(u32::try_from(seconds).unwrap());
        assert!(
            (mean / rate - 1.0).abs() < 0.03,
            "{folder}: {mean} is not {rate}"
        );
        assert_eq!(found.reasoning > 0, folder == "servegen-r1");
    }
}

/// The mean rate of the windows before `end`.
fn window_rate(folder: &str, end: f64) -> f64 {
    let bytes = flate2::read::GzDecoder::new(file(&format!("{folder}/rates.csv.gz")));
    let mut table = csv::Reader::from_reader(bytes);
    let rows = table.records().map(Result::unwrap);
    let number = |row: &csv::StringRecord, column: usize| row[column].parse::<f64>().unwrap();
    let within = rows.filter(|row| number(row, 1) < end);
    within.map(|row| number(&row, 2) * 600.0 / end).sum()
}
