//! Limits before the choice of a deployment, as tables that can be checked by hand (T8 and T9 of
//! docs/MODEL.md). Calls are `at [s] | priority | tokens | answer`.

use tollbook::azure::DeploymentKind;
use tollbook::sim::standard::StandardRules;
use tollbook::workload::AppId;

use crate::gateway_desk::{PTU_THEN_PAYG, Park, check, desk, park};
use crate::sim_desk::request;

/// T8: 1,000 tokens a minute, nothing estimated: the call after the overshoot is refused.
#[test]
fn tokens_charged_from_the_answer_let_one_call_overshoot() {
    let limit = |estimate: &str| {
        format!(
            "{PTU_THEN_PAYG}
            [[limit]]
            tokens = 1_000
            per_s = 60
            {estimate}"
        )
    };
    check(
        &mut desk(&park(), &limit("")),
        "
        0  | - | 600 | ptu
        10 | - | 600 | ptu
        20 | - | 600 | 429 in 40 s
        59 | - | 600 | 429 in 1 s
        60 | - | 600 | ptu",
    );
    check(
        &mut desk(&park(), &limit("window = \"fixed\"")),
        "
        50 | - | 600 | ptu
        51 | - | 600 | ptu
        52 | - | 600 | 429 in 8 s
        60 | - | 600 | ptu",
    );
    // With an estimate the prompt is known before.
    check(
        &mut desk(&park(), &limit("estimate = \"prompt\"")),
        "
        0  | - | 600 | ptu
        10 | - | 600 | 429 in 50 s
        10 | - | 400 | ptu
        59 | - | 1   | 429 in 1 s",
    );
}

#[test]
fn each_consumer_has_a_counter_and_a_quota_answers_403() {
    let quota = r#"
        [[limit]]
        tokens = 1_000
        per = "hour"
    "#;
    let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{quota}"));
    check(
        &mut desk,
        "
        0    | - | 1000 | ptu
        3599 | - | 1    | 403
        3600 | - | 1    | ptu",
    );
    let mut other = request(10, 10, 0, None);
    other.app = AppId::at(1);
    assert_eq!(desk.ask(&other), "ptu");
}

#[test]
fn requests_are_counted_by_key() {
    let limit = "[[limit]]\nkey = \"all\"\nrequests = 2\nper_s = 60";
    check(
        &mut desk(&park(), &format!("{PTU_THEN_PAYG}{limit}")),
        "
        0  | - | 10 | ptu
        10 | - | 10 | ptu
        20 | - | 10 | 429 in 40 s
        60 | - | 10 | ptu
        61 | - | 10 | 429 in 9 s",
    );
}

/// T9: 10,000 a minute, 3,000 kept for high priority, calls of 1,000.
#[test]
fn low_priority_leaves_the_reserve() {
    let policy = format!(
        "{PTU_THEN_PAYG}
        [[limit]]
        key = \"all\"
        tokens = 10_000
        per_s = 60
        estimate = \"ceiling\"
        unstated_tokens = 1_000
        reserve = {{ priorities = {{ from = 1, to = 9 }}, keep = 3_000 }}"
    );
    check(
        &mut desk(&park(), &policy),
        "
        0 | 5 | 10 | ptu
        1 | 5 | 10 | ptu
        2 | 5 | 10 | ptu
        3 | 5 | 10 | ptu
        4 | 5 | 10 | ptu
        5 | 5 | 10 | ptu
        6 | 5 | 10 | ptu
        7 | 5 | 10 | 429 in 53 s
        8 | 0 | 10 | ptu
        8 | 0 | 10 | ptu
        8 | 0 | 10 | ptu
        9 | 0 | 10 | 429 in 51 s
        10 | - | 10 | 429 in 50 s",
    );
}

/// T9 by the remaining quota that answers state: 10,000 a minute, low blocked under 3,000.
#[test]
fn tracked_quota_blocks_low_priority_but_for_probes() {
    let rules = StandardRules {
        tokens_per_minute: Some(10_000),
        ..StandardRules::default()
    };
    let park = Park::default().limited("payg", DeploymentKind::Global, rules);
    let policy = r#"
        [[pool]]
        [[pool.member]]
        deployment = "payg"
        [tracked_reserve]
        priorities = { from = 1, to = 9 }
        keep = 3_000
        remember_s = 60
        probe_s = 10
    "#;
    check(
        &mut desk(&park, policy),
        "
        0  | 5 | 7000 | payg
        1  | 5 | 500  | payg
        2  | 5 | 500  | payg
        3  | 5 | 500  | 429 in 9 s
        4  | 0 | 500  | payg
        12 | 5 | 500  | payg
        13 | 5 | 500  | 429 in 9 s
        14 | 0 | 2000 | 429 in 46 s
        22 | 5 | 500  | payg
        60 | 5 | 500  | payg",
    );
}
