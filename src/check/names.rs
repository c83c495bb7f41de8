//! Names that are more than names: formulas to a spreadsheet, orders to a terminal.

use crate::usage::Dimensions;

/// What is wrong with a name, and which field it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hostility {
    /// A spreadsheet would calculate it.
    Formula(&'static str),
    /// It has characters that cannot be seen.
    Hidden(&'static str),
}

/// What is wrong with the names of a caller, and of what it called.
pub(super) fn hostility(of: &Dimensions) -> Vec<Hostility> {
    let named = [
        ("subscription", &of.subscription),
        ("product", &of.product),
        ("app", &of.app),
        ("api", &of.api),
        ("operation", &of.operation),
        ("deployment", &of.deployment),
        ("model", &of.model),
        ("backend", &of.backend),
    ];
    let mut found = Vec::new();
    for (field, text) in named {
        if is_formula(text) {
            found.push(Hostility::Formula(field));
        }
        if text.chars().any(is_hidden) {
            found.push(Hostility::Hidden(field));
        }
    }
    found
}

/// Characters that make a spreadsheet calculate what follows, full-width ones too. A dash or plus
/// before a digit is a number, and a lone sign is nothing to calculate.
fn is_formula(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some('=' | '@' | '＝' | '＠' | '\t' | '\r' | '\n'), Some(_)) => true,
        (Some('+' | '-' | '＋' | '－'), Some(next)) => !next.is_ascii_digit(),
        _ => false,
    }
}

/// Characters that cannot be seen, or that change how others are written.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_names() {
        for text in ["=1+1", "@SUM(A1)", "+cmd", "-x", "＝1", "\tx"] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["", "=", "-1", "+49", "a=b", "gpt-4.1"] {
            assert!(!is_formula(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen() {
        let dimensions = |app: &str| Dimensions {
            app: app.to_owned(),
            ..Dimensions::default()
        };
        for app in ["a\u{202e}b", "a\u{200b}", "a\u{1b}[31m"] {
            let found = hostility(&dimensions(app));
            assert_eq!(found, [Hostility::Hidden("app")], "{app:?}");
        }
        assert_eq!(hostility(&dimensions("Büro 2 – Zürich")), []);
    }
}
