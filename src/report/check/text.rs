//! Findings for a terminal or a log, as compilers tell them.

use super::choice::{Choice, Most};
use super::command::broken_line;
use super::{address, counted, counts, line, shown, value};
use crate::check::{Checked, Finding, Place, Severity, Spot};
use crate::report::figure::whole;
use crate::report::table::{Ink, Page};
use crate::report::text::{visible, wrapped};

/// At most `most` new findings, then how many there are; nothing where there are none. A log that
/// is searched for commands has none in it.
pub fn render(checked: &Checked, most: Most, page: Page) -> String {
    if checked.findings.is_empty() {
        return String::new();
    }
    let choice = Choice::of(&checked.findings, most);
    let mut lines = Vec::new();
    for finding in &choice.shown {
        lines.extend(told(finding, page));
        lines.push(String::new());
    }
    for (rule, count) in &choice.left {
        let more = counted(*count, "more finding");
        lines.extend(hanging("", &format!("and {more} of {rule}"), page));
    }
    for reason in &checked.left_out {
        lines.extend(hanging("not judged: ", &visible(reason), page));
    }
    lines.push(page.ink.strong(&total(checked)));
    let lines = lines.iter().map(|line| broken_line(line.trim_end()) + "\n");
    lines.collect()
}

/// The last line: findings by severity, and what the baseline says.
fn total(checked: &Checked) -> String {
    let mut parts = vec![counts(checked)];
    if !checked.known.is_empty() {
        parts.push(format!("{} known", whole(checked.known.len() as u64)));
    }
    if !checked.gone.is_empty() {
        parts.push(format!("{} gone", whole(checked.gone.len() as u64)));
    }
    format!("check: {}", parts.join(", "))
}

/// One finding: what, where, and what to do.
fn told(finding: &Finding, page: Page) -> Vec<String> {
    let margin = finding.places.iter().filter_map(line).max().unwrap_or(1);
    let margin = " ".repeat(margin.to_string().len());
    let mut lines = headline(finding, page);
    for (place, arrow) in finding
        .places
        .iter()
        .zip(["-->"].into_iter().chain(FURTHER))
    {
        let shown = match arrow {
            "-->" => String::new(),
            _ => value(finding, place),
        };
        let beside = match shown.as_str() {
            "" => String::new(),
            shown => format!(" ({shown})"),
        };
        lines.push(format!(
            "{margin}{} {}{beside}",
            painted(page.ink, FRAME, arrow),
            address(place)
        ));
        if arrow == "-->" {
            lines.extend(excerpt(finding, place, &margin, page));
        }
    }
    let bar = painted(page.ink, FRAME, "=");
    let more = unseen(finding).map(|more| format!("{margin} {bar} and {more}"));
    lines.extend(more);
    let mut help = remedy(finding, &margin, page);
    if let Some(line) = help.first_mut() {
        *line = line.replacen('=', &bar, 1);
    }
    lines.extend(help);
    lines
}

/// What the places that are shown leave out: occurrences, or places of a single one.
fn unseen(finding: &Finding) -> Option<String> {
    let number = |count: usize| u64::try_from(count).expect("places are few");
    let places = number(finding.places.len());
    let told = places.min(number(1 + FURTHER.len()));
    if finding.count > told.max(1) {
        let more = whole(finding.count - told.max(1));
        return Some(format!("{more} more"));
    }
    let left = usize::try_from(places - told).expect("places are in memory");
    (left > 0).then(|| counted(left, "more place"))
}

/// What to do; a table to paste keeps its lines.
fn remedy(finding: &Finding, margin: &str, page: Page) -> Vec<String> {
    let first = format!("{margin} = help: ");
    let mut texts = finding.remedy().split('\n');
    let sentence = texts.next().unwrap_or_default();
    let mut lines = hanging(&first, &visible(sentence), page);
    lines.extend(texts.map(|text| format!("{margin}       {}", visible(text))));
    lines
}

/// In front of places after the first.
const FURTHER: [&str; 9] = [":::"; 9];

/// `warning[TB026 cached-above-prompt]: message`.
fn headline(finding: &Finding, page: Page) -> Vec<String> {
    let severity = finding.severity.name();
    let mark = format!("{severity}[{}]", finding.rule);
    let text = format!("{mark}: {}", visible(&finding.message));
    let mut lines = wrapped(&text, page.width.max(NARROWEST));
    if let Some(first) = lines.first_mut()
        && let Some(rest) = first.strip_prefix(&mark)
    {
        *first = painted(page.ink, colour(finding.severity), &mark) + &page.ink.strong(rest);
    }
    let rest = lines.iter_mut().skip(1);
    rest.for_each(|line| *line = page.ink.strong(line));
    lines
}

/// What stands at the place, with carets below; nothing where it is not to be shown.
fn excerpt(finding: &Finding, place: &Place, margin: &str, page: Page) -> Vec<String> {
    let room = usize::from(page.width).saturating_sub(margin.len() + 3);
    let Some(Excerpt { text, start, width }) = Excerpt::of(finding, place, room.max(20)) else {
        return Vec::new();
    };
    let number = line(place).unwrap_or(1).to_string();
    let bar = painted(page.ink, FRAME, "|");
    let padding = " ".repeat(margin.len().saturating_sub(number.len()));
    let carets = painted(page.ink, colour(finding.severity), &"^".repeat(width));
    vec![
        format!("{margin} {bar}"),
        format!(
            "{padding}{} {bar} {text}",
            painted(page.ink, FRAME, &number)
        ),
        format!("{margin} {bar} {}{carets}", " ".repeat(start)),
    ]
}

/// A line to show, and what of it is meant [character].
struct Excerpt {
    text: String,
    start: usize,
    width: usize,
}

impl Excerpt {
    /// What is at the place, cut to `room` characters.
    fn of(finding: &Finding, place: &Place, room: usize) -> Option<Self> {
        let excerpt = match &place.spot {
            Spot::Text { .. } => Self::of_line(place),
            Spot::Row { .. } | Spot::Whole => {
                shown(finding, place).map(|(title, value)| Self::of_value(&title, &value))
            }
        };
        excerpt.map(|excerpt| excerpt.cut(room))
    }

    /// A value by itself: the row around it stays in the file.
    fn of_value(title: &str, value: &str) -> Self {
        let title = if title.is_empty() { "found" } else { title };
        let before = format!("{title}: ");
        Self {
            start: before.chars().count(),
            width: value.chars().count().max(1),
            text: before + value,
        }
    }

    fn of_line(place: &Place) -> Option<Self> {
        let located = place
            .located
            .as_ref()
            .filter(|one| !one.excerpt.is_empty())?;
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let before: String = {
            let letters = located.excerpt.chars();
            letters
                .take(number(located.column).saturating_sub(1))
                .collect()
        };
        let text = visible(&located.excerpt).trim_end().to_owned();
        let length = text.chars().count();
        let start = visible(&before).chars().count().min(length);
        let width = number(located.width).clamp(1, (length - start).max(1));
        Some(Self { text, start, width })
    }

    /// At most `room` characters of the line, with what is meant among them.
    fn cut(self, room: usize) -> Self {
        let letters: Vec<char> = self.text.chars().collect();
        if letters.len() <= room {
            return self;
        }
        // A third of the room is for what stands before.
        let from = match self.start + self.width {
            end if end < room => 0,
            _ => self.start.saturating_sub(room / 3),
        };
        let until = (from + room - 1).min(letters.len());
        let mut text: String = letters[from..until].iter().collect();
        if from > 0 {
            text = text.chars().skip(1).collect();
            text.insert(0, '…');
        }
        if until < letters.len() {
            text.push('…');
        }
        let start = self.start - from;
        Self {
            width: self.width.min(room - start),
            text,
            start,
        }
    }
}

/// A text behind `first`, in lines that all begin below its start.
fn hanging(first: &str, text: &str, page: Page) -> Vec<String> {
    let indent = first.chars().count();
    let room = usize::from(page.width.max(NARROWEST))
        .saturating_sub(indent)
        .max(20);
    let lines = wrapped(text, u16::try_from(room).unwrap_or(u16::MAX));
    let blank = " ".repeat(indent);
    let before = |place: usize| if place == 0 { first } else { blank.as_str() };
    let numbered = lines.into_iter().enumerate();
    numbered
        .map(|(place, line)| before(place).to_owned() + &line)
        .collect()
}

/// Widths below this are taken for it: text of single words helps nobody [character].
const NARROWEST: u16 = 40;

/// The colour of lines and arrows.
const FRAME: &str = "34";

const fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "36",
        Severity::Warning => "33",
        Severity::Error => "31",
    }
}

/// The text in a bold colour, where there are colours.
fn painted(ink: Ink, colour: &str, text: &str) -> String {
    match ink {
        Ink::Plain => text.to_owned(),
        Ink::Ansi => format!("\u{1b}[1;{colour}m{text}\u{1b}[0m"),
    }
}
