//! The house rules that no compiler checks. Each rule is a function from text to complaints, and
//! has a test that it complains about a bad example.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// The modules from the lowest up: a module uses lower rows only, and none of its own row.
const LAYERS: [&[&str]; 14] = [
    &["units", "time", "azure", "hex", "spelling"],
    &["money"],
    &["facts", "decoding", "diagnostic", "shapes"],
    &["carrier", "columnar"],
    &["catalog", "rate_card"],
    &["workload", "usage", "tokenizer"],
    &["sim", "chargeback"],
    &["config", "settlement"],
    &["check", "diff", "reconcile"],
    &["plan"],
    &["report"],
    &["commands"],
    &["cli"],
    &["main"],
];

const FORBIDDEN_MODULES: [&str; 5] = ["utils", "helpers", "common", "types", "manager"];

const LONGEST_FILE: usize = 500;

/// Halves, so that this file does not hold what it looks for.
const MACHINE_PATHS: [(&str, &str); 5] = [
    ("/wo", "rk/"),
    ("/tm", "p/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
];
const REGISTRY_HOSTS: [(&str, &str); 5] = [
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("py", "pi.org"),
    ("python", "hosted.org"),
    ("proxy.go", "lang.org"),
];

/// A text file of the repository: path with `/`, and content.
type Source = (String, String);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file that is ours: nothing built, nothing of git.
fn sources() -> Vec<Source> {
    let is_ours = |name: &str| name != "target" && name != ".git" && name != "__pycache__";
    let mut sources: Vec<Source> = WalkDir::new(root())
        .into_iter()
        .filter_entry(|entry| is_ours(&entry.file_name().to_string_lossy()))
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(root()).unwrap();
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            Some((parts.join("/"), fs::read_to_string(entry.path()).ok()?))
        })
        .collect();
    sources.sort();
    sources
}

fn rust_sources() -> Vec<Source> {
    let mut sources = sources();
    sources.retain(|(path, _)| is_rust(path));
    sources
}

fn is_rust(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs")
}

fn check(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn every(rule: fn(&str, &str) -> Vec<String>, sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .flat_map(|(path, text)| rule(path, text))
        .collect()
}

// --- Dependencies point down --------------------------------------------------------------------

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The top module that a file of `src` belongs to; `lib.rs`, which only lists them, has none.
fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let end = inside.find(['/', '.'])?;
    Some(&inside[..end]).filter(|module| *module != "lib")
}

/// Names right after `crate::` in code, also within one pair of braces.
fn modules_used(text: &str, crate_name: &str) -> BTreeSet<String> {
    let start = format!("{crate_name}::");
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    code.match_indices(&start)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .flat_map(|(at, _)| first_names(&code[at + start.len()..]))
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect()
}

/// The names at depth one of `{a::{b, c}, d}`, or the one name that `text` starts with.
fn first_names(text: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = text.strip_prefix('{') else {
        return vec![name(text)];
    };
    let (mut depth, mut names) = (1, vec![name(group)]);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn upward_uses(path: &str, text: &str) -> Vec<String> {
    let Some(module) = module_of(path) else {
        return Vec::new();
    };
    let Some(own) = layer_of(module) else {
        return vec![format!(
            "{path}: module {module} has no place in LAYERS of tidy.rs"
        )];
    };
    let crate_name = if module == "main" {
        "tollbook"
    } else {
        "crate"
    };
    modules_used(text, crate_name)
        .iter()
        .filter(|used| *used != module)
        .filter_map(|used| match layer_of(used) {
            Some(layer) if layer < own => None,
            Some(_) => Some(format!(
                "{path}: {module} uses {used}, which is not below it"
            )),
            None => Some(format!("{path}: {used} has no place in LAYERS of tidy.rs")),
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    check(&every(upward_uses, &rust_sources()));
}

#[test]
fn an_upward_use_is_noticed() {
    let complaints = |path, text| upward_uses(path, text).len();
    assert_eq!(
        complaints("src/money/share.rs", "use crate::usage::Record;"),
        1
    );
    assert_eq!(
        complaints("src/catalog.rs", "let x = crate::rate_card::y();"),
        1
    );
    assert_eq!(
        complaints("src/usage.rs", "use crate::{money::{A, B}, report::C};"),
        1
    );
    assert_eq!(complaints("src/main.rs", "use tollbook::nowhere;"), 1);
    assert_eq!(complaints("src/elsewhere.rs", ""), 1);
    assert_eq!(
        complaints("src/usage/a.rs", "use crate::{usage::b, money::C, time};"),
        0
    );
    assert_eq!(
        complaints(
            "src/usage.rs",
            "/// See [`crate::report`].\nuse crate::Top;"
        ),
        0
    );
    assert_eq!(complaints("src/main.rs", "tollbook::cli::run()"), 0);
    assert_eq!(complaints("src/lib.rs", "pub mod report;"), 0);
}

// --- Files and modules --------------------------------------------------------------------------

fn too_long(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let complaint = format!("{path}: {lines} lines; at most {LONGEST_FILE}, better under 250");
    (lines > LONGEST_FILE)
        .then_some(complaint)
        .into_iter()
        .collect()
}

#[test]
fn files_are_short() {
    check(&every(too_long, &rust_sources()));
}

#[test]
fn a_long_file_is_noticed() {
    assert_eq!(too_long("a.rs", &"\n".repeat(LONGEST_FILE)).len(), 0);
    assert_eq!(too_long("a.rs", &"\n".repeat(LONGEST_FILE + 1)).len(), 1);
}

fn empty_names(path: &str, _: &str) -> Vec<String> {
    let mut parts = path.split(['/', '.']);
    parts
        .find(|part| FORBIDDEN_MODULES.contains(part) || *part == "mod")
        .map(|part| format!("{path}: {part} says nothing of its subject, or hides its file"))
        .into_iter()
        .collect()
}

#[test]
fn modules_are_named_after_their_subject() {
    check(&every(empty_names, &rust_sources()));
}

#[test]
fn an_empty_name_is_noticed() {
    for path in [
        "src/utils.rs",
        "src/usage/types.rs",
        "src/common/a.rs",
        "src/usage/mod.rs",
    ] {
        assert_eq!(empty_names(path, "").len(), 1, "{path}");
    }
    assert_eq!(empty_names("src/usage/archetypes.rs", "").len(), 0);
}

// --- Nothing of the machine it was written on ---------------------------------------------------

fn machine_traces(path: &str, text: &str) -> Vec<String> {
    let starts_path =
        |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/}>*".contains(c));
    let paths = MACHINE_PATHS.map(|(start, end)| format!("{start}{end}"));
    let hosts = REGISTRY_HOSTS.map(|(start, end)| format!("{start}{end}"));
    let found_paths = paths.iter().filter(|trace| {
        let mut places = text.match_indices(trace.as_str());
        places.any(|(at, _)| starts_path(at))
    });
    let found_hosts = hosts.iter().filter(|host| text.contains(host.as_str()));
    found_paths
        .chain(found_hosts)
        .map(|trace| format!("{path}: names {trace}"))
        .collect()
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    check(&every(machine_traces, &sources()));
}

#[test]
fn traces_of_a_machine_are_noticed() {
    for (start, end) in MACHINE_PATHS.into_iter().chain(REGISTRY_HOSTS) {
        let text = format!("see {start}{end}x");
        assert_eq!(machine_traces("a.md", &text).len(), 1, "{text}");
    }
    assert_eq!(
        machine_traces("a.md", "src/work/load.rs, https://example.com/home/").len(),
        0
    );
}

// --- Dependencies and samples earn their place --------------------------------------------------

fn dependencies_of(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    ["dependencies", "dev-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(|table| table.keys().cloned())
        .collect()
}

fn unexplained(dependencies: &[String], architecture: &str) -> Vec<String> {
    dependencies
        .iter()
        .filter(|name| !architecture.contains(&format!("`{name}`")))
        .map(|name| format!("ARCHITECTURE.md: no sentence on the dependency `{name}`"))
        .collect()
}

#[test]
fn every_dependency_is_explained() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md explains the dependencies");
    check(&unexplained(&dependencies_of(&manifest), &architecture));
}

#[test]
fn an_unexplained_dependency_is_noticed() {
    let manifest = "[dependencies]\ncsv = '1'\n[dev-dependencies]\ntrycmd = { version = '1' }";
    let dependencies = dependencies_of(manifest);
    assert_eq!(dependencies, ["csv", "trycmd"]);
    assert_eq!(unexplained(&dependencies, "`csv` reads CSV.").len(), 1);
    assert_eq!(unexplained(&dependencies, "`csv` and `trycmd`.").len(), 0);
}

fn unused_samples(samples: &BTreeSet<String>, tests: &[Source]) -> Vec<String> {
    samples
        .iter()
        .filter(|name| {
            let folder = format!("samples/{name}");
            !tests.iter().any(|(_, text)| text.contains(&folder))
        })
        .map(|name| format!("samples/{name}: no test uses it"))
        .collect()
}

#[test]
fn every_sample_is_used_by_a_test() {
    let samples = fs::read_dir(root().join("samples")).unwrap();
    let samples = samples
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let mut tests = rust_sources();
    tests.retain(|(path, _)| path.starts_with("tests/") && path != "tests/it/tidy.rs");
    check(&unused_samples(&samples, &tests));
}

#[test]
fn an_unused_sample_is_noticed() {
    let samples = BTreeSet::from(["used".to_owned(), "forgotten".to_owned()]);
    let tests = [("tests/a.rs".to_owned(), "\"samples/used/x\"".to_owned())];
    let complaints = unused_samples(&samples, &tests);
    assert_eq!(complaints, ["samples/forgotten: no test uses it"]);
}
