//! What people and machines see of a check, from fixed findings.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use tollbook::check::{Checked, Finding, Place};
use tollbook::report::check::sarif::Against;
use tollbook::report::check::{Most, github, gitlab, json, junit, markdown, sarif, text};
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
    check("check-gitlab.json", &gitlab::render(&everything()));
    check("check.md", &markdown::summary(&everything()));
    check("check-hostile.md", &markdown::comment(&hostile()));
    check("check-clean.md", &markdown::summary(&clean()));
    assert_eq!(github::render(&clean()), "");
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
        write(format!("{name}.gitlab.json"), gitlab::render(&checked));
        write(format!("{name}.md"), markdown::summary(&checked));
    }
}

/// Characters that XML does not have.
const NO_XML: [char; 2] = ['\u{fffe}', '\u{ffff}'];

/// Characters that no URI has.
const NO_URI: &[u8] = b"\\\"<>{}|^`";

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
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
