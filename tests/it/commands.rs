//! Command goldens: exit code, standard output and standard error of every command and error,
//! and the examples of README.

#[test]
fn commands_print_what_their_goldens_say() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .case("tests/it/cmd/*.toml")
        .case("tests/it/cmd/*.md")
        .case("README.md");
}
