//! How messages spell figures and counts, suggestions for names that are not known (the nearest known
//! ones, never a guess in their place), and characters that nobody sees.

/// Names less alike than this are not suggested [Jaro-Winkler similarity].
const ALIKE: f64 = 0.8;
/// A longer list of suggestions would not be read.
const MOST: usize = 3;

/// The known names most like `word`, the most alike first; ties in the order of the alphabet.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&word, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored
        .into_iter()
        .map(|(_, name)| name)
        .take(MOST)
        .collect()
}

/// "; did you mean a, b or c?", or nothing when no known name is alike.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(word, known).as_slice() {
        [] => String::new(),
        names => format!("; did you mean {}?", any_of(names)),
    }
}

/// The names as a list that ends in "or".
pub fn any_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Marks that show nothing themselves: they reorder (bidirectional controls) or hide text.
/// Joiners stay, for some scripts cannot be written without them.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// `-1234567.50` becomes `-1,234,567.50`.
pub fn grouped(decimal: &str) -> String {
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", decimal),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut text = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A whole count for people.
pub fn whole(count: u64) -> String {
    grouped(&count.to_string())
}

/// A count with what is counted: `1 day`, `1,200 days`. `what` is one of them, and takes an "s".
pub fn counted(count: impl Into<u128>, what: &str) -> String {
    let count = count.into();
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(&count.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "o3", "o4-mini"];

    #[test]
    fn the_nearest_comes_first() {
        assert_eq!(nearest("gpt-4.1-mni", KNOWN)[0], "gpt-4.1-mini");
        assert_eq!(nearest("GPT4.1", KNOWN)[0], "gpt-4.1");
    }

    #[test]
    fn nothing_alike_gives_no_hint() {
        assert_eq!(hint("claude", KNOWN), "");
        assert_eq!(hint("o3x", ["o3"]), "; did you mean o3?");
    }

    #[test]
    fn thousands_are_set_apart_left_of_the_point_only() {
        for (plain, read) in [
            ("0.00", "0.00"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1234567.1234567", "-1,234,567.1234567"),
            ("-100.5", "-100.5"),
        ] {
            assert_eq!(grouped(plain), read);
        }
    }

    #[test]
    fn one_is_no_plural() {
        for (count, read) in [(0_u64, "0 days"), (1, "1 day"), (1200, "1,200 days")] {
            assert_eq!(counted(count, "day"), read);
        }
    }
}
