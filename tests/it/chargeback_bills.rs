//! Bills worked out by hand.

use std::sync::Arc;

use tollbook::units::Requests;
use tollbook::usage::Disposition;

use crate::chargeback_desk::{bill, charges, check_bill, usage};

pub(crate) const OWNERS: &str = r#"
[[owner]]
match = { subscription = "hr*" }
business_unit = "HR"
app = "assistant"
[[owner]]
match = { subscription = "legal" }
business_unit = "Legal"
"#;

pub(crate) const CHAT: &str = r#"
[[deployment]]
name = "chat"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
"#;

pub(crate) const PTU: &str = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-09-01", ptu = 50 }, { from = "2026-10-12T08:00:00Z", ptu = 65 } ]
[[reservation]]
name = "year"
kind = "global"
region = "Sweden Central"
ptu = 50
term = "1-year"
start = "2026-03-01"
"#;

pub(crate) fn config(parts: &[&str]) -> String {
    parts.concat()
}

#[test]
fn a_yearly_reservation_and_fifteen_ptu_by_the_hour() {
    // October's twelfth of the reservation: 50 × 2,652 ÷ 12 = 11,050.00.
    // Hourly: 15 PTU from 12 October 08:00 to the end: 19 days 16 h = 472 h × 15 × 1 = 7,080.00.
    // HR on 1 October: 108,000,000 weighted tokens of 50 × 1,440 × 3,000 = 216,000,000, half of
    // that day's 11,050 ÷ 31 = 356.4516: 178.2258; half of 1,200 PTU-hours.
    // Deployed: 50 × 744 + 15 × 472 = 44,280 PTU-hours, of which 43,680 are idle.
    let bill = charges(
        &config(&[PTU, OWNERS]),
        &usage("2026-10-01 hr-1 ptu 8_000_000 0 25_000_000"),
        "2026-10",
    );
    check_bill(
        &bill,
        "HR | assistant | ptu | ptu-used | 600 PTU-hours | 178.23
         __idle__ | - | ptu | ptu-idle | 43680 PTU-hours | 17951.77
         total 18130.00 USD",
    );
    let pool = &bill.pools[0];
    assert_eq!(pool.cost.covered_amount.to_trimmed(6), "11050");
    assert_eq!(pool.cost.hourly_amount.to_trimmed(6), "7080");
    assert_eq!(pool.cost.hourly().get(), 15 * 472 * 60);
    assert!(pool.cost.unused().is_zero());
}

#[test]
fn a_day_of_february_costs_more_than_a_day_of_march() {
    // 10 PTU × 260 = 2,600 a month: ÷ 28 = 92.857, ÷ 31 = 83.871. Nothing is deployed.
    let reservation = r#"
[[reservation]]
name = "month"
kind = "global"
region = "swedencentral"
ptu = 10
term = "1-month"
start = "2026-02-01"
until = "2026-04-01"
"#;
    for (period, amount) in [
        ("2026-02-10..2026-02-10", "92.86"),
        ("2026-03-10..2026-03-10", "83.87"),
    ] {
        let line = "__idle__ | - | global/swedencentral/shared | reservation-unused";
        let expected = format!("{line} | 240 PTU-hours | {amount}\ntotal {amount} USD\n");
        assert_eq!(bill(&charges(reservation, &[], period)), expected);
    }
}

#[test]
fn coverage_is_hour_by_hour_and_nothing_carries_over() {
    // 100 PTU for 15 minutes of one hour are 25 PTU-hours, all covered by 25 PTU reserved; the
    // other 23 hours of the reservation are lost: 23 × 25 = 575 PTU-hours.
    // 25 × 260 ÷ 31 = 209.6774 a day: a 24th, 8.7366, is used (idle here), the rest unused.
    // A second deployment of 10 PTU in the next hour takes 10 of its 25.
    let text = r#"
[[deployment]]
name = "burst"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-05T08:00:00Z", ptu = 100 }, { from = "2026-10-05T08:15:00Z", ptu = 0 } ]
[[deployment]]
name = "second"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-05T09:00:00Z", ptu = 10 }, { from = "2026-10-05T10:00:00Z", ptu = 0 } ]
[[reservation]]
name = "month"
kind = "global"
region = "swedencentral"
ptu = 25
term = "1-month"
start = "2026-10-01"
"#;
    // Per PTU-hour 209.6774 ÷ 600 = 0.349462: 25 → 8.7366, 10 → 3.4946, 565 → 197.4462.
    check_bill(
        &charges(text, &[], "2026-10-05..2026-10-05"),
        "__idle__ | - | global/swedencentral/shared | reservation-unused | 565 PTU-hours | 197.45
         __idle__ | - | burst | ptu-idle | 25 PTU-hours | 8.74
         __idle__ | - | second | ptu-idle | 10 PTU-hours | 3.49
         total 209.68 USD",
    );
}

#[test]
fn a_reservation_that_starts_within_an_hour_covers_the_rest_of_it() {
    // 10 PTU all day; 10 reserved from 06:30 on: 6.5 h × 10 × 1 = 65.00 by the hour, and
    // 17.5 h of a month of 31 days (744 h) at 2,600: 61.1559.
    let text = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-10-01", ptu = 10 } ]
[[reservation]]
name = "month"
kind = "global"
region = "swedencentral"
ptu = 10
term = "1-month"
start = "2026-10-05T06:30:00Z"
"#;
    let bill = charges(text, &[], "2026-10-05..2026-10-05");
    assert_eq!(bill.pools[0].cost.hourly_amount.to_trimmed(4), "65");
    assert_eq!(bill.pools[0].cost.covered_amount.to_trimmed(4), "61.1559");
    assert_eq!(bill.statement.total.to_decimal(2), "126.16");
}

#[test]
fn split_owners_discount_tax_and_euros() {
    // 1,000,000 input at 2 and 500,000 output at 8: 2 + 4 = 6 USD, at 0.9: 1.80 + 3.60 EUR.
    //          60 % HR                     40 % Legal
    // input    1.08                        0.72
    // output   2.16                        1.44
    // −10 %   −0.324                      −0.216
    // +19 %    0.55404 of 2.916            0.36936 of 1.944
    // sum      3.47004                     2.31336, together 5.7834
    let text = r#"
currency = "EUR"
[[owner]]
match = { subscription = "shared" }
split = [ { business_unit = "HR", percent = "60", app = "a" }, { business_unit = "Legal", percent = "40", app = "b" } ]
[[exchange_rate]]
from = "2026-09-01"
rate = "0.9"
[[discount]]
percent = 10
components = ["standard-*"]
[[tax]]
percent = "19"
"#;
    let rows = usage("2026-10-02 shared chat 1_000_000 0 500_000");
    check_bill(
        &charges(&config(&[text, CHAT]), &rows, "2026-10"),
        "HR | a | chat | standard-input | 600000 tokens | 1.08
         HR | a | chat | standard-output | 300000 tokens | 2.16
         HR | a | chat | adjustment-discount | - | -0.32
         HR | a | chat | adjustment-tax | - | 0.55
         Legal | b | chat | standard-input | 400000 tokens | 0.72
         Legal | b | chat | standard-output | 200000 tokens | 1.44
         Legal | b | chat | adjustment-discount | - | -0.21
         Legal | b | chat | adjustment-tax | - | 0.36
         total 5.78 EUR",
    );
}

#[test]
fn cached_tokens_spillover_and_unclaimed_callers_have_their_own_lines() {
    // HR: 3,000,000 input of which 1,000,000 cached: 4.00 + 0.50; spilled output 1,000,000: 8.00.
    // `master` is nobody, whatever the rules say of other callers.
    let spill = r#"
[[deployment]]
name = "spill"
logged_as = ["PTU"]
backends = ["payg"]
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
spillover_from = "ptu"
[[owner]]
match = { subscription = "*" }
business_unit = "Rest"
"#;
    let mut rows = usage(
        "2026-10-02 hr chat 3_000_000 1_000_000 0
         2026-10-02 hr Ptu 0 0 1_000_000
         2026-10-03 master chat 500_000 0 0
         2026-10-03 newcomer chat 500_000 0 0",
    );
    let mut spilled = (*rows[1].key.dimensions).clone();
    spilled.backend = "PAYG".to_owned();
    rows[1].key.dimensions = Arc::new(spilled);
    let charges = charges(
        &config(&[OWNERS, spill, PTU, CHAT]),
        &rows,
        "2026-10-02..2026-10-03",
    );
    check_bill(
        &charges,
        "HR | assistant | chat | standard-input | 2000000 tokens | 4.00
         HR | assistant | chat | standard-cached-input | 1000000 tokens | 0.50
         HR | assistant | spill | spillover-output | 1000000 tokens | 8.00
         Rest | newcomer | chat | standard-input | 500000 tokens | 1.00
         __idle__ | - | ptu | ptu-idle | 2400 PTU-hours | 712.90
         __unattributed__ | - | chat | standard-input | 500000 tokens | 1.00
         total 727.40 USD",
    );
    assert_eq!(charges.requests.unattributed, Requests::new(1));
    assert_eq!(charges.findings.len(), 1, "{:?}", charges.findings);
    assert_eq!(charges.findings[0].code, "owner-rule-unused");
}

#[test]
fn routers_pay_the_served_model_and_their_own_input() {
    // Served gpt-4.1: 1,000,000 input at 2; the router's fee: 1,000,000 at 0.14.
    let router = r#"
[[deployment]]
name = "router"
model = "model-router"
offer = "standard"
kind = "global"
region = "swedencentral"
price_served_model = true
"#;
    let rows = usage("2026-10-02 hr router 1_000_000 500_000 0");
    check_bill(
        &charges(&config(&[OWNERS, router]), &rows, "2026-10"),
        "HR | assistant | router | standard-input | 500000 tokens | 1.00
         HR | assistant | router | standard-cached-input | 500000 tokens | 0.25
         HR | assistant | router | standard-input | 1000000 tokens | 0.14
         total 1.39 USD",
    );
}

#[test]
fn what_is_not_served_costs_nothing_and_is_counted() {
    let mut rows = usage(
        "2026-10-02 hr chat 1_000_000 0 0
         2026-10-02 hr chat 37 0 0
         2026-10-02 hr chat 500_000 0 0
         2026-11-01 hr chat 1_000_000 0 0",
    );
    rows[1].key.disposition = Disposition::Error;
    rows[2].key.disposition = Disposition::NoGatewayRow;
    let charges = charges(&config(&[OWNERS, CHAT]), &rows, "2026-10");
    check_bill(
        &charges,
        "HR | assistant | chat | standard-input | 1000000 tokens | 2.00
         __unattributed__ | hr | chat | standard-input | 500000 tokens | 1.00
         total 3.00 USD",
    );
    let one = Requests::new(1);
    assert_eq!(charges.requests.by_disposition[&Disposition::Error], one);
    assert_eq!(charges.requests.outside_period, one);
    assert_eq!(charges.requests.unattributed, one);
}

#[test]
fn shared_costs_follow_their_key_for_the_days_of_the_period() {
    // 3,100 a month of 31 days: 10 days are 1,000; by requests 3 : 1.
    // `by = "even"` over those with priced use; the deployment `search` costs nothing per token.
    let text = r#"
[[shared_cost]]
name = "gateway"
amount = "3100"
by = "requests"
[[shared_cost]]
name = "index"
amount = 310
by = "input-tokens"
deployments = ["search"]
price_per_token = false
"#;
    let rows = usage(
        "2026-10-01 hr chat 0 0 0
         2026-10-02 hr chat 0 0 0
         2026-10-03 hr chat 0 0 0
         2026-10-03 legal search 10 0 0",
    );
    check_bill(
        &charges(
            &config(&[OWNERS, CHAT, text]),
            &rows,
            "2026-10-01..2026-10-10",
        ),
        "HR | assistant | gateway | shared-cost | 3 requests | 750.00
         Legal | legal | gateway | shared-cost | 1 requests | 250.00
         Legal | legal | index | shared-cost | 10 tokens | 100.00
         total 1100.00 USD",
    );
}

#[test]
fn keys_that_ignore_use_and_their_fallback() {
    // One day: 50 PTU hourly at 1: 1,200.00. Used 600 by fixed 75:25, idle 600 by shares 1:2.
    let text = r#"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-09-01", ptu = 50 } ]
[allocation]
used = "fixed"
idle = "shares"
fixed = { HR = "75", Legal = "25" }
shares = { HR = 1, Legal = 2 }
"#;
    let rows = usage("2026-10-01 hr ptu 108_000_000 0 0");
    check_bill(
        &charges(&config(&[text, OWNERS]), &rows, "2026-10-01..2026-10-01"),
        "HR | - | ptu | ptu-used | 450 PTU-hours | 450.00
         HR | - | ptu | ptu-idle | 200 PTU-hours | 200.00
         Legal | - | ptu | ptu-used | 150 PTU-hours | 150.00
         Legal | - | ptu | ptu-idle | 400 PTU-hours | 400.00
         total 1200.00 USD",
    );
    // Nobody used the pool: proportional has no weights, shares are empty, nobody is active.
    let idle = text.replace("idle = \"shares\"", "idle = \"proportional\"");
    let idle = idle.replace("shares = { HR = 1, Legal = 2 }", "shares = {}");
    let charges = charges(&config(&[&idle, OWNERS]), &[], "2026-10-01..2026-10-01");
    check_bill(
        &charges,
        "__idle__ | - | ptu | ptu-idle | 1200 PTU-hours | 1200.00
         total 1200.00 USD",
    );
    assert!(
        charges
            .findings
            .iter()
            .any(|f| f.code == "allocation-fallback")
    );
}

#[test]
fn more_use_than_throughput_is_all_used_and_found() {
    let rows = usage(
        "2026-10-01 hr ptu 300_000_000 0 0
         2026-10-01 legal ptu 100_000_000 0 0",
    );
    let charges = charges(&config(&[PTU, OWNERS]), &rows, "2026-10-01..2026-10-01");
    // 11,050 ÷ 31 = 356.4516, three to one.
    check_bill(
        &charges,
        "HR | assistant | ptu | ptu-used | 900 PTU-hours | 267.34
         Legal | legal | ptu | ptu-used | 300 PTU-hours | 89.11
         __idle__ | - | ptu | ptu-idle | 0 PTU-hours | 0.00
         total 356.45 USD",
    );
    assert_eq!(charges.findings[0].code, "ptu-overused");
}

#[test]
fn credits_lower_the_bill_before_tax() {
    // HR 2.00, Legal 6.00. A credit of 4.00 over all takes 1.00 and 3.00; then Legal's own 5.00
    // takes it from 3.00 to −2.00. Tax of 10 % on 1.00 and −2.00: 0.10 and −0.20. Total −1.10.
    let text = r#"
[[credit]]
amount = "4.00"
date = "2026-10-31"
[[credit]]
amount = "5.00"
date = "2026-10-31"
business_unit = "Legal"
[[tax]]
percent = 10
"#;
    let rows = usage(
        "2026-10-01 hr chat 1_000_000 0 0
         2026-10-01 legal chat 3_000_000 0 0",
    );
    check_bill(
        &charges(&config(&[text, CHAT, OWNERS]), &rows, "2026-10"),
        "HR | assistant | chat | standard-input | 1000000 tokens | 2.00
         HR | assistant | chat | adjustment-credit | - | -1.00
         HR | assistant | chat | adjustment-tax | - | 0.10
         Legal | legal | chat | standard-input | 3000000 tokens | 6.00
         Legal | legal | chat | adjustment-credit | - | -8.00
         Legal | legal | chat | adjustment-tax | - | -0.20
         total -1.10 USD",
    );
}

#[test]
fn rules_hold_from_their_first_day_to_the_day_before_their_last() {
    let text = r#"
[[owner]]
match = { subscription = "TEAM", deployment = { regex = "^ch.t$" } }
business_unit = "Before"
until = "2026-10-05"
[[owner]]
match = { subscription = "team" }
business_unit = "After"
from = "2026-10-05"
"#;
    let rows = usage(
        "2026-10-04 team chat 1_000_000 0 0
         2026-10-05 team chat 1_000_000 0 0",
    );
    check_bill(
        &charges(&config(&[text, CHAT]), &rows, "2026-10"),
        "After | team | chat | standard-input | 1000000 tokens | 2.00
         Before | team | chat | standard-input | 1000000 tokens | 2.00
         total 4.00 USD",
    );
}
