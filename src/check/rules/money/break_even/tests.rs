use super::*;
use crate::check::rules::bench::{Bench, day};
use crate::usage::Disposition;

/// 50 PTU at 1 USD an hour: 1,200 USD a day; full with 216,000,000 weighted tokens.
const CONFIG: &str = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-01", ptu = 50 } ]
"#;

fn told(config: &str, input: u64) -> Vec<String> {
    let mut bench = Bench::of(config).asked("2026-10-07..2026-10-07");
    let date = day("2026-10-07");
    bench.sum(("chat", "ptu"), date, Disposition::Billable, (1, input, 0));
    let bench = bench.charge();
    bench.told(|evidence| judge(evidence, evidence.charges.unwrap()))
}

#[test]
fn tokens_that_cost_less_at_list_prices_are_told() {
    // A quarter is used: 54,000,000 × 2 USD a million = 108 USD. Break-even: 25 % × 1200 ÷ 108.
    let expected = "TB102 ptu: deployment \"ptu\" cost 1,200.00 USD at a utilization of 25.0 %; the \
                    same tokens cost 108.00 USD at list prices; break-even is at 277.8 %, which it \
                    cannot reach";
    assert_eq!(told(CONFIG, 54_000_000), [expected]);
}

#[test]
fn a_deployment_above_break_even_is_not_told() {
    // A reserved PTU at 0.05 USD an hour: 60 USD a day for all of them.
    let cheap = r#"
[[ptu_price]]
kind = "global"
region = "swedencentral"
term = "hourly"
price = "0.05"
from = "2026-01-01"
source = "made up"
as_of = "2026-01-01"
"#;
    let config = format!("{CONFIG}{cheap}");
    assert!(told(&config, 54_000_000).is_empty(), "108 USD for 60 USD");
    let expected = "TB102 ptu: deployment \"ptu\" cost 60.00 USD at a utilization of 10.0 %; the same \
                    tokens cost 43.20 USD at list prices; break-even is at 13.9 %";
    assert_eq!(told(&config, 21_600_000), [expected]);
}

#[test]
fn nothing_is_said_without_use_or_without_a_price() {
    assert!(told(CONFIG, 0).is_empty());
    // There is no standard price in this region.
    let elsewhere = CONFIG.replace("gpt-4.1", "own-model");
    let model = r#"
[[model]]
name = "own-model"
input_tpm_per_ptu = 3000
weights = { input = "1", cached_input = "0", cache_write = "1", output = "4" }
from = "2026-01-01"
source = "made up"
as_of = "2026-01-01"
"#;
    assert!(told(&format!("{elsewhere}{model}"), 54_000_000).is_empty());
}
