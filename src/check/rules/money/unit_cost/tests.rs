use crate::check::rules::bench::{Bench, days};
use crate::usage::Disposition;

pub(in crate::check::rules::money) const CONFIG: &str = r#"
[[deployment]]
name = "gpt"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
[[owner]]
match = { app = "chat" }
business_unit = "Sales"
"#;

/// What is told of an app that asked for so many tokens on each day from 5 October on.
fn told(tokens: &[(u64, u64)]) -> Vec<String> {
    let mut bench = Bench::of(CONFIG);
    for ((input, output), day) in tokens.iter().zip(&days("2026-10")[4..]) {
        let counts = (10, *input, *output);
        bench.sum(("chat", "gpt"), *day, Disposition::Billable, counts);
    }
    bench.charge().told(crate::check::rules::money::judge)
}

#[test]
fn a_day_with_another_unit_cost_is_told() {
    // Input costs 2 USD a million, output 8 USD.
    let mut tokens = vec![(1_000_000, 0); 6];
    tokens[3] = (500_000, 500_000);
    let expected = "TB100 Sales/chat: app \"chat\" of business unit \"Sales\": a million tokens cost \
                    5.0000 USD on 2026-10-08, which differs by 150 % from the median of its days, \
                    2.0000 USD; at most 50 % are expected";
    assert_eq!(told(&tokens), [expected]);
}

#[test]
fn up_to_half_more_is_not_told() {
    // 1,000,000 tokens cost 2.00 USD, and 3.00 USD with a sixth of them output.
    let mut tokens = vec![(1_200_000, 0); 6];
    tokens[3] = (1_000_000, 200_000);
    assert!(told(&tokens).is_empty());
}

#[test]
fn what_scatters_anyway_is_not_told() {
    let mixes = [
        (9, 1),
        (5, 5),
        (9, 1),
        (1, 9),
        (5, 5),
        (3, 7),
        (9, 1),
        (4, 6),
    ];
    let tokens = mixes.map(|(input, output)| (input * 100_000, output * 100_000));
    assert!(told(&tokens).is_empty());
}

#[test]
fn few_tokens_and_few_days_are_not_judged() {
    let mut few = vec![(1_000_000, 0); 6];
    few[3] = (0, 99_000);
    assert!(told(&few).is_empty(), "below 100,000 tokens");
    let mut short = vec![(1_000_000, 0); 4];
    short[3] = (0, 1_000_000);
    assert!(told(&short).is_empty(), "4 days");
}
