//! The pipelines of samples/ci do what they say: their own scripts run here, on a repository made of
//! samples/contoso. Where git or a shell is missing, there is nothing to run them with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;

/// A repository with the sample exports, its policy, and a baseline of what is found in them.
struct Repository(tempfile::TempDir);

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn has_tools() -> bool {
    let runs = |name: &str| Command::new(name).arg("--version").output().is_ok();
    cfg!(unix) && runs("git")
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let contoso = samples().join("contoso");
        for entry in walkdir::WalkDir::new(&contoso) {
            let entry = entry.unwrap();
            let inside = entry.path().strip_prefix(&contoso).unwrap();
            let target = folder.path().join("exports").join(inside);
            if entry.file_type().is_dir() {
                fs::create_dir_all(&target).unwrap();
            } else {
                fs::copy(entry.path(), &target).unwrap();
            }
        }
        let repository = Self(folder);
        fs::remove_file(repository.path("exports/README.md")).unwrap();
        fs::remove_dir_all(repository.path("exports/expected")).unwrap();
        fs::remove_file(repository.path("exports/tollbook.toml")).unwrap();
        let policy = fs::read_to_string(contoso.join("tollbook.toml")).unwrap();
        let carriers = ["storage", "eventhub", "portal", "az-cli", "rest", "ai-hub"];
        let policy = carriers.iter().fold(policy, |policy, carrier| {
            policy.replace(&format!("\"{carrier}/"), &format!("\"exports/{carrier}/"))
        });
        fs::write(repository.path("tollbook.toml"), policy).unwrap();
        let baseline = "tollbook check --period 2026-10 --baseline tollbook-baseline.json \
                        --update-baseline --format text";
        assert_ok(&repository.run(baseline, &[]));
        for command in [
            "git init --quiet --initial-branch main",
            "git add .",
            "git commit --quiet -m exports",
            "git update-ref refs/remotes/origin/main HEAD",
        ] {
            assert_ok(&repository.run(command, &[]));
        }
        repository
    }

    /// Runs a script as the services do: a shell that stops at the first fault.
    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let binary = cargo_bin("tollbook");
        let mut path = std::ffi::OsString::from(binary.parent().unwrap());
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .args(["-e", "-c", script])
            .current_dir(self.0.path())
            .env("PATH", path)
            .env("PERIOD", "2026-10")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Ann")))
            .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "ann@example.org")))
            .env_remove("GITHUB_STEP_SUMMARY");
        for service in ["GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI"] {
            command.env_remove(service);
        }
        command.envs(variables.iter().copied()).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Breaks one export: tokens below zero in its third row.
    fn break_export(&self) {
        let name = "exports/ai-hub/research-lab.jsonl";
        let text = self.text(name);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[2] = lines[2].replacen("\"promptTokens\":\"", "\"promptTokens\":\"-", 1);
        fs::write(self.path(name), lines.join("\n") + "\n").unwrap();
        assert_ne!(text, self.text(name));
    }
}

fn assert_ok(output: &Output) {
    assert!(output.status.success(), "{}", told(output));
}

fn told(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{:?}\n{out}{err}", output.status.code())
}

fn pipeline(name: &str) -> Value {
    let text = fs::read_to_string(samples().join("ci").join(name)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// Every script of a pipeline that calls tollbook, in order.
fn scripts(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(script) if key == "run" || key == "script" => {
                        found.push(script.clone());
                    }
                    Value::Array(lines) if key == "script" => {
                        let lines = lines.iter().filter_map(Value::as_str);
                        found.push(lines.collect::<Vec<_>>().join("\n"));
                    }
                    _ => found.extend(scripts(value)),
                }
            }
        }
        Value::Array(values) => found.extend(values.iter().flat_map(scripts)),
        _ => {}
    }
    found.retain(|script| script.contains("tollbook check") || script.contains("tollbook diff"));
    found
}

#[test]
fn github_actions_annotates_and_fails_on_what_is_new() {
    if !has_tools() {
        return;
    }
    let scripts = scripts(&pipeline("github-actions.yml"));
    let [check, compare] = scripts.as_slice() else {
        panic!("{scripts:?}");
    };
    let repository = Repository::new();
    let summary = repository.path("summary.md");
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
    ];
    let clean = repository.run(check, &github);
    assert_ok(&clean);
    assert!(!told(&clean).contains("::error"), "{}", told(&clean));
    let sarif: Value = serde_json::from_str(&repository.text("check.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");

    repository.break_export();
    let broken = repository.run(check, &github);
    assert_eq!(broken.status.code(), Some(1), "{}", told(&broken));
    let annotation = "::error file=exports/ai-hub/research-lab.jsonl,line=3";
    assert!(told(&broken).contains(annotation), "{}", told(&broken));
    assert!(repository.text("summary.md").contains("TB022"));
    assert!(repository.text("check.sarif").contains("TB022"));
    assert!(repository.text("check.xml").contains("TB022"));

    assert_ok(&repository.run("git checkout --quiet exports", &[]));
    let policy = repository.text("tollbook.toml");
    let changed = policy.replace("percent = \"60\"", "percent = \"50\"");
    let changed = changed.replace("percent = \"40\"", "percent = \"50\"");
    assert_ne!(policy, changed);
    fs::write(repository.path("tollbook.toml"), changed).unwrap();
    assert_ok(&repository.run(compare, &github));
    let told = repository.text("diff.md");
    assert!(
        told.contains("Legal") && told.contains("allocation"),
        "{told}"
    );
}

#[test]
fn azure_pipelines_shows_issues() {
    if !has_tools() {
        return;
    }
    let scripts = scripts(&pipeline("azure-pipelines.yml"));
    let [check] = scripts.as_slice() else {
        panic!("{scripts:?}");
    };
    let repository = Repository::new();
    assert_ok(&repository.run(check, &[("TF_BUILD", "True")]));
    repository.break_export();
    let broken = repository.run(check, &[("TF_BUILD", "True")]);
    assert_eq!(broken.status.code(), Some(1), "{}", told(&broken));
    let issue =
        "##vso[task.logissue type=error;sourcepath=exports/ai-hub/research-lab.jsonl;linenumber=3";
    assert!(told(&broken).contains(issue), "{}", told(&broken));
    assert!(repository.text("check.md").contains("TB022"));
}

#[test]
fn gitlab_gets_its_code_quality() {
    if !has_tools() {
        return;
    }
    let scripts = scripts(&pipeline("gitlab-ci.yml"));
    let [check] = scripts.as_slice() else {
        panic!("{scripts:?}");
    };
    let repository = Repository::new();
    assert_ok(&repository.run(check, &[("GITLAB_CI", "true")]));
    repository.break_export();
    let broken = repository.run(check, &[("GITLAB_CI", "true")]);
    assert_eq!(broken.status.code(), Some(1), "{}", told(&broken));
    let quality: Value =
        serde_json::from_str(&repository.text("gl-code-quality-report.json")).unwrap();
    let names = quality
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["check_name"]);
    assert!(
        names
            .into_iter()
            .any(|name| name.as_str().unwrap().contains("TB022"))
    );
}

#[test]
fn the_hook_refuses_a_broken_export() {
    if !has_tools() {
        return;
    }
    let repository = Repository::new();
    let hook = repository.path(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::copy(samples().join("ci/pre-commit"), &hook).unwrap();
    let commit = "git add . && git commit --quiet -m more";
    fs::write(repository.path("notes.txt"), "nothing to check\n").unwrap();
    assert_ok(&repository.run(commit, &[]));
    repository.break_export();
    let refused = repository.run(commit, &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));
    assert!(told(&refused).contains("TB022"), "{}", told(&refused));
    // What the framework runs is what the hook runs.
    let entry = &pipeline("pre-commit-config.yaml")["repos"][0]["hooks"][0]["entry"];
    let entry = entry.as_str().unwrap();
    assert!(
        fs::read_to_string(samples().join("ci/pre-commit"))
            .unwrap()
            .contains(entry)
    );
    let framework = repository.run(&format!("{entry} exports/ai-hub/research-lab.jsonl"), &[]);
    assert_eq!(framework.status.code(), Some(1), "{}", told(&framework));
}

#[test]
fn only_what_changed_is_read() {
    if !has_tools() {
        return;
    }
    let repository = Repository::new();
    let check = "tollbook check --period 2026-10 --since origin/main --only records --format json";
    let nothing = repository.run(check, &[]);
    assert_ok(&nothing);
    repository.break_export();
    let changed = repository.run(check, &[]);
    assert_eq!(changed.status.code(), Some(1), "{}", told(&changed));
    let found: Value = serde_json::from_slice(&changed.stdout).unwrap();
    let files = found["sources"].as_array().unwrap();
    assert_eq!(files.len(), 1, "{found}");
    let unknown = repository.run("tollbook check --since no-such-branch", &[]);
    assert_eq!(unknown.status.code(), Some(2), "{}", told(&unknown));
    assert!(
        told(&unknown).contains("fetch it first"),
        "{}",
        told(&unknown)
    );
}
