//! The committed samples are what the generator writes, and the generator keeps its promises.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use walkdir::WalkDir;

use self::generator::contoso::{self, Files};
use self::generator::flat::{self, Form, config};

#[path = "../../examples/make_usage/generator/root.rs"]
pub(crate) mod generator;

const SEED: u64 = 2026;
const REQUESTS: u32 = 850;

/// Files of samples/contoso that people write.
const BY_HAND: [&str; 2] = ["README.md", "tollbook.toml"];

fn contoso_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/contoso")
}

fn committed() -> Files {
    let folder = contoso_folder();
    WalkDir::new(&folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&folder).unwrap();
            let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
            (parts.join("/"), fs::read(entry.path()).unwrap())
        })
        .filter(|(path, _)| !BY_HAND.contains(&path.as_str()))
        .collect()
}

/// Compressed files are compared by content: another version of the library may compress better.
fn content(path: &str, bytes: &[u8]) -> Vec<u8> {
    if Path::new(path)
        .extension()
        .is_none_or(|extension| extension != "gz")
    {
        return bytes.to_vec();
    }
    let mut content = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut content).unwrap();
    content
}

#[test]
fn the_committed_month_is_what_the_generator_writes() {
    let (made, found) = (contoso::files(SEED, REQUESTS), committed());
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&found));
    for (path, bytes) in &made {
        assert!(
            content(path, bytes) == content(path, &found[path]),
            "{path} differs; see samples/contoso/README.md for how it is made"
        );
    }
    let readme = fs::read_to_string(contoso_folder().join("README.md")).unwrap();
    assert!(readme.contains(&format!("--seed {SEED} --requests {REQUESTS}")));
}

#[test]
fn the_month_is_small() {
    let bytes: usize = committed().values().map(Vec::len).sum();
    assert!(bytes < 700_000, "{bytes} bytes");
}

#[test]
fn another_seed_is_another_month() {
    assert_ne!(contoso::files(1, 50), contoso::files(2, 50));
}

#[test]
fn every_fault_of_the_readme_occurs() {
    let requests = String::from_utf8(committed()["expected/requests.csv"].clone()).unwrap();
    for disposition in [
        "billable",
        "2xx-without-tokens",
        "error",
        "not-an-llm-call",
        "no-llm-row",
        "no-gateway-row",
    ] {
        assert!(
            requests.contains(&format!("2026-10,{disposition},")),
            "{disposition}"
        );
    }
    assert!(requests.contains("outside,billable,5\n"), "{requests}");
    let text = |path: &str| String::from_utf8(committed()[path].clone()).unwrap();
    assert!(text("expected/usage.csv").contains("__unattributed__"));
    assert!(repeats(text("eventhub/2026-10-02.jsonl").lines()) > 0);
    let pages = text("portal/first-llmlog-1.csv") + &text("portal/first-llmlog-2.csv");
    assert_eq!(repeats(pages.lines()), 13, "twelve rows and the heading");
}

/// How many lines have stood before.
fn repeats<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        *seen.entry(line.trim_start_matches('\u{feff}')).or_default() += 1;
    }
    seen.values().map(|count| count - 1).sum()
}

fn flat_text(form: Form, rows: u64) -> String {
    let mut bytes = Vec::new();
    flat::write(&mut bytes, SEED, form, rows).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn flat_files_have_the_rows_and_repeats_they_say() {
    for (form, heading, width) in [
        (Form::Csv, 1, 200..260),
        (Form::Jsonl, 0, 480..560),
        (Form::ApimCsv, 1, 120..320),
        (Form::ApimJsonl, 0, 400..640),
    ] {
        let text = flat_text(form, 20_000);
        assert_eq!(text.lines().count(), 20_000 + heading);
        assert!(
            width.contains(&(text.len() / 20_000)),
            "{}",
            text.len() / 20_000
        );
        let repeated = repeats(text.lines());
        assert!((150..250).contains(&repeated), "{repeated}");
    }
}

#[test]
fn flat_csv_has_twenty_columns_and_october_only() {
    let text = flat_text(Form::Csv, 5_000);
    for line in text.lines().skip(1) {
        assert_eq!(line.split(',').count(), 20, "{line}");
        assert!(line.starts_with("2026-10-"), "{line}");
    }
    assert!(text.lines().last().unwrap().starts_with("2026-10-31"));
}

#[test]
fn flat_json_lines_are_json() {
    for form in [Form::Jsonl, Form::ApimJsonl] {
        for line in flat_text(form, 200).lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}

#[test]
fn both_halves_of_every_flat_request_are_there() {
    let text = flat_text(Form::ApimJsonl, 10_000);
    let ids = |category: &str| -> BTreeMap<String, usize> {
        let mut ids = BTreeMap::new();
        let wanted = format!("\"category\":\"{category}\"");
        for line in text.lines().filter(|line| line.contains(&wanted)) {
            let start = line.find("\"correlationId\":\"").unwrap() + 17;
            *ids.entry(line[start..start + 36].to_owned()).or_default() += 1;
        }
        ids
    };
    let (gateway, llm) = (ids("GatewayLogs"), ids("GatewayLlmLogs"));
    // A position that repeats an earlier row leaves its own request without that half.
    let joined = gateway.keys().filter(|id| llm.contains_key(*id)).count();
    assert!(joined > 4_850, "{joined}");
    assert!(gateway.len() > 4_900 && llm.len() > 4_900);
}

#[test]
fn the_configuration_beside_a_flat_file_is_toml() {
    for form in [Form::Csv, Form::ApimCsv] {
        config::tollbook_toml(form).parse::<toml::Table>().unwrap();
    }
    assert_eq!(config::owners_csv().lines().count(), 391);
    assert_eq!(config::prices_csv().lines().count(), 25);
    let toml = fs::read_to_string(contoso_folder().join("tollbook.toml")).unwrap();
    toml.parse::<toml::Table>().unwrap();
}
