//! Findings as SARIF 2.1.0, for the security tab of GitHub and other viewers.

use serde_json::{Value, json};

use super::uri::Uri;
use super::{column, counted, file_of, line, unplaced, value, worst_first};
use crate::check::{Checked, Finding, Place, Rule, Severity, Spot};
use crate::report::figure::whole;
use crate::report::json::written;
use crate::report::text::{markdown, visible, visible_lines};

/// What findings are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// Nothing: no finding is called new or known.
    #[default]
    Nothing,
    /// A baseline.
    Baseline,
}

/// Results that are written; GitHub shows no more of a run, and refuses 25,000.
const MOST: usize = 5_000;

/// Every place of every finding as a result, the worst first, of `rules`, the rules there are.
pub fn render(checked: &Checked, rules: &[&'static Rule], against: Against) -> String {
    let rules = known_rules(checked, rules);
    let new = worst_first(&checked.findings).into_iter();
    let state = (against == Against::Baseline).then_some("new");
    let new = new.map(|finding| (finding, state));
    let known = worst_first(&checked.known).into_iter();
    let known = known.map(|finding| (finding, Some("unchanged")));
    let mut results: Vec<Value> = new
        .chain(known)
        .flat_map(|(finding, state)| {
            Results {
                checked,
                rules: &rules,
                finding,
                state,
            }
            .all()
        })
        .collect();
    let all = results.len();
    results.truncate(MOST);
    written(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "tollbook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": "tollbook-check/"},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {ROOT: {
                "description": {"text": "The folder that tollbook ran in."},
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(checked, all),
            }],
            "results": results,
        }],
    }))
}

/// What relative paths start from.
const ROOT: &str = "%SRCROOT%";

/// The rules, and those of findings, in the order of ids.
fn known_rules(checked: &Checked, rules: &[&'static Rule]) -> Vec<&'static Rule> {
    let findings = checked.findings.iter().chain(&checked.known);
    let mut all: Vec<&'static Rule> = findings.map(|finding| finding.rule).collect();
    all.extend(rules);
    all.sort_by_key(|rule| rule.id);
    all.dedup_by_key(|rule| rule.id);
    all
}

fn descriptor(rule: &Rule) -> Value {
    let help = format!("{}\n\nWhat to do: {}", rule.why, rule.fix);
    let formatted = format!(
        "{}\n\n**What to do:** {}",
        markdown(rule.why),
        markdown(rule.fix)
    );
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": help, "markdown": formatted},
        "defaultConfiguration": {"level": rule.severity.name()},
        "properties": {
            "tags": [rule.family.name()],
            "problem.severity": match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    })
}

/// What was cut, and what was not judged.
fn notifications(checked: &Checked, results: usize) -> Vec<Value> {
    let note = |level: &str, text: String| json!({"level": level, "message": {"text": text}});
    let cut = (results > MOST).then(|| {
        let left = counted(results - MOST, "result");
        let text = format!(
            "{left} of {} left out: the least severe",
            whole(results as u64)
        );
        note("warning", text)
    });
    let reasons = checked.left_out.iter();
    let reasons = reasons.map(|reason| note("note", visible(reason)));
    cut.into_iter().chain(reasons).collect()
}

/// Makes the results of one finding.
struct Results<'a> {
    checked: &'a Checked,
    rules: &'a [&'static Rule],
    finding: &'a Finding,
    state: Option<&'static str>,
}

impl Results<'_> {
    /// One for each place; one where there is none.
    fn all(&self) -> Vec<Value> {
        let places = &self.finding.places;
        if places.is_empty() {
            let file = file_of(self.finding, self.checked);
            let locations = file.map(|file| location(&Place::whole(file)));
            return vec![self.one(1, locations, "")];
        }
        let numbered = (1..).zip(places);
        numbered
            .map(|(ordinal, place)| {
                let value = value(self.finding, place);
                self.one(ordinal, Some(location(place)), &value)
            })
            .collect()
    }

    fn one(&self, ordinal: usize, location: Option<Value>, value: &str) -> Value {
        let finding = self.finding;
        let index = self
            .rules
            .iter()
            .position(|rule| rule.id == finding.rule.id);
        let mut result = json!({
            "ruleId": finding.rule.id,
            "ruleIndex": index,
            "level": finding.severity.name(),
            "message": {"text": message(finding, ordinal, value)},
            "locations": location.into_iter().collect::<Vec<_>>(),
            "partialFingerprints": {
                "tollbook/v1": format!("{}:{ordinal}", finding.fingerprint()),
            },
        });
        if let Some(state) = self.state {
            result["baselineState"] = state.into();
        }
        if self.state == Some("unchanged") {
            result["suppressions"] = json!([{
                "kind": "external",
                "justification": "The baseline knows this finding.",
            }]);
        }
        result
    }
}

/// The message, the value at this place, how often it was met elsewhere, and what to do.
fn message(finding: &Finding, ordinal: usize, value: &str) -> String {
    let mut text = visible(&finding.message);
    if !value.is_empty() {
        text.extend([" (", value, ")"]);
    }
    let more = unplaced(finding);
    if ordinal == 1 && more > 0 {
        text.extend([" — and ", &whole(more), " more"]);
    }
    let help = visible_lines(finding.remedy());
    if help.is_empty() {
        return text;
    }
    format!("{text}\nWhat to do: {help}")
}

fn location(place: &Place) -> Value {
    let artifact = match Uri::of(&place.file) {
        Uri::Relative(uri) => json!({"uri": uri, "uriBaseId": ROOT}),
        Uri::Absolute(uri) => json!({"uri": uri}),
    };
    let mut region = json!({"startLine": line(place).unwrap_or(1)});
    if let Some(column) = column(place) {
        region["startColumn"] = column.into();
    }
    if let Some(located) = &place.located {
        region["endColumn"] = (located.column + located.width).into();
        if matches!(place.spot, Spot::Text { .. }) && !located.excerpt.is_empty() {
            region["snippet"] = json!({"text": visible(&located.excerpt)});
        }
    }
    json!({"physicalLocation": {"artifactLocation": artifact, "region": region}})
}
