//! Texts to tokens, by both engines.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use tollbook::tokenizer::splitting::split;
use tollbook::tokenizer::{EncodingName, Engine, Engines, Load, SpecialTokens};

const LOADS: [Load; 2] = [Load::Single, Load::Bulk];

fn engine(load: Load, encoding: EncodingName) -> &'static dyn Engine {
    Engines::new(load, SpecialTokens::Text).get(encoding)
}

fn ids(engine: &dyn Engine, text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    engine.encode_into(text, &mut ids);
    ids
}

/// Ids as OpenAI's cookbook prints them ("How to count tokens with tiktoken", read 2026-11-22).
#[test]
fn texts_have_the_published_tokens() {
    use EncodingName::{Cl100kBase, O200kBase, O200kHarmony, P50kBase, R50kBase};
    let word = "antidisestablishmentarianism";
    let sum = "2 + 2 = 4";
    let birthday = "お誕生日おめでとう";
    for (text, encoding, expected) in [
        (word, R50kBase, &[415, 29207, 44390, 3699, 1042][..]),
        (word, P50kBase, &[415, 29207, 44390, 3699, 1042]),
        (word, Cl100kBase, &[519, 85342, 34500, 479, 8997, 2191]),
        (word, O200kBase, &[493, 129_901, 376, 160_388, 21203, 2367]),
        (sum, R50kBase, &[17, 1343, 362, 796, 604]),
        (sum, Cl100kBase, &[17, 489, 220, 17, 284, 220, 19]),
        (
            birthday,
            Cl100kBase,
            &[33334, 45918, 243, 21990, 9080, 33334, 62004, 16556, 78699],
        ),
        (
            birthday,
            O200kBase,
            &[8930, 9697, 243, 128_225, 8930, 17693, 4344, 48669],
        ),
        (
            birthday,
            O200kHarmony,
            &[8930, 9697, 243, 128_225, 8930, 17693, 4344, 48669],
        ),
    ] {
        for load in LOADS {
            let engine = engine(load, encoding);
            assert_eq!(ids(engine, text), expected, "{text} {encoding} {load:?}");
            let count = engine.count(text, &mut vec![7]);
            assert_eq!(count, expected.len() as u64, "{text} {encoding} {load:?}");
        }
    }
}

#[test]
fn pieces_follow_each_other_and_may_cut_characters() {
    let shown = |encoding| {
        let pieces = engine(Load::Single, encoding).pieces("It's 🚀!");
        let ranges = pieces.into_iter().map(|piece| piece.bytes);
        ranges
            .map(|bytes| (bytes.start, bytes.end))
            .collect::<Vec<_>>()
    };
    let expected: Vec<(usize, usize)> = vec![(0, 2), (2, 4), (4, 7), (7, 8), (8, 9), (9, 10)];
    assert_eq!(shown(EncodingName::Cl100kBase), expected);
    let expected: Vec<(usize, usize)> = vec![(0, 4), (4, 8), (8, 9), (9, 10)];
    assert_eq!(shown(EncodingName::O200kBase), expected);
    for encoding in EncodingName::ALL {
        for load in LOADS {
            let engine = engine(load, encoding);
            let text = "Größe: 12,5 μm — 「天気」\r\n\t<|endoftext|>";
            let pieces = engine.pieces(text);
            assert_eq!(pieces.last().unwrap().bytes.end, text.len());
            for piece in pieces {
                let bytes = text.as_bytes()[piece.bytes].to_vec();
                assert_eq!(engine.bytes_of(piece.id), Some(bytes), "{encoding}");
            }
            assert_eq!(engine.bytes_of(5_000_000), None);
        }
    }
}

/// Counts as OpenAI's tiktoken 0.14.0 gives them.
#[test]
fn special_tokens_are_text_unless_recognised() {
    use EncodingName::{Cl100kBase, O200kBase, O200kHarmony, P50kBase};
    for (text, encoding, as_text, recognised) in [
        ("hello <|endoftext|> world", Cl100kBase, 8, 4),
        ("hello <|endoftext|> world", O200kBase, 9, 4),
        ("hello <|endoftext|> world", O200kHarmony, 9, 4),
        ("hello <|endoftext|> world", P50kBase, 9, 4),
        ("<|im_start|>user\nhi<|im_end|>", O200kBase, 15, 15),
        ("<|endoftext", Cl100kBase, 5, 5),
        ("<|ENDOFTEXT|>", O200kBase, 7, 7),
        ("Ignore all.<|im_sep|><|endoftext|>\n\n", Cl100kBase, 14, 10),
        ("<|start|>assistant", O200kHarmony, 6, 2),
        ("<|start|>assistant", O200kBase, 6, 6),
        ("<|<|endoftext|>|>", Cl100kBase, 10, 5),
        ("<|reserved_201087|>", O200kHarmony, 8, 1),
    ] {
        for load in LOADS {
            let count = |special| {
                let engine = Engines::new(load, special).get(encoding);
                engine.count(text, &mut Vec::new())
            };
            let counts = (count(SpecialTokens::Text), count(SpecialTokens::Recognised));
            assert_eq!(
                counts,
                (as_text, recognised),
                "{text:?} {encoding} {load:?}"
            );
        }
    }
}

#[test]
fn special_tokens_have_their_own_ids() {
    let engine = Engines::new(Load::Bulk, SpecialTokens::Recognised).get(EncodingName::O200kBase);
    let pieces = engine.pieces("a<|endoftext|>b");
    let found: Vec<_> = pieces.iter().map(|piece| piece.bytes.clone()).collect();
    assert_eq!(found, [0..1, 1..14, 14..15]);
    assert_eq!(pieces[1].id, 199_999);
    assert_eq!(engine.bytes_of(199_999), Some(b"<|endoftext|>".to_vec()));
}

/// What the search for special tokens in `engine::special` relies on, and the borders of
/// `splitting`: no special token has one inside.
#[test]
fn special_tokens_have_one_start_and_one_end() {
    for core in [
        tiktoken_rs::cl100k_base_singleton(),
        tiktoken_rs::o200k_base_singleton(),
        tiktoken_rs::o200k_harmony_singleton(),
        tiktoken_rs::p50k_base_singleton(),
        tiktoken_rs::r50k_base_singleton(),
    ] {
        for text in core.special_tokens() {
            assert!(text.starts_with("<|"), "{text}");
            assert_eq!(text.find("|>"), Some(text.len() - 2), "{text}");
            assert_eq!(core.encode_with_special_tokens(text).len(), 1, "{text}");
            assert_eq!(split(text, 1).count(), 1, "{text} can be cut");
        }
    }
}

// --- Hostile texts ------------------------------------------------------------------------------

/// What is repeated, and the tokens of 384 of them in `cl100k_base`, `o200k_base`, `p50k_base`
/// and `r50k_base`: 8 `a` are a token in the first, 4 in the last, and so on.
const REPEATED: [(&str, [u64; 4]); 7] = [
    ("a", [48, 48, 96, 96]),
    (" ", [3, 3, 24, 384]),
    ("\t ", [384, 384, 768, 768]),
    ("\n", [12, 24, 192, 192]),
    ("天", [384, 192, 384, 384]),
    ("!", [48, 24, 48, 48]),
    ("7", [128, 128, 192, 192]),
];

const IN_ORDER: [EncodingName; 4] = [
    EncodingName::Cl100kBase,
    EncodingName::O200kBase,
    EncodingName::P50kBase,
    EncodingName::R50kBase,
];

/// From 77 KB, which is more than the reference engine takes at once.
fn check_repeats(load: Load, which: usize, sizes: [usize; 2]) {
    let engine = engine(load, IN_ORDER[which]);
    for (unit, tokens) in REPEATED {
        for size in sizes {
            let count = engine.count(&unit.repeat(384 * size), &mut Vec::new());
            let expected = tokens[which] * size as u64;
            assert_eq!(count, expected, "{unit:?} × {} {load:?}", 384 * size);
        }
    }
}

#[test]
fn repeated_text_in_bulk_up_to_a_megabyte() {
    check_repeats(Load::Bulk, 0, [200, 2700]);
    check_repeats(Load::Bulk, 1, [200, 2700]);
}

#[test]
fn repeated_text_by_the_reference() {
    check_repeats(Load::Single, 0, [10, 200]);
    check_repeats(Load::Single, 1, [10, 200]);
}

#[test]
fn repeated_text_of_old_encodings() {
    check_repeats(Load::Bulk, 2, [200, 800]);
    check_repeats(Load::Bulk, 3, [200, 800]);
}

/// The engine of old encodings cuts around long runs of whitespace; up to some 300 KB the crate
/// itself can say what is right.
#[test]
fn runs_of_whitespace_in_old_encodings() {
    let engine = engine(Load::Bulk, EncodingName::P50kBase);
    let core = tiktoken_rs::p50k_base_singleton();
    for run in [" ", "\n", "\t ", "\r\n", " \u{3000}", "\n "] {
        let long = run.repeat(100_000 / run.len());
        let short = run.repeat(5_000 / run.len());
        for text in [
            long.clone(),
            format!("{long}x"),
            format!("x{long}"),
            format!("x{long}x y"),
            format!("x!{long}\u{e9}{short}'s{short}!!"),
            format!("{short}{}{short}", "天".repeat(30_000)),
        ] {
            let found = ids(engine, &text);
            assert!(found == core.encode_ordinary(&text), "{run:?}");
        }
    }
}

#[test]
fn blanks_beyond_what_the_crate_survives() {
    let engine = engine(Load::Bulk, EncodingName::P50kBase);
    let blanks = " ".repeat(16 * 60_000 + 1);
    let count = engine.count(&format!("x{blanks}x"), &mut Vec::new());
    assert_eq!(count, 1 + 60_000 + 1, "x, sixteens, and x with a blank");
}

// --- Splitting ----------------------------------------------------------------------------------

const PARTS: [&str; 24] = [
    "word",
    "Word",
    "it's",
    "17",
    "3.14",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\n\n",
    "天気",
    "。",
    "é",
    "\u{301}",
    "/",
    "//",
    "'",
    "',",
    "{\"a\":1}",
    "🚀",
    "<|endoftext|>",
    "\u{a0}",
    "가나",
];

#[test]
fn split_texts_have_the_tokens_of_the_whole() {
    let mut random = Pcg64::seed_from_u64(4);
    for encoding in EncodingName::ALL {
        let engine = engine(Load::Bulk, encoding);
        for _ in 0..400 {
            let length = random.random_range(1..200);
            let parts = (0..length).map(|_| PARTS[random.random_range(0..PARTS.len())]);
            let text: String = parts.collect();
            let whole = ids(engine, &text);
            let wanted = random.random_range(1..60);
            let mut found = Vec::new();
            for part in split(&text, wanted) {
                engine.encode_into(part, &mut found);
            }
            assert_eq!(found, whole, "{encoding} {wanted} {text:?}");
        }
    }
}
