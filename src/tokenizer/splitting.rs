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
            None if text.len() >= self.longest => Some(Cut {
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
        // Letters and digits take no line end and no sign with them, but for an apostrophe.
        b'\r' | b'\n' => last_is(before, is_word),
        b'\'' => after_line(before, after),
        sign if sign.is_ascii_punctuation() => {
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

/// Where the last character of `text`, which is not empty, starts.
fn last_character(text: &[u8]) -> usize {
    let earliest = text.len().saturating_sub(LONGEST_CHARACTER);
    let is_start = |byte: &u8| byte & 0xC0 != 0x80;
    let start = text[earliest..].iter().rposition(is_start);
    start.map_or(text.len() - 1, |start| earliest + start)
}
