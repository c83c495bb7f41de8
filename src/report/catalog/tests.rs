use super::*;
use crate::azure::DeploymentKind;
use crate::catalog::Catalog;
use crate::rate_card::RateCard;

fn explained(model: &str, kind: DeploymentKind, region: &str) -> String {
    let catalog = Catalog::bundled();
    let asked = Explained {
        name: catalog.resolve(model).unwrap(),
        kind,
        region: region.to_owned(),
        on: "2026-10-05".parse().unwrap(),
    };
    explain(&catalog, &RateCard::bundled(), &asked).unwrap_or_else(|error| format!("{error}\n"))
}

fn filter(model: &str) -> Filter {
    Filter {
        model: Some(model.to_owned()),
        kind: None,
        region: None,
        tier: None,
        on: "2026-10-05".parse().unwrap(),
        read_before: None,
        shown: Shown::Used,
    }
}

/// Compares with a file; `UPDATE_GOLDEN=1` writes the file instead, to be read before committing.
fn assert_golden(name: &str, text: &str) {
    let path = format!(
        "{}/src/report/catalog/golden/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn models_are_explained_with_sources_ages_and_conflicts() {
    let global = explained("gpt-4.1", DeploymentKind::Global, "swedencentral");
    assert_golden("explain-gpt-4.1.txt", &global);
    let promoted = explained("gpt-5.6-sol", DeploymentKind::Global, "eastus");
    assert_golden("explain-gpt-5.6-sol.txt", &promoted);
}

#[test]
fn what_has_no_token_price_says_why_beside_what_is_known() {
    let text = explained("gpt-4o-2024-11-20", DeploymentKind::Regional, "westeurope");
    let reason = "no price for standard regional input tokens of gpt-4o (2024-11-20) in \
                  westeurope on 2026-10-05; known in eastus";
    assert!(text.contains("PTU [USD]"), "{text}");
    assert!(explained("gpt-4o", DeploymentKind::Global, "eastus").contains("name one of"));
    assert!(
        text.contains("westeurope on 2026-10-05; known in"),
        "{reason}\n{text}"
    );
}

#[test]
fn tables_fit_the_terminal() {
    let (catalog, card) = (Catalog::bundled(), RateCard::bundled());
    for width in [80, 120] {
        for listing in [
            prices(&card, &filter("")),
            models(&catalog, &filter("")),
            ptu_prices(&card, &filter("")),
            conflicts(&catalog, &filter("")),
        ] {
            for line in listing.table(width).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
    let shown = Filter {
        kind: Some(DeploymentKind::Global),
        ..filter("gpt-4.1*")
    };
    assert_golden("prices-80.txt", &prices(&card, &shown).table(80));
    assert_golden("prices-120.txt", &prices(&card, &shown).table(120));
    assert_golden(
        "models-80.txt",
        &models(&catalog, &filter("gpt-5*")).table(80),
    );
    assert_golden(
        "prices.csv",
        &prices(&card, &filter("text-embedding-3-small")).csv(),
    );
    assert_golden(
        "conflicts.json",
        &conflicts(&catalog, &filter("gpt-5.5")).json(),
    );
}

#[test]
fn lists_follow_region_day_age_and_conflicts() {
    let card = RateCard::bundled();
    let rows = |filter: &Filter| prices(&card, filter).csv().lines().count() - 1;
    let gpt41 = filter("gpt-4.1");
    let in_sweden = Filter {
        region: Some("swedencentral".to_owned()),
        kind: Some(DeploymentKind::Regional),
        ..gpt41.clone()
    };
    // One row each for gpt-4.1, gpt-4.1-mini and gpt-4.1-nano.
    assert_eq!(rows(&in_sweden), 3);
    assert_eq!(
        rows(&Filter {
            on: "2024-01-01".parse().unwrap(),
            ..gpt41.clone()
        }),
        0
    );
    assert_eq!(
        rows(&Filter {
            read_before: "2026-08-11".parse().ok(),
            ..gpt41
        }),
        0
    );
    let sol = Filter {
        shown: Shown::Conflicts,
        ..filter("gpt-5.6-sol")
    };
    let shown = prices(&card, &sol).csv();
    assert!(shown.contains("flex,,,,,15,2026-09-01"), "{shown}");
    assert!(shown.contains("flex,,,,,10,2026-09-01"), "{shown}");
}
