use super::*;
use crate::check::rules::bench::{Bench, day};
use crate::usage::Disposition;

const CONFIG: &str = r#"
[[deployment]]
name = "ptu"
logged_as = ["gpt-ptu"]
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-01", ptu = 50 } ]
[[deployment]]
name = "overflow"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
spillover_from = "ptu"
[[deployment]]
name = "plain"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
"#;

/// What is told of so many tokens by deployment.
fn told(tokens: &[(&str, u64)]) -> Vec<String> {
    let mut bench = Bench::of(CONFIG);
    let date = day("2026-10-07");
    for (deployment, tokens) in tokens {
        let counts = (1, *tokens, 0);
        bench.sum(("chat", deployment), date, Disposition::Billable, counts);
    }
    // What is not priced does not count.
    bench.sum(
        ("chat", "gpt-ptu"),
        date,
        Disposition::Error,
        (1, 9_000_000, 0),
    );
    let bench = bench.charge();
    bench.told(|evidence| judge(evidence, evidence.charges.unwrap()))
}

#[test]
fn spillover_above_the_limit_is_told() {
    let expected = "TB101 ptu: deployment \"ptu\": 210 of 1,000 (21.0 %) tokens that were asked of it \
                    spilled over; at most 20 % are expected";
    let tokens = [("gpt-ptu", 790), ("overflow", 210), ("plain", 5_000)];
    assert_eq!(told(&tokens), [expected]);
    assert!(told(&[("gpt-ptu", 800), ("overflow", 200)]).is_empty());
    assert!(told(&[("plain", 200)]).is_empty());
}

#[test]
fn logs_may_name_what_was_spilled_from() {
    let config = crate::config::Config::parse(CONFIG, "t.toml").unwrap();
    let of = |deployment: &str, spilled_from: &str| {
        let dimensions = Dimensions {
            deployment: deployment.to_owned(),
            spilled_from: spilled_from.to_owned(),
            ..Dimensions::default()
        };
        asked(&config.policy.deployments, &dimensions)
    };
    assert_eq!(of("plain", "GPT-PTU"), Some(Asked::Spilled(0)));
    assert_eq!(of("plain", "elsewhere"), None);
    assert_eq!(of("plain", ""), None);
    assert_eq!(of("overflow", ""), Some(Asked::Spilled(0)));
    assert_eq!(of("gpt-ptu", ""), Some(Asked::Served(0)));
}
