//! Every preset of a gateway is played on one fleet that has all the roles they name.

use std::fmt::Write;

use serde_json::Value;

use crate::golden;
use crate::simulate_records::tollbook;

const SCENARIO: &str = "samples/scenarios/all-roles.toml";

/// The names that `--list-policies` shows.
fn presets() -> Vec<String> {
    let list = tollbook(&["simulate", "--list-policies"]);
    let names = list.lines().filter(|line| !line.starts_with(' '));
    names
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

fn count(row: &Value, field: &str) -> u64 {
    row[field].as_str().unwrap().parse().unwrap()
}

/// What became of the traffic: offered, by PTU, spilled or paid by token, lost, refused attempts,
/// cost.
struct Played {
    counts: [u64; 6],
    cost: String,
}

fn play(preset: &str) -> Played {
    let text = tollbook(&[
        "simulate",
        SCENARIO,
        "--policy",
        preset,
        "--no-band",
        "--format",
        "json",
    ]);
    let document: Value = serde_json::from_str(&text).unwrap();
    let total = &document["total"][0];
    let deployments = document["deployments"].as_array().unwrap();
    let refused = deployments.iter().map(|row| count(row, "refused_attempts"));
    Played {
        counts: [
            count(total, "offered_requests"),
            count(total, "provisioned_requests"),
            count(total, "spilled_requests"),
            count(total, "per_token_requests"),
            count(total, "lost_requests"),
            refused.sum(),
        ],
        cost: total["amount"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn every_preset_is_played_and_no_request_goes_missing() {
    let heading = ["offered", "PTU", "spilled", "per token", "lost", "refused"];
    let mut text = format!("{:<26}", "preset");
    for name in heading {
        write!(text, "{name:>10}").unwrap();
    }
    text += "      cost\n";
    let presets = presets();
    assert!(presets.len() >= 30, "{} presets", presets.len());
    for preset in &presets {
        let Played { counts, cost } = play(preset);
        let [offered, provisioned, spilled, per_token, lost, _] = counts;
        assert_eq!(
            offered,
            provisioned + spilled + per_token + lost,
            "{preset}"
        );
        write!(text, "{preset:<26}").unwrap();
        for count in counts {
            write!(text, "{count:>10}").unwrap();
        }
        writeln!(text, "{cost:>10}").unwrap();
    }
    golden::check("simulate-presets.txt", &text);
}
