//! The schema is held against the reader: every table of it is written with what the schema allows
//! and with what it does not, and both must agree.

mod walk;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{SCHEMA, derived};
use crate::config::Config;
use walk::{Place, Walk};

const NO_WORD: &str = "no_such_word";

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft7::new(&schema()).unwrap()
}

/// What the reader says of a document; nothing if it takes it.
fn complaint(document: &Value) -> String {
    let text = toml::to_string(document).unwrap();
    let read = Config::parse(&text, "t.toml");
    read.err()
        .map_or_else(String::new, |error| format!("{error}\n{text}"))
}

/// The words in `ticks` after "expected".
fn expected(complaint: &str) -> BTreeSet<String> {
    let line = complaint.lines().next().unwrap();
    let (_, list) = line.split_once("expected").unwrap();
    let words = list.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

fn without(table: &Value, key: &str) -> Value {
    let mut table = table.clone();
    table.as_object_mut().unwrap().shift_remove(key);
    table
}

fn with(table: &Value, key: &str, value: Value) -> Value {
    let mut table = table.clone();
    table[key] = value;
    table
}

/// After a change of types: `TRYCMD=overwrite cargo test --lib schema`, as for command goldens.
#[test]
fn the_file_is_what_the_types_say() {
    let derived = derived::text();
    if std::env::var("TRYCMD").is_ok_and(|word| word == "overwrite") {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/docs/schema/config-1.schema.json"
        );
        std::fs::write(file, &derived).unwrap();
        return;
    }
    let lines = derived.lines().zip(SCHEMA.lines());
    let first = lines.clone().find(|(derived, file)| derived != file);
    let hint = "run TRYCMD=overwrite cargo test --lib schema";
    assert_eq!(first, None, "{hint}");
    assert_eq!(derived.len(), SCHEMA.len(), "{hint}");
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::draft7::meta::is_valid(&schema()));
    let text = |at: &str| schema().pointer(at).unwrap().as_str().unwrap().to_owned();
    assert_eq!(text("/$schema"), "http://json-schema.org/draft-07/schema#");
    // taplo takes a name alone for a broken address, and the whole schema with it.
    assert_eq!(schema().get("$id"), None);
}

#[test]
fn every_key_is_described() {
    let schema = schema();
    let places = Walk::of(&schema).places();
    assert!(places.len() > 400, "{}", places.len());
    for place in &places {
        for (key, rule) in place.properties() {
            let text = rule["description"].as_str().unwrap_or_default();
            assert!(
                text.ends_with(['.', '!', ']', ')', '`']),
                "{place} {key}: {text:?}"
            );
        }
    }
}

#[test]
fn every_key_that_is_read_is_in_the_schema_and_the_other_way_round() {
    let (schema, validator) = (schema(), validator());
    let walk = Walk::of(&schema);
    let tables: Vec<Place> = walk.places().into_iter().filter(Place::is_closed).collect();
    assert!(tables.len() > 50, "{}", tables.len());
    for place in &tables {
        let table = walk.sample(place.rule);
        let strange = walk.document(place, with(&table, NO_WORD, json!(1)));
        let complaint = complaint(&strange);
        assert!(!validator.is_valid(&strange), "{place}");
        assert!(
            complaint.contains(&format!("`{NO_WORD}`")),
            "{place}: {complaint}"
        );
        let keys: BTreeSet<String> = place.properties().map(|(key, _)| key.clone()).collect();
        assert_eq!(expected(&complaint), keys, "{place}");
    }
}

#[test]
fn every_key_alone_is_read_and_its_misspelling_is_not() {
    let (schema, validator) = (schema(), validator());
    let walk = Walk::of(&schema);
    let mut count = 0;
    for place in walk.places().into_iter().filter(Place::is_closed) {
        let table = walk.sample(place.rule);
        for (key, rule) in place.properties() {
            count += 1;
            let good = walk.document(&place, with(&table, key, walk.sample(rule)));
            assert!(validator.is_valid(&good), "{place} {key}: {good}");
            let said = complaint(&good);
            for no in [
                "unknown field",
                "unknown variant",
                "missing field",
                "invalid type",
            ] {
                assert!(!said.contains(no), "{place} {key}: {said}");
            }
            let wrong = with(&without(&table, key), &format!("{key}x"), walk.sample(rule));
            let wrong = walk.document(&place, wrong);
            assert!(!validator.is_valid(&wrong), "{place} {key}");
            assert!(
                complaint(&wrong).contains(&format!("`{key}x`")),
                "{place} {key}"
            );
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn every_key_that_is_needed_is_missed() {
    let (schema, validator) = (schema(), validator());
    let walk = Walk::of(&schema);
    let mut count = 0;
    for place in walk.places() {
        for key in place.required() {
            let table = without(&walk.sample(place.rule), key);
            let document = walk.document(&place, table);
            assert!(!validator.is_valid(&document), "{place} {key}");
            assert_ne!(complaint(&document), "", "{place} {key}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn every_word_of_a_closed_set_is_read_and_no_other() {
    let (schema, validator) = (schema(), validator());
    let walk = Walk::of(&schema);
    let mut count = 0;
    for place in walk.places() {
        let words = place.words();
        if words.is_empty() {
            continue;
        }
        for word in &words {
            let document = walk.document(&place, json!(word));
            assert!(validator.is_valid(&document), "{place} {word}");
            assert!(
                !complaint(&document).contains(&format!("{word:?} is not a ")),
                "{place} {word}"
            );
            assert!(
                !complaint(&document).contains("unknown variant"),
                "{place} {word}"
            );
        }
        let wrong = walk.document(&place, json!(NO_WORD));
        let said = complaint(&wrong);
        assert!(
            !validator.is_valid(&wrong) && said.contains(NO_WORD),
            "{place}: {said}"
        );
        if said.contains("unknown variant") {
            assert_eq!(expected(&said), words, "{place}");
        } else if let Some((_, list)) = said.lines().next().unwrap().split_once("; expected ") {
            assert_eq!(list, words_in_order(place.rule).join(", "), "{place}");
        }
        count += 1;
    }
    assert!(count > 40, "{count}");
}

fn words_in_order(rule: &Value) -> Vec<&str> {
    let words = rule["enum"].as_array().unwrap();
    words.iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn values_of_another_type_are_refused_by_both() {
    let (schema, validator) = (schema(), validator());
    let walk = Walk::of(&schema);
    let mut count = 0;
    for place in walk.places() {
        let kinds = place.kinds();
        let strangers = [
            ("boolean", json!(true)),
            ("array", json!([[1]])),
            ("object", json!({ "x": [1] })),
        ];
        for (kind, value) in strangers {
            if kinds.is_empty() || kinds.contains(&kind) {
                continue;
            }
            let document = walk.document(&place, value);
            if !document.is_object() {
                continue; // A file is a table, whatever it says.
            }
            assert!(!validator.is_valid(&document), "{place} {kind}");
            assert_ne!(complaint(&document), "", "{place} {kind}");
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}
