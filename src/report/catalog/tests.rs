use super::*;
use crate::azure::DeploymentKind;
use crate::catalog::Catalog;
use crate::rate_card::RateCard;

fn explained(model: &str, kind: DeploymentKind, region: &str, on: &str) -> String {
    let catalog = Catalog::bundled();
    let asked = Explained {
        name: catalog.resolve(model).unwrap(),
        kind,
        region: region.to_owned(),
        on: on.parse().unwrap(),
    };
    explain(&catalog, &RateCard::bundled(), &asked).unwrap()
}

fn filter(model: &str) -> Filter {
    Filter {
        model: Some(model.to_owned()),
        kind: Some(DeploymentKind::Global),
        region: None,
        tier: None,
        on: "2026-10-05".parse().unwrap(),
        read_before: None,
        shown: Shown::Used,
    }
}

#[test]
fn a_model_is_explained() {
    let text = explained(
        "gpt-4.1",
        DeploymentKind::Global,
        "swedencentral",
        "2026-10-05",
    );
    println!("{text}");
    println!(
        "{}",
        explained(
            "gpt-5.6-sol",
            DeploymentKind::DataZone,
            "japaneast",
            "2026-10-05"
        )
    );
    println!(
        "{}",
        explained(
            "gpt-5.6-sol",
            DeploymentKind::Global,
            "eastus",
            "2026-10-05"
        )
    );
    println!(
        "{}",
        explained(
            "gpt-4o-2024-11-20",
            DeploymentKind::Regional,
            "westeurope",
            "2026-10-05"
        )
    );
    println!(
        "{}",
        prices(&RateCard::bundled(), &filter("gpt-4.1*")).table(80)
    );
    println!(
        "{}",
        prices(&RateCard::bundled(), &filter("gpt-6")).table(120)
    );
    println!(
        "{}",
        models(&Catalog::bundled(), &filter("gpt-4")).table(80)
    );
    println!(
        "{}",
        models(&Catalog::bundled(), &filter("gpt-4")).table(120)
    );
    println!(
        "{}",
        ptu_prices(&RateCard::bundled(), &filter("gpt-4"))
            .table(80)
            .lines()
            .take(12)
            .collect::<Vec<_>>()
            .join("\n")
    );
    println!(
        "{}",
        conflicts(&Catalog::bundled(), &filter("gpt")).table(100)
    );
    println!(
        "{}",
        conflicts(&Catalog::bundled(), &filter("gpt-5.5")).json()
    );
    println!(
        "{}",
        prices(&RateCard::bundled(), &filter("gpt-4.1-nano")).csv()
    );
}
