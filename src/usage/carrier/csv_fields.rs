//! Finds the fields of CSV rows, without copying them.
//!
//! By hand, since it is most of the cost of reading CSV: the `csv` crate looks at every byte, this
//! only at delimiters and quotes, at less than half the CPU time (see `examples/reading_speed.rs`).
//! Headers are still read by the crate, and a property test holds both to the same fields.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    start: usize,
    end: usize,
    quotes: Quotes,
}

/// What quotes a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// None that mean anything, or a pair around it.
    Outside,
    /// Doubled ones inside.
    Doubled,
    /// A closing one with letters after it.
    Misplaced,
}

/// The rows of a text, one after the other.
pub(super) struct Fields<'t> {
    text: &'t [u8],
    /// All of it at once, where it is UTF-8: checking each field took 5 % of the CPU time.
    utf8: Option<&'t str>,
    delimiter: u8,
    at: usize,
    /// The line the next row begins on, from 0.
    next_line: u64,
    line: u64,
    row: Vec<Field>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(text: &'t [u8], delimiter: u8) -> Self {
        Self {
            text,
            utf8: str::from_utf8(text).ok(),
            delimiter,
            at: 0,
            next_line: 0,
            line: 0,
            row: Vec::new(),
        }
    }

    /// Finds the fields of the next row that is not blank; false at the end.
    pub(super) fn next_row(&mut self) -> bool {
        while self.at < self.text.len() {
            self.line = self.next_line;
            self.row.clear();
            while self.field() {}
            self.next_line += 1;
            let is_blank = matches!(self.row[..], [Field { start, end, .. }] if start == end);
            if !is_blank {
                return true;
            }
        }
        false
    }

    /// The line the row begins on, from 0.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// How many fields the row has.
    pub(super) const fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether a quote of the row stands where none may.
    pub(super) fn is_misquoted(&self) -> bool {
        self.row
            .iter()
            .any(|field| field.quotes == Quotes::Misplaced)
    }

    /// The bytes of a field.
    pub(super) fn get(&self, column: usize) -> Cow<'t, [u8]> {
        let Some(field) = self.row.get(column) else {
            return Cow::Borrowed(&[]);
        };
        let bytes = &self.text[field.start..field.end];
        if field.quotes == Quotes::Doubled {
            Cow::Owned(undoubled(bytes))
        } else {
            Cow::Borrowed(bytes)
        }
    }

    /// The text of a field, unless it is not UTF-8.
    pub(super) fn text(&self, column: usize) -> Option<Cow<'t, str>> {
        match (self.utf8, self.row.get(column)) {
            (_, None) => Some(Cow::Borrowed("")),
            (Some(text), Some(field)) if field.quotes != Quotes::Doubled => {
                text.get(field.start..field.end).map(Cow::Borrowed)
            }
            _ => match self.get(column) {
                Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
                Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
            },
        }
    }

    /// Takes one field and what ends it; whether another follows in the row.
    fn field(&mut self) -> bool {
        let start = self.at;
        if self.text.get(start) == Some(&b'"') {
            return self.quoted_field(start + 1);
        }
        self.end_field(start, start, Quotes::Outside)
    }

    /// Takes a field that a quote opened before `start`.
    fn quoted_field(&mut self, start: usize) -> bool {
        let mut quotes = Quotes::Outside;
        let mut from = start;
        let end = loop {
            match memchr(b'"', &self.text[from..]).map(|offset| from + offset) {
                Some(at) if self.text.get(at + 1) == Some(&b'"') => {
                    quotes = Quotes::Doubled;
                    from = at + 2;
                }
                Some(at) => break at,
                None => break self.text.len(),
            }
        };
        let lines = memchr_iter(b'\n', &self.text[start..end]).count();
        self.next_line += u64::try_from(lines).expect("fewer lines than bytes");
        let after = (end + 1).min(self.text.len());
        let rest = &self.text[after..];
        let is_clean = matches!(rest, [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..])
            || rest.first() == Some(&self.delimiter);
        if !is_clean {
            return self.end_field(start, after, Quotes::Misplaced);
        }
        let more = self.end_field(start, after, quotes);
        if let Some(field) = self.row.last_mut() {
            field.end = end;
        }
        more
    }

    /// Ends a field at the next delimiter or line end from `from` on.
    fn end_field(&mut self, start: usize, from: usize, quotes: Quotes) -> bool {
        let found =
            next_of([self.delimiter, b'\n'], &self.text[from..]).map(|offset| from + offset);
        let end = found.unwrap_or(self.text.len());
        let more = found.is_some_and(|at| self.text[at] == self.delimiter);
        let trimmed = match self.text[start..end] {
            [.., b'\r'] if !more => end - 1,
            _ => end,
        };
        self.row.push(Field {
            start,
            end: trimmed,
            quotes,
        });
        self.at = found.map_or(end, |at| at + 1);
        more
    }
}

/// The place of the next of two bytes.
///
/// Fields are short, so a call of `memchr2` costs more than looking at eight bytes at a time.
fn next_of(bytes: [u8; 2], text: &[u8]) -> Option<usize> {
    let [first, second] = bytes.map(|byte| EVERY_BYTE * u64::from(byte));
    let (words, rest) = text.as_chunks();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ first) | zero_bytes(word ^ second);
        if found != 0 {
            return Some(place * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let before = text.len() - rest.len();
    memchr2(bytes[0], bytes[1], rest).map(|offset| before + offset)
}

const EVERY_BYTE: u64 = u64::from_ne_bytes([1; 8]);

/// The highest bit of every byte that is zero. Bytes above a zero may be marked as well; the
/// lowest mark is right.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(EVERY_BYTE) & !word & (EVERY_BYTE << 7)
}

fn undoubled(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr(b'"', rest) {
        plain.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ours(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut fields = Fields::new(text.as_bytes(), b',');
        let mut rows = Vec::new();
        while fields.next_row() {
            let row = (0..fields.len()).map(|column| fields.get(column).into_owned());
            let row = row.map(|field| String::from_utf8(field).unwrap()).collect();
            rows.push((fields.line(), row));
        }
        rows
    }

    fn theirs(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let row = |row: csv::StringRecord| {
            let line = row.position().unwrap().line() - 1;
            (line, row.iter().map(str::to_owned).collect())
        };
        reader
            .records()
            .map(|record| row(record.unwrap()))
            .collect()
    }

    #[test]
    fn misplaced_quotes_are_seen() {
        let mut fields = Fields::new(b"a,\"b\"c,d\ne,f\"g,h\n", b',');
        assert!(fields.next_row() && fields.is_misquoted());
        assert!(fields.next_row() && !fields.is_misquoted());
        assert!(!fields.next_row());
    }

    proptest! {
        #[test]
        fn fields_are_those_of_the_csv_crate(
            rows in prop::collection::vec(prop::collection::vec("[a,\" \r\n\u{e9}]{0,6}", 1..5), 0..8),
            quoting in prop::sample::select(vec![csv::QuoteStyle::Always, csv::QuoteStyle::Necessary]),
            ends in prop::sample::select(vec![csv::Terminator::CRLF, csv::Terminator::Any(b'\n')]),
        ) {
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .quote_style(quoting)
                .terminator(ends)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let fields = |rows: Vec<(u64, Vec<String>)>| -> Vec<_> {
                rows.into_iter().map(|(_, row)| row).filter(|row| row != &[""]).collect()
            };
            prop_assert_eq!(fields(ours(&text)), fields(theirs(&text)));
        }

        #[test]
        fn any_text_ends(text in "[a,\"\r\n]{0,40}") {
            ours(&text);
        }
    }

    #[test]
    fn rows_know_the_line_they_begin_on() {
        let rows = ours("a,b\n\n\"c\nd\",e\r\n\r\nf,\"g\"\n");
        let lines: Vec<_> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [0, 2, 5]);
    }
}
