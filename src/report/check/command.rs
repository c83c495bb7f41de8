//! Texts that a CI service reads for commands.

/// An invisible blank (zero-width space) that breaks a mark.
const BREAK: char = '\u{200b}';

/// The text without the marks that Azure Pipelines (`##vso[`, `##[`) and older runners of GitHub
/// (`##[`) look for anywhere in a line: a blank that does not show stands between their first two
/// characters. The text was made safe to see before, or marks may lie hidden in it.
pub(super) fn broken(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let (before, rest) = (&text[..at], &text[at..]);
        if c == '#' && before.ends_with('#') && opens(&rest[1..]) {
            safe.push(BREAK);
        }
        safe.push(c);
    }
    safe
}

/// Whether a bracket opens at once or behind three letters, whatever their case is.
fn opens(rest: &str) -> bool {
    rest.starts_with('[') || rest.chars().nth(3) == Some('[')
}

/// A line of a text that is printed as it is: beside [`broken`], it does not begin with the `::`
/// of GitHub's commands. Three colons begin none.
pub(super) fn broken_line(line: &str) -> String {
    let line = broken(line);
    let rest = line.trim_start();
    match rest.strip_prefix("::") {
        Some(command) if !command.starts_with(':') => {
            let indent = &line[..line.len() - rest.len()];
            format!("{indent}:{BREAK}:{command}")
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_broken_and_nothing_else() {
        for (text, shown) in [
            ("a ##vso[task.complete]b", "a #·#vso[task.complete]b"),
            ("##VSO[x]##[error]", "#·#VSO[x]#·#[error]"),
            ("###[x", "##·#[x"),
            ("## vso, #[x], ##, ##ä", "## vso, #[x], ##, ##ä"),
        ] {
            assert_eq!(broken(text).replace(BREAK, "·"), shown, "{text}");
        }
    }

    #[test]
    fn no_line_begins_a_command() {
        for (line, shown) in [
            ("::error::x", ":·:error::x"),
            ("  ::stop", "  :·:stop"),
            ("  ::: a.csv:1", "  ::: a.csv:1"),
            ("a ::error::", "a ::error::"),
            ("::##[x]", ":·:#·#[x]"),
        ] {
            assert_eq!(broken_line(line).replace(BREAK, "·"), shown, "{line}");
        }
    }
}
