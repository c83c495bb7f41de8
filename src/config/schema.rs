//! The schema of the configuration, for editors and other tools.
//!
//! It is derived from the types that read the file, so that it names what they read; a test compares
//! the file in `docs/schema` with them. It knows single values only: what contradicts something else
//! is found by reading the file.

#[cfg(test)]
mod derived;
#[cfg(test)]
mod tests;

/// JSON Schema (draft 7) of `tollbook.toml`.
pub const SCHEMA: &str = include_str!("../../docs/schema/config-1.schema.json");
