//! Names that are more than names: formulas to a spreadsheet, orders to a terminal.

use crate::spelling::is_invisible;
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
        ("region", &of.region),
        ("spilled-from deployment", &of.spilled_from),
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

/// Characters that make a spreadsheet calculate what follows, full-width ones too. A number may have
/// its sign, and a lone sign is nothing to calculate.
fn is_formula(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    let rest = characters.as_str();
    match first {
        Some('=' | '@' | '＝' | '＠' | '\t' | '\r' | '\n') => !rest.is_empty(),
        Some('+' | '-' | '＋' | '－') => !is_number(rest),
        _ => false,
    }
}

/// Whether the rest of a number is digits, points and blanks only.
fn is_number(rest: &str) -> bool {
    rest.chars()
        .all(|c| c.is_ascii_digit() || " .,".contains(c))
}

/// Characters that cannot be seen, or that change how others are written.
fn is_hidden(character: char) -> bool {
    character.is_control() || is_invisible(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_names() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "+cmd",
            "-x+1",
            "-2+3+cmd|' /C calc'!A0",
            "＝1",
            "\tx",
        ] {
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
        for app in [
            "a\u{202e}b",
            "a\u{200b}",
            "a\u{1b}[31m",
            "a\u{61c}",
            "a\u{e0041}",
        ] {
            let found = hostility(&dimensions(app));
            assert_eq!(found, [Hostility::Hidden("app")], "{app:?}");
        }
        assert_eq!(hostility(&dimensions("Büro 2 – Zürich")), []);
        // Some scripts cannot be written without joiners.
        assert_eq!(hostility(&dimensions("می\u{200c}خواهم")), []);
    }
}
