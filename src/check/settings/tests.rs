mod laws;

use std::fmt::Write;

use super::*;
use crate::check::finding::Place;
use crate::check::rule::Family;
use crate::config::Config;

/// A rule that is a warning on its own.
const fn rule(id: &'static str, name: &'static str, family: Family) -> Rule {
    Rule {
        id,
        name,
        family,
        severity: Severity::Warning,
        summary: "",
        why: "",
        fix: "",
    }
}

static CUT: Rule = rule("TB001", "cut-off", Family::Format);
static RAGGED: Rule = rule("TB002", "ragged-rows", Family::Format);
static IDLING: Rule = rule("TB100", "idle-capacity", Family::Money);
const RULES: [&Rule; 3] = [&CUT, &RAGGED, &IDLING];

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn settings(toml: &str, only: &str, severity: &str) -> Settings {
    let config = Config::parse(toml, "t.toml").unwrap();
    let choice = Choice::among(&RULES, &words(only), &words(severity)).unwrap();
    Settings::among(&RULES, &config.check, choice).unwrap()
}

/// What is wrong with a configuration, each with its place.
fn faults(toml: &str) -> String {
    let config = Config::parse(toml, "t.toml").unwrap();
    let settings = Settings::among(&RULES, &config.check, Choice::default());
    let faults = settings.expect_err("this has a fault");
    config.refusal(&faults).to_string()
}

/// The severity of a rule in a file and of a unit, `-` standing for none.
fn told(settings: &Settings, rule: &Rule, file: &str, unit: &str) -> &'static str {
    let file = if file == "-" { "" } else { file };
    let severity = settings.severity(rule, file, Some(unit).filter(|unit| *unit != "-"));
    severity.map_or("off", Severity::name)
}

/// Checks a table of rule, file, business unit, and the severity that is expected.
fn check(settings: &Settings, table: &str) {
    for line in table.lines().filter(|line| line.contains('|')) {
        let (given, expected) = line.split_once('|').unwrap();
        let [id, file, unit] = words(given).try_into().unwrap();
        let rule = RULES.iter().find(|rule| rule.id == id).unwrap();
        assert_eq!(
            told(settings, rule, &file, &unit),
            expected.trim(),
            "{line}"
        );
    }
}

const PRECEDENCE: &str = r#"
[check.severity]
format = "error"
cut-off = "note"

[[check.override]]
paths = ["old/*", "*.bak"]
severity = { TB001 = "off" }

[[check.override]]
paths = ["old/2025/*"]
severity = { FORMAT = "warning", tb002 = "note" }

[[check.override]]
business_units = ["Labs", "Ops"]
severity = { money = "off" }

[[check.override]]
business_units = ["Ops"]
severity = { idle-capacity = "error" }
"#;

#[test]
fn later_tables_go_before_earlier_ones_and_rules_before_families() {
    check(
        &settings("", "", ""),
        "
        TB001  a.csv  -  | warning
        TB100  -  Labs   | warning",
    );
    check(
        &settings(PRECEDENCE, "", ""),
        r"
        TB001  a.csv           -    | note
        TB002  a.csv           -    | error
        TB100  -               -    | warning
        TB001  old/a.csv       -    | off
        TB001  ./old/a.csv     -    | off
        TB001  old\a.csv       -    | off
        TB002  old/a.csv       -    | error
        TB001  x/y/a.bak       -    | off
        TB001  x/y/a.bak.csv   -    | note
        TB001  old/2025/a.csv  -    | warning
        TB002  old/2025/a.csv  -    | note
        TB100  -               Labs | off
        TB100  a.csv           Labs | off
        TB100  -               Ops  | error
        TB100  -               labs | warning",
    );
}

#[test]
fn the_command_line_goes_before_the_configuration() {
    check(
        &settings(PRECEDENCE, "", "format=error TB100=note"),
        "
        TB001  old/a.csv       -    | error
        TB002  old/2025/a.csv  -    | error
        TB100  -               Labs | note",
    );
    check(
        &settings(PRECEDENCE, "ragged-rows MONEY", ""),
        "
        TB001  a.csv  -    | off
        TB002  a.csv  -    | error
        TB100  -      Labs | off
        TB100  -      -    | warning",
    );
}

#[test]
fn an_override_of_files_and_units_wants_both() {
    let both = "[[check.override]]\npaths = [\"a*\"]\nbusiness_units = [\"Labs\"]\n\
                severity = { TB100 = \"off\" }";
    check(
        &settings(both, "", ""),
        "
        TB100  a.csv  Labs | off
        TB100  b.csv  Labs | warning
        TB100  a.csv  Ops  | warning
        TB100  a.csv  -    | warning
        TB100  -      Labs | warning",
    );
}

#[test]
fn rules_that_are_off_everywhere_need_not_be_judged() {
    let judged = |toml: &str, only, severity| {
        let settings = settings(toml, only, severity);
        let judged = RULES.iter().filter(|rule| settings.judges(rule));
        judged.map(|rule| rule.id).collect::<Vec<_>>().join(" ")
    };
    let off = "[check.severity]\nformat = \"off\"";
    let in_part = "[check.severity]\nformat = \"off\"\n[[check.override]]\npaths = [\"new/*\"]\n\
                   severity = { TB002 = \"note\" }";
    for (toml, only, severity, expected) in [
        ("", "", "", "TB001 TB002 TB100"),
        (off, "", "", "TB100"),
        (in_part, "", "", "TB002 TB100"),
        (in_part, "", "ragged-rows=off", "TB100"),
        (off, "", "TB001=error", "TB001 TB100"),
        ("", "format", "", "TB001 TB002"),
        ("", "privacy", "", ""),
    ] {
        assert_eq!(
            judged(toml, only, severity),
            expected,
            "{toml} {only} {severity}"
        );
    }
}

#[test]
fn limits_are_inherited_one_by_one() {
    let settings = settings(
        r#"
        [check.limits]
        request_tokens = 100
        unit_cost_jump_percent = 10
        [[check.override]]
        paths = ["a*"]
        limits = { request_tokens = 200 }
        [[check.override]]
        paths = ["ab*"]
        limits = { clock_skew_minutes = 3 }
        [[check.override]]
        business_units = ["Labs"]
        limits = { unit_cost_jump_percent = "99.5", unusual_day_percent = 1 }
        [[check.override]]
        business_units = ["Labs", "Ops"]
        limits = { unusual_day_percent = 2 }
        "#,
        "",
        "",
    );
    for (file, expected) in [("b", (100, 10)), ("a", (200, 10)), ("x/ab", (200, 3))] {
        let limits = settings.limits_of_file(file);
        assert_eq!(
            (limits.request_tokens, limits.clock_skew_minutes),
            expected,
            "{file}"
        );
    }
    for (unit, jump, day) in [
        ("HR", "10", "50"),
        ("Labs", "99.5", "2"),
        ("Ops", "10", "2"),
    ] {
        let limits = settings.limits_of_unit(unit);
        let shown = [&limits.unit_cost_jump_percent, &limits.unusual_day_percent]
            .map(|one| one.to_trimmed(2));
        assert_eq!(shown, [jump, day], "{unit}");
    }
    assert_eq!(settings.limits().request_tokens, 100);
    assert_eq!(settings.limits().reservation_days, 30);
}

#[test]
fn every_limit_can_be_set_and_is_told_of() {
    let mut toml = "[check.limits]\n".to_owned();
    for key in Limits::keys() {
        writeln!(toml, "{} = 77", key.name).unwrap();
    }
    let set = format!("{:?}", settings(&toml, "", "").limits());
    let default = format!("{:?}", Limits::default());
    assert_eq!(set.matches("77").count(), Limits::keys().len(), "{set}");
    assert_eq!(set.matches(": ").count(), default.matches(": ").count());
}

#[test]
fn faults_are_told_with_their_places() {
    for (toml, expected) in [
        (
            "[check.severity]\nTB001 = \"off\"\ncut_off = \"off\"",
            "t.toml:3:11: \"cut_off\" is no rule and no family of rules; did you mean cut-off? \
             (tollbook check --list shows all)",
        ),
        (
            "[check.severity]\ncut-off = \"off\"\nTB001 = \"note\"",
            "t.toml:2:11: \"cut-off\" means TB001 cut-off, which has a severity here already; keep \
             one of them",
        ),
        (
            "[[check.override]]\nbusiness_units = [\"HR\"]\nseverity = { monney = \"off\" }",
            "t.toml:3:23: \"monney\" is no rule and no family of rules; did you mean money? \
             (tollbook check --list shows all)",
        ),
        (
            "[[check.override]]\nseverity = { money = \"off\" }",
            "t.toml:1:1: the override is for nothing; name `paths` or `business_units`, or use \
             [check.severity] and [check.limits], which hold for everything",
        ),
        (
            "[[check.override]]\npaths = [\"a\"]",
            "t.toml:1:1: the override changes nothing; give it `severity` or `limits`, or remove it",
        ),
        (
            "[[check.override]]\npaths = [\"a\", \"a**b\", \"\"]\nseverity = { money = \"off\" }",
            "t.toml:2:15: \"a**b\" is no pattern of files: recursive wildcards must form a single \
             path component; expected one such as \"*.csv\"\n\
             t.toml:2:23: \"\" is no pattern of files: it is empty; expected one such as \"*.csv\"",
        ),
        (
            "[[check.override]]\nbusiness_units = [\"HR\"]\nlimits = { request_tokens = 5 }",
            "t.toml:3:29: `request_tokens` has no effect here: an override of it names `paths` and \
             nothing else",
        ),
        (
            "[[check.override]]\npaths = [\"a\"]\nlimits = { unusual_day_score = 5 }",
            "t.toml:3:32: `unusual_day_score` has no effect here: an override of it names \
             `business_units` and nothing else",
        ),
        (
            "[[check.override]]\nbusiness_units = [\"a\"]\nlimits = { price_age_days = 5 }",
            "t.toml:3:29: `price_age_days` has no effect here: it is judged for everything at once; \
             set it in [check.limits]",
        ),
        (
            "[check.limits]\nidle_percent = 101\nspill_percent = \"-0.5\"\nrequest_tokens = 0",
            "t.toml:4:18: `request_tokens` is 0; expected at least 1\n\
             t.toml:3:17: `spill_percent` is -0.5; expected from 0 to 100\n\
             t.toml:2:16: `idle_percent` is 101; expected from 0 to 100",
        ),
        (
            "[[check.budget]]\nbusiness_unit = \"HR\"\namount = -1\nfrom = \"2026-02-01\"\n\
             until = \"2026-02-01\"",
            "t.toml:3:10: the budget of \"HR\" is -1; expected 0 or more\n\
             t.toml:5:9: `until` is not after `from`",
        ),
    ] {
        assert_eq!(faults(toml), expected, "{toml}");
    }
}

#[test]
fn a_unit_has_one_budget_a_day() {
    let budgets = |spans: &[(&str, &str)]| {
        let mut toml = String::new();
        for (amount, (from, until)) in spans.iter().enumerate() {
            let line = |key: &str, day: &str| match day {
                "" => String::new(),
                day => format!("{key} = \"2026-{day}\"\n"),
            };
            toml += "[[check.budget]]\nbusiness_unit = \"HR\"\n";
            writeln!(toml, "amount = {amount}").unwrap();
            toml += &(line("from", from) + &line("until", until));
        }
        toml
    };
    let good = budgets(&[("", "02-01"), ("02-01", "03-01"), ("04-01", "")]);
    let settings = settings(&good, "", "");
    for (unit, day, expected) in [
        ("HR", "2026-01-31", Some("0")),
        ("HR", "2026-02-01", Some("1")),
        ("HR", "2026-03-01", None),
        ("HR", "2027-01-01", Some("2")),
        ("hr", "2027-01-01", None),
    ] {
        let found = settings.budget_on(unit, day.parse().unwrap());
        assert_eq!(
            found.map(|amount| amount.to_trimmed(2)).as_deref(),
            expected,
            "{unit} {day}"
        );
    }
    for spans in [
        [("", ""), ("02-01", "")],
        [("01-01", "02-02"), ("02-01", "")],
        [("02-01", ""), ("01-01", "02-02")],
        [("02-01", "03-01"), ("", "")],
    ] {
        let message = faults(&budgets(&spans));
        assert!(
            message.contains("has another budget on the same days"),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn units_that_no_rule_leads_to_are_noticed() {
    let toml = r#"
        [[owner]]
        business_unit = "HR"
        match = { app = "a" }
        [[owner]]
        split = [{ business_unit = "Labs", percent = 40 }, { business_unit = "Ops", percent = 60 }]
        match = { app = "b" }
        [[check.override]]
        business_units = ["HR", "Lab", "__idle__"]
        severity = { money = "off" }
        [[check.budget]]
        business_unit = "Ops"
        amount = 5
        [[check.budget]]
        business_unit = "Sales"
        amount = 5"#;
    let config = Config::parse(toml, "t.toml").unwrap();
    let faults = unknown_units(&config.check, &config.policy);
    assert_eq!(
        config.refusal(&faults).to_string(),
        "t.toml:9:33: no [[owner]] leads to business unit \"Lab\"; did you mean Labs?\n\
         t.toml:15:25: no [[owner]] leads to business unit \"Sales\""
    );
}

#[test]
fn choices_that_mean_nothing_are_refused() {
    let choice = |only, severity| Choice::among(&RULES, &words(only), &words(severity));
    for (only, severity, expected) in [
        (
            "TB999 money",
            "",
            "--only: \"TB999\" is no rule and no family of rules",
        ),
        (
            "",
            "TB001",
            "--severity: \"TB001\" is no severity of a rule; expected RULE=LEVEL",
        ),
        (
            "",
            "TB001=of",
            "--severity: \"TB001=of\" is no severity of a rule; expected RULE=LEVEL",
        ),
        (
            "",
            "TB01=off",
            "--severity: \"TB01\" is no rule and no family of rules; did you mean TB001",
        ),
        (
            "",
            "TB001=off cut-off=off",
            "--severity: \"cut-off\" means TB001 cut-off, which has",
        ),
    ] {
        let message = choice(only, severity).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
    assert!(!choice("", "").unwrap().is_partial());
    assert!(choice("format", "").unwrap().is_partial());
}

#[test]
fn the_command_line_says_what_fails() {
    let config = Config::parse("[check]\nfail_on = \"warning\"", "t.toml").unwrap();
    for (flag, expected) in [
        (None, FailOn::Warning),
        (Some(FailOn::Error), FailOn::Error),
    ] {
        let choice = Choice::default().failing_on(flag);
        let settings = Settings::of(&config.check, choice).unwrap();
        assert_eq!(settings.fail_on(), expected);
    }
    assert_eq!(Settings::default().fail_on(), FailOn::Error);
}

/// docs/CONFIGURATION.md has every limit with its default, in the order of the keys, and names rules
/// that there are.
#[test]
fn the_limits_are_described() {
    let page = include_str!("../../../docs/CONFIGURATION.md");
    let (_, section) = page.split_once("### `[check.limits]`").unwrap();
    let (section, _) = section.split_once("\n### ").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let described: Vec<_> = rows.iter().map(|row| (row[1], row[2], row[3])).collect();
    let keys = Limits::keys();
    let expected: Vec<_> = keys
        .iter()
        .map(|key| {
            let reach = match key.reach {
                Reach::Files => "files",
                Reach::Units => "business units",
                Reach::Everything => "",
            };
            (format!("`{}`", key.name), key.default.clone(), reach)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, default, reach)| (key.as_str(), default.as_str(), *reach))
        .collect();
    assert_eq!(described, expected);
    let rules: Vec<_> = rules::all().collect();
    for row in &rows {
        for name in row[5].split(", ") {
            let meant = levels::meaning(&rules, name.trim_matches('`'));
            assert!(meant.is_ok(), "{row:?}");
        }
    }
}

/// The example of the page is one.
#[test]
fn the_example_is_read() {
    let page = include_str!("../../../docs/CONFIGURATION.md");
    let (_, section) = page.split_once("## `[check]`").unwrap();
    let (_, example) = section.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let config = Config::parse(example, "t.toml").unwrap();
    let settings = Settings::of(&config.check, Choice::default());
    let settings = settings.map_err(|faults| config.refusal(&faults).to_string());
    assert_eq!(settings.as_ref().err(), None);
    assert_eq!(settings.unwrap().budgets().len(), 2);
}
