use proptest::prelude::*;

use super::super::finding::Place;
use super::super::rule::{Family, Severity};
use super::*;

const fn rule(id: &'static str) -> Rule {
    Rule {
        id,
        name: "",
        family: Family::Format,
        severity: Severity::Error,
        summary: "",
        why: "",
        fix: "",
    }
}

static CUT: Rule = rule("TB001");
static RAGGED: Rule = rule("TB002");
const RULES: [&Rule; 2] = [&CUT, &RAGGED];

fn finding(rule: &'static Rule, file: &str, subject: &str, count: u64) -> Finding {
    let finding = Finding::of(rule, subject, format!("{subject} is \"wrong\"")).times(count);
    if file.is_empty() {
        finding
    } else {
        finding.at(Place::row(file, 7, ""))
    }
}

fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|one| one.message.as_str()).collect()
}

#[test]
fn the_file_is_sorted_and_has_one_finding_a_line() {
    let findings = [
        finding(&RAGGED, "b.csv", "x", 3),
        finding(&CUT, "b.csv", "", 1),
        finding(&CUT, "a.csv", "ö\n", 1),
        finding(&CUT, "", "", 12),
    ];
    let text = Baseline::of(&findings).render();
    assert_eq!(
        text,
        r#"{
  "schema": "tollbook/baseline/1",
  "findings": [
    { "fingerprint": "F0", "rule": "TB001", "file": "", "subject": "", "count": 12, "message": " is \"wrong\"" },
    { "fingerprint": "F1", "rule": "TB001", "file": "a.csv", "subject": "ö\n", "count": 1, "message": "ö\n is \"wrong\"" },
    { "fingerprint": "F2", "rule": "TB001", "file": "b.csv", "subject": "", "count": 1, "message": " is \"wrong\"" },
    { "fingerprint": "F3", "rule": "TB002", "file": "b.csv", "subject": "x", "count": 3, "message": "x is \"wrong\"" }
  ]
}
"#
        .replace("F0", &findings[3].fingerprint())
        .replace("F1", &findings[2].fingerprint())
        .replace("F2", &findings[1].fingerprint())
        .replace("F3", &findings[0].fingerprint())
    );
    let empty = Baseline::default();
    assert_eq!(
        empty.render(),
        "{\n  \"schema\": \"tollbook/baseline/1\",\n  \"findings\": []\n}\n"
    );
    assert_eq!(Baseline::parse(&empty.render()), Ok(empty));
}

#[test]
fn more_of_a_known_finding_is_new_and_less_is_known() {
    let baseline = Baseline::of(&[
        finding(&CUT, "a.csv", "x", 5),
        finding(&CUT, "a.csv", "y", 5),
    ]);
    let scope = Scope::of(&RULES);
    for (count, new, known, gone) in [
        (4, vec![], vec!["x is \"wrong\""], 1),
        (5, vec![], vec!["x is \"wrong\""], 1),
        (
            10,
            vec!["x is \"wrong\"; 5 more than in the baseline"],
            vec![],
            1,
        ),
    ] {
        let compared = baseline.compare(vec![finding(&CUT, "a.csv", "x", count)], &scope);
        assert_eq!(messages(&compared.new), new, "{count}");
        assert_eq!(messages(&compared.known), known, "{count}");
        assert_eq!(compared.gone.len(), gone, "{count}");
    }
    for other in [
        finding(&RAGGED, "a.csv", "x", 1),
        finding(&CUT, "b.csv", "x", 1),
        finding(&CUT, "a.csv", "z", 1),
    ] {
        let compared = baseline.compare(vec![other], &scope);
        assert_eq!((compared.new.len(), compared.gone.len()), (1, 2));
    }
}

#[test]
fn what_was_not_looked_at_is_kept_and_not_gone() {
    let baseline = Baseline::of(&[
        finding(&CUT, "a.csv", "x", 1),
        finding(&RAGGED, "a.csv", "y", 1),
        finding(&CUT, "b.csv", "z", 1),
        finding(&CUT, "", "all", 1),
    ]);
    let cut = Scope::of(&[&CUT]);
    let a = || Scope::of(&RULES).within(["a.csv".to_owned()]);
    for (scope, gone, kept) in [
        (
            Scope::of(&RULES),
            "TB001: all is \"wrong\"|TB001 in a.csv: x is \"wrong\"|\
          TB002 in a.csv: y is \"wrong\"|TB001 in b.csv: z is \"wrong\"",
            0,
        ),
        (
            cut.clone(),
            "TB001: all is \"wrong\"|TB001 in a.csv: x is \"wrong\"|\
          TB001 in b.csv: z is \"wrong\"",
            1,
        ),
        (
            a(),
            "TB001: all is \"wrong\"|TB001 in a.csv: x is \"wrong\"|\
          TB002 in a.csv: y is \"wrong\"",
            1,
        ),
        (
            cut.within(["b.csv".to_owned()]),
            "TB001: all is \"wrong\"|\
          TB001 in b.csv: z is \"wrong\"",
            2,
        ),
        (Scope::of(&[]), "", 4),
    ] {
        let compared = baseline.compare(Vec::new(), &scope);
        assert_eq!(compared.gone.join("|"), gone);
        let updated = baseline.updated(&[], &scope);
        assert_eq!(updated.len(), kept, "{gone}");
    }
    let updated = baseline.updated(&[finding(&CUT, "a.csv", "x", 9)], &a());
    let text = updated.render();
    assert!(
        text.contains("\"count\": 9") && updated.len() == 2,
        "{text}"
    );
}

#[test]
fn damaged_and_newer_files_are_refused() {
    let entry = Baseline::of(&[finding(&CUT, "a.csv", "x", 1)]).render();
    let twice = entry.replace(" }\n", " },\n").replace(
        "  ]",
        &format!("{}\n  ]", { entry.lines().nth(3).unwrap() }),
    );
    let conflict = entry.replace("    {", "<<<<<<< HEAD\n    {");
    for (text, expected) in [
        (
            String::new(),
            "1:1: not a baseline: EOF while parsing a value; restore the file",
        ),
        (
            conflict,
            "4:1: not a baseline: expected value; restore the file, or write it anew with",
        ),
        (
            entry[..entry.len() - 9].to_owned(),
            "4:146: not a baseline: EOF while parsing",
        ),
        (
            "{}".to_owned(),
            "`schema` is null; expected \"tollbook/baseline/1\": this is no baseline",
        ),
        (
            "[]".to_owned(),
            "`schema` is null; expected \"tollbook/baseline/1\": this is no baseline",
        ),
        (
            "{ \"schema\": \"tollbook/statement/1\" }".to_owned(),
            "`schema` is \"tollbook/statement/1\"; expected \"tollbook/baseline/1\"",
        ),
        (
            entry
                .replace("baseline/1", "baseline/2")
                .replace("findings", "known"),
            "`schema` is \"tollbook/baseline/2\"; this tollbook reads \"tollbook/baseline/1\"; use",
        ),
        (
            entry.replace("\"count\": 1", "\"count\": 0"),
            "finding 1 (TB001 \"a.csv\" \"x\"): `count` is 0",
        ),
        (entry.replace("\"count\": 1", "\"count\": -1"), "4:"),
        (entry.replace("\"count\"", "\"counts\""), "4:"),
        (
            entry.replace("a.csv", "b.csv"),
            "finding 1 (TB001 \"b.csv\" \"x\"): `fingerprint` is not that of its rule, file and subject;",
        ),
        (
            twice,
            "finding 2 (TB001 \"a.csv\" \"x\"): it stands in the file twice; write the file anew",
        ),
    ] {
        let message = Baseline::parse(&text).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}\n{text}");
    }
    assert!(Baseline::parse(&format!("\u{feff}{}", entry.replace('\n', "\r\n"))).is_ok());
}

fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let file = prop::sample::select(vec!["", "a.csv", "b.csv"]);
    let one = (0..2usize, file, "\\PC?", 1..5u64)
        .prop_map(|(rule, file, subject, count)| finding(RULES[rule], file, &subject, count));
    prop::collection::vec(one, 0..12)
}

fn schema() -> jsonschema::Validator {
    let schema = include_str!("../../../docs/schema/baseline-1.schema.json");
    jsonschema::draft7::new(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let text = Baseline::of(&[finding(&CUT, "a.csv", "x", 1)]).render();
    let fits = |text: &str| schema().is_valid(&serde_json::from_str(text).unwrap());
    assert!(fits(&text));
    for (from, to) in [
        ("baseline/1", "baseline/2"),
        ("\"count\": 1", "\"count\": 0"),
        ("\"count\"", "\"counts\""),
        ("\"findings\"", "\"finding\""),
        ("\"rule\": \"TB001\", ", ""),
        ("\"file\": \"a.csv\"", "\"file\": null"),
    ] {
        let text = text.replace(from, to);
        assert!(!fits(&text), "{text}");
        assert!(Baseline::parse(&text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn a_baseline_knows_what_it_was_written_from(findings in findings()) {
        let baseline = Baseline::of(&findings);
        let text = baseline.render();
        prop_assert!(schema().is_valid(&serde_json::from_str(&text).unwrap()), "{}", text);
        let read = Baseline::parse(&text).unwrap();
        prop_assert_eq!(&read, &baseline);
        let compared = read.compare(findings.clone(), &Scope::of(&RULES));
        prop_assert!(compared.new.is_empty() && compared.gone.is_empty(), "{:?}", compared);
        prop_assert_eq!(compared.known.len(), findings.len());
        prop_assert_eq!(read.updated(&findings, &Scope::of(&RULES)), baseline);
    }

    #[test]
    fn the_order_of_findings_does_not_show(findings in findings(), turn in 0..12usize) {
        let mut others = findings.clone();
        others.reverse();
        let turn = turn.min(others.len());
        others.rotate_left(turn);
        prop_assert_eq!(Baseline::of(&findings).render(), Baseline::of(&others).render());
    }

    #[test]
    fn every_finding_is_new_or_known(before in findings(), after in findings()) {
        let compared = Baseline::of(&before).compare(after.clone(), &Scope::of(&RULES));
        prop_assert_eq!(compared.new.len() + compared.known.len(), after.len());
        let updated = Baseline::of(&before).updated(&after, &Scope::of(&RULES));
        prop_assert_eq!(updated, Baseline::of(&after));
    }

    #[test]
    fn reading_never_panics(text in "\\PC*", cut in 0..400usize) {
        let _ = Baseline::parse(&text);
        let whole = Baseline::of(&[finding(&CUT, "a.csv", "x", 1)]).render();
        let cut = cut.min(whole.len() - 3);
        prop_assert!(Baseline::parse(&whole[..cut]).is_err());
    }
}
