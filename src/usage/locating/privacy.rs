//! Which values of a row may be shown.

use std::net::IpAddr;

use crate::usage::format::Slot;

/// Characters of a value that are shown.
const LONGEST: usize = 40;

/// Letters and digits in a row that a key may be.
const KEY: usize = 32;

/// What of a field's value may be shown; empty where it may be private.
///
/// Only counts, times, statuses and the names of what was called are shown, and only where they
/// look like it: fields may have slipped into each other's columns.
pub(super) fn shown(slot: Slot, value: &str) -> String {
    let is_safe = match slot {
        Slot::Time => is_time(value),
        Slot::Model
        | Slot::Deployment
        | Slot::SpilledFrom
        | Slot::Region
        | Slot::RouteLocation
        | Slot::Backend
        | Slot::Api
        | Slot::Operation => is_name(value),
        numeric if numeric.is_numeric() => is_number(value),
        _ => false,
    };
    if !is_safe {
        return String::new();
    }
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    let start: String = value.chars().take(LONGEST - 1).collect();
    start + "…"
}

/// Longest number that is shown [byte]: longer ones may be those of cards or accounts.
const NUMBER: usize = 12;

fn is_number(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | 'e' | 'E');
    let is_address = value.matches('.').count() > 1 && !value.contains(',');
    (value.chars().all(is_part) && value.len() <= NUMBER && !is_address) || is_no_number(value)
}

/// What exporters write for a number that is none.
fn is_no_number(value: &str) -> bool {
    const WORDS: [&str; 11] = [
        "null", "nan", "n/a", "na", "none", "many", "true", "false", "ok", "error", "failed",
    ];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_time(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || " -+:/.,".contains(c);
    let words = value.split(|c: char| !c.is_ascii_alphabetic());
    // `AM`, `UTC`, `Oct`, `Thursday`: at most three, none longer than a day of the week.
    let is_text = words.clone().any(|word| word.len() > 9)
        || words.filter(|word| word.len() > 1).count() > 3
        || !value.starts_with(|c: char| c.is_ascii_digit());
    let is_short = value.len() <= LONGEST;
    value.chars().all(is_part) && is_short && !is_text && !is_address(value) && !has_key(value)
}

fn is_name(value: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || " -_.:;=/()".contains(c);
    value.chars().all(is_part) && !value.contains("//") && !is_address(value) && !has_key(value)
}

/// Whether a part of the value is an address on a network.
fn is_address(value: &str) -> bool {
    let parts = value.split([' ', '/', ';', '=', '(', ')']);
    parts.chain([value]).any(|part| {
        let host = part.rsplit_once(':').map_or(part, |(host, _)| host);
        // A time of day has colons too, but is no address.
        [part, host]
            .iter()
            .any(|text| text.parse::<IpAddr>().is_ok())
    })
}

/// Whether a run of letters and digits is as long as a key.
fn has_key(value: &str) -> bool {
    let runs = value.split(|c: char| !c.is_ascii_alphanumeric());
    runs.into_iter().any(|run| run.len() >= KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_harmless_is_shown() {
        for (slot, value) in [
            (Slot::Input, "-15000"),
            (Slot::Output, "1.5e3"),
            (Slot::Total, "many"),
            (Slot::Status, "200"),
            (Slot::Time, "2026-10-03T07:05:06.123Z"),
            (Slot::Time, "10/3/2026, 7:05:06.123 AM"),
            (Slot::Model, "gpt-4.1-mini (2025-04-14)"),
            (Slot::Api, "azure-openai;rev=2"),
            (Slot::Region, "Sweden Central"),
        ] {
            assert_eq!(shown(slot, value), value, "{slot:?}");
        }
        for (slot, value) in [
            (Slot::Input, "ann@contoso.com"),
            (Slot::Input, "please summarise"),
            (Slot::Time, "10.1.2.3"),
            (Slot::Time, "my password is hunter2"),
            (Slot::Input, "203.0.113.9"),
            (Slot::Model, "ann@contoso.com"),
            (Slot::Backend, "https://contoso.example/x"),
            (Slot::Backend, "10.1.2.3:8080"),
            (Slot::Backend, "fe80::1"),
            (Slot::Model, "0123456789abcdef0123456789abcdef"),
            (Slot::User, "ann"),
            (Slot::Subscription, "team-a"),
            (Slot::CorrelationId, "1"),
        ] {
            assert_eq!(shown(slot, value), "", "{slot:?} {value}");
        }
        let long = "a-".repeat(40);
        assert_eq!(shown(Slot::Model, &long).chars().count(), LONGEST);
    }
}
