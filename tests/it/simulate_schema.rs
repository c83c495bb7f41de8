//! The JSON of a simulation is what its schema says, in every kind of row.

use std::process::Command;

use serde_json::Value;

use crate::report_schema::violation;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/simulation-1.schema.json")).unwrap()
}

fn simulated(scenario: &str, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["simulate", scenario, "--format", "json"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Simulations that have, together, rows of every kind.
fn documents() -> Vec<Value> {
    vec![
        simulated(
            "samples/scenarios/native-spillover.toml",
            &["--ptu", "15", "--ptu", "30"],
        ),
        simulated("samples/scenarios/queue.toml", &["--no-band"]),
        simulated("samples/scenarios/prioritisation.toml", &["--no-band"]),
        simulated(
            "samples/scenarios/all-roles.toml",
            &["--policy", "ai-gateway", "--no-band"],
        ),
    ]
}

#[test]
fn simulations_are_what_the_schema_says() {
    let (schema, documents) = (schema(), documents());
    for document in &documents {
        assert_eq!(violation(document, &schema, &schema, ""), None);
    }
    for (name, rule) in schema["properties"].as_object().unwrap() {
        let rows = |document: &Value| document[name].as_array().map_or(1, Vec::len);
        let some = documents.iter().map(rows).sum::<usize>() > 0;
        assert!(some, "no document has a row of {name}: {rule}");
    }
}

#[test]
fn the_check_of_simulations_can_fail() {
    let schema = schema();
    let mut document = simulated("samples/scenarios/native-spillover.toml", &["--no-band"]);
    let mut found = |path: &str, value: Value| {
        *document.pointer_mut(path).unwrap() = value;
        violation(&document, &schema, &schema, "").unwrap_or_default()
    };
    let wrong = found("/apps/0/amount", "1e3".into());
    assert!(wrong.starts_with("/apps/0/amount"), "{wrong}");
    assert_eq!(found("/apps/0/amount", "1".into()), "");
    let wrong = found("/start", "2026-10-05".into());
    assert!(wrong.starts_with("/start"), "{wrong}");
    let wrong = found("/start", "2026-10-05T08:00:00.000000Z".into());
    assert_eq!(wrong, "");
    let wrong = found("/total/0", serde_json::json!({}));
    assert!(wrong.starts_with("/total/0: no"), "{wrong}");
}
