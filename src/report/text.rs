//! Names from logs and tags made safe to show: an attacker may have chosen them.

use std::iter::Peekable;
use std::str::Chars;

use crate::spelling::is_invisible;

/// Characters that make a spreadsheet read a cell as a formula, the full-width forms included,
/// and those that a spreadsheet may take off before it looks (CWE-1236, OWASP ASVS 5, 1.2.10).
const FORMULA_STARTS: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
];

/// The mark that makes a spreadsheet read a cell as text.
const TEXT_MARK: char = '\'';

/// The text as a person may safely see it on one line: terminal sequences, control characters
/// and marks that reorder or hide text are taken out; line breaks and tabs become blanks.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => shown.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

/// The text as a person may safely see it on lines of its own: [`visible`] line by line; blanks
/// and line breaks at its end are taken out.
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(visible).collect();
    lines.join("\n")
}

/// The text as a cell of a CSV that people open in a spreadsheet: wherever a cell may start (at
/// the beginning, and behind a character that some spreadsheet takes for a separator), a start
/// of a formula gets a `'` in front. A `'` there gets one too, so [`unguarded`] takes exactly the
/// marks out that this put in.
pub fn guarded(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut may_start = true;
    for c in text.chars() {
        if may_start && needs_mark(c) {
            cell.push(TEXT_MARK);
        }
        cell.push(c);
        may_start = starts_cell(c) || may_start && is_skipped(c);
    }
    cell
}

/// The text that [`guarded`] was given.
pub fn unguarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut may_start = true;
    let mut chars = cell.chars().peekable();
    while let Some(mut c) = chars.next() {
        if may_start && c == TEXT_MARK && chars.peek().is_some_and(|&next| needs_mark(next)) {
            c = chars.next().expect("a character was just seen");
        }
        text.push(c);
        may_start = starts_cell(c) || may_start && is_skipped(c);
    }
    text
}

/// The text as a part of a Markdown table: nothing in it is markup, no cell ends early, and
/// addresses, mentions and issue numbers are broken by an invisible blank, so that GitHub does
/// not make links of them.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut last = ' ';
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' | ':' | '#' => {
                escaped.push(c);
                escaped.push_str(BREAK);
            }
            '.' if matches!(last, 'w' | 'W') => {
                escaped.push(c);
                escaped.push_str(BREAK);
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
        last = c;
    }
    escaped
}

/// Text in lines of at most `width` characters, cut between words.
pub fn wrapped(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// An invisible blank (zero-width space) that the source shows.
const BREAK: &str = "&#8203;";

fn needs_mark(c: char) -> bool {
    c == TEXT_MARK || FORMULA_STARTS.contains(&c)
}

fn starts_cell(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '"' | '\t' | '\r' | '\n')
}

/// What a spreadsheet may skip before it looks for a formula.
fn is_skipped(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Skips what follows an escape character: a control sequence, a string up to its end, or one
/// character.
fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_control_sequence(chars);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || c == '\u{9c}' {
                    break;
                }
                if c == '\u{1b}' {
                    chars.next_if_eq(&'\\');
                    break;
                }
            }
        }
        Some(_) => {
            chars.next();
        }
        None => {}
    }
}

/// Skips parameters and the final character of a control sequence.
fn skip_control_sequence(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
    chars.next_if(|c| matches!(c, '@'..='~'));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terminal_sequences_and_hidden_marks_are_taken_out() {
        for (hostile, shown) in [
            ("HR", "HR"),
            ("\u{1b}[31mHR\u{1b}[0m", "HR"),
            ("\u{1b}]0;title\u{7}HR", "HR"),
            ("\u{1b}]8;;http://x\u{1b}\\HR", "HR"),
            ("\u{9b}2JHR", "HR"),
            ("H\u{202e}R\u{200b}", "HR"),
            ("H\r\nR", "H  R"),
            ("राजस्व क्\u{200d}ष", "राजस्व क्\u{200d}ष"),
            ("\u{1b}", ""),
        ] {
            assert_eq!(visible(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn lines_stay_lines() {
        for (hostile, shown) in [
            ("a\nb", "a\nb"),
            ("a\r\n  b\u{1b}[31m\n\n", "a\n  b"),
            ("a\rb\u{2028}c", "a b c"),
            ("\n", ""),
        ] {
            assert_eq!(visible_lines(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn formulas_become_text() {
        for (name, cell) in [
            ("HR", "HR"),
            ("=1+1", "'=1+1"),
            ("-12", "'-12"),
            ("＝SUM(A1)", "'＝SUM(A1)"),
            ("\t=1", "'\t'=1"),
            (" \u{200b}=1", " \u{200b}'=1"),
            ("a;=1", "a;'=1"),
            ("a\",=1", "a\",'=1"),
            ("Research-Lab", "Research-Lab"),
            ("'quoted'", "''quoted'"),
        ] {
            assert_eq!(guarded(name), cell, "{name:?}");
            assert_eq!(unguarded(cell), name, "{cell:?}");
        }
    }

    #[test]
    fn markdown_is_shown_as_it_is_written() {
        assert_eq!(markdown("a|b"), "a\\|b");
        assert_eq!(markdown("[x](http://y)"), "\\[x\\]\\(http:&#8203;//y\\)");
        assert_eq!(markdown("@x #1 www.y"), "@&#8203;x #&#8203;1 www.&#8203;y");
        assert_eq!(markdown("<b>&\n"), "&lt;b&gt;&amp; ");
    }

    /// Texts made mostly of the characters that matter.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            "[=+\\-@\t\r\n\0＝＋－＠'\",;| a\u{200b}\u{202e}\u{1b}\\[m]{0,12}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn the_guard_can_be_undone(text in hostile()) {
            prop_assert_eq!(unguarded(&guarded(&text)), text);
        }

        #[test]
        fn no_cell_starts_a_formula(text in hostile()) {
            let cell = guarded(&text);
            for piece in cell.split([',', ';', '|', '"']) {
                let first = piece.chars().find(|&c| !matches!(c, ' ' | '\u{200b}' | '\u{202e}'));
                prop_assert!(first.is_none_or(|c| !FORMULA_STARTS.contains(&c)), "{cell:?}");
            }
        }

        #[test]
        fn what_is_shown_stays_on_its_line(text in hostile()) {
            prop_assert!(visible(&text).chars().all(|c| !c.is_control()));
        }
    }
}
