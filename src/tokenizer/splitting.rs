//! Cutting long texts where no token can lie, so that the tokens of the parts are those of the
//! whole, for every encoding.
//!
//! An encoding first cuts a text into pieces by a regular expression and then encodes each piece
//! by itself. A border is safe if every such expression has a border there, and neither side
//! changes the pieces on the other: they look one character ahead at most, and only past
//! whitespace. The expressions are those of OpenAI's tiktoken, `tiktoken_ext/openai_public.py`:
//! pieces are letters (after at most one other character), digits, other characters (after at
//! most one space, with line ends after them in newer encodings), or whitespace.

/// Where [`Splitter`] cuts a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Length of the part before it [byte].
    pub at: usize,
    /// Whether a token may lie there: the text had no safe border.
    pub forced: bool,
}

/// Cuts parts off the start of a text that grows as it is read.
#[derive(Clone, Debug)]
pub struct Splitter {
    wanted: usize,
    longest: usize,
    /// Bytes of the text in which no border was found.
    searched: usize,
}

impl Splitter {
    /// Parts of about `wanted` bytes; a text without any safe border in `longest` bytes is cut at
    /// some character.
    pub const fn new(wanted: usize, longest: usize) -> Self {
        Self {
            wanted,
            longest,
            searched: 0,
        }
    }

    /// Where to cut the first part off `text`, which is what came after the last cut; `None` if
    /// more text must be read first. No byte is searched twice, however little the text grows
    /// between calls.
    pub fn cut(&mut self, text: &[u8]) -> Option<Cut> {
        if text.len() < self.wanted {
            return None;
        }
        let found = self.border(text);
        let cut = match found {
            Some(at) => Some(Cut { at, forced: false }),
            None if text.len().saturating_sub(LONGEST_CHARACTER) >= self.longest => Some(Cut {
                at: last_character(&text[..self.longest]),
                forced: true,
            }),
            None => None,
        };
        // Whether there is a border before the last character may not be known yet.
        let known = text.len().saturating_sub(LONGEST_CHARACTER);
        self.searched = cut.map_or(known, |_| 0);
        cut
    }

    /// The last border of the wanted part, else the first one after it.
    fn border(&self, text: &[u8]) -> Option<usize> {
        let wanted = self.wanted.min(text.len());
        let before = (self.searched.max(1)..=wanted).rev();
        let after = self.searched.max(wanted + 1)..text.len().min(self.longest);
        before.chain(after).find(|at| is_border(text, *at))
    }
}

/// The most bytes that UTF-8 spends on one character [byte].
const LONGEST_CHARACTER: usize = 4;

/// Cuts `text` into parts of about `wanted` bytes, whose tokens together are those of the whole;
/// a part without any safe border is longer.
pub fn split(text: &str, wanted: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = Splitter::new(wanted.max(1), usize::MAX).cut(rest.as_bytes());
        let (part, more) = rest.split_at(at.map_or(rest.len(), |cut| cut.at));
        rest = more;
        Some(part).filter(|part| !part.is_empty())
    })
}

/// Signs that may belong to what is before them: an apostrophe in `it's`, and those inside special
/// tokens such as `<|fim_prefix|>`.
const BINDING: [u8; 3] = *b"'_|";

/// Whether the bytes before and after `at` are encoded alike together and apart.
fn is_border(text: &[u8], at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else {
        return false;
    };
    let (Some(&last), Some(&first)) = (before.last(), after.first()) else {
        return false;
    };
    match first {
        // Whitespace that is no line end starts a piece after anything else.
        b' ' | b'\t' => last_is(before, |c| !c.is_whitespace()),
        // Letters and digits take no line end and no sign with them.
        b'\r' | b'\n' => last_is(before, is_word),
        sign if sign.is_ascii_punctuation() && !BINDING.contains(&sign) => {
            last_is(before, is_word) || after_line(before, after)
        }
        // Letters and digits are pieces apart.
        digit if digit.is_ascii_digit() && last.is_ascii_alphabetic() => true,
        _ => after_line(before, after),
    }
}

/// After a single line end, at the start of a line: both the line end and what is before it end
/// their pieces there. (A `/` may belong to signs before the line end in the newest encodings.)
fn after_line(before: &[u8], after: &[u8]) -> bool {
    let Some(line) = before.strip_suffix(b"\n") else {
        return false;
    };
    last_is(line, |c| !c.is_whitespace()) && first_is(after, |c| !c.is_whitespace() && c != '/')
}

/// A letter or digit in every version of Unicode: ASCII, Han or Hangul.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '一'..='龥' | '가'..='힣')
}

fn last_is(text: &[u8], rule: impl Fn(char) -> bool) -> bool {
    let start = last_character(text);
    first_is(&text[start..], rule)
}

fn first_is(text: &[u8], rule: impl Fn(char) -> bool) -> bool {
    let start = &text[..text.len().min(LONGEST_CHARACTER)];
    let valid = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    valid.chars().next().is_some_and(rule)
}

/// Where the last character of `text` starts.
fn last_character(text: &[u8]) -> usize {
    let earliest = text.len().saturating_sub(LONGEST_CHARACTER);
    let is_start = |byte: &u8| byte & 0xC0 != 0x80;
    let start = text[earliest..].iter().rposition(is_start);
    start.map_or(text.len().saturating_sub(1), |start| earliest + start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::{EncodingName, Engine, Engines, Load, SpecialTokens};

    /// One or more characters of every class that an expression tells apart, and of those that
    /// one treats in a way of its own.
    const CONTEXTS: [&str; 27] = [
        "a", "S", "s", "ll", "é", "ǅ", "ʰ", "中", "가", "\u{301}", "5", "٣", "²", " ", "\t", "\n",
        "\r", "\u{a0}", "\u{2028}", "'", "/", ",", "<|", "。", "😀", "\0", "\u{200b}",
    ];

    fn ids(engine: &dyn Engine, parts: &[&str]) -> Vec<u32> {
        let mut ids = Vec::new();
        for part in parts {
            engine.encode_into(part, &mut ids);
        }
        ids
    }

    fn check_borders(engine: &dyn Engine, left: &str, right: &str) -> bool {
        let whole = format!("{left}{right}");
        let safe = is_border(whole.as_bytes(), left.len());
        if safe {
            let apart = ids(engine, &[left, right]);
            assert_eq!(apart, ids(engine, &[&whole]), "{left:?} {right:?}");
        }
        safe
    }

    /// Two before and two after, all combinations.
    fn check_every_context(encoding: EncodingName) {
        let engine = Engines::new(Load::Bulk, SpecialTokens::Text).get(encoding);
        let pairs = || {
            CONTEXTS
                .iter()
                .flat_map(|a| CONTEXTS.map(|b| format!("{a}{b}")))
        };
        let mut safe = 0;
        for left in pairs() {
            for right in pairs() {
                safe += u32::from(check_borders(engine, &left, &right));
            }
        }
        assert!(safe > 50_000, "{safe} safe borders");
    }

    #[test]
    fn no_context_changes_tokens_across_a_border_in_cl100k() {
        check_every_context(EncodingName::Cl100kBase);
    }

    #[test]
    fn no_context_changes_tokens_across_a_border_in_o200k() {
        check_every_context(EncodingName::O200kBase);
    }

    #[test]
    fn no_context_changes_tokens_across_a_border_in_p50k() {
        check_every_context(EncodingName::P50kBase);
    }

    #[test]
    fn no_context_changes_tokens_across_a_border_in_r50k() {
        check_every_context(EncodingName::R50kBase);
    }

    /// Every border of a text, shown as `|`.
    fn shown(text: &str) -> String {
        let mut shown = String::new();
        for (at, c) in text.char_indices() {
            if is_border(text.as_bytes(), at) {
                shown.push('|');
            }
            shown.push(c);
        }
        shown
    }

    #[test]
    fn borders_are_these() {
        for (text, expected) in [
            ("two words", "two| words"),
            ("two  words", "two|  words"),
            ("a,b", "a|,b"),
            ("it's", "it's"),
            ("row 17,5", "row| 17|,5"),
            ("x17y", "x|17y"),
            ("one\ntwo", "one|\n|two"),
            ("one.\ntwo", "one|.\n|two"),
            ("one.\n/two", "one|.\n/two"),
            ("one\r\ntwo", "one|\r\ntwo"),
            ("one\n\ntwo", "one|\n\ntwo"),
            ("。\n中", "。\n|中"),
            ("中\r\n中", "中|\r\n中"),
            ("é\r\né", "é\r\né"),
            ("\n\tx", "\n\tx"),
            ("\nx", "\nx"),
            ("<|fim_prefix|>", "<|fim_prefix|>"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn bytes_that_are_no_text_have_no_borders() {
        assert!(!is_border(b"\xff x", 1));
        assert!(!is_border(b"x\n\xe4\xb8", 2));
        assert!(is_border(b"\xffx y", 2));
    }

    fn cut(splitter: &mut Splitter, text: &str) -> Option<(usize, bool)> {
        splitter
            .cut(text.as_bytes())
            .map(|cut| (cut.at, cut.forced))
    }

    #[test]
    fn parts_end_at_the_last_border_of_the_wanted_size() {
        let mut splitter = Splitter::new(8, 100);
        assert_eq!(cut(&mut splitter, "one two"), None, "too short");
        assert_eq!(cut(&mut splitter, "one two three four"), Some((7, false)));
        assert_eq!(cut(&mut splitter, " three four"), Some((6, false)));
    }

    #[test]
    fn a_part_without_borders_grows_to_the_first_one() {
        let mut splitter = Splitter::new(4, 20);
        for length in 4..=12 {
            assert_eq!(cut(&mut splitter, &"abcdefghijkl"[..length]), None);
        }
        assert_eq!(cut(&mut splitter, "abcdefghijkl m"), Some((12, false)));
        assert_eq!(cut(&mut splitter, " mno pqr"), Some((4, false)));
    }

    #[test]
    fn a_text_without_borders_is_cut_at_a_character() {
        let mut splitter = Splitter::new(4, 20);
        assert_eq!(cut(&mut splitter, &"天".repeat(7)), None);
        assert_eq!(cut(&mut splitter, &"天".repeat(8)), Some((18, true)));
        let mut splitter = Splitter::new(4, 20);
        assert_eq!(splitter.cut(&[0x80; 24]).map(|cut| cut.at), Some(19));
    }

    #[test]
    fn parts_make_up_the_whole() {
        let text = include_str!("splitting.rs");
        for wanted in [0, 1, 7, 100, text.len() - 1, text.len(), usize::MAX] {
            let parts: Vec<&str> = split(text, wanted).collect();
            assert_eq!(parts.concat(), text, "{wanted}");
            let longest = parts.iter().map(|part| part.len()).max().unwrap();
            assert!(longest <= wanted.max(60), "{wanted}: {longest}");
        }
        assert_eq!(split("", 5).count(), 0);
    }
}
