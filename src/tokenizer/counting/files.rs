//! What files cost, as far as a request shows it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tally::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::request::File;

impl Tally<'_> {
    /// A text file costs its text and a few tokens more; of any other, the service makes text and
    /// images, which only it can count (recorded usage; `OpenAI` docs, PDF files).
    pub(super) fn file(&mut self, file: &File<'_>) {
        self.count.doubt(Reason::File);
        let Some(data) = &file.data else { return };
        self.prefix.opaque(data.as_bytes());
        if let Some(text) = inline_text(data) {
            self.text(Part::Files, &text);
        }
    }
}

/// The text of a data URL that holds text.
fn inline_text(url: &str) -> Option<String> {
    let (kind, data) = url.strip_prefix("data:text/")?.split_once(',')?;
    kind.ends_with("base64").then_some(())?;
    String::from_utf8(STANDARD.decode(data).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::inline_text;

    #[test]
    fn only_text_is_read() {
        let text = |url| inline_text(url).unwrap_or_default();
        assert_eq!(text("data:text/plain;base64,b25lIHR3bw=="), "one two");
        assert_eq!(text("data:application/pdf;base64,b25lIHR3bw=="), "");
        assert_eq!(text("data:text/plain;base64,%"), "");
    }
}
