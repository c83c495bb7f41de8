use super::*;
use crate::check::rules::bench::{Bench, day};
use crate::usage::Disposition;

/// 50 PTU at 3,000 tokens a minute each: 216,000,000 weighted tokens a day, of which an output
/// token weighs 4.
const CONFIG: &str = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-01", ptu = 50 } ]
"#;

const RESERVED: &str = r#"
[[reservation]]
name = "month"
kind = "global"
region = "swedencentral"
ptu = 125
term = "1-month"
start = "2026-10-01"
"#;

fn told(config: &str, input: u64) -> Vec<String> {
    let mut bench = Bench::of(config).asked("2026-10-07..2026-10-07");
    let date = day("2026-10-07");
    bench.sum(("chat", "ptu"), date, Disposition::Billable, (1, input, 0));
    let bench = bench.charge();
    bench.told(|evidence| judge(evidence, evidence.charges.unwrap()))
}

#[test]
fn more_than_half_idle_is_told_with_its_cost() {
    // A quarter is used; 50 PTU cost 50 USD an hour.
    let expected = "TB103 ptu: deployment \"ptu\" is idle for 75.0 % of its PTU-hours, which cost \
                    900.00 USD of 1,200.00 USD; at most 50 % are expected";
    assert_eq!(told(CONFIG, 54_000_000), [expected]);
    assert!(told(CONFIG, 108_000_000).is_empty(), "half of it");
}

#[test]
fn a_reservation_that_covers_little_is_told() {
    // 125 × 260 ÷ 31 = 1,048.39 USD a day, of which 75 ÷ 125 cover nothing.
    let expected = "TB103 reservation global/swedencentral/shared: 60.0 % of the reserved PTU-hours \
                    of global/swedencentral/shared cover no deployment, which cost 629.03 USD; at \
                    most 50 % are expected";
    let config = format!("{CONFIG}{RESERVED}");
    assert_eq!(told(&config, 108_000_000), [expected]);
    let fitting = format!("{CONFIG}{}", RESERVED.replace("125", "100"));
    assert!(told(&fitting, 108_000_000).is_empty(), "half of it");
}
