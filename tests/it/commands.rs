//! Command goldens: exit code, standard output and standard error of every command and error,
//! and the examples of README and docs/PLANNING.md.
//!
//! A case is a `.toml` with the arguments, and a `.stdout` and a `.stderr` beside it; the input of
//! errors is in `tests/it/fixtures`. After a change that is meant, `TRYCMD=overwrite cargo test
//! commands` writes them anew, and the difference is reviewed like code.

#[test]
fn commands_print_what_their_goldens_say() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .case("tests/it/cmd/*.toml")
        .case("tests/it/cmd/errors/*.toml")
        .case("README.md")
        .case("docs/PLANNING.md");
}

#[test]
fn readme_shows_what_the_demo_prints() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .arg("demo")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let demo = String::from_utf8(output.stdout).unwrap();
    let start = demo.find("Chargeback 2026-10").unwrap();
    let end = demo.find("\nrequests by outcome").unwrap();
    let statement = &demo[start..end];
    let readme = include_str!("../../README.md");
    assert!(readme.contains(statement), "README lacks:\n{statement}");
}

/// The console blocks of the page are run, so a plan that it tells is played.
#[test]
fn every_plan_of_the_samples_is_told() {
    let page = include_str!("../../docs/PLANNING.md");
    for entry in std::fs::read_dir("samples/plans").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let told = format!("\n$ tollbook plan samples/plans/{file} ");
        assert!(
            file == "README.md" || page.contains(&told),
            "{file} is not told"
        );
    }
}
