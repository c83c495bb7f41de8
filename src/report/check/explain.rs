//! One rule: why it matters, an example that breaks it, what a check says of it, how to mend it.

use serde_json::{Map, Value, json};

use crate::check::settings::{LimitKey, Reach};
use crate::check::{Limits, Rule};
use crate::report::table::Page;
use crate::report::text::{visible, wrapped};

/// An example that breaks a rule.
#[derive(Clone, Debug)]
pub struct Example {
    /// How it is checked.
    pub command: String,
    /// Its files.
    pub files: Vec<ExampleFile>,
    /// What the check says of it.
    pub said: String,
}

/// A file of an example.
#[derive(Clone, Debug)]
pub struct ExampleFile {
    /// Its name.
    pub name: String,
    /// Its text; where it is none, what it is.
    pub content: Result<String, String>,
    /// The line that is at fault, where there is one.
    pub line: Option<u64>,
}

/// Lines of a file that are shown whole.
const WHOLE: usize = 12;
/// Lines of a longer file that are shown from its start.
const HEAD: usize = 3;
/// Lines that are shown on both sides of the one at fault.
const BESIDE: usize = 2;
/// Characters of a line that are shown.
const LONGEST: usize = 160;

/// The rule for people.
pub fn render(rule: &Rule, example: Option<&Example>, page: Page) -> String {
    let ink = page.ink;
    let mut lines = vec![
        ink.strong(&rule.to_string()),
        format!(
            "family {}, severity {}",
            rule.family.name(),
            rule.severity.name()
        ),
    ];
    lines.extend(part(page, "What it finds", rule.summary));
    lines.extend(part(page, "Why", rule.why));
    for file in example.iter().flat_map(|example| &example.files) {
        lines.extend([
            String::new(),
            ink.strong(&format!("Example: {}", visible(&file.name))),
        ]);
        lines.extend(shown(file).into_iter().map(|line| format!("  {line}")));
    }
    if let Some(example) = example {
        lines.extend([String::new(), ink.strong(&example.command)]);
        lines.extend(example.said.lines().map(|line| format!("  {line}")));
    }
    lines.extend(part(page, "How to mend it", rule.fix));
    lines.extend([String::new(), ink.strong("Configuration")]);
    lines.extend(keys(rule).into_iter().map(|line| format!("  {line}")));
    let lines = lines.iter().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

fn part(page: Page, heading: &str, text: &str) -> Vec<String> {
    let width = page.width.saturating_sub(2).max(20);
    let mut lines = vec![String::new(), page.ink.strong(heading)];
    lines.extend(
        wrapped(text, width)
            .into_iter()
            .map(|line| format!("  {line}")),
    );
    lines
}

/// The lines of a file that show what is wrong with it.
pub fn shown(file: &ExampleFile) -> Vec<String> {
    let text = match &file.content {
        Ok(text) => text,
        Err(what) => return vec![format!("({what})")],
    };
    let all: Vec<&str> = text.lines().collect();
    let is_shown = |at: usize| {
        let fault = file.line.and_then(|line| usize::try_from(line).ok());
        let near = fault.is_some_and(|line| (at + 1).abs_diff(line) <= BESIDE);
        all.len() <= WHOLE || at < HEAD || near
    };
    let mut lines = Vec::new();
    let mut left_out = 0;
    for (at, line) in all.iter().enumerate() {
        if is_shown(at) {
            lines.extend(gap(&mut left_out));
            lines.push(cut(&visible(line)));
        } else {
            left_out += 1;
        }
    }
    lines.extend(gap(&mut left_out));
    lines
}

/// A word on lines that were left out.
fn gap(left_out: &mut usize) -> Option<String> {
    let count = std::mem::take(left_out);
    (count > 0).then(|| format!("… {count} lines …"))
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// The keys of the configuration that move the rule, each with what it is for.
pub fn keys(rule: &Rule) -> Vec<String> {
    let severity = format!(
        "[check.severity] {} = \"off\", \"note\", \"warning\" or \"error\" (default {})",
        rule.name,
        rule.severity.name()
    );
    let limits = limits(rule).into_iter().map(|key| {
        let reach = match key.reach {
            Reach::Files => "; [[check.override]] sets it for files",
            Reach::Units => "; [[check.override]] sets it for business units",
            Reach::Everything => "",
        };
        format!(
            "[check.limits] {} (default {}){reach}",
            key.name, key.default
        )
    });
    [severity].into_iter().chain(limits).collect()
}

/// The limits that the rule is judged by: those that its texts name.
fn limits(rule: &Rule) -> Vec<LimitKey> {
    let mut keys = Limits::keys();
    keys.retain(|key| {
        let name = format!("`{}`", key.name);
        [rule.why, rule.fix].iter().any(|text| text.contains(&name))
    });
    keys
}

/// The rule for machines.
pub fn json(rule: &Rule, example: Option<&Example>) -> String {
    let mut value = super::list::object(rule);
    value.insert("why".to_owned(), rule.why.into());
    value.insert("fix".to_owned(), rule.fix.into());
    let limits = limits(rule).into_iter();
    let limits: Map<String, Value> = limits
        .map(|key| (key.name.to_owned(), key.default.into()))
        .collect();
    value.insert("limits".to_owned(), limits.into());
    value.insert(
        "example".to_owned(),
        example.map_or(Value::Null, of_example),
    );
    let mut document = json!({ "schema": "tollbook/rule/1" });
    document["rule"] = value.into();
    format!("{document:#}\n")
}

fn of_example(example: &Example) -> Value {
    let files = example
        .files
        .iter()
        .map(|file| json!({ "name": file.name, "lines": shown(file) }));
    json!({
        "command": example.command,
        "files": files.collect::<Vec<_>>(),
        "said": example.said,
    })
}
