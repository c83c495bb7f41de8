//! What people and machines see of a check, from fixed findings.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use tollbook::check::{Checked, Finding, Place, Severity};
use tollbook::report::check::sarif::Against;
use tollbook::report::check::{Most, azure, github, gitlab, json, junit, markdown, sarif, text};
use tollbook::report::table::{Ink, Page};

use crate::check_fixture::{HOSTILE, RULES, clean, everything, hostile, many};
use crate::golden::check;
use crate::report_schema::violation;

fn page(width: u16) -> Page {
    Page {
        width,
        ink: Ink::Plain,
    }
}

fn of_terminal(checked: &Checked, width: u16) -> String {
    text::render(checked, Most::default(), page(width))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn results(checked: &Checked, against: Against) -> Value {
    parsed(&sarif::render(checked, RULES, against))["runs"][0].take()
}

#[test]
fn text_for_terminals() {
    for width in [60, 120] {
        check(
            &format!("check-{width}.txt"),
            &of_terminal(&everything(), width),
        );
    }
    let ink = Page {
        width: 100,
        ink: Ink::Ansi,
    };
    let coloured = text::render(&everything(), Most::default(), ink);
    check("check-colour.txt", &coloured.replace('\u{1b}', "␛"));
    let plain = of_terminal(&everything(), 100);
    let mut stripped = String::new();
    let mut parts = coloured.split('\u{1b}');
    stripped.push_str(parts.next().unwrap());
    parts.for_each(|part| stripped.push_str(part.split_once('m').unwrap().1));
    assert_eq!(stripped, plain);
    check("check-hostile.txt", &of_terminal(&hostile(), 80));
    assert_eq!(of_terminal(&clean(), 80), "");
}

#[test]
fn too_many_findings_are_counted() {
    let text = of_terminal(&many(30), 80);
    let shown = text.matches("]: finding").count();
    let more = |line: &str| -> usize {
        let count = line.strip_prefix("and ").unwrap().split(' ').next();
        count.unwrap().parse().unwrap()
    };
    let left: usize = text
        .lines()
        .filter(|line| line.starts_with("and "))
        .map(more)
        .sum();
    assert_eq!((shown, left), (50, 30 * RULES.len() - 50));
    let last = text.lines().last().unwrap();
    assert_eq!(last, "check: 60 errors, 150 warnings, 60 notes");
    // The worst are among those shown, and no rule takes the place of all others.
    assert_eq!(text.matches("error[").count(), 20);
    let few = text::render(&many(30), Most::of(3), page(80));
    assert_eq!(few.matches("]: finding").count(), 3);
}

#[test]
fn documents_for_machines() {
    check("check.json", &json::render(&everything()));
    let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    for (name, checked, against) in [
        ("check.sarif", everything(), Against::Baseline),
        ("check-clean.sarif", clean(), Against::Nothing),
    ] {
        let text = sarif::render(&checked, RULES, against);
        assert!(text.contains(&version));
        check(name, &text.replace(&version, "\"semanticVersion\": \"…\""));
    }
    check("check-junit.xml", &junit::render(&everything(), RULES));
    check("check-github.txt", &github::render(&everything()));
    check("check-azure.txt", &azure::render(&everything()));
    check("check-hostile-azure.txt", &azure::render(&hostile()));
    check("check-gitlab.json", &gitlab::render(&everything()));
    check("check.md", &markdown::summary(&everything()));
    check("check-hostile.md", &markdown::comment(&hostile()));
    check("check-clean.md", &markdown::summary(&clean()));
    assert_eq!(github::render(&clean()), "");
    assert_eq!(azure::render(&clean()), "");
    assert_eq!(gitlab::render(&clean()), "[]\n");
}

#[test]
fn the_json_is_what_its_schema_says() {
    let text = include_str!("../../docs/schema/check-1.schema.json");
    let schema = parsed(text);
    let periodless = Checked {
        period: None,
        ..everything()
    };
    for checked in [clean(), everything(), hostile(), many(9), periodless] {
        let document = parsed(&json::render(&checked));
        assert_eq!(violation(&document, &schema, &schema, ""), None);
    }
}

#[test]
fn nothing_private_is_shown() {
    let checked = everything();
    let texts = [
        of_terminal(&checked, 100),
        json::render(&checked),
        sarif::render(&checked, RULES, Against::Nothing),
        junit::render(&checked, RULES),
        github::render(&checked),
        azure::render(&checked),
        gitlab::render(&checked),
        markdown::summary(&checked),
    ];
    for text in texts {
        assert!(
            !text.contains("ann@") && !text.contains("contoso.com"),
            "{text}"
        );
        assert!(
            text.contains("e-mail-address") || text.contains("TB991"),
            "{text}"
        );
    }
}

#[test]
fn fingerprints_stay_when_rows_move() {
    let moved = |by: u64| {
        let mut checked = everything();
        let places = checked.findings.iter_mut().flat_map(|one| &mut one.places);
        for located in places.filter_map(|place| place.located.as_mut()) {
            located.line += by;
        }
        let run = results(&checked, Against::Nothing);
        let results = run["results"].as_array().unwrap().clone();
        let print = |result: &Value| result["partialFingerprints"]["tollbook/v1"].clone();
        results.iter().map(print).collect::<Vec<_>>()
    };
    let prints = moved(0);
    assert_eq!(prints, moved(700));
    let mut unique: Vec<String> = prints.iter().map(Value::to_string).collect();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), prints.len());
}

#[test]
fn sarif_stays_within_limits_and_says_so() {
    let run = results(&many(800), Against::Nothing);
    let shown = run["results"].as_array().unwrap();
    assert_eq!(shown.len(), 5_000);
    assert_eq!(shown[0]["level"], "error");
    let levels = |level: &str| shown.iter().filter(|one| one["level"] == level).count();
    assert_eq!(
        (levels("error"), levels("warning"), levels("note")),
        (1_600, 3_400, 0)
    );
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(told, "2,200 results of 7,200 left out: the least severe");
    let clean = results(&clean(), Against::Baseline);
    assert_eq!(clean["results"], serde_json::json!([]));
}

#[test]
fn annotations_are_few_and_the_rest_is_counted() {
    let text = github::render(&many(30));
    let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        (count("::error "), count("::warning "), count("::notice ")),
        (10, 10, 10)
    );
    let last = text.lines().last().unwrap();
    assert_eq!(last, "::notice title=tollbook check::and 241 more findings");
}

#[test]
fn markdown_stays_within_limits() {
    let mut checked = many(4_000);
    for (place, finding) in checked.findings.iter_mut().enumerate() {
        finding.message = "long ".repeat(200);
        finding.places[0].file = format!("logs/{place}.csv");
    }
    for (text, most) in [
        (markdown::summary(&checked), 1 << 20),
        (markdown::comment(&checked), 65_536),
    ] {
        assert!(text.len() < most && text.len() > most / 2, "{}", text.len());
        let rows = text
            .lines()
            .filter(|line| line.contains("long long"))
            .count();
        let left = text.lines().find(|line| line.starts_with("… and")).unwrap();
        let left: String = left.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(rows + left.parse::<usize>().unwrap(), 4_000 * RULES.len());
    }
}

/// Writes every format for the validators into the folder that `TOLLBOOK_CHECK_REPORTS` names.
#[test]
fn reports_can_be_validated() {
    let Some(folder) = std::env::var_os("TOLLBOOK_CHECK_REPORTS") else {
        return;
    };
    let write = |name: String, text: String| {
        std::fs::write(Path::new(&folder).join(name), text).unwrap();
    };
    for (name, checked) in [
        ("clean", clean()),
        ("everything", everything()),
        ("hostile", hostile()),
        ("many", many(800)),
    ] {
        write(format!("{name}.json"), json::render(&checked));
        let baseline = sarif::render(&checked, RULES, Against::Baseline);
        write(format!("{name}-baseline.sarif"), baseline);
        let alone = sarif::render(&checked, RULES, Against::Nothing);
        write(format!("{name}.sarif"), alone);
        write(format!("{name}.junit.xml"), junit::render(&checked, RULES));
        write(format!("{name}.github.txt"), github::render(&checked));
        write(format!("{name}.azure.txt"), azure::render(&checked));
        write(format!("{name}.gitlab.json"), gitlab::render(&checked));
        write(format!("{name}.md"), markdown::summary(&checked));
    }
}

/// A check that found these.
fn only(findings: Vec<Finding>) -> Checked {
    Checked {
        findings,
        ..clean()
    }
}

#[test]
fn places_of_one_occurrence_are_no_further_ones() {
    let at_places = |count: u64| {
        let rows = (1..=12).map(|line| Place::row("a.csv", line, "model"));
        rows.fold(Finding::of(RULES[1], "", "found"), Finding::at)
            .times(count)
    };
    for (count, shown, annotated, issues) in [
        (1, "= and 2 more places", "found%0A", 1),
        (12, "= and 2 more\n", "found — and 11 more%0A", 12),
        (1_012, "= and 1,002 more\n", "found — and 1,011 more%0A", 12),
    ] {
        let checked = only(vec![at_places(count)]);
        let text = of_terminal(&checked, 80);
        assert!(text.contains(shown), "{text}");
        assert_eq!(text.matches("a.csv").count(), 10);
        assert!(github::render(&checked).contains(annotated), "{count}");
        let quality = parsed(&gitlab::render(&checked));
        let quality = quality.as_array().unwrap();
        assert_eq!(quality.len(), issues);
        let more = quality[0]["description"].as_str().unwrap();
        assert_eq!(more.ends_with(" — and 1,000 more"), count > 12, "{more}");
    }
}

#[test]
fn a_test_fails_as_badly_as_its_worst_finding() {
    let mild = Finding {
        severity: Severity::Warning,
        ..Finding::of(RULES[1], "a", "mild").at(Place::whole("a.csv"))
    };
    let bad = Finding::of(RULES[1], "b", "bad").at(Place::whole("b.csv"));
    let checked = Checked {
        fail_on: tollbook::config::check::FailOn::Warning,
        ..only(vec![mild, bad])
    };
    let xml = junit::render(&checked, RULES);
    let failure = "<failure type=\"error\" message=\"2 findings; the first: bad\">";
    assert!(xml.contains(failure), "{xml}");
}

#[test]
fn help_of_several_lines_keeps_them() {
    let help = "add to the configuration:\n[[price]]\nmodel = \"a`b```c\"\n";
    let checked = only(vec![Finding::of(RULES[1], "", "found").with_help(help)]);
    let block = "add to the configuration:\n\n  ````\n  [[price]]\n  model = \"a`b```c\"\n  ````\n";
    let markdown = markdown::summary(&checked).replace("&#8203;", "");
    assert!(markdown.contains(block), "{markdown}");
    let xml = junit::render(&checked, RULES);
    let lines = "  help: add to the configuration:\n        [[price]]\n        model = &quot;a";
    assert!(xml.contains(lines), "{xml}");
    let run = results(&checked, Against::Nothing);
    let message = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.ends_with(help.trim_end()), "{message}");
    assert!(github::render(&checked).contains("%0A[[price]]%0A"));
    assert!(of_terminal(&checked, 80).contains("\n        [[price]]\n"));
}

/// Many findings that are all shown are chosen in one go.
#[test]
fn all_of_many_findings_are_shown() {
    let checked = many(5_000);
    let all = text::render(&checked, Most::of(usize::MAX), page(80));
    assert_eq!(all.matches("]: finding").count(), 5_000 * RULES.len());
}

/// Whether a line is a command of Azure Pipelines, or of an older runner of GitHub.
fn is_command(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.contains("##vso[") || line.contains("##[")
}

#[test]
fn no_name_is_a_command_of_a_pipeline() {
    let checked = hostile();
    for width in 20..130 {
        for line in of_terminal(&checked, width).lines() {
            let rest = line.trim_start();
            let begins = rest.starts_with("::") && !rest.starts_with(":::");
            assert!(!is_command(line) && !begins, "{line}");
        }
    }
    for line in azure::render(&checked).lines() {
        let rest = line.strip_prefix("##vso[task.logissue type=");
        assert!(!is_command(rest.unwrap_or(line)), "{line}");
    }
}

/// Characters that XML does not have.
const NO_XML: [char; 2] = ['\u{fffe}', '\u{ffff}'];

/// Characters that no URI has.
const NO_URI: &[u8] = b"\\\"<>{}|^`";

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[#\\[vV]{0,9}|##(vso|VsO|)\\[[a-z;=\\]]{0,9}",
        "[<>&\"'%:,|`\r\n\t\u{0}\u{1b}\u{202e}\\\\/\\[\\]m ;=]{0,20}",
        prop::sample::select(HOSTILE.map(str::to_owned).to_vec()),
    ]
}

proptest! {
    /// Whatever files and messages are called, each format stays whole.
    #[test]
    fn no_name_breaks_a_format(file in hostile_text(), message in hostile_text(),
                               line in 0..3_u64, column in 0..200_u64, width in 20..130_u16) {
        let mut place = Place::text(file.clone(), line, column);
        place.located = Some(tollbook::check::Located {
            line: line.max(1), column: column.max(1), width: 7,
            title: message.clone(), excerpt: message.clone(),
        });
        let finding = Finding::of(RULES[1], file.clone(), message.clone())
            .at(place).at(Place::row(file, line, "model").showing(message.clone()))
            .with_help(message);
        let checked = Checked { findings: vec![finding], ..clean() };
        let is_plain = |text: &str| text.chars().all(|c| c == '\n' || !c.is_control());
        let shown = of_terminal(&checked, width);
        prop_assert!(is_plain(&shown), "{shown:?}");
        let xml = junit::render(&checked, RULES);
        let is_xml = is_plain(&xml) && !xml.contains(NO_XML);
        prop_assert!(is_xml, "{xml:?}");
        prop_assert_eq!(xml.matches('<').count(), xml.matches('>').count());
        let commands = github::render(&checked);
        prop_assert_eq!(commands.lines().count(), 1);
        prop_assert!(commands.starts_with("::error file="));
        let issues = azure::render(&checked);
        prop_assert_eq!(issues.lines().count(), 1);
        let issue = issues.strip_prefix("##vso[task.logissue type=error;sourcepath=");
        prop_assert!(issue.is_some_and(|rest| !is_command(rest)), "{issues:?}");
        prop_assert!(!shown.lines().any(is_command), "{shown:?}");
        let table = markdown::summary(&checked);
        let rows: Vec<_> = table.lines().filter(|line| line.starts_with('|')).collect();
        prop_assert_eq!(rows.len(), 3);
        for text in [json::render(&checked), gitlab::render(&checked)] {
            parsed(&text);
        }
        let run = results(&checked, Against::Nothing);
        let artifact = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
let is_uri = uri.bytes().all(|byte| byte.is_ascii_graphic() && !NO_URI.contains(&byte));
        prop_assert!(is_uri, "{uri:?}");
    }
}
