//! Rules of prompt caching.

use crate::facts::{FactError, Settings};

const TABLE: &str = include_str!("data/prompt_caching.csv");

/// Equal tokens at the start of a prompt from which on it is cached [token].
pub fn prompt_cache_minimum() -> u32 {
    minimum().expect("a test reads the bundled table")
}

fn minimum() -> Result<u32, FactError> {
    let table = Settings::read("prompt_caching.csv", TABLE)?;
    Ok(table.get("minimum_tokens")?.get())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bundled_table_loads() {
        assert_eq!(super::minimum().unwrap(), 1024);
    }
}
