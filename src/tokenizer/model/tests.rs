use chrono::NaiveDate;

use super::*;
use crate::catalog::OwnModel;

fn catalog() -> Catalog {
    Catalog::bundled()
}

fn resolve(name: &str) -> Model {
    Model::resolve(&catalog(), name).unwrap()
}

/// The name as given, as shown, as searched for, and the encoding.
const NAMES: &str = "
    gpt-4.1                          | gpt-4.1                   | gpt-4.1                   | o200k_base
    GPT-4o                           | gpt-4o                    | gpt-4o                    | o200k_base
    gpt-3.5-turbo                    | gpt-35-turbo              | gpt-35-turbo              | cl100k_base
    gpt-4o-2024-11-20                | gpt-4o                    | gpt-4o                    | o200k_base
    azure/gpt-4o                     | gpt-4o                    | gpt-4o                    | o200k_base
    openrouter/openai/gpt-4o         | gpt-4o                    | gpt-4o                    | o200k_base
    ft:gpt-4o-2024-08-06:org::id     | gpt-4o                    | gpt-4o                    | o200k_base
    azure/ft:gpt-4:org               | gpt-4                     | gpt-4                     | cl100k_base
    gpt-4o-mini.ft-0a1b-hr           | gpt-4o-mini               | gpt-4o-mini               | o200k_base
    davinci:ft-org-2023              | davinci:ft-org-2023       | davinci                   | r50k_base
    fireworks/gpt-oss-20b            | fireworks/gpt-oss-20b     | gpt-oss-20b               | o200k_harmony
    gpt-oss-20b                      | gpt-oss-20b               | gpt-oss-20b               | o200k_harmony
    gpt-4-vision-preview             | gpt-4-vision-preview      | gpt-4-vision-preview      | cl100k_base
    gpt-5.4-foo                      | gpt-5.4-foo               | gpt-5.4-foo               | o200k_base
    gpt-4o-audio-preview             | gpt-4o-audio-preview      | gpt-4o-audio-preview      | o200k_base
    openai/gpt-4o-realtime-x         | openai/gpt-4o-realtime-x  | gpt-4o-realtime-x         | o200k_base
    text-davinci-003                 | text-davinci-003          | text-davinci-003          | p50k_base
    code-davinci-002                 | code-davinci-002          | code-davinci-002          | p50k_base
    davinci-002                      | davinci-002               | davinci-002               | cl100k_base
    davinci                          | davinci                   | davinci                   | r50k_base
    text-embedding-3-large           | text-embedding-3-large    | text-embedding-3-large    | cl100k_base
";

#[test]
fn names_have_these_encodings() {
    for row in NAMES.trim().lines() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let model = resolve(cells[0]);
        let found = [&model.name, &model.family, model.encoding.name()];
        assert_eq!(found, cells[1..], "{row}");
        assert_eq!(model.reason, None, "{row}");
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
    assert_eq!(known("Ministral-3B").unwrap().ratio.of(1000), 1096);
    assert_eq!(known("Qwen 3.5 4B").unwrap().ratio.of(1000), 1089);
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
