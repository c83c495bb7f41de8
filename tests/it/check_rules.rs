//! Every rule has a fixture that breaks it and one that does not, and says what it says.
//!
//! `samples/rules/TB0NN` holds `bad` and `good`, the flags that both need (`flags`), the names of
//! files that may not be read (`unreadable`), and what the binary writes (`expected.txt`).
//! `TOLLBOOK_UPDATE_GOLDENS=1` rewrites what is expected, the files that are generated, and
//! docs/RULES.md.

mod manual;
mod months;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use tollbook::check::rules;
use walkdir::WalkDir;

/// The day on which fixtures are checked.
const AS_OF: &str = "2026-11-22";

/// Most bytes that all fixtures may have.
const MOST: u64 = 600 << 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/rules")
}

fn is_updating() -> bool {
    std::env::var_os("TOLLBOOK_UPDATE_GOLDENS").is_some()
}

/// Compares a file with what it should be; writes it when goldens are updated.
fn compare(path: &Path, text: &str) {
    if is_updating() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == text,
        "{} differs; set TOLLBOOK_UPDATE_GOLDENS=1 to accept\n--- expected\n{found}\n--- found\n{text}",
        path.display()
    );
}

#[test]
fn every_rule_has_a_fixture_and_every_fixture_a_rule() {
    let ids: BTreeSet<String> = rules::all().map(|rule| rule.id.to_owned()).collect();
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let named: BTreeSet<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let difference: Vec<&String> = ids.symmetric_difference(&named).collect();
    assert!(difference.is_empty(), "{difference:?}");
}

#[test]
fn fixtures_are_small() {
    let files = WalkDir::new(folder()).into_iter().map(Result::unwrap);
    let bytes: u64 = files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.metadata().unwrap().len())
        .sum();
    assert!(bytes < MOST, "{bytes} bytes");
}

#[test]
fn the_larger_fixtures_are_what_the_generator_writes() {
    for (path, text) in months::files() {
        compare(&folder().join(path), &text);
    }
}

#[test]
fn fixtures_say_what_they_should() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let home = folder().join(rule.id);
        let [bad, good] = ["bad", "good"].map(|side| run(&home, side));
        if !bad.contains(&format!("[{} ", rule.id)) && !bad.contains(&format!("[{}]", rule.id)) {
            wrong.push(format!("{rule} is not broken by its fixture:\n{bad}"));
        }
        if good.lines().count() != 2 || !good.ends_with("? 0\n") {
            wrong.push(format!("{rule} is broken by its good fixture:\n{good}"));
        }
        let path = home.join("expected.txt");
        if is_updating() {
            fs::write(&path, format!("{bad}\n{good}")).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != format!("{bad}\n{good}") {
            wrong.push(format!("{rule} says otherwise:\n{bad}\n{good}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nset TOLLBOOK_UPDATE_GOLDENS=1 to accept what differs",
        wrong.join("\n")
    );
}

/// The command, what it writes, and its exit code.
fn run(home: &Path, side: &str) -> String {
    let arguments = arguments(home, side);
    let (workplace, _kept) = workplace(home, side);
    let output = Command::cargo_bin("tollbook")
        .unwrap()
        .args(&arguments)
        .current_dir(workplace)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("TF_BUILD")
        .output()
        .unwrap();
    let mut text = format!("$ tollbook {}\n", arguments.join(" "));
    text.push_str(&String::from_utf8(output.stdout).unwrap());
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said.lines().filter(|line| !line.starts_with("note: "));
    for line in said {
        writeln!(text, "! {line}").unwrap();
    }
    writeln!(text, "? {}", output.status.code().unwrap()).unwrap();
    text
}

fn arguments(home: &Path, side: &str) -> Vec<String> {
    let id = home.file_name().unwrap().to_str().unwrap();
    let scenario = home.join(side).join("scenario.toml");
    let input = if scenario.exists() {
        format!("{side}/scenario.toml")
    } else {
        side.to_owned()
    };
    let mut arguments = vec!["check".to_owned(), input];
    let config = format!("{side}/tollbook.toml");
    if home.join(&config).exists() {
        arguments.extend(["--config".to_owned(), config]);
    }
    arguments.extend(["--only", id, "--as-of", AS_OF].map(str::to_owned));
    let flags = fs::read_to_string(home.join("flags")).unwrap_or_default();
    arguments.extend(flags.split_whitespace().map(str::to_owned));
    arguments
}

/// Where the command runs: beside the fixture, or where files that cannot be read are made.
fn workplace(home: &Path, side: &str) -> (PathBuf, Option<tempfile::TempDir>) {
    let Ok(names) = fs::read_to_string(home.join("unreadable")) else {
        return (home.to_owned(), None);
    };
    let made = tempfile::tempdir().unwrap();
    let copy = made.path().join(side);
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(home.join(side)).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        let is_locked = names.lines().any(|line| Path::new(line) == name);
        if side == "bad" && is_locked {
            lock(&copy.join(name));
        } else {
            fs::copy(entry.path(), copy.join(name)).unwrap();
        }
    }
    (made.path().to_owned(), Some(made))
}

/// Makes a file whose reading fails, also for those who may read everything: on Linux, the
/// memory of the process that reads it, whose first page nobody has.
#[cfg(unix)]
fn lock(path: &Path) {
    std::os::unix::fs::symlink("/proc/self/mem", path).unwrap();
}
