//! Texts to tokens, by both engines.

use tollbook::tokenizer::{EncodingName, Engine, Engines, Load, SpecialTokens};

const LOADS: [Load; 2] = [Load::Single, Load::Bulk];

fn engine(load: Load, encoding: EncodingName) -> &'static dyn Engine {
    Engines::new(load, SpecialTokens::Text).get(encoding)
}

#[test]
fn a_word_in_every_encoding() {
    for load in LOADS {
        for (encoding, count) in [
            (EncodingName::R50kBase, 5),
            (EncodingName::P50kBase, 5),
            (EncodingName::Cl100kBase, 6),
            (EncodingName::O200kBase, 6),
            (EncodingName::O200kHarmony, 6),
        ] {
            let found = engine(load, encoding).count("antidisestablishmentarianism", &mut vec![7]);
            assert_eq!(found, count, "{encoding} {load:?}");
        }
    }
}
