//! Where findings are, as an editor counts, and what may be shown there.

use std::collections::{BTreeMap, BTreeSet};

use super::checked::Checked;
use super::finding::{Finding, Located, Place, Spot};
use super::rule::Family;
use crate::usage::locating::{Position, Wanted, locate, showable};
use crate::usage::{MappedSource, Source};

/// The files that findings may be about.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// The inputs.
    pub sources: &'a [Source],
    /// Sources read by column names.
    pub mapped: &'a [MappedSource],
    /// Texts such as the configuration, by the names that findings give them.
    pub texts: &'a BTreeMap<String, String>,
}

/// A place, and whether the text there must not be shown.
struct Open<'p> {
    place: &'p mut Place,
    is_private: bool,
}

/// Looks up every place of every finding; each file that has any is read once. What must not be
/// shown of what was found is taken out, and so is a place that stands where another does; how
/// often the finding was met stays.
///
/// Findings about privacy show nothing of the file.
pub fn locate_all(checked: &mut Checked, files: &Files<'_>) {
    let mut open: BTreeMap<String, Vec<Open<'_>>> = BTreeMap::new();
    for finding in checked.findings.iter_mut().chain(&mut checked.known) {
        let is_private = finding.rule.family == Family::Privacy;
        for place in &mut finding.places {
            let file = open.entry(place.file.clone()).or_default();
            file.push(Open { place, is_private });
        }
    }
    for (file, places) in open {
        if let Some(text) = files.texts.get(&file) {
            in_text(text, places);
        } else if let Some(source) = files.sources.iter().find(|one| one.name() == file) {
            in_rows(source, files.mapped, places);
        }
    }
    for finding in checked.findings.iter_mut().chain(&mut checked.known) {
        let family = finding.rule.family;
        let places = finding.places.iter_mut();
        places.for_each(|place| hide(place, family));
        once(finding);
    }
}

/// Keeps the first of places that an editor cannot tell apart, such as rows that share a line.
fn once(finding: &mut Finding) {
    let mut met = BTreeSet::new();
    finding.places.retain(|place| match &place.located {
        Some(at) => met.insert((place.file.clone(), at.line, at.column)),
        None => true,
    });
}

/// Takes out what may be private of what a rule of this family found.
fn hide(place: &mut Place, family: Family) {
    match place.spot {
        _ if family == Family::Privacy => place.found.clear(),
        Spot::Row { field, .. } => place.found = showable(field, &place.found),
        Spot::Whole | Spot::Text { .. } => {}
    }
}

fn in_rows(source: &Source, mapped: &[MappedSource], places: Vec<Open<'_>>) {
    let mut rows = Vec::new();
    let mut wanted = Vec::new();
    for Open { place, is_private } in places {
        if let Spot::Row { number, field } = place.spot {
            let found = place.found.as_str();
            wanted.push(Wanted {
                number,
                field,
                found,
            });
            rows.push((&mut place.located, is_private));
        }
    }
    let positions = locate(source, mapped, &wanted);
    for ((located, is_private), position) in rows.into_iter().zip(positions) {
        let Position {
            line,
            column,
            width,
            title,
            value,
        } = position;
        *located = Some(Located {
            line,
            column,
            width,
            title,
            excerpt: if is_private { String::new() } else { value },
        });
    }
}

fn in_text(text: &str, places: Vec<Open<'_>>) {
    for Open { place, is_private } in places {
        let Spot::Text { line, column } = place.spot else {
            continue;
        };
        let index = usize::try_from(line).unwrap_or(usize::MAX);
        let found = text.lines().nth(index.saturating_sub(1));
        let excerpt = found.unwrap_or_default();
        place.located = Some(Located {
            line,
            column,
            width: word(excerpt, column),
            title: String::new(),
            excerpt: if is_private {
                String::new()
            } else {
                excerpt.to_owned()
            },
        });
    }
}

/// The width of what begins at `column`: a text in quotes, a heading in brackets, or a word.
fn word(line: &str, column: u64) -> u64 {
    let before = usize::try_from(column).unwrap_or(usize::MAX);
    let rest: Vec<char> = line.chars().skip(before.saturating_sub(1)).collect();
    let is_end: fn(char) -> bool = match rest.first() {
        Some('"') => |c| c == '"',
        Some('\'') => |c| c == '\'',
        Some('[') => |c| c == ']',
        _ => |c| c.is_whitespace() || matches!(c, ',' | '=' | ']' | '}' | '#'),
    };
    let is_closed = rest.first().is_some_and(|c| matches!(c, '"' | '\'' | '['));
    let inner = rest.iter().skip(1).position(|c| is_end(*c));
    let width = inner.map_or(rest.len(), |at| at + 1 + usize::from(is_closed));
    u64::try_from(width.max(1)).expect("a line is in memory")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Rule, Severity};
    use crate::config::check::FailOn;
    use crate::usage::RowAccounting;

    static RECORDS: Rule = Rule {
        id: "TB999",
        name: "made-up",
        family: Family::Records,
        severity: Severity::Error,
        summary: "A rule.",
        why: "It is tested with.",
        fix: "Nothing.",
    };

    static PRIVACY: Rule = Rule {
        family: Family::Privacy,
        ..RECORDS
    };

    fn located(finding: Finding) -> Vec<Located> {
        let mut checked = Checked {
            findings: vec![finding],
            known: Vec::new(),
            gone: Vec::new(),
            rules: Vec::new(),
            left_out: Vec::new(),
            sources: Vec::new(),
            rows: RowAccounting::default(),
            period: None,
            fail_on: FailOn::Error,
        };
        let csv = "TimeGenerated,PromptTokens,ModelName\nt,5,m\nt,-7,m\n";
        let toml = "[check]\nfail_on = \"never\" # why\n";
        let files = Files {
            sources: &[Source::from_bytes("oct.csv", csv.as_bytes())],
            mapped: &[],
            texts: &BTreeMap::from([("tollbook.toml".to_owned(), toml.to_owned())]),
        };
        locate_all(&mut checked, &files);
        let places = checked.findings.remove(0).places.into_iter();
        places.filter_map(|place| place.located).collect()
    }

    fn at(rule: &'static Rule) -> Finding {
        Finding::of(rule, "", "found")
            .at(Place::whole("oct.csv"))
            .at(Place::row("oct.csv", 3, "input tokens"))
            .at(Place::row("oct.csv", 2, ""))
            .at(Place::row("elsewhere.csv", 2, ""))
            .at(Place::text("tollbook.toml", 2, 11))
    }

    #[test]
    fn what_was_found_is_hidden_where_it_may_be_private() {
        let place = |field, found: &str| Place::row("a", 1, field).showing(found);
        for (mut place, family, expected) in [
            (place("input tokens", "-7"), Family::Records, "-7"),
            (place("input tokens", "-7"), Family::Privacy, ""),
            (place("user", "ann"), Family::Records, ""),
            (place("", "a row"), Family::Records, ""),
            (place("model", "ann@contoso.com"), Family::Records, ""),
            (
                Place::whole("a").showing("03/02/2026"),
                Family::Records,
                "03/02/2026",
            ),
        ] {
            hide(&mut place, family);
            assert_eq!(place.found, expected, "{place:?}");
        }
    }

    fn place(line: u64, column: u64, width: u64, texts: [&str; 2]) -> Located {
        Located {
            line,
            column,
            width,
            title: texts[0].to_owned(),
            excerpt: texts[1].to_owned(),
        }
    }

    #[test]
    fn places_are_filled_in_and_show_what_they_may() {
        let line = "fail_on = \"never\" # why";
        let expected = [
            place(3, 3, 2, ["PromptTokens", "-7"]),
            place(2, 1, 5, ["", ""]),
            place(2, 11, 7, ["", line]),
        ];
        assert_eq!(located(at(&RECORDS)), expected);
        let hidden = located(at(&PRIVACY));
        assert!(hidden.iter().all(|place| place.excerpt.is_empty()));
        assert_eq!(hidden[0].column, 3);
    }

    #[test]
    fn a_place_is_told_once() {
        let row = || Place::row("oct.csv", 3, "input tokens");
        let finding = Finding::of(&RECORDS, "", "found")
            .at(row().showing("-7"))
            .at(row())
            .at(Place::row("oct.csv", 2, "input tokens"))
            .at(row());
        let lines: Vec<u64> = located(finding).iter().map(|place| place.line).collect();
        assert_eq!(lines, [3, 2]);
    }

    #[test]
    fn words_of_a_configuration() {
        for (line, column, width) in [
            ("a = \"b c\" # d", 5, 5),
            ("[[check.override]]", 1, 17),
            ("key = 12, x", 1, 3),
            ("key = 12, x", 7, 2),
            ("é = 'ü", 5, 2),
            ("", 1, 1),
            ("a", 9, 1),
        ] {
            assert_eq!(word(line, column), width, "{line}");
        }
    }
}
