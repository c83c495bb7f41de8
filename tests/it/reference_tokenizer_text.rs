//! Texts whose tokens OpenAI's tiktoken 0.14.0 gave, by both engines: ids where the reference has
//! them, else counts and checksums of ids.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tollbook::hex::hex;
use tollbook::tokenizer::{EncodingName, Engines, Load, SpecialTokens};

/// The records of one kind: what was given and what is expected.
fn oracles(kind: &str) -> Vec<Value> {
    let shared = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE must be set");
    let path = Path::new(&shared).join("reference/token-oracles.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let records = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["kind"] == kind).collect()
}

/// The ids by both engines, which must agree.
fn ids(encoding: &str, text: &str, special: SpecialTokens) -> Vec<u32> {
    let encoding: EncodingName = encoding.parse().unwrap();
    let [single, bulk] = [Load::Single, Load::Bulk].map(|load| {
        let mut ids = Vec::new();
        let engine = Engines::new(load, special).get(encoding);
        engine.encode_into(text, &mut ids);
        ids
    });
    assert!(single == bulk, "{encoding} {text:.200}");
    bulk
}

/// The CRC-32 of the ids as little-endian numbers of four bytes.
fn checksum(ids: &[u32]) -> u32 {
    let mut crc = flate2::Crc::new();
    for id in ids {
        crc.update(&id.to_le_bytes());
    }
    crc.sum()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn text_of<'a>(record: &'a Value, field: &str) -> &'a str {
    record["given"][field].as_str().unwrap()
}

/// The encodings of a record and what is expected of each.
fn by_encoding(record: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let encodings = record["expected"].as_object().unwrap().iter();
    encodings.map(|(encoding, expected)| (encoding.as_str(), expected))
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn published_texts_have_their_ids() {
    let records = oracles("text");
    for record in &records {
        let found = ids(
            text_of(record, "encoding"),
            text_of(record, "text"),
            SpecialTokens::Text,
        );
        let expected = record["expected"]["ids"].as_array().unwrap();
        let expected: Vec<u64> = expected.iter().map(number).collect();
        let found: Vec<u64> = found.into_iter().map(u64::from).collect();
        assert_eq!(found, expected, "{}", record["id"]);
    }
    assert_eq!(records.len(), 168);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn vectors_have_their_checksums() {
    let mut compared = 0;
    for record in oracles("vector") {
        for (encoding, expected) in by_encoding(&record) {
            let found = ids(encoding, text_of(&record, "text"), SpecialTokens::Text);
            let id = &record["id"];
            assert_eq!(
                found.len() as u64,
                number(&expected["count"]),
                "{id} {encoding}"
            );
            let crc = u64::from(checksum(&found));
            assert_eq!(crc, number(&expected["ids_crc32"]), "{id} {encoding}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2036);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn repeated_texts_have_their_counts() {
    let records = oracles("repeat");
    for record in &records {
        let times = usize::try_from(number(&record["given"]["times"])).unwrap();
        let text = text_of(record, "unit").repeat(times);
        let hash = hex(&Sha256::digest(&text));
        assert_eq!(hash, text_of(record, "sha256"));
        for (encoding, expected) in by_encoding(record) {
            let found = ids(encoding, &text, SpecialTokens::Text).len() as u64;
            assert_eq!(
                found,
                number(&expected["count"]),
                "{} {encoding}",
                record["id"]
            );
        }
    }
    assert_eq!(records.len(), 11);
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn special_tokens_count_as_text_or_as_one() {
    let records = oracles("special");
    for record in &records {
        for (encoding, expected) in by_encoding(record) {
            for (special, field) in [
                (SpecialTokens::Text, "ordinary"),
                (SpecialTokens::Recognised, "all_special"),
            ] {
                let found = ids(encoding, text_of(record, "text"), special).len() as u64;
                let id = &record["id"];
                assert_eq!(found, number(&expected[field]), "{id} {encoding} {field}");
            }
        }
    }
    assert_eq!(records.len(), 5);
}
