//! Each rule of a gateway policy, as a table of calls and answers that can be checked by hand.
//! Calls are `at [s] | priority | tokens | answer`; PTU drains 100 tokens a second, 60 s deep.

use tollbook::azure::DeploymentKind;
use tollbook::sim::standard::StandardRules;
use tollbook::time::SimDuration;

use crate::gateway_desk::{Desk, PTU_THEN_PAYG, Park, check, desk, park};
use crate::sim_desk::{hundred_a_second, request};

const TWO_PAYG: &str = r#"
    [[pool.member]]
    deployment = "payg"
    [[pool.member]]
    deployment = "other"
"#;

fn three() -> Park {
    park().standard("other", DeploymentKind::Global)
}

/// A standard deployment whose quota of one token a minute refuses every call.
fn closed(park: Park, name: &str) -> Park {
    let rules = StandardRules {
        tokens_per_minute: Some(1),
        ..StandardRules::default()
    };
    park.limited(name, DeploymentKind::Global, rules)
}

/// Asks `count` times, a second apart, and tells who answered.
fn answers(desk: &mut Desk, count: u64) -> Vec<String> {
    let calls = (0..count).map(|second| request(second * 1_000_000, 10, 0, None));
    calls.map(|call| desk.ask(&call)).collect()
}

/// T7: a breaker of three failures in ten seconds, in front of a full deployment.
#[test]
fn a_breaker_leaks_as_many_calls_as_it_counts() {
    let breaker = |failures: u32, retry: &str| {
        let mut desk = desk(
            &park(),
            &format!(
                "{PTU_THEN_PAYG}
                [health]
                codes = [429]
                failures = {failures}
                window_s = 10
                trip_s = 60
                {retry}"
            ),
        );
        desk.fill(0, 0, 12_000);
        desk
    };
    let three_attempts = "[retry]\ncodes = [429]\ncount = 2";
    // All three attempts hit PTU; then the breaker is open.
    let mut all_hit = breaker(3, three_attempts);
    check(
        &mut all_hit,
        "
        1    | - | 10 | 429 in 59 s
        1    | - | 10 | payg
        60   | - | 10 | payg
        60.9 | - | 10 | payg
        61   | - | 10 | ptu",
    );
    assert_eq!(all_hit.attempts(0), (1 + 3 + 1, 3));
    assert_eq!(all_hit.trips()[0], 1);
    // With a count of one the second attempt goes to PAYG.
    check(&mut breaker(1, three_attempts), "1 | - | 10 | payg");
    // Without retry the first three refused calls are leaked.
    check(
        &mut breaker(3, ""),
        "
        1 | - | 10 | 429 in 59 s
        2 | - | 10 | 429 in 58 s
        3 | - | 10 | 429 in 57 s
        4 | - | 10 | payg",
    );
    // Failures that are ten seconds apart are not in one window.
    check(
        &mut breaker(3, ""),
        "
        1  | - | 10 | 429 in 59 s
        2  | - | 10 | 429 in 58 s
        11 | - | 10 | 429 in 49 s
        12 | - | 10 | 429 in 48 s
        13 | - | 10 | 429 in 47 s
        14 | - | 10 | payg",
    );
}

#[test]
fn the_answer_may_go_to_the_same_the_next_or_whoever_is_chosen() {
    for (then, answer) in [
        ("same", "wait 1 s, wait 1 s, 429 in 57 s"),
        ("next", "wait 1 s, payg"),
        ("again", "wait 1 s, wait 1 s, 429 in 57 s"),
    ] {
        let retry = format!("[retry]\ncodes = [429]\ncount = 2\ninterval_s = 1\nthen = \"{then}\"");
        let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{retry}"));
        desk.fill(0, 0, 12_000);
        check(&mut desk, &format!("1 | - | 10 | {answer}"));
    }
}

#[test]
fn when_all_were_tried_next_stays_with_the_last() {
    let park = closed(
        Park::default().provisioned("ptu", hundred_a_second()),
        "payg",
    );
    let retry = "[retry]\ncodes = [429]\ncount = 3\ninterval_s = 1\nthen = \"next\"";
    let mut desk = desk(&park, &format!("{PTU_THEN_PAYG}{retry}"));
    desk.fill(0, 0, 12_000);
    check(
        &mut desk,
        "0 | - | 10 | wait 1 s, wait 1 s, wait 1 s, 429 in 57 s",
    );
    assert_eq!((desk.attempts(0).0, desk.attempts(1).0), (2, 3));
}

#[test]
fn waits_may_be_fixed_linear_fast_at_first_or_told() {
    for (wait, answer) in [
        ("interval_s = 2", "wait 2 s, wait 2 s, 429 in 55 s"),
        (
            "wait = \"linear\"\ninterval_s = 1\ndelta_s = 3",
            "wait 1 s, wait 4 s, 429 in 54 s",
        ),
        (
            "first = \"at-once\"\ninterval_s = 2",
            "wait 2 s, 429 in 57 s",
        ),
        ("wait = \"retry-after\"", "wait 59 s, ptu"),
        ("interval_s = 30\nhold_s = 40", "wait 30 s, 429 in 29 s"),
        (
            "interval_s = 30\nhold_s = 40\nhold_status = 412",
            "wait 30 s, 412 in 29 s",
        ),
    ] {
        let policy = format!("{PTU_THEN_PAYG}[retry]\ncodes = [429]\ncount = 2\n{wait}");
        let mut desk = desk(&park(), &policy);
        desk.fill(0, 0, 12_000);
        check(&mut desk, &format!("1 | - | 10 | {answer}"));
    }
}

#[test]
fn health_reads_retry_after_in_its_grain() {
    // Full until 12.05 s: 50 ms are left at 12 s.
    for (grain, back) in [
        ("seconds", "13"),
        ("milliseconds", "12.05"),
        ("ignored", "42"),
    ] {
        let health = format!(
            "[health]\ncodes = [429]\ntrip_s = 30\nretry_after = \"{grain}\"\n[retry]\ncodes = [429]"
        );
        let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{health}"));
        desk.fill(0, 0, 7_205);
        let just_before = format!("{:.6}", back.parse::<f64>().unwrap() - 0.000_001);
        check(
            &mut desk,
            &format!(
                "
            12            | - | 10 | payg
            {just_before} | - | 10 | payg
            {back}        | - | 10 | ptu"
            ),
        );
    }
}

#[test]
fn a_breaker_without_a_trip_time_stays_open_until_the_window_is_clear() {
    let health = "[health]\ncodes = [429]\nfailures = 2\nwindow_s = 10";
    let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{health}"));
    desk.fill(0, 0, 12_000);
    check(
        &mut desk,
        "
        1    | - | 10 | 429 in 59 s
        4    | - | 10 | 429 in 56 s
        10.9 | - | 10 | payg
        11   | - | 10 | 429 in 49 s",
    );
}

#[test]
fn an_idle_list_is_forgotten() {
    let health = "[health]\ncodes = [429]\ntrip_s = 600\nforget_s = 60\n[retry]\ncodes = [429]";
    let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{health}"));
    desk.fill(0, 0, 12_000);
    check(
        &mut desk,
        "
        1   | - | 10 | payg
        60  | - | 10 | payg
        119 | - | 10 | payg
        179 | - | 10 | ptu",
    );
}

#[test]
fn each_instance_has_its_own_picture_of_health() {
    let two = "[instances]\ncount = 2\n[health]\ncodes = [429]\ntrip_s = 60\n";
    let mut desk = desk(&park(), &format!("{PTU_THEN_PAYG}{two}"));
    desk.fill(0, 0, 12_000);
    // First one, then the other learns it; then both know.
    check(
        &mut desk,
        "
        1 | - | 10 | 429 in 59 s
        2 | - | 10 | 429 in 58 s
        3 | - | 10 | payg
        4 | - | 10 | payg",
    );
    assert_eq!(desk.trips()[0], 2);
}

#[test]
fn when_nobody_is_left_a_policy_says_what_happens() {
    let both_closed = closed(
        Park::default().provisioned("ptu", hundred_a_second()),
        "payg",
    );
    for (exhausted, second, third) in [
        ("", "503", "503"),
        (
            "status = 429\nretry_after = \"soonest\"",
            "429 in 29 s",
            "429 in 28 s",
        ),
        (
            "status = 429\nretry_after = \"fixed\"\nretry_after_s = 10",
            "429 in 10 s",
            "429 in 10 s",
        ),
        // The first member is tried although it is out, once.
        ("nevertheless = \"first\"", "429 in 58 s", "429 in 57 s"),
    ] {
        let policy = format!(
            "{PTU_THEN_PAYG}
            [health]
            codes = [429]
            trip_s = 30
            [retry]
            codes = [429]
            [exhausted]
            {exhausted}"
        );
        let mut desk = desk(&both_closed, &policy);
        desk.fill(0, 0, 12_000);
        check(
            &mut desk,
            &format!(
                "
            1 | - | 10 | 429 in 59 s
            2 | - | 10 | {second}
            3 | - | 10 | {third}"
            ),
        );
    }
}

#[test]
fn a_call_may_be_held_until_the_first_member_returns() {
    let both_closed = closed(
        Park::default().provisioned("ptu", hundred_a_second()),
        "payg",
    );
    let policy = format!(
        "{PTU_THEN_PAYG}
        [health]
        codes = [429]
        trip_s = 1
        retry_after = \"milliseconds\"
        [retry]
        codes = [429]
        count = 100
        wait = \"retry-after\"
        [exhausted]
        status = 429
        retry_after = \"soonest\""
    );
    let mut desk = desk(&both_closed, &policy);
    desk.fill(0, 0, 7_205);
    check(&mut desk, "10 | - | 10 | wait 2.05 s, ptu");
}

#[test]
fn members_take_turns_or_are_drawn_by_weight() {
    let round_robin = format!("[[pool]]\nchoice = \"round-robin\"\n{TWO_PAYG}");
    let found = answers(&mut desk(&three(), &round_robin), 4);
    assert_eq!(found, ["payg", "other", "payg", "other"]);

    let weighted = format!("[[pool]]\nchoice = \"random\"\n{TWO_PAYG}weight = 3\n");
    let found = answers(&mut desk(&three(), &weighted), 4_000);
    let others = found.iter().filter(|name| *name == "other").count();
    assert!(
        (2_900..3_100).contains(&others),
        "{others} of 4,000, expected 3 of 4"
    );
}

#[test]
fn a_turn_passes_over_members_that_are_out() {
    let park = closed(park(), "other");
    let policy = format!(
        "[[pool]]\nchoice = \"round-robin\"\n{TWO_PAYG}[health]\ncodes = [429]\ntrip_s = 2"
    );
    let found = answers(&mut desk(&park, &policy), 5);
    assert_eq!(
        found,
        ["payg", "429 in 59 s", "payg", "429 in 57 s", "payg"]
    );
}

#[test]
fn the_fastest_of_the_last_period_is_chosen() {
    let slow = |park: Park, name, millis| {
        let rules = StandardRules {
            latency: tollbook::sim::latency::Latency {
                first_token: SimDuration::from_millis(millis),
                ..Default::default()
            },
            ..StandardRules::default()
        };
        park.limited(name, DeploymentKind::Global, rules)
    };
    let park = slow(slow(Park::default(), "payg", 300), "other", 100);
    let policy = format!("[[pool]]\nchoice = \"fastest\"\nrefresh_s = 2\n{TWO_PAYG}");
    // Nobody is measured; then payg is, so other comes first as not measured; then it is fastest.
    let found = answers(&mut desk(&park, &policy), 6);
    assert_eq!(found, ["payg", "payg", "other", "other", "other", "other"]);
}

#[test]
fn members_may_be_closed_by_the_hour_or_for_a_band() {
    let closed = r#"
        [[pool]]
        [[pool.member]]
        deployment = "ptu"
        only = { closed = { from = "08:00", to = "22:00" } }
        [[pool.member]]
        deployment = "payg"
        priority = 2
    "#;
    check(
        &mut desk(&park(), closed),
        "
        28799 | - | 10 | ptu
        28800 | - | 10 | payg
        79199 | - | 10 | payg
        79200 | - | 10 | ptu",
    );
    let band = closed.replace(
        "{ closed = { from = \"08:00\", to = \"22:00\" } }",
        "{ priorities = { from = 0, to = 9 } }",
    );
    check(
        &mut desk(&park(), &band),
        "
        0 | 9  | 10 | ptu
        0 | 10 | 10 | payg
        0 | -  | 10 | payg",
    );
    let share = closed.replace(
        "{ closed = { from = \"08:00\", to = \"22:00\" } }",
        "{ percent_of_calls = 30 }",
    );
    let found = answers(&mut desk(&park(), &share), 4_000);
    let ptu = found.iter().filter(|name| *name == "ptu").count();
    assert!(
        (1_100..1_300).contains(&ptu),
        "{ptu} of 4,000, expected 30 %"
    );
}

#[test]
fn above_the_stop_line_calls_go_elsewhere_until_the_resume_line() {
    let lines = |lines: &str| {
        format!(
            "[[pool]]
            [[pool.member]]
            deployment = \"ptu\"
            only = {{ utilization = {{ {lines} }} }}
            [[pool.member]]
            deployment = \"payg\"
            priority = 2"
        )
    };
    // The bucket is 6,000 deep and drains 100 a second.
    let mut level = desk(&park(), &lines("stop_percent = 80, resume_percent = 50"));
    check(
        &mut level,
        "
        0    | - | 4800 | ptu
        0    | - | 1    | ptu
        0    | - | 1    | payg
        18   | - | 1    | payg
        18.1 | - | 1    | ptu",
    );
    // The average of a whole minute: the first one drains 4,800 of 6,000, exactly 80 %; the
    // second, whose average is known at 130 s, 6,000.
    let mut minute = desk(
        &park(),
        &lines("stop_percent = 80, reading = \"last-minute\", lag_s = 10"),
    );
    check(
        &mut minute,
        "
        0    | - | 4800 | ptu
        60   | - | 6000 | ptu
        129  | - | 10   | ptu
        130  | - | 10   | payg
        189  | - | 10   | payg
        190  | - | 10   | ptu",
    );
}

#[test]
fn a_gateway_may_ask_for_native_spillover() {
    let policy = "[spillover]\n[[pool]]\n[[pool.member]]\noffer = \"provisioned\"";
    let mut desk = desk(&park(), policy);
    desk.fill(0, 0, 12_000);
    check(
        &mut desk,
        "
        1  | - | 10 | payg
        60 | - | 10 | ptu",
    );
}
