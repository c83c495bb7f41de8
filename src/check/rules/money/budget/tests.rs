use super::*;
use crate::check::Place;
use crate::check::rules::bench::{Bench, day, days};
use crate::usage::Disposition;

const CONFIG: &str = r#"
[[deployment]]
name = "gpt"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
[[owner]]
match = { app = "chat" }
business_unit = "Sales"
[[check.budget]]
business_unit = "Sales"
amount = "310"
"#;

/// What is told of 10 USD a day in a period, checked on a day.
fn told(config: &str, period: &str, as_of: &str) -> Vec<String> {
    let mut bench = Bench::of(config).asked(period);
    bench.as_of = day(as_of);
    // Input costs 2 USD a million.
    for date in days(period).into_iter().filter(|date| *date < day(as_of)) {
        bench.sum(
            ("chat", "gpt"),
            date,
            Disposition::Billable,
            (1, 5_000_000, 0),
        );
    }
    let bench = bench.charge();
    bench.told(|evidence| judge(evidence, evidence.charges.unwrap()))
}

#[test]
fn a_month_above_its_budget_is_an_error_at_its_place() {
    let config = CONFIG.replace("310", "309.99");
    let expected = "TB105 Sales 2026-10: business unit \"Sales\" costs 310.00 USD in 2026-10; its \
                    budget is 309.99 USD";
    assert_eq!(told(&config, "2026-10", "2026-12-01"), [expected]);
    assert!(
        told(CONFIG, "2026-10", "2026-12-01").is_empty(),
        "310 of 310"
    );
    let bench = Bench::of(&config).charge();
    let findings = bench.judge(|evidence| {
        let finding = Finding::of(&OVER, "", "");
        vec![finding.written(evidence.config, &amount(0))]
    });
    assert_eq!(findings[0].places, [Place::text("t.toml", 13, 10)]);
}

#[test]
fn a_part_of_a_month_has_that_part_of_the_budget() {
    let config = CONFIG.replace("310", "155");
    let expected = "TB105 Sales 2026-10: business unit \"Sales\" costs 100.00 USD in \
                    2026-10-01..2026-10-10; its budget is 50.00 USD for 10 days, of 155.00 a \
                    month";
    assert_eq!(
        told(&config, "2026-10-01..2026-10-10", "2026-12-01"),
        [expected]
    );
    assert!(told(CONFIG, "2026-10-01..2026-10-10", "2026-12-01").is_empty());
}

#[test]
fn months_are_judged_one_by_one_while_a_budget_holds() {
    // 310 USD in October and 300 USD in November.
    let config = CONFIG.replace("310", "305");
    let found = told(&config, "2026-10..2026-11", "2026-12-01");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("TB105 Sales 2026-10: "), "{found:?}");
    let from = format!("{config}from = \"2026-11-01\"\n");
    assert!(told(&from, "2026-10..2026-11", "2026-12-01").is_empty());
}

#[test]
fn two_budgets_of_a_month_are_told_apart() {
    let config = CONFIG.replace("310", "31") + "until = \"2026-10-11\"\n";
    let second =
        "[[check.budget]]\nbusiness_unit = \"Sales\"\namount = 62\nfrom = \"2026-10-11\"\n";
    let found = told(&format!("{config}{second}"), "2026-10", "2026-12-01");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("TB105 Sales 2026-10: "), "{found:?}");
    assert!(
        found[1].starts_with("TB105 Sales from 2026-10-11 2026-10: "),
        "{found:?}"
    );
}

#[test]
fn a_month_that_will_be_above_its_budget_is_noted() {
    // Ten days cost 100 USD, so the month is at 310 USD.
    let config = CONFIG.replace("310", "200");
    let expected = "TB106 Sales 2026-10: business unit \"Sales\" cost 100.00 USD in the 10 days to \
                    2026-10-10; at this pace 2026-10 is at 310.00 USD when its budget is 200.00 USD";
    assert_eq!(told(&config, "2026-10", "2026-10-11"), [expected]);
    assert!(told(CONFIG, "2026-10", "2026-10-11").is_empty());
    let found = told(&config, "2026-10", "2026-11-01");
    assert!(
        found[0].starts_with("TB105 "),
        "the month is over: {found:?}"
    );
    assert!(
        told(&config, "2026-10", "2026-10-01").is_empty(),
        "no day yet"
    );
}
