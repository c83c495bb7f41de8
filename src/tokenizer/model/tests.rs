use chrono::NaiveDate;

use super::*;
use crate::catalog::OwnModel;

fn catalog() -> Catalog {
    Catalog::bundled()
}

fn resolve(name: &str) -> Model {
    Model::resolve(&catalog(), name).unwrap()
}

#[test]
fn names_have_these_encodings() {
    use EncodingName::{Cl100kBase, O200kBase, O200kHarmony, P50kBase, R50kBase};
    for (name, shown, family, encoding) in [
        ("gpt-4.1", "gpt-4.1", "gpt-4.1", O200kBase),
        (" GPT-4o ", "gpt-4o", "gpt-4o", O200kBase),
        ("gpt-3.5-turbo", "gpt-35-turbo", "gpt-35-turbo", Cl100kBase),
        ("gpt-4o-2024-11-20", "gpt-4o", "gpt-4o", O200kBase),
        ("azure/gpt-4o", "gpt-4o", "gpt-4o", O200kBase),
        ("openrouter/openai/gpt-4o", "gpt-4o", "gpt-4o", O200kBase),
        (
            "ft:gpt-4o-2024-08-06:org::id",
            "gpt-4o",
            "gpt-4o",
            O200kBase,
        ),
        ("azure/ft:gpt-4:org", "gpt-4", "gpt-4", Cl100kBase),
        (
            "gpt-4o-mini.ft-0a1b-hr",
            "gpt-4o-mini",
            "gpt-4o-mini",
            O200kBase,
        ),
        (
            "davinci:ft-org-2023",
            "davinci:ft-org-2023",
            "davinci",
            R50kBase,
        ),
        (
            "fireworks/gpt-oss-20b",
            "fireworks/gpt-oss-20b",
            "gpt-oss-20b",
            O200kHarmony,
        ),
        ("gpt-oss-20b", "gpt-oss-20b", "gpt-oss-20b", O200kHarmony),
        (
            "gpt-4-vision-preview",
            "gpt-4-vision-preview",
            "gpt-4-vision-preview",
            Cl100kBase,
        ),
        ("gpt-5.4-foo", "gpt-5.4-foo", "gpt-5.4-foo", O200kBase),
        (
            "gpt-4o-audio-preview-2024-12-17",
            "gpt-4o-audio-preview-2024-12-17",
            "gpt-4o-audio-preview-2024-12-17",
            O200kBase,
        ),
        (
            "text-davinci-003",
            "text-davinci-003",
            "text-davinci-003",
            P50kBase,
        ),
        (
            "code-davinci-002",
            "code-davinci-002",
            "code-davinci-002",
            P50kBase,
        ),
        ("davinci-002", "davinci-002", "davinci-002", Cl100kBase),
        ("davinci", "davinci", "davinci", R50kBase),
        (
            "text-embedding-3-large",
            "text-embedding-3-large",
            "text-embedding-3-large",
            Cl100kBase,
        ),
    ] {
        let model = resolve(name);
        let found = (&*model.name, &*model.family, model.encoding, model.reason);
        assert_eq!(found, (shown, family, encoding, None), "{name}");
    }
}

#[test]
fn what_nobody_knows_is_assumed_and_says_so() {
    for (name, reason) in [
        ("gpt-6-sol", Reason::AssumedEncoding),
        ("gpt-6.7-new", Reason::AssumedEncoding),
        ("gpt-4.9", Reason::AssumedEncoding),
        ("gpt-realtime-2", Reason::AssumedEncoding),
        ("hr-assistant", Reason::UnknownModel),
        ("gpt-45", Reason::UnknownModel),
        ("", Reason::UnknownModel),
    ] {
        let model = resolve(name);
        assert_eq!(
            (model.encoding, model.reason),
            (Model::UNKNOWN, Some(reason)),
            "{name}"
        );
    }
}

#[test]
fn a_version_in_the_name_is_kept() {
    let known = resolve("azure/gpt-4o-2024-11-20").known.unwrap();
    assert_eq!(known.version.as_deref(), Some("2024-11-20"));
    assert_eq!(resolve("gpt-5.4-foo").known, None);
}

#[test]
fn other_tokenizers_are_refused_by_name() {
    for (name, start) in [
        (
            "DeepSeek-R1",
            "the tokenizer deepseek_v3 is not embedded, so tokens of model \"DeepSeek-R1\"",
        ),
        (
            "azure_ai/deepseek-v4",
            "the tokenizer deepseek_v3 is not embedded, so",
        ),
        (
            "grok-4-fast",
            "its tokenizer is not public or not known, so tokens of model \"grok-4-fast\"",
        ),
        ("anthropic/claude-opus-5", "its tokenizer is not public"),
        ("gpt-image-2", "its tokenizer is not public"),
        ("model-router", "its tokenizer is not public"),
    ] {
        let error = Model::resolve(&catalog(), name).unwrap_err().to_string();
        assert!(error.starts_with(start), "{error}");
        assert!(error.contains("--approximate"), "{error}");
    }
}

#[test]
fn approximations_scale_another_encoding() {
    let given: Ratio = "1.25".parse().unwrap();
    let model = Model::approximate(&catalog(), "grok-4", Some(given));
    assert_eq!(model.reason, Some(Reason::Approximated));
    assert_eq!(model.encoding, Model::UNKNOWN);
    assert_eq!(model.approximation, Some(Approximation::given(given)));
    let known = |name| Model::approximate(&catalog(), name, None).approximation;
    assert_eq!(known("grok-4").unwrap().ratio, Ratio::ONE);
    assert_eq!(
        known("fireworks/DeepSeek V4 Pro").unwrap().ratio.of(1000),
        1049
    );
    assert_eq!(known("Ministral-3B").unwrap().ratio.of(1000), 1094);
    let exact = Model::approximate(&catalog(), "gpt-4", Some(given));
    assert_eq!(exact, resolve("gpt-4"), "nothing to approximate");
}

#[test]
fn own_names_go_first() {
    let day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
    let own = |name: &str, logged_as: &str| OwnModel {
        name: name.to_owned(),
        version: String::new(),
        logged_as: vec![logged_as.to_owned()],
        input_tpm_per_ptu: None,
        weights: None,
        from: day,
        until: None,
        source: "contract".to_owned(),
        as_of: day,
    };
    let models = [
        own("gpt-4.1", "hr-*"),
        own("house-model", "house"),
        own("gpt-4o-hr", "x"),
    ];
    let catalog = Catalog::bundled().with_own(&models).unwrap();
    let resolve = |name: &str| {
        let model = Model::resolve(&catalog, name).unwrap();
        (model.name, model.reason)
    };
    let named = |name: &str, reason| (name.to_owned(), reason);
    assert_eq!(resolve("azure/hr-assistant"), named("gpt-4.1", None));
    assert_eq!(
        resolve("house"),
        named("house-model", Some(Reason::AssumedEncoding))
    );
    assert_eq!(resolve("x"), named("gpt-4o-hr", None), "by its prefix");
}
