//! Texts in XML.

use crate::report::text::visible;

/// A text on one line as an attribute's value or as a part of a text; characters that XML does
/// not have are taken out with all others that show nothing.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_what_xml_does_not_have_is_gone() {
        let hostile = "<a b='c'>&\"\u{0}\u{1b}[31m\u{ffff}\u{8}é]]>\n";
        assert_eq!(
            escaped(hostile),
            "&lt;a b=&apos;c&apos;&gt;&amp;&quot;é]]&gt; "
        );
    }
}
