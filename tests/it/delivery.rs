//! How logs are delivered leaves the statement as it is, byte for byte: order of rows and files,
//! pieces, repeats, compression, threads and memory.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A file as rows between its beginning and its end, so that it can be written with other rows.
struct Document {
    path: String,
    start: Vec<u8>,
    rows: Vec<Vec<u8>>,
    separator: &'static [u8],
    end: &'static [u8],
}

impl Document {
    /// Reads a file of the samples by what it is: CSV, lines, an array, or tables of the query API.
    fn of(path: &str, bytes: &[u8]) -> Self {
        let path = path.to_owned();
        if has_ending(&path, "csv") {
            return Self::of_csv(path, bytes);
        }
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Array(rows)) => Self {
                path,
                start: b"[".to_vec(),
                rows: rows.iter().map(|row| row.to_string().into()).collect(),
                separator: b",",
                end: b"]",
            },
            Ok(value) if value.get("tables").is_some() => Self::of_tables(path, &value),
            _ => Self {
                path,
                start: Vec::new(),
                rows: bytes
                    .split(|byte| *byte == b'\n')
                    .filter(|line| !line.is_empty())
                    .map(<[u8]>::to_vec)
                    .collect(),
                separator: b"\n",
                end: b"\n",
            },
        }
    }

    fn of_csv(path: String, bytes: &[u8]) -> Self {
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes)
            .into_byte_records()
            .map(|record| {
                let mut writer = csv::Writer::from_writer(Vec::new());
                writer.write_byte_record(&record.unwrap()).unwrap();
                writer.into_inner().unwrap()
            });
        Self {
            path,
            start: records.next().unwrap(),
            rows: records.collect(),
            separator: b"",
            end: b"",
        }
    }

    fn of_tables(path: String, value: &Value) -> Self {
        let table = &value["tables"][0];
        let columns = &table["columns"];
        let start = format!(r#"{{"tables":[{{"name":"PrimaryResult","columns":{columns},"rows":["#);
        let rows = table["rows"].as_array().unwrap();
        Self {
            path,
            start: start.into(),
            rows: rows.iter().map(|row| row.to_string().into()).collect(),
            separator: b",",
            end: b"]}]}",
        }
    }

    fn bytes(&self, rows: &[Vec<u8>]) -> Vec<u8> {
        let rows = rows.join(self.separator);
        [&self.start[..], &rows, self.end].concat()
    }

    /// The rows in an order that only `seed` decides.
    fn shuffled(&self, seed: u64) -> Vec<Vec<u8>> {
        let mut rows = self.rows.clone();
        rows.sort_by_cached_key(|row| xxh3_64_with_seed(row, seed));
        rows
    }
}

/// Whether a file's name ends so, compressed or not.
fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

fn contoso() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/contoso")
}

/// The input files of the samples, decompressed.
fn documents() -> Vec<Document> {
    let folder = contoso();
    let mut documents = Vec::new();
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&folder).unwrap();
        let path = path.to_str().unwrap();
        let is_input = entry.file_type().is_file()
            && !path.starts_with("expected")
            && !has_ending(path, "md")
            && !has_ending(path, "toml");
        if is_input {
            let mut bytes = fs::read(entry.path()).unwrap();
            if has_ending(path, "gz") {
                let mut plain = Vec::new();
                let mut reader = flate2::read::GzDecoder::new(&bytes[..]);
                std::io::copy(&mut reader, &mut plain).unwrap();
                bytes = plain;
            }
            documents.push(Document::of(path, &bytes));
        }
    }
    assert_eq!(documents.len(), 29);
    documents
}

/// A folder to deliver files into.
struct Delivery(TempDir);

impl Delivery {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Puts a file under a number, so that files can come in any order.
    fn put(&self, number: usize, path: &str, suffix: &str, bytes: &[u8]) {
        let ending = if has_ending(path, "csv") {
            "csv"
        } else {
            "json"
        };
        let name = format!("{number:05}.{ending}{suffix}");
        fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn statements(&self, flags: &[&str]) -> Vec<String> {
        statements(&[&[self.0.path().to_str().unwrap()], flags].concat())
    }
}

/// The statement in every format, as it goes to standard output.
fn statements(arguments: &[&str]) -> Vec<String> {
    let formats: [&[&str]; 6] = [
        &["--format", "table"],
        &["--format", "csv"],
        &["--format", "csv", "--lines"],
        &["--format", "json"],
        &["--format", "markdown"],
        &["--format", "csv", "--by", "day"],
    ];
    formats
        .iter()
        .map(|format| {
            let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
                .args(["chargeback", "--period", "2026-10", "--config"])
                .arg(contoso().join("tollbook.toml"))
                .args(*format)
                .args(arguments)
                .env("NO_COLOR", "1")
                .env("COLUMNS", "100")
                .output()
                .unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
            String::from_utf8(output.stdout).unwrap()
        })
        .collect()
}

/// Fails at the first line that differs.
fn assert_same(expected: &[String], found: &[String]) {
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(found) {
        for (expected, found) in expected.lines().zip(found.lines()) {
            assert_eq!(expected, found);
        }
        assert!(expected == found, "one is longer, or ends otherwise");
    }
}

#[test]
fn rows_may_come_in_any_order() {
    let as_committed = statements(&[]);
    assert!(as_committed[0].contains("30,981.01"), "{}", as_committed[0]);
    for seed in [1, 2] {
        let delivery = Delivery::new();
        for (number, document) in documents().iter().enumerate() {
            let bytes = document.bytes(&document.shuffled(seed));
            delivery.put(number, &document.path, "", &bytes);
        }
        assert_same(&as_committed, &delivery.statements(&[]));
    }
}

#[test]
fn files_may_come_in_pieces_and_in_any_order() {
    let delivery = Delivery::new();
    let mut number = 90_000;
    for document in documents() {
        for piece in document.shuffled(3).chunks(37) {
            delivery.put(number, &document.path, "", &document.bytes(piece));
            number -= 7;
        }
    }
    assert_same(&statements(&[]), &delivery.statements(&[]));
}

#[test]
fn files_may_come_twice() {
    let delivery = Delivery::new();
    for (number, document) in documents().iter().enumerate() {
        let bytes = document.bytes(&document.rows);
        delivery.put(number, &document.path, "", &bytes);
        let again = document.bytes(&document.shuffled(4));
        delivery.put(500 - number, &document.path, "", &again);
    }
    assert_same(&statements(&[]), &delivery.statements(&[]));
}

#[test]
fn files_may_be_compressed() {
    let (gzip, zstd) = (Delivery::new(), Delivery::new());
    for (number, document) in documents().iter().enumerate() {
        let bytes = document.bytes(&document.rows);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        gzip.put(number, &document.path, ".gz", &encoder.finish().unwrap());
        let bytes = zstd::encode_all(&bytes[..], 1).unwrap();
        zstd.put(number, &document.path, ".zst", &bytes);
    }
    let as_committed = statements(&[]);
    assert_same(&as_committed, &gzip.statements(&[]));
    assert_same(&as_committed, &zstd.statements(&[]));
}

#[test]
fn threads_and_memory_change_nothing() {
    let one_thread = statements(&["--threads", "1"]);
    for flags in [
        &["--threads", "2"][..],
        &["--threads", "3"],
        &["--threads", "1", "--memory", "0"],
        &["--threads", "3", "--memory", "0"],
    ] {
        assert_same(&one_thread, &statements(flags));
    }
}

#[test]
fn another_row_changes_the_statement() {
    let delivery = Delivery::new();
    for (number, document) in documents().iter().enumerate() {
        let kept = if document.path.starts_with("ai-hub") {
            &document.rows[1..]
        } else {
            &document.rows[..]
        };
        delivery.put(number, &document.path, "", &document.bytes(kept));
    }
    assert_ne!(statements(&[]), delivery.statements(&[]));
}
