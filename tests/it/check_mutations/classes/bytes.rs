//! Files that are damaged as files.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::files::Files;
use super::super::month::Carrier;
use super::{ALL, Class, PAIRS};
use crate::samples::generator::rng::Rng;

/// What a file that lost its end may be told by: its last row, or what is missing then.
const CUT: &[&str] = &[
    "TB002", "TB010", "TB013", "TB034", "TB041", "TB043", "TB044", "TB047",
];

/// Damage to files.
pub(super) static CLASSES: &[Class] = &[
    Class::bytes("a file cut off", ALL, CUT, |files, rng| {
        let bytes = any(files, rng);
        let keep = between(rng, bytes.len() / 10, bytes.len() * 9 / 10);
        bytes.truncate(keep);
    }),
    Class::bytes(
        "a compressed file cut off",
        ALL,
        &["TB002"],
        |files, rng| {
            let bytes = any(files, rng);
            let mut packed = gzip(bytes);
            packed.truncate(between(rng, 20, packed.len() - 1));
            *bytes = packed;
        },
    ),
    Class::bytes(
        "a byte of a compressed file changed",
        ALL,
        &["TB002"],
        |files, rng| {
            let bytes = any(files, rng);
            let mut packed = gzip(bytes);
            let at = between(rng, 10, packed.len() - 1);
            packed[at] ^= 0x55;
            *bytes = packed;
        },
    ),
    Class::bytes(
        "a file emptied down to its header",
        ALL,
        &["TB012"],
        |files, rng| {
            let bytes = any(files, rng);
            let end = if bytes.starts_with(b"{") {
                0
            } else {
                line_after(bytes, 0)
            };
            bytes.truncate(end);
        },
    ),
    Class::bytes(
        "a file dropped",
        &[Carrier::EventHub],
        &["TB041", "TB047"],
        |files, rng| {
            let name = any_name(files, rng);
            files.remove(&name);
        },
    )
    .only(
        15,
        "the others are all Saturday the 3rd, before which lie too few days to tell",
    ),
    Class::bytes(
        "a file doubled under another name",
        ALL,
        &["TB016"],
        |files, rng| {
            let name = any_name(files, rng);
            let copy = name.replace(".csv", "-1.csv").replace(".jsonl", "-1.jsonl");
            files.insert(copy, files[&name].clone());
        },
    ),
    Class::bytes(
        "a page of an error put for a file",
        ALL,
        &["TB003", "TB004", "TB010", "TB011"],
        |files, rng| {
            *any(files, rng) =
                b"<!DOCTYPE html>\n<html><body>503 Service Unavailable</body></html>\n".to_vec();
        },
    ),
    Class::bytes(
        "an archive put for a file",
        ALL,
        &["TB003"],
        |files, rng| {
            *any(files, rng) = b"PK\x03\x04\x14\0\0\0\x08\0\xff\xfe\0\0\0\0".repeat(9);
        },
    ),
    Class::bytes(
        "a byte that is no UTF-8",
        ALL,
        &["TB010", "TB013"],
        |files, rng| {
            let bytes = any(files, rng);
            let at = any_line(bytes, rng);
            bytes[at + 20] = 0xff;
        },
    ),
    Class::bytes(
        "a row cut in its middle",
        ALL,
        &["TB002", "TB010", "TB013"],
        |files, rng| {
            let bytes = any(files, rng);
            let at = any_line(bytes, rng);
            let end = line_after(bytes, at) - 1;
            bytes.drain(at + (end - at) / 2..end);
        },
    ),
    Class::bytes("a row of text", ALL, &["TB010", "TB013"], |files, rng| {
        let bytes = any(files, rng);
        let at = any_line(bytes, rng);
        bytes.splice(at..at, *b"Exported 1000 of 12344 rows\n");
    }),
    Class::bytes(
        "the header repeated in the middle",
        &[Carrier::Portal, Carrier::Sums],
        &["TB015"],
        |files, rng| {
            let bytes = any(files, rng);
            let header = bytes[..line_after(bytes, 0)].to_vec();
            let header = header
                .strip_prefix("\u{feff}".as_bytes())
                .unwrap_or(&header)
                .to_vec();
            let at = any_line(bytes, rng);
            bytes.splice(at..at, header);
        },
    ),
    Class::bytes(
        "a column too many in one row",
        &[Carrier::Portal, Carrier::Sums],
        &["TB013"],
        |files, rng| {
            let bytes = any(files, rng);
            let at = any_line(bytes, rng);
            bytes.splice(at..at, *b"\"EMEA\",");
        },
    ),
    Class::bytes(
        "the column of prompt tokens renamed",
        ALL,
        &["TB004", "TB011", "TB045"],
        |files, _| {
            for bytes in files.values_mut() {
                let text = String::from_utf8(std::mem::take(bytes)).unwrap();
                let text = text
                    .replace("PromptTokens", "PromptTok")
                    .replace("promptTokens", "promptTok");
                *bytes = text.replace("\"prompt\"", "\"prompts\"").into_bytes();
            }
        },
    ),
    Class::bytes(
        "the column of callers dropped",
        PAIRS,
        &["TB011", "TB060"],
        |files, _| {
            for bytes in files.values_mut() {
                let text = String::from_utf8(std::mem::take(bytes)).unwrap();
                let text = text
                    .replace("pimSubscriptionId", "pimSub")
                    .replace("roductId", "rod");
                *bytes = text.into_bytes();
            }
        },
    ),
    Class::bytes(
        "times said to be local",
        &[Carrier::Portal],
        &["TB009"],
        |files, rng| {
            let bytes = any(files, rng);
            let text = String::from_utf8(std::mem::take(bytes)).unwrap();
            *bytes = text.replace("[UTC]", "[Local Time]").into_bytes();
        },
    ),
    Class::bytes(
        "rows of another log",
        &[Carrier::EventHub],
        &["TB014"],
        |files, rng| {
            let bytes = any(files, rng);
            let at = any_line(bytes, rng);
            bytes.splice(at..at, OTHER.bytes());
        },
    ),
    Class::bytes(
        "rows of another system mixed in",
        &[Carrier::EventHub],
        &["TB006"],
        |files, rng| {
            let bytes = any(files, rng);
            let at = any_line(bytes, rng);
            bytes.splice(at..at, RECORD.bytes());
        },
    ),
    Class::bytes(
        "a statement among the exports",
        ALL,
        &["TB005"],
        |files, _| {
            let statement = br#"{"schema":"tollbook.statement/1","period":"2026-09","lines":[]}"#;
            let name = files.keys().next().unwrap();
            let name = if name.contains("sums") {
                "statement.json"
            } else {
                "hub/statement.json"
            };
            files.insert(name.to_owned(), statement.to_vec());
        },
    ),
];

const RECORD: &str = "{\"id\":\"a1\",\"timestamp\":\"2026-10-05T08:10:00Z\",\"subscriptionId\":\"bu-hr\",\
    \"model\":\"gpt-4.1\",\"promptTokens\":1200,\"responseTokens\":150,\"totalTokens\":1350}\n";

const OTHER: &str = "{\"records\":[{\"category\":\"WebSocketConnectionLogs\",\"correlationId\":\
    \"0b1f7c52-9c1e-4f0a-8a51-2f6f3c5d7e01\",\"time\":\"2026-10-05T08:11:00Z\",\"properties\":\
    {\"eventName\":\"connected\"}}]}\n";

fn between(rng: &mut Rng, low: usize, high: usize) -> usize {
    low + usize::try_from(rng.below((high - low + 1) as u64)).unwrap()
}

fn any_name(files: &Files, rng: &mut Rng) -> String {
    let names: Vec<&String> = files.keys().collect();
    (*rng.pick(&names)).clone()
}

fn any<'f>(files: &'f mut Files, rng: &mut Rng) -> &'f mut Vec<u8> {
    let name = any_name(files, rng);
    files.get_mut(&name).unwrap()
}

/// The end of the line that `at` is in, its line break included.
fn line_after(bytes: &[u8], at: usize) -> usize {
    let rest = bytes[at..].iter().position(|byte| *byte == b'\n');
    rest.map_or(bytes.len(), |rest| at + rest + 1)
}

/// The start of a line that is neither the first nor the last.
fn any_line(bytes: &[u8], rng: &mut Rng) -> usize {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let mut starts: Vec<usize> = ends.map(|(at, _)| at + 1).collect();
    starts.pop();
    if starts.len() > 1 {
        starts.pop();
    }
    *rng.pick(&starts)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
