use super::judge;
use crate::check::rules::case::{CHAT, Case};

/// An owner rule.
fn owner(matches: &str, unit: &str, rest: &str) -> String {
    format!("\n[[owner]]\nmatch = {{ {matches} }}\nbusiness_unit = {unit:?}\n{rest}")
}

fn found(rules: &[String], usage: &str) -> Vec<String> {
    Case::of(&format!("{CHAT}{}", rules.concat()))
        .with(usage)
        .found(judge)
}

/// Asserts that the findings are these, each by its start.
fn assert_starts(found: &[String], starts: &[&str]) {
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (one, start) in found.iter().zip(starts) {
        assert!(
            one.starts_with(start),
            "{one}\n does not start with\n{start}"
        );
    }
}

#[test]
fn unknown_callers_are_found_above_the_limit_and_named_by_tokens() {
    let rules = [owner("subscription = \"hr\"", "HR", "")];
    let at = |share: u64| {
        format!(
            "2026-10-01 hr - - chat {} 0\n2026-10-02 x p - chat {} 1\n2026-10-03 - - - chat 1 0",
            10_000 - share,
            share - 2
        )
    };
    assert_eq!(found(&rules, &at(500)), [""; 0]);
    let found = found(&rules, &at(501));
    assert_eq!(
        found,
        [
            "TB060 9:1 no owner rule claims 5.0 % of the priced tokens; the limit is 5 %; most come \
          from subscription \"x\", product \"p\" (500 tokens); a caller without a name (1 token)"
        ]
    );
}

#[test]
fn tokens_without_a_gateway_row_and_files_without_rules_are_not_unknown_callers() {
    let rule = owner("subscription = \"hr\"", "HR", "");
    let usage = "2026-10-01 hr - - chat 1 0\n2026-10-01 x - - chat 99 0";
    let case = Case::of(&format!("{CHAT}{rule}")).with(usage);
    assert_eq!(case.last_without_gateway_row().found(judge), [""; 0]);
    assert_eq!(found(&[], usage), [""; 0]);
}

#[test]
fn a_rule_without_callers_is_found_while_it_holds() {
    let usage = "2026-10-01 hr - - chat 1 0";
    let hr = owner("subscription = \"hr\"", "HR", "");
    let found_with = |rest: &str| {
        let cv = owner("app = \"cv\"", "HR", rest);
        found(&[hr.clone(), cv], usage)
    };
    assert_eq!(
        found_with(""),
        ["TB061 14:9 [[owner]] rule 2 (HR: app = \"cv\") claims nothing in this period"]
    );
    assert_eq!(found_with("until = \"2026-10-01\"\n"), [""; 0]);
    assert_eq!(found_with("from = \"2026-11-01\"\n"), [""; 0]);
}

#[test]
fn a_broad_rule_before_a_narrow_one_shadows_it_with_or_without_callers() {
    let broad = owner("subscription = \"bu-*\"", "IT", "");
    let narrow = owner("subscription = \"bu-hr\"", "HR", "");
    let usage = "2026-10-01 bu-hr - cv chat 1 0\n2026-10-01 bu-it - - chat 1 0";
    let pair = [broad.clone(), narrow.clone()];
    assert_eq!(
        found(&pair, usage),
        [
            "TB062 14:9 [[owner]] rule 2 (HR: subscription = \"bu-hr\") never wins: [[owner]] rule 1 \
          (IT: subscription = \"bu-*\") stands before it and takes what both match, such as \
          subscription \"bu-hr\", app \"cv\""
        ]
    );
    assert_starts(
        &found(&pair, "2026-10-01 bu-it - - chat 1 0"),
        &["TB062 14:9 [[owner]] rule 2 (HR: subscription = \"bu-hr\") never wins"],
    );
    assert_eq!(found(&[narrow, broad], usage), [""; 0]);
}

#[test]
fn successors_and_the_same_owner_are_no_shadow() {
    let usage = "2026-10-01 hr - - chat 1 0\n2026-10-20 hr - - chat 1 0";
    let of = |unit: &str, rest: &str| owner("subscription = \"hr\"", unit, rest);
    let succession = [of("HR", "until = \"2026-10-15\"\n"), of("People", "")];
    assert_eq!(found(&succession, usage), [""; 0]);
    let late = [of("HR", ""), of("People", "from = \"2026-10-15\"\n")];
    assert_starts(&found(&late, usage), &["TB062"]);
    assert_starts(&found(&[of("HR", ""), of("HR", "")], usage), &["TB061"]);
}

#[test]
fn of_rules_that_overlap_the_broader_must_come_later() {
    let broad = owner("product = \"ai-*\"", "IT", "");
    let narrow = owner("subscription = \"hr\", app = \"cv\"", "HR", "");
    let usage = "2026-10-01 hr ai-x cv chat 1 0\n2026-10-01 hr - cv chat 1 0\n\
                 2026-10-01 z ai-x - chat 1 0";
    assert_starts(
        &found(&[broad.clone(), narrow.clone()], usage),
        &["TB062 14:9 [[owner]] rule 2 (HR: subscription = \"hr\", app = \"cv\") loses callers"],
    );
    assert_eq!(found(&[narrow, broad], usage), [""; 0]);
}

#[test]
fn an_ended_rule_is_found_while_its_callers_call() {
    let ended = owner("subscription = \"hr\"", "HR", "until = \"2026-10-10\"\n");
    let rest = owner("subscription = \"*\"", "IT", "");
    let next = owner("subscription = \"hr\"", "People", "from = \"2026-10-10\"\n");
    let before = "2026-10-09 hr - - chat 1 0\n2026-10-01 it - - chat 90 0\n";
    let after = format!("{before}2026-10-10 hr - - chat 2 0");
    assert_starts(
        &found(&[ended.clone(), rest.clone()], &after),
        &[
            "TB063 12:9 [[owner]] rule 1 (HR: subscription = \"hr\") ended before 2026-10-10, and its \
           callers still call: 2 tokens in this period, such as those of subscription \"hr\", which \
           now fall to [[owner]] rule 2 (IT: subscription = \"*\")",
        ],
    );
    let it = owner("subscription = \"it\"", "IT", "");
    let found_alone = found(&[ended.clone(), it], &after);
    assert_starts(&found_alone, &["TB063 12:9 [[owner]] rule 1"]);
    assert!(
        found_alone[0].ends_with("which are now nobody's"),
        "{found_alone:?}"
    );
    assert_eq!(found(&[ended.clone(), rest.clone()], before), [""; 0]);
    assert_eq!(found(&[ended, next, rest], &after), [""; 0]);
}
