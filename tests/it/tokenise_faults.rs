//! What cannot be counted is said with its file and line, and nothing is lost.

use std::io;

use proptest::prelude::*;
use tollbook::tokenizer::Reason;
use tollbook::tokenizer::source::{Input, Kind, Opened};

use super::tokenise_desk::{Counts, Desk};

const HELLO: &str = r#"{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}"#;

#[test]
fn faulty_lines_are_told_and_the_others_counted() {
    let mut text = format!(
        "{HELLO}\n{{\"model\":\"gpt-4o\",\"messages\":[\n{{\"a\":1}}\n{}\n{}\n[1]\n\"x\"\n",
        HELLO.replace("gpt-4o", "grok-4"),
        HELLO.replace(['[', ']'], "\""),
    )
    .into_bytes();
    text.extend(b"{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}\n");
    text.extend(HELLO.as_bytes());
    let counts = Desk::new().count_one("a.jsonl", text);
    assert_eq!(
        counts.table(),
        ["a.jsonl:1 gpt-4o - - 8", "a.jsonl:9 gpt-4o - - 8"]
    );
    let faults = counts.faults();
    let starts = [
        "a.jsonl:2: JSON ends early",
        "a.jsonl:3: row holds no request",
        "a.jsonl:4: its tokenizer is not public",
        "a.jsonl:5: row is not valid JSON",
        "a.jsonl:6: row is not valid JSON",
        "a.jsonl:7: row is not valid JSON",
        "a.jsonl:8: row is not UTF-8",
    ];
    assert_eq!(faults.len(), starts.len(), "{faults:#?}");
    for (fault, start) in faults.iter().zip(starts) {
        assert!(fault.starts_with(start), "{fault}; expected {start}");
    }
    let rows = counts.outcome.rows;
    assert_eq!((rows.read, rows.counted, rows.faulty), (9, 2, 7));
}

#[test]
fn unknown_models_are_counted_and_told() {
    let counts = Desk::new().count_one("a.jsonl", HELLO.replace("gpt-4o", "house-7"));
    assert_eq!(counts.counted[0].labels.model, "house-7");
    let reasons: Vec<_> = counts.counted[0].input.reasons().collect();
    assert!(reasons.contains(&Reason::UnknownModel), "{reasons:?}");
    assert_eq!(
        counts.faults(),
        ["a.jsonl:1: no model of this name is known; it is counted as o200k_base"]
    );
}

#[test]
fn text_that_is_no_utf8_is_counted_and_told() {
    let counts = Desk::new().count_one("a.txt", b"hello\nhello \xff\n");
    assert_eq!(counts.counted.len(), 1);
    let reasons: Vec<_> = counts.counted[0].input.reasons().collect();
    assert_eq!(reasons, [Reason::InvalidText]);
    assert_eq!(
        counts.faults(),
        ["a.txt:2: text is not UTF-8; bytes that are no text count as replacement characters"]
    );
}

fn errors(counts: &Counts) -> String {
    let errors = counts.outcome.errors.iter();
    errors.map(ToString::to_string).collect()
}

#[test]
fn inputs_that_cannot_be_read_are_named() {
    let desk = Desk::new();
    let error = |name: &str, content: &[u8]| errors(&desk.count_one(name, content));
    let found = error("a.csv", b"id,question\n1,hello\n");
    assert!(found.starts_with("a.csv: no column is known"), "{found}");
    assert!(found.contains("id, question"), "{found}");
    let named = Desk::new().with_fields(["prompt", "", "", ""]);
    let found = errors(&named.count_one("a.csv", b"id,question\n1,hello\n"));
    assert!(
        found.starts_with("a.csv: there is no column `prompt`"),
        "{found}"
    );
    assert!(error("a.md", b"a\0b").starts_with("a.md: is no text"));
    assert!(error("a.parquet", b"PAR1").starts_with("a.parquet: is a Parquet file in a stream"));
    let cut_off = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], b"abc"].concat();
    assert!(error("a.txt.gz", &cut_off).starts_with("a.txt.gz: gzip data is damaged"));
    let missing = Input::new("gone", || Err(io::Error::other("it is gone")));
    let found = errors(&desk.count(&[missing]));
    assert_eq!(found, "gone: cannot be read: it is gone");
}

#[test]
fn empty_inputs_are_named() {
    let inputs = [("a.jsonl", ""), ("b.txt", " \n"), ("c.txt", "hello")]
        .map(|(name, text)| Input::from_bytes(name, text.as_bytes()));
    let counts = Desk::new().count(&inputs);
    assert_eq!(counts.outcome.empty, ["a.jsonl", "b.txt"]);
    assert_eq!(counts.table(), ["c.txt:1 - - - 1"]);
}

#[test]
fn rows_that_are_too_long_for_memory_are_faults() {
    /// A line that has no end before `left` bytes are read.
    struct Endless(u64);

    impl io::Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(usize::try_from(self.0).unwrap());
            out[..count].fill(b'x');
            self.0 -= count as u64;
            Ok(count)
        }
    }

    let open = || {
        let start = io::Cursor::new(&b"{\"a\":1}\n{\"messages\":\""[..]);
        let end = io::Cursor::new(format!("\n{HELLO}\n").into_bytes());
        let bytes = io::Read::chain(io::Read::chain(start, Endless(70 << 20)), end);
        Ok(Opened::Stream(Box::new(bytes)))
    };
    let counts = Desk::new().count(&[Input::new("a.jsonl", open)]);
    assert_eq!(counts.table(), ["a.jsonl:3 gpt-4o - - 8"]);
    assert_eq!(
        counts.faults(),
        [
            "a.jsonl:1: row holds no request",
            "a.jsonl:2: row is longer than 64 MiB"
        ]
    );
}

#[test]
fn deep_json_is_a_fault() {
    let deep = format!(
        "{{\"messages\":{}{}}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let counts = Desk::new().count_one("a.jsonl", deep + HELLO);
    assert_eq!(counts.faults(), ["a.jsonl:1: JSON is nested too deeply"]);
    assert_eq!(counts.counted.len(), 1);
}

/// Pieces that inputs of every kind are made of.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(HELLO.as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        Just(b"prompt,app\n".to_vec()),
        Just(b"{\"records\":[".to_vec()),
        Just(b"]}".to_vec()),
        Just(b"{\"CorrelationId\":\"1\",\"SequenceNumber\":1,\"RequestMessages\":".to_vec()),
        Just(b"\"[{\\\"role\\\":\\\"user\\\"}]\"".to_vec()),
        Just(b"{\"tables\":[{\"columns\":[{\"name\":\"prompt\"}],\"rows\":[[".to_vec()),
        "[\"{}\\[\\],:a\\\\ ]{0,8}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Whatever the bytes, every row is accounted for, and threads do not show.
    #[test]
    fn no_input_panics_and_no_row_is_lost(
        content in pieces(),
        name in prop::sample::select(vec!["a.jsonl", "a.json", "a.csv", "a.txt", "a", "a.gz"]),
        kind in prop::sample::select(vec![Kind::Auto, Kind::Jsonl, Kind::Csv, Kind::Text, Kind::Logs]),
    ) {
        let desk = Desk::new().with_kind(kind);
        let one = desk.count_one(name, &content);
        let mut desk = desk;
        desk.threads = 3;
        let three = desk.count_one(name, &content);
        prop_assert_eq!(one.table(), three.table());
        prop_assert_eq!(one.faults(), three.faults());
        prop_assert_eq!(one.outcome.rows, three.outcome.rows);
    }
}
