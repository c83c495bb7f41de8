//! docs/RULES.md, made of the rules and their fixtures.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;
use tollbook::check::{Family, rules};

use crate::check_mutations;

#[test]
fn the_manual_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md");
    super::compare(&path, &manual());
}

const START: &str = "# Rules of `tollbook check`

This page is made of the rules themselves and of `samples/rules`: what is shown as found is what the
check finds there (`tollbook check --explain TB012` shows the same, with the files). A rule is named by
its id or its name, or together with its family, wherever rules are named: `--only`, `--severity`,
`[check.severity]`, `[[check.override]]`. Limits are keys of `[check.limits]`.
";

fn manual() -> String {
    let mut text = START.to_owned();
    for family in Family::ALL {
        writeln!(text, "\n## {}", family.name()).unwrap();
        let about = rules::all().filter(|rule| rule.family == family);
        for rule in about {
            text.push_str(&section(rule.id));
        }
    }
    text.push_str(CORRUPTIONS);
    text.push_str(&check_mutations::table());
    text
}

fn section(id: &str) -> String {
    let document = explained(id);
    let rule = &document["rule"];
    let field = |name: &str| rule[name].as_str().unwrap().to_owned();
    let example = &rule["example"];
    let limits = rule["limits"].as_object().unwrap().iter();
    let limits: Vec<String> = limits
        .map(|(key, value)| format!("`{key}` ({})", value.as_str().unwrap()))
        .collect();
    let limits = match limits.as_slice() {
        [] => String::new(),
        limits => format!("\n*Limits:* {}\n", limits.join(", ")),
    };
    format!(
        "\n### {} {}\n\n*{}*: {}\n\n{}\n\n```text\n$ {}\n{}```\n\n*To mend it:* {}\n{limits}",
        field("id"),
        field("name"),
        field("severity"),
        sentence(&field("summary")),
        field("why"),
        example["command"].as_str().unwrap(),
        example["said"].as_str().unwrap(),
        sentence(&field("fix")),
    )
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn explained(id: &str) -> Value {
    let output = Command::cargo_bin("tollbook")
        .unwrap()
        .args(["check", "--explain", id, "--format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{id}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

const CORRUPTIONS: &str = "
## How sure the check is

A test makes a clean month of four carriers: the two logs of API Management as CSV of the portal and
as JSON lines of an Event Hub, usage records of an AI hub, and sums of every hour from a gateway of
one's own. Under their configurations the check finds nothing in them, not even a note. Each class
below then corrupts one of them at 20 random places, and the check must find one of the rules named;
where it cannot always, the table says how often it did and why.

";
