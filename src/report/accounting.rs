//! Where every row went, and what was wrong with the input: for the error stream.

use super::figure::whole;
use super::text::visible;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::usage::RowAccounting;

/// One line: the rows read are the sum of what became of them; what did not occur is left out.
pub fn rows(rows: &RowAccounting) -> String {
    let places = [
        ("requests", rows.requests),
        ("merged", rows.merged),
        ("duplicates", rows.duplicates),
        ("conflicts", rows.conflicts),
        ("ignored", rows.ignored),
        ("quarantined", rows.quarantined),
    ];
    if places.iter().all(|(_, count)| *count == 0) {
        return format!("rows read {}\n", whole(rows.read));
    }
    format!("rows read {} = {}\n", whole(rows.read), terms(&places))
}

/// One line: a total as the sum of its parts.
pub fn sum(total: &str, parts: &[(&str, u64)]) -> String {
    let all = parts.iter().map(|(_, count)| count).sum();
    format!("{total} {} = {}\n", whole(all), terms(parts))
}

fn terms(parts: &[(&str, u64)]) -> String {
    let met = parts.iter().filter(|(_, count)| *count > 0);
    let terms: Vec<String> = met
        .map(|(part, count)| format!("{part} {}", whole(*count)))
        .collect();
    terms.join(" + ")
}

/// Every kind of fault with its count, its first places, and what to do.
pub fn diagnostics(diagnostics: &Diagnostics) -> String {
    let kinds = diagnostics.kinds();
    let lines: Vec<String> = kinds
        .flat_map(|(problem, count, places)| {
            let mut lines = vec![headline(&problem.what, count)];
            lines.extend(places.iter().map(|place| format!("  {}", location(place))));
            let more = count.saturating_sub(places.len() as u64);
            if more > 0 {
                lines.push(format!("  … and {} more", whole(more)));
            }
            if !problem.remedy.is_empty() {
                lines.push(format!("hint: {}", visible(&problem.remedy)));
            }
            lines
        })
        .map(|line| line + "\n")
        .collect();
    lines.concat()
}

fn headline(what: &str, count: u64) -> String {
    let times = match count {
        1 => String::new(),
        _ => format!(" ({} times)", whole(count)),
    };
    format!("warning: {}{times}", visible(what))
}

/// `file:line: found "value"`.
fn location(place: &Diagnostic) -> String {
    let line = match place.line {
        0 => String::new(),
        line => format!(":{line}"),
    };
    let found = match visible(&place.found) {
        found if found.is_empty() => String::new(),
        found => format!(": found {found:?}"),
    };
    format!("{}{line}{found}", visible(&place.source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Problem, Sort};

    #[test]
    fn rows_read_are_the_sum_of_what_became_of_them() {
        let accounting = RowAccounting {
            read: 12_345,
            requests: 10_000,
            merged: 2_000,
            duplicates: 345,
            ..RowAccounting::default()
        };
        assert_eq!(
            rows(&accounting),
            "rows read 12,345 = requests 10,000 + merged 2,000 + duplicates 345\n"
        );
        assert_eq!(rows(&RowAccounting::default()), "rows read 0\n");
    }

    #[test]
    fn faults_are_shown_with_place_and_remedy() {
        let problem = Problem {
            sort: Sort::Negative,
            field: "input tokens",
            what: "`PromptTokens` is negative".to_owned(),
            remedy: "check the export; the row is left out".to_owned(),
        };
        let mut found = Diagnostics::default();
        for line in (1..=1_207).rev() {
            found.add(Diagnostic {
                source: "logs/oct\u{1b}[31m.csv".to_owned(),
                line,
                problem: problem.clone(),
                found: format!("-{line}"),
            });
        }
        assert_eq!(
            diagnostics(&found),
            "warning: `PromptTokens` is negative (1,207 times)\n  \
             logs/oct.csv:1: found \"-1\"\n  logs/oct.csv:2: found \"-2\"\n  \
             logs/oct.csv:3: found \"-3\"\n  logs/oct.csv:4: found \"-4\"\n  \
             logs/oct.csv:5: found \"-5\"\n  … and 1,202 more\n\
             hint: check the export; the row is left out\n"
        );
    }
}
