//! What cannot be charged as configured, and what is charged with a finding.

use tollbook::catalog::Catalog;
use tollbook::chargeback::{ChargeError, Detail, Facts, charge};
use tollbook::config::Config;

use crate::chargeback_bills::{CHAT, OWNERS, PTU, config};
use crate::chargeback_desk::{catalog, charged, check_bill, rates, usage};

fn refusal(config: &str, rows: &str) -> String {
    let rows = usage(rows);
    let result = charged(config, &rows, ("2026-10", Detail::Period));
    result.expect_err("this cannot be charged").to_string()
}

#[test]
fn refusals_name_everything_at_once() {
    let rows = "2026-10-02 hr gpt-4o 10 0 5\n2026-10-04 hr o3 10 0 0";
    assert_eq!(
        refusal(OWNERS, rows),
        "the configuration does not tell how these deployments are paid:
  \"gpt-4o\" (backend \"\", model \"gpt-4.1\", 1 requests): not described
  \"o3\" (backend \"\", model \"gpt-4.1\", 1 requests): not described
hint: describe each, or set [defaults] for all; for example

[[deployment]]
name = \"gpt-4o\"
model = \"gpt-4.1\"
offer = \"standard\"
kind = \"global\"
region = \"swedencentral\"

[[deployment]]
name = \"o3\"
model = \"gpt-4.1\"
offer = \"standard\"
kind = \"global\"
region = \"swedencentral\""
    );
    let unknown = CHAT.replace("model = \"gpt-4.1\"", "model = \"gpt-9\"");
    let refused = refusal(
        &unknown,
        "2026-10-04 hr chat 10 0 5\n2026-10-02 hr chat 10 0 0",
    );
    assert!(refused.contains(
        "standard global input tokens of gpt-9 in swedencentral: 20 tokens, 2026-10-02 to 2026-10-04"
    ));
    assert!(
        refused.contains(
            "standard global output tokens of gpt-9 in swedencentral: 5 tokens, 2026-10-04"
        )
    );
    assert!(refused.ends_with("or pass --allow-unpriced gpt-9"));
    let no_figures = PTU.replace("model = \"gpt-4.1\"", "model = \"gpt-9\"");
    let refused = refusal(
        &no_figures,
        "2026-10-04 hr ptu 10 0 5\n2026-10-02 hr ptu 10 0 0",
    );
    assert!(
        refused.contains("deployment \"ptu\" from 2026-10-02: "),
        "{refused}"
    );
    let euros = format!("currency = \"EUR\"\n{CHAT}");
    let refused = refusal(&euros, "2026-10-04 hr chat 10 0 5");
    assert!(refused.starts_with("no exchange rate from USD to EUR on 2026-10-01"));
}

#[test]
fn a_model_may_be_unpriced_by_name() {
    let unknown = CHAT.replace("model = \"gpt-4.1\"", "model = \"gpt-9\"");
    let text = config(&[OWNERS, &unknown]);
    let mut config = Config::parse(&text, "tollbook.toml").unwrap();
    config.policy.allowed_unpriced.insert("gpt-9".to_owned());
    let (catalog, rates) = (catalog(), rates());
    let facts = Facts {
        catalog,
        rates: &rates,
    };
    let rows = usage("2026-10-02 hr chat 10 0 5");
    let period = "2026-10".parse().unwrap();
    let charges = charge(&rows, &config.policy, &facts, period, Detail::Period).unwrap();
    check_bill(
        &charges,
        "HR | assistant | chat | standard-input | 10 tokens | 0.00
         HR | assistant | chat | standard-output | 5 tokens | 0.00
         total 0.00 USD",
    );
    assert_eq!(charges.unpriced.len(), 2);
    assert!(
        charges
            .findings
            .iter()
            .any(|f| f.code == "unpriced-allowed")
    );
}

#[test]
fn an_unknown_ptu_price_is_an_error() {
    let text = PTU.replace("region = \"swedencentral\"", "region = \"nowhere\"");
    let result = charged(&text, &[], ("2026-10", Detail::Period));
    assert!(
        matches!(result, Err(ChargeError::NoPtuPrice { .. })),
        "{result:?}"
    );
}

#[test]
fn sizes_that_azure_does_not_offer_are_found() {
    // Global deployments of gpt-4.1 start at 15 PTU and grow by 5: 50 is a size, 52 is not.
    let text = PTU.replace("ptu = 65", "ptu = 52");
    let policy = Config::parse(&text, "tollbook.toml").unwrap().policy;
    let (catalog, rates) = (Catalog::bundled(), rates());
    let facts = Facts {
        catalog: &catalog,
        rates: &rates,
    };
    let period = "2026-10".parse().unwrap();
    let charges = charge(&[], &policy, &facts, period, Detail::Period).unwrap();
    let findings: Vec<String> = charges.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "ptu-size-not-offered: deployment \"ptu\" from 2026-10-12: 52 PTU is no size of a \
             global deployment of gpt-4.1; the nearest are 50 and 55"
        ]
    );
}
