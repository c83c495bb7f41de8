//! What holds of any findings.

use proptest::prelude::*;

use super::*;

fn finding() -> impl Strategy<Value = Finding> {
    let file = prop::sample::select(vec!["", "a.csv", "old/a.csv", "old/2025/a.csv"]);
    let unit = prop::option::of(prop::sample::select(vec!["Labs", "Ops", "HR"]));
    (0..3usize, file, unit, "[xy]?", "[mn]", 0..4u64).prop_map(
        |(rule, file, unit, subject, message, row)| {
            let mut finding = Finding::of(RULES[rule], subject, message);
            finding.unit = unit.map(str::to_owned);
            if file.is_empty() {
                finding
            } else {
                finding.at(Place::row(file, row, ""))
            }
        },
    )
}

fn shown(findings: &[Finding]) -> String {
    format!("{findings:?}")
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(findings in prop::collection::vec(finding(), 0..20)) {
        let settings = settings(PRECEDENCE, "", "TB002=error");
        let once = settings.apply(findings);
        let twice = settings.apply(once.clone());
        prop_assert_eq!(shown(&once), shown(&twice));
    }

    #[test]
    fn the_order_of_findings_does_not_matter(
        findings in prop::collection::vec(finding(), 0..20),
        turn in 0..20usize,
    ) {
        let settings = settings(PRECEDENCE, "", "");
        let mut others = findings.clone();
        others.reverse();
        let middle = turn.min(others.len());
        others.rotate_left(middle);
        prop_assert_eq!(shown(&settings.apply(findings)), shown(&settings.apply(others)));
    }

    #[test]
    fn what_is_reported_is_on_and_as_bad_as_told(
        findings in prop::collection::vec(finding(), 0..20),
    ) {
        let settings = settings(PRECEDENCE, "", "");
        let told = |one: &Finding| settings.severity(one.rule, one.file(), one.unit.as_deref());
        let expected = findings.iter().filter(|one| told(one).is_some()).count();
        let reported = settings.apply(findings);
        prop_assert_eq!(reported.len(), expected);
        for one in &reported {
            prop_assert_eq!(Some(one.severity), told(one));
        }
    }
}
