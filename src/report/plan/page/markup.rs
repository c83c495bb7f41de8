//! Texts as HTML: nothing that traffic brings is markup.

use serde::Serialize;

use crate::report::grid::{Cell, Grid, MACHINES_ONLY};
use crate::report::text::visible;

/// The text as it may stand between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A value as JSON that may stand in a `script` element: no tag ends or begins in it.
pub(super) fn data(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("texts and maps can always be written as JSON");
    json.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A template with each `{{slot}}` replaced once; what is put in is not looked at again.
pub(super) fn filled(template: &str, content: impl Fn(&str) -> String) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (slot, after) = after
            .split_once("}}")
            .expect("every slot of the template ends");
        page.push_str(before);
        page.push_str(&content(slot.trim()));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// A sentence, whose amounts and percentages are not torn apart at the end of a line.
pub(super) fn sentence(text: &str) -> String {
    let text = escaped(text);
    text.replace(" %", "&nbsp;%")
        .replace(" PTU", "&nbsp;PTU")
        .replace("USD ", "USD&nbsp;")
}

/// A paragraph.
pub(super) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", sentence(text))
}

/// A list; nothing without items.
pub(super) fn list(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items = items
        .iter()
        .map(|item| format!("<li>{}</li>", sentence(item)));
    format!("<ul>{}</ul>", items.collect::<String>())
}

/// A grid as a table that scrolls by itself where it is wider than the page; nothing without rows.
pub(super) fn table(caption: &str, grid: &Grid) -> String {
    if grid.rows.is_empty() {
        return String::new();
    }
    let places = grid.shown(MACHINES_ONLY - 1);
    let heading = |&at: &usize| {
        let class = class(at, grid);
        let text = escaped(grid.columns[at].heading);
        if text.is_empty() {
            return format!("<td{class}></td>");
        }
        format!("<th scope=\"col\"{class}>{text}</th>")
    };
    let headings: String = places.iter().map(heading).collect();
    let rows = grid.rows.iter().map(|row| table_row(row, &places, grid));
    let caption = escaped(caption);
    format!(
        "<div class=\"scroll\" role=\"group\" aria-label=\"{caption}\" tabindex=\"0\"><table>\
         <caption>{caption}</caption><thead><tr>{headings}</tr></thead><tbody>{}</tbody></table></div>",
        rows.collect::<String>()
    )
}

fn table_row(row: &[Cell], places: &[usize], grid: &Grid) -> String {
    let cell = |&at: &usize| {
        let (text, class) = (escaped(&row[at].shown()), class(at, grid));
        if at == 0 {
            format!("<th scope=\"row\"{class}>{text}</th>")
        } else {
            format!("<td{class}>{text}</td>")
        }
    };
    format!("<tr>{}</tr>", places.iter().map(cell).collect::<String>())
}

/// Figures stand to the right, names to the left.
fn class(at: usize, grid: &Grid) -> &'static str {
    let is_text = |row: &Vec<Cell>| matches!(row[at], Cell::Text(_));
    if at < grid.names || grid.rows.iter().any(is_text) {
        " class=\"name\""
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_in_is_markup() {
        assert_eq!(
            escaped("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"
        );
        let json = data(&serde_json::json!({ "</script>": "<!--\u{2028}&" }));
        assert_eq!(json, r#"{"\u003c/script\u003e":"\u003c!--\u2028\u0026"}"#);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["</script>"], "<!--\u{2028}&");
    }

    #[test]
    fn slots_are_filled_once() {
        let page = filled("a {{ one }} b {{two}}", |slot| {
            format!("[{slot} {{{{one}}}}]")
        });
        assert_eq!(page, "a [one {{one}}] b [two {{one}}]");
    }
}
