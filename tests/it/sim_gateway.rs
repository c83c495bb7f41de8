//! The reference cases of gateways (T5 and T6 of docs/MODEL.md), as tables that can be checked by
//! hand. T7 to T9 are with the rules they are about, T10 with the presets.

use tollbook::azure::DeploymentKind;
use tollbook::time::SimDuration;

use crate::gateway_desk::{PTU_THEN_PAYG, Park, desk};
use crate::sim_desk::{play, prompt, provisioned};

/// T5: how long one call that is always refused is held, after 1, 2, … retries.
#[test]
fn waits_between_attempts_are_the_reference_s() {
    let park = Park::default().provisioned("ptu", provisioned(0, 3000, 60));
    for (interval, delta, max, waits) in [
        (10, 10, 100, "10 20 40 80 100 100"),
        (1, 1, 8, "1 2 4 8 8"),
        (1, 1, 30, "1 2 4 8 16 30 30 30 30 30 30 30 30"),
        (1, 2, 10, "1 3 7"),
    ] {
        let count = waits.split(' ').count();
        let policy = format!(
            r#"
            [[pool]]
            [[pool.member]]
            offer = "provisioned"
            [retry]
            codes = [429]
            count = {count}
            wait = "exponential"
            jitter = "nominal"
            interval_s = {interval}
            delta_s = {delta}
            max_s = {max}
            "#
        );
        let told: Vec<String> = waits
            .split(' ')
            .map(|wait| format!("wait {wait} s, "))
            .collect();
        let answer = desk(&park, &policy).ask(&prompt(0, 1));
        assert_eq!(answer, format!("{}429", told.concat()));

        let setup = park.setup(park.rules(&policy).unwrap());
        let total = waits
            .split(' ')
            .map(|wait| wait.parse::<u64>().unwrap())
            .sum();
        let span = play(&setup, &[prompt(0, 1)]).span();
        assert_eq!(span, SimDuration::from_seconds(total), "{waits}");
    }
}

/// T6: ten calls of 15 tokens a second for an hour, half as much again as the deployment drains.
#[test]
fn a_trip_wastes_what_the_bucket_cannot_bridge() {
    let until_told = "retry_after = \"seconds\"\ntrip_s = 10";
    // Of the 359,990 tokens that drain until the last call, the trips waste what PTU does not
    // serve: 359,990 - 15 × 18,015 = 89,765 in the third row.
    // depth | out for | served by PTU of 36,000 | 429s at PTU | tokens wasted by trips
    for (depth, out, served, throttled, wasted) in [
        (60, until_told, 24_400, 1_160, 0),
        (60, "trip_s = 60", 24_001, 20, 0),
        (60, "trip_s = 120", 18_015, 15, 89_765),
        (10, until_told, 24_061, 1_194, 0),
        (10, "trip_s = 60", 9_045, 45, 224_315),
    ] {
        let park = Park::default()
            .provisioned("ptu", provisioned(2, 3000, depth))
            .standard("payg", DeploymentKind::Global);
        let policy = format!(
            "{PTU_THEN_PAYG}
            [health]
            codes = [429]
            {out}
            [retry]
            codes = [429]"
        );
        let setup = park.setup(park.rules(&policy).unwrap());
        let calls: Vec<_> = (0..36_000).map(|n| prompt(n * 100_000, 15)).collect();
        let outcome = play(&setup, &calls);
        let case = format!("depth {depth}, {out}");
        let by: Vec<u64> =
            outcome.apps[0]
                .served
                .iter()
                .fold(vec![0; 2], |mut by, (who, tally)| {
                    by[who.deployment.place()] += tally.requests.get();
                    by
                });
        assert_eq!(by.iter().sum::<u64>(), 36_000, "{case}");
        let ptu = &outcome.deployments[0];
        assert_eq!(ptu.throttled, throttled, "{case}");
        assert_eq!(ptu.trips, throttled, "{case}");
        assert_eq!(by[0], served, "{case}");
        let thousandths = ptu.idle_while_tripped.weighted().get();
        assert_eq!(thousandths, wasted * 1_000, "{case}");
    }
}
