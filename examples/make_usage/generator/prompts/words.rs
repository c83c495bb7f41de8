//! Sentences without meaning.

use super::super::rng::Rng;

const SUBJECTS: [&str; 12] = [
    "The invoice",
    "A delivery",
    "The contract",
    "Our warehouse",
    "The printer",
    "A customer",
    "The warranty",
    "Every order",
    "The supplier",
    "A parcel",
    "The account",
    "This clause",
];

const VERBS: [&str; 10] = [
    "arrives before",
    "depends on",
    "was sent with",
    "is checked against",
    "refers to",
    "replaces",
    "follows",
    "costs more than",
    "is kept beside",
    "contradicts",
];

const OBJECTS: [&str; 12] = [
    "the second reminder",
    "an unsigned copy",
    "the list of 2026",
    "its own appendix",
    "paragraph 14",
    "the blue folder",
    "a discount of 7.5 %",
    "the café in Zürich",
    "the old address",
    "an order of 1,250 pieces",
    "the third party",
    "the reply of last week",
];

const ENDINGS: [&str; 6] = [
    "",
    " and nobody noticed",
    ", as agreed",
    " unless stated otherwise",
    " (see below)",
    ", which is why it was returned",
];

/// One sentence.
pub(super) fn sentence(rng: &mut Rng) -> String {
    let [subject, verb] = [rng.pick(&SUBJECTS), rng.pick(&VERBS)];
    let [object, ending] = [rng.pick(&OBJECTS), rng.pick(&ENDINGS)];
    format!("{subject} {verb} {object}{ending}.")
}

/// So many sentences.
pub(super) fn paragraph(rng: &mut Rng, sentences: u32) -> String {
    let sentences: Vec<String> = (0..sentences).map(|_| sentence(rng)).collect();
    sentences.join(" ")
}
