//! Golden results on real traffic: the traces and figures of the reference folder.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use tollbook::sim::provisioned::{Admission, ProvisionedRules};
use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::Request;

use crate::sim_desk::{play, provisioned, request, spilling};

fn trace(path: &str) -> GzDecoder<File> {
    let shared =
        std::env::var("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE names the reference folder");
    let path = PathBuf::from(shared).join("data/traces").join(path);
    GzDecoder::new(File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn azure() -> Vec<Request> {
    let file = trace("azure2023-conv/AzureLLMInferenceTrace_conv.csv.gz");
    let mut rows = csv::Reader::from_reader(file);
    let rows = rows.records().map(Result::unwrap);
    rows.map(|row| {
        let time = chrono::NaiveDateTime::parse_from_str(&row[0], "%Y-%m-%d %H:%M:%S%.f").unwrap();
        let micros = time.and_utc().timestamp_micros();
        request(
            micros.try_into().unwrap(),
            row[1].parse().unwrap(),
            row[2].parse().unwrap(),
            None,
        )
    })
    .collect()
}

fn mooncake() -> Vec<Request> {
    #[derive(serde::Deserialize)]
    struct Row {
        timestamp: u64,
        input_length: u32,
        output_length: u32,
        hash_ids: Vec<u64>,
    }
    let file = trace("mooncake-conversation/conversation_trace.jsonl.gz");
    let rows = serde_json::Deserializer::from_reader(file).into_iter::<Row>();
    let mut known = BTreeSet::new();
    rows.map(Result::unwrap)
        .map(|row| {
            let leading = row
                .hash_ids
                .iter()
                .take_while(|id| known.contains(*id))
                .count();
            known.extend(row.hash_ids);
            let cached = 512 * u32::try_from(leading).unwrap();
            let mut request = request(
                row.timestamp * 1000,
                row.input_length,
                row.output_length,
                None,
            );
            request.tokens.cached_input = cached.min(row.input_length);
            request
        })
        .collect()
}

/// Spilled requests, and percent of weighted tokens to so many decimals.
#[expect(
    clippy::cast_precision_loss,
    reason = "a percentage to compare with a printed one"
)]
fn spill(requests: &[Request], rules: ProvisionedRules, decimals: usize) -> String {
    let outcome = play(&spilling(rules), requests);
    let spilled = outcome.spilled();
    let share = spilled.weighted as f64 / outcome.offered().weighted as f64;
    format!("{} / {:.decimals$}", spilled.requests, share * 100.0)
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn spill_of_the_azure_trace_is_exact_at_all_sizes_modes_and_depths() {
    let requests = azure();
    let total = play(&spilling(provisioned(0, 3000, 60)), &requests).offered();
    assert_eq!(total.weighted, 38_716_530_000);
    let fit = |ptu, depth| ProvisionedRules {
        admission: Admission::Fit,
        ..provisioned(ptu, 3000, depth)
    };
    for (rules, expected) in [
        (provisioned(150, 3000, 60), "6109 / 31.837"),
        (provisioned(200, 3000, 60), "2271 / 11.627"),
        (provisioned(220, 3000, 60), "1072 / 5.603"),
        (provisioned(250, 3000, 60), "411 / 1.969"),
        (provisioned(300, 3000, 60), "0 / 0.000"),
        (fit(200, 60), "1343 / 11.633"),
        (fit(250, 60), "223 / 1.982"),
        (fit(300, 60), "0 / 0.000"),
        (provisioned(200, 3000, 10), "2547 / 13.213"),
        (provisioned(250, 3000, 10), "716 / 3.582"),
        (provisioned(300, 3000, 10), "15 / 0.064"),
        (provisioned(200, 3000, 1), "3580 / 18.725"),
        (provisioned(250, 3000, 1), "1555 / 8.201"),
        (provisioned(300, 3000, 1), "545 / 2.940"),
    ] {
        let name = format!(
            "{:?} {:?} {:?}",
            rules.capacity, rules.admission, rules.depth
        );
        assert_eq!(spill(&requests, rules, 3), expected, "{name}");
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn stated_maxima_take_capacity_until_completion() {
    let requests: Vec<_> = azure()
        .into_iter()
        .map(|mut request| {
            request.max_tokens = std::num::NonZero::new(1000);
            request
        })
        .collect();
    let mut rules = provisioned(250, 3000, 60);
    rules.latency.first_token = SimDuration::from_millis(500);
    rules.latency.tokens_per_second = 50;
    assert_eq!(spill(&requests, rules, 3), "420 / 2.111");
}

/// The smallest size in steps of 5 at which no more than so many per mille of tokens spill.
fn smallest(requests: &[Request], per_mille: u64, from: u32) -> u32 {
    let total: u64 = play(&spilling(provisioned(0, 3000, 60)), requests)
        .offered()
        .weighted;
    let spilled = |ptu| {
        play(&spilling(provisioned(ptu, 3000, 60)), requests)
            .spilled()
            .weighted
    };
    let enough = |ptu: &u32| spilled(*ptu) * 1000 <= total * per_mille;
    (from..).step_by(5).find(enough).unwrap()
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn smallest_sizes_for_a_share_of_spill() {
    let (azure, mooncake) = (azure(), mooncake());
    for (per_mille, on_azure, on_mooncake) in [
        (0, 275, 665),
        (10, 260, 620),
        (50, 225, 590),
        (100, 205, 560),
    ] {
        assert_eq!(smallest(&azure, per_mille, 190), on_azure, "{per_mille}");
        assert_eq!(
            smallest(&mooncake, per_mille, 540),
            on_mooncake,
            "{per_mille}"
        );
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn spill_of_the_mooncake_trace_is_exact() {
    let requests = mooncake();
    let total = play(&spilling(provisioned(0, 3000, 60)), &requests).offered();
    assert_eq!(total.weighted, 110_983_901_000);
    for (ptu, expected) in [(605, "2.1998"), (610, "1.4177")] {
        let found = spill(&requests, provisioned(ptu, 3000, 60), 4);
        assert_eq!(found.rsplit(' ').next(), Some(expected), "{ptu}");
    }
    let first = requests.first().unwrap().at;
    assert_eq!(first, SimTime::default());
}
