//! Writes calls as each carrier delivers them.

pub(crate) mod ai_hub;
pub(crate) mod portal;
pub(crate) mod query;
pub(crate) mod resource;
pub(crate) mod table;

/// What the chunk rows of a prompt or an answer say; a reader must drop it.
pub(crate) fn body(role: &str, part: u32) -> String {
    format!(r#"[{{"role":"{role}","content":"Contoso sample text, part {part}"}}]"#)
}
