//! Findings as Markdown (GitHub's dialect), for the summary of a job or a pull request.

use std::collections::BTreeMap;

use super::{address, counted, counts, worst_first};
use crate::check::{Checked, Finding, Severity};
use crate::report::figure::whole;
use crate::report::text::{markdown, visible_lines};

/// The summary of a job, which GitHub takes up to 1 MiB [byte].
pub fn summary(checked: &Checked) -> String {
    limited(checked, 900 << 10)
}

/// A comment on a pull request, which GitHub takes up to 65,536 characters.
pub fn comment(checked: &Checked) -> String {
    limited(checked, 60_000)
}

/// Headline, findings by rule and file, and what to do, in at most `most` bytes or little more.
fn limited(checked: &Checked, most: usize) -> String {
    let mut blocks = vec![headline(checked)];
    if !checked.findings.is_empty() {
        blocks.push(table(checked, most * 3 / 4));
        blocks.push(remedies(checked, most / 8));
    }
    blocks.extend(baseline(checked));
    let reasons = checked.left_out.iter().take(SENTENCES);
    blocks.extend(reasons.map(|text| format!("Not judged: {}", markdown(&short(text)))));
    blocks.join("\n\n") + "\n"
}

/// Sentences on what was not judged that are shown.
const SENTENCES: usize = 20;

/// Characters of a text in a cell.
const LONGEST: usize = 300;

fn headline(checked: &Checked) -> String {
    match (counts(checked).as_str(), checked.fails()) {
        ("", _) => "## tollbook check: nothing found".to_owned(),
        (counts, true) => format!("## tollbook check failed: {counts}"),
        (counts, false) => format!("## tollbook check passed: {counts}"),
    }
}

fn baseline(checked: &Checked) -> Option<String> {
    let (known, gone) = (checked.known.len(), checked.gone.len());
    if known + gone == 0 {
        return None;
    }
    let [known, gone] = [known, gone].map(|count| counted(count, "finding"));
    Some(format!(
        "Known by the baseline: {known}. Gone since: {gone}."
    ))
}

/// Findings of one rule and severity in one file.
struct Group<'a> {
    first: &'a Finding,
    findings: usize,
    times: u64,
}

/// The worst first, then by rule and file.
fn groups(checked: &Checked) -> Vec<Group<'_>> {
    type Key<'a> = (std::cmp::Reverse<Severity>, &'static str, &'a str);
    let mut groups: BTreeMap<Key<'_>, Group<'_>> = BTreeMap::new();
    for finding in &checked.findings {
        let key = (
            std::cmp::Reverse(finding.severity),
            finding.rule.id,
            finding.file(),
        );
        let group = groups.entry(key).or_insert(Group {
            first: finding,
            findings: 0,
            times: 0,
        });
        group.findings += 1;
        group.times = group.times.saturating_add(finding.count);
    }
    groups.into_values().collect()
}

/// The table, cut after `most` bytes.
fn table(checked: &Checked, most: usize) -> String {
    let mut text =
        "| severity | rule | where | times | what |\n| :-- | :-- | :-- | --: | :-- |".to_owned();
    let groups = groups(checked);
    for (place, group) in groups.iter().enumerate() {
        if text.len() > most {
            let left: usize = groups[place..].iter().map(|group| group.findings).sum();
            text.extend(["\n\n… and ", &counted(left, "more finding"), "."]);
            break;
        }
        text.push_str(&row(group));
    }
    text
}

fn row(group: &Group<'_>) -> String {
    let finding = group.first;
    let place = finding.places.first().map(address).unwrap_or_default();
    let others = match group.findings - 1 {
        0 => String::new(),
        more => format!(" (and {})", counted(more, "more finding")),
    };
    format!(
        "\n| {} | {} | {} | {} | {}{others} |",
        finding.severity.name(),
        markdown(&finding.rule.to_string()),
        markdown(&short(&place)),
        whole(group.times),
        markdown(&short(&finding.message)),
    )
}

/// What to do about the worst finding of each rule; cut after `most` bytes.
fn remedies(checked: &Checked, most: usize) -> String {
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in worst_first(&checked.findings) {
        rules.entry(finding.rule.id).or_insert(finding);
    }
    let mut text = "**What to do**\n".to_owned();
    for finding in rules.into_values() {
        if text.len() > most {
            text.push_str("\n- …");
            break;
        }
        let name = markdown(&finding.rule.to_string());
        text.extend(["\n- ", &name, ": ", &remedy(finding)]);
    }
    text
}

/// Lines of a block that are shown.
const LINES: usize = 20;

/// What to do; what follows its first line, such as a table to paste, is a block of code.
fn remedy(finding: &Finding) -> String {
    let remedy = visible_lines(finding.remedy());
    let (sentence, block) = remedy.split_once('\n').unwrap_or((&remedy, ""));
    let mut text = markdown(&short(sentence));
    if block.is_empty() {
        return text;
    }
    let fence = fence(block);
    text.extend(["\n\n  ", &fence]);
    for line in block.lines().take(LINES) {
        text.extend(["\n  ", &short(line)]);
    }
    if block.lines().nth(LINES).is_some() {
        text.push_str("\n  …");
    }
    text.extend(["\n  ", &fence, "\n"]);
    text
}

/// More backticks than stand together in the block, so that nothing in it ends it.
fn fence(block: &str) -> String {
    let runs = block.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

/// The start of a text.
fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    start + "…"
}
