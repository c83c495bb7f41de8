//! Rules of prompt caching.

use std::num::NonZero;

use super::ModelFacts;
use crate::facts::{FactError, Settings};

const TABLE: &str = include_str!("data/prompt_caching.csv");

/// Equal tokens at the start of a prompt from which on it is cached [token].
pub fn prompt_cache_minimum() -> u32 {
    rule("minimum_tokens")
        .expect("a test reads the bundled table")
        .get()
}

/// The unit in which the prompt cache keeps the start of a prompt [token].
pub fn prompt_cache_block() -> NonZero<u32> {
    rule("block_tokens").expect("a test reads the bundled table")
}

/// Encodings of models that are older than the prompt cache, which GPT-4o and newer ones have
/// (MicrosoftDocs/azure-ai-docs: how-to-prompt-caching-content.md @12579eb, "Supported models").
const OLDER: [&str; 3] = ["cl100k_base", "p50k_base", "r50k_base"];

/// Whether the prompt cache keeps prompts of a model; models of which nobody knows how old they
/// are count as new.
pub fn caches_prompts(model: &ModelFacts) -> bool {
    !OLDER.contains(&model.encoding.name.as_str())
}

fn rule(name: &str) -> Result<NonZero<u32>, FactError> {
    Settings::read("prompt_caching.csv", TABLE)?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn the_bundled_table_loads() {
        assert_eq!(rule("minimum_tokens").unwrap().get(), 1_024);
        assert_eq!(rule("block_tokens").unwrap().get(), 128);
    }

    #[test]
    fn models_before_gpt_4o_have_no_cache() {
        let catalog = Catalog::bundled();
        let cached = [
            "gpt-4o",
            "gpt-4.1",
            "o3",
            "gpt-35-turbo",
            "gpt-4",
            "text-embedding-3-large",
        ]
        .map(|name| caches_prompts(catalog.facts(name).unwrap()));
        assert_eq!(cached, [true, true, true, false, false, false]);
    }
}
