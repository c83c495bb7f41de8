//! Every configuration and scenario of the repository is what the schema for editors says.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tollbook::config::{Config, SCHEMA};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft7::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

/// The TOML files in folders; those of command goldens are not configurations, but where a
/// command runs (`*.in`).
fn files(folders: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let path = entry.unwrap().into_path();
            if path.extension().is_some_and(|end| end == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// What the schema says against a text, or that it is no TOML.
fn violation(text: &str) -> Option<String> {
    let document: toml::Table = match text.parse() {
        Ok(document) => document,
        Err(error) => return Some(error.to_string()),
    };
    let document: Value = serde_json::to_value(document).unwrap();
    let found = validator().validate(&document).err();
    found.map(|error| format!("{}: {error}", error.instance_path()))
}

#[test]
fn samples_are_what_the_schema_says() {
    let files = files(&[
        "samples",
        "tests/it/cmd/manifest.in",
        "tests/it/cmd/split-by.in",
    ]);
    assert!(files.len() > 20, "{files:?}");
    // Examples that break a rule are for the next test.
    let is_whole = |file: &&PathBuf| !file.iter().any(|part| part == "bad");
    for file in files.iter().filter(is_whole) {
        let text = fs::read_to_string(file).unwrap();
        assert_eq!(violation(&text), None, "{}", file.display());
    }
}

/// The schema refuses nothing that the reader takes, and takes nothing that it cannot type.
#[test]
fn fixtures_are_taken_or_refused_by_both() {
    let (mut taken, mut refused) = (0, 0);
    for file in files(&["tests/it/fixtures", "samples/rules"]) {
        let text = fs::read_to_string(&file).unwrap();
        let read = Config::parse(&text, "t.toml").map_err(|error| error.to_string());
        let found = violation(&text);
        match read {
            Ok(_) => assert_eq!(found, None, "{}", file.display()),
            Err(error) if error.contains("unknown field") || error.contains("invalid type") => {
                assert!(found.is_some(), "{}: {error}", file.display());
                refused += 1;
            }
            Err(_) => {}
        }
        taken += usize::from(found.is_none());
    }
    assert!(taken > 10 && refused > 2, "{taken} {refused}");
}

#[test]
fn own_policies_may_be_what_presets_are() {
    for preset in tollbook::sim::gateway::Preset::all() {
        let mut preset: toml::Table = preset.text.parse().unwrap();
        preset.retain(|key, _| key == "gateway");
        assert_eq!(violation(&preset.to_string()), None, "{preset}");
    }
}
