//! A text as the pieces that its tokens are.

use serde::Serialize;

use super::json::written;
use super::table::{Ink, Page};
use super::text::visible;
use crate::hex::hex;
use crate::tokenizer::engine::Piece;
use crate::tokenizer::{Count, EncodingName, Reason};

/// One text, counted.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// The model it was counted for; empty where none was named.
    pub model: &'a str,
    /// How it is encoded.
    pub encoding: EncodingName,
    /// Its tokens.
    pub count: &'a Count,
    /// Its pieces, where they are to be shown.
    pub pieces: Option<&'a [Piece]>,
}

/// The pieces of each line of the text, and the ids of their tokens below.
pub fn table(text: &Text<'_>, page: Page) -> String {
    let pieces = text.pieces.unwrap_or_default();
    let mut lines = Vec::new();
    let mut row = Row::default();
    for piece in pieces {
        let shown = shown(&text.text.as_bytes()[piece.bytes.clone()]);
        if !row.fits(&shown, page) {
            lines.extend(std::mem::take(&mut row).lines(page));
        }
        let ends_line = shown.contains(LINE_END);
        row.add(shown, piece.id);
        if ends_line {
            lines.extend(std::mem::take(&mut row).lines(page));
        }
    }
    lines.extend(row.lines(page));
    let tokens = text.count.total();
    let unit = if tokens == 1 { "token" } else { "tokens" };
    lines.push(format!("{tokens} {unit} of {}", text.encoding));
    lines.join("\n") + "\n"
}

/// What stands for a line end.
const LINE_END: char = '⏎';

/// Pieces that are shown on one line.
#[derive(Default)]
struct Row {
    pieces: Vec<String>,
    ids: Vec<String>,
}

impl Row {
    fn add(&mut self, piece: String, id: u32) {
        self.pieces.push(piece);
        self.ids.push(id.to_string());
    }

    /// Whether there is room for one more piece.
    fn fits(&self, piece: &str, page: Page) -> bool {
        let pieces = self.pieces.iter().map(|piece| piece.chars().count() + 1);
        let ids = self.ids.iter().map(|id| id.len() + 1);
        let longest = pieces.sum::<usize>().max(ids.sum());
        self.pieces.is_empty() || longest + piece.chars().count().max(6) < usize::from(page.width)
    }

    /// The pieces, and their ids below.
    fn lines(self, page: Page) -> Vec<String> {
        if self.pieces.is_empty() {
            return Vec::new();
        }
        let pieces = match page.ink {
            Ink::Plain => self.pieces.join("|"),
            Ink::Ansi => {
                let colours = ["44", "42"].into_iter().cycle();
                let pieces = self.pieces.iter().zip(colours);
                let pieces: Vec<String> = pieces
                    .map(|(piece, colour)| format!("\u{1b}[30;{colour}m{piece}\u{1b}[0m"))
                    .collect();
                pieces.concat()
            }
        };
        vec![pieces, self.ids.join(" ")]
    }
}

/// The bytes of a piece with blanks, line ends and what is no whole character made visible.
fn shown(bytes: &[u8]) -> String {
    let mut shown = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                ' ' => shown.push('·'),
                '\n' => shown.push(LINE_END),
                '\t' => shown.push('→'),
                '\r' => shown.push('␍'),
                c if visible(c.encode_utf8(&mut [0; 4])).is_empty() => {
                    shown.extend(c.escape_unicode());
                }
                c => shown.push(c),
            }
        }
        for byte in chunk.invalid() {
            shown.extend(["\\x", &hex(&[*byte])]);
        }
    }
    shown
}

/// The text as it is written in JSON.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tokens: String,
    model: &'a str,
    encoding: &'static str,
    certainty: &'static str,
    reasons: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<JsonPiece>>,
}

#[derive(Serialize)]
struct JsonPiece {
    id: u32,
    /// The text, with a replacement for what is no whole character.
    text: String,
    start: usize,
    end: usize,
}

/// The count as JSON with a versioned schema.
pub fn json(text: &Text<'_>) -> String {
    let piece = |piece: &Piece| JsonPiece {
        id: piece.id,
        text: String::from_utf8_lossy(&text.text.as_bytes()[piece.bytes.clone()]).into_owned(),
        start: piece.bytes.start,
        end: piece.bytes.end,
    };
    written(&Document {
        schema: "tollbook/text-tokens/1",
        tokens: text.count.total().to_string(),
        model: text.model,
        encoding: text.encoding.name(),
        certainty: text.count.certainty().name(),
        reasons: text.count.reasons().map(Reason::name).collect(),
        pieces: text.pieces.map(|pieces| pieces.iter().map(piece).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_partial_characters_are_visible() {
        for (bytes, expected) in [
            (&b" a\n\t\r"[..], "·a⏎→␍"),
            ("é".as_bytes(), "é"),
            (&"é".as_bytes()[..1], "\\xc3"),
            ("\u{202e}\u{7}".as_bytes(), "\\u{202e}\\u{7}"),
        ] {
            assert_eq!(shown(bytes), expected);
        }
    }
}
