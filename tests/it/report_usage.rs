//! The usage behind a statement, and a report of real charges.

use tollbook::chargeback::{Detail, Policy};
use tollbook::report::table::{Ink, Page};
use tollbook::report::{Grouping, Report, View, explain, table};
use tollbook::units::Requests;
use tollbook::usage::Disposition;

use crate::chargeback_desk::{charged, charges, usage};
use crate::golden::check;

const CONFIG: &str = r#"
[[owner]]
match = { subscription = "hr" }
business_unit = "HR"
app = "assistant"
[[owner]]
match = { subscription = "shared" }
split = [ { business_unit = "HR", percent = "75" }, { business_unit = "Legal", percent = "25" } ]
[[deployment]]
name = "chat"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [ { from = "2026-09-01", ptu = 50 } ]
"#;

const ROWS: &str = "
    2026-10-02 hr chat 1_000_000 0 20_000
    2026-10-03 hr chat 500_000 100_000 10_000
    2026-10-03 shared chat 2 0 1
    2026-10-04 shared ptu 8_000_000 0 1_000_000
    2026-10-05 hr chat 7 0 0
    2026-11-01 hr chat 1 0 0";

fn rows() -> Vec<tollbook::usage::UsageSum> {
    let mut rows = usage(ROWS);
    rows[4].key.disposition = Disposition::Error;
    rows
}

/// Two requests of HR with 1,500,000 tokens in; half a token is what splitting leaves.
#[test]
fn usage_is_counted_for_whom_it_is_charged_to() {
    let charges = charges(CONFIG, &rows(), "2026-10");
    let text: Vec<String> = charges
        .usage
        .iter()
        .map(|usage| {
            let amount = &usage.amount;
            format!(
                "{} | {} | {} | {} {} | {} | {} | {}",
                usage.payer.business_unit,
                usage.payer.app,
                usage.deployment,
                usage.disposition.name(),
                usage.priced,
                amount.requests,
                amount.input,
                amount.output
            )
        })
        .collect();
    assert_eq!(
        text,
        [
            "HR | assistant | chat | billable true | 2 | 1500000 | 30000",
            "HR | assistant | chat | error false | 1 | 7 | 0",
            "HR | shared | chat | billable true | 0.75 | 1.5 | 0.75",
            "HR | shared | ptu | billable true | 0.75 | 6000000 | 750000",
            "Legal | shared | chat | billable true | 0.25 | 0.5 | 0.25",
            "Legal | shared | ptu | billable true | 0.25 | 2000000 | 250000",
        ]
    );
}

#[test]
fn usage_has_days_where_the_statement_has() {
    let period = charged(CONFIG, &rows(), ("2026-10", Detail::Period)).unwrap();
    let days = charged(CONFIG, &rows(), ("2026-10", Detail::Day)).unwrap();
    assert!(period.usage.iter().all(|usage| usage.day.is_none()));
    assert!(days.usage.iter().all(|usage| usage.day.is_some()));
    let report = Report::of(days, &Policy::default());
    let view = View::of(&report, Grouping::Day);
    assert_eq!(view.rows.len(), 31);
    assert_eq!(view.total.usage.requests.to_string(), "4");
}

#[test]
fn reports_show_real_charges() {
    let charges = charges(CONFIG, &rows(), "2026-10");
    assert_eq!(charges.requests.outside_period, Requests::new(1));
    let report = Report::of(charges, &Policy::default());
    let view = View::of(&report, Grouping::BusinessUnit);
    let (width, ink) = (100, Ink::Plain);
    check(
        "charges.txt",
        &table::render(&report, &view, Page { width, ink }),
    );
    check(
        "charges-explain.txt",
        &explain::render(&report, "Legal").unwrap(),
    );
}
