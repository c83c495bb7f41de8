use super::*;
use crate::units::{TokenCounts, Tokens};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn named(model: &str, version: &str) -> ModelName {
    ModelName {
        model: model.to_owned(),
        version: Some(version.to_owned()).filter(|version| !version.is_empty()),
    }
}

#[test]
fn logged_names_are_resolved() {
    let catalog = Catalog::bundled();
    for (logged, resolved) in [
        ("gpt-4.1", "gpt-4.1"),
        ("GPT-4.1-Mini", "gpt-4.1-mini"),
        ("gpt-4.1-2025-04-14", "gpt-4.1 (2025-04-14)"),
        ("gpt-4o-20241120", "gpt-4o (2024-11-20)"),
        ("gpt-4.1-2031-01-01", "gpt-4.1"),
        ("gpt-3.5-turbo", "gpt-35-turbo"),
        ("gpt-35-turbo-0125", "gpt-35-turbo (0125)"),
        ("gpt-4-0613", "gpt-4 (0613)"),
        ("llama-3.3-70b-instruct", "Llama-3.3-70B-Instruct"),
        ("text-embedding-3-small", "text-embedding-3-small"),
    ] {
        let name = catalog.resolve(logged).map(|name| name.to_string());
        assert_eq!(name.as_deref(), Some(resolved), "{logged}");
    }
    for unknown in [
        "",
        "claude",
        "gpt-4.1-mini-preview",
        "2024-11-20",
        "-2024-11-20",
        "é",
    ] {
        assert_eq!(catalog.resolve(unknown), None, "{unknown:?}");
    }
    assert_eq!(catalog.nearest("gpt-41-mini")[0], "gpt-4.1-mini");
}

#[test]
fn weights_follow_model_and_context() {
    let catalog = Catalog::bundled();
    let tokens = TokenCounts {
        input: Tokens::new(1000),
        cached_input: Tokens::new(400),
        cache_write: Tokens::new(100),
        output: Tokens::new(10),
        ..TokenCounts::default()
    };
    let long = Some(Tokens::new(272_000));
    for (model, above, thousandths) in [
        // 500 + 0·400 + 1·100 + 4·10
        ("gpt-4.1", None, 640_000),
        ("gpt-4.1", long, 640_000),
        // 500 + 0.1·400 + 1.25·100 + 5·10
        ("gpt-6-sol", None, 715_000),
        // 2·500 + 0.2·400 + 2.5·100 + 7.5·10
        ("gpt-6-sol", long, 1_405_000),
        // 2·500 + 0.1·400 + 2.5·100 + 7.5·10
        ("gpt-6.1-sol", long, 1_365_000),
    ] {
        let row = catalog
            .provisioned(&named(model, ""), day("2026-10-05"))
            .unwrap();
        let weight = row.weighted(&tokens, above).unwrap();
        assert_eq!(weight.get(), thousandths, "{model} {above:?}");
    }
}

#[test]
fn throughput_depends_on_day_and_version() {
    let catalog = Catalog::bundled();
    let on = day("2026-10-05");
    let row = catalog.provisioned(&named("gpt-4o", ""), on).unwrap();
    assert_eq!(row.input_tpm_per_ptu.get(), 2500);
    for (name, on, message) in [
        (
            named("gpt-4.1", ""),
            "2026-08-31",
            "no provisioned throughput figures for model \"gpt-4.1\" on 2026-08-31; the first \
             ones known hold from 2026-09-01",
        ),
        (
            named("gpt-4.1", "2031-01-01"),
            "2026-10-05",
            "no provisioned throughput figures for model \"gpt-4.1 (2031-01-01)\" on 2026-10-05; \
             known for version 2025-04-14",
        ),
        (
            named("gpt-41-mini", ""),
            "2026-10-05",
            "no provisioned throughput figures for model \"gpt-41-mini\" on 2026-10-05; did you \
             mean gpt-4.1-mini, gpt-4o-mini or gpt-5.4-mini?",
        ),
    ] {
        let error = catalog.provisioned(&name, day(on)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let allowed = catalog.allow_earlier();
    let early = day("2026-08-31");
    let row = allowed.provisioned(&named("gpt-4.1", ""), early).unwrap();
    assert!(!row.holds_on(early));
}

#[test]
fn sizes_depend_on_the_kind() {
    let catalog = Catalog::bundled();
    let on = day("2026-10-05");
    for (model, kind, sizes) in [
        ("gpt-4.1", DeploymentKind::Global, Some((15, 5))),
        ("gpt-4.1", DeploymentKind::Regional, Some((50, 50))),
        ("gpt-4.1-mini", DeploymentKind::Regional, Some((25, 25))),
        ("o1", DeploymentKind::Regional, Some((25, 50))),
        ("Llama-3.3-70B-Instruct", DeploymentKind::Regional, None),
    ] {
        let found = catalog.sizes(&named(model, ""), kind, on);
        let found = found.map(|sizes| (sizes.minimum().get(), sizes.increment().unwrap().get()));
        assert_eq!(found, sizes, "{model} {kind}");
    }
}

#[test]
fn own_models_go_first_and_bring_their_names() {
    let own: OwnModel = toml::from_str(
        r#"
        name = "my-finetune"
        logged_as = ["ft-*"]
        input_tpm_per_ptu = 3000
        weights = { input = 1, cached_input = "0", cache_write = "1", output = "4" }
        from = "2026-01-01"
        source = "measured by us"
        as_of = "2026-01-15"
        "#,
    )
    .unwrap();
    let known = OwnModel {
        name: "gpt-4.1".to_owned(),
        logged_as: vec!["CHAT".to_owned()],
        ..own.clone()
    };
    let bundled = Catalog::bundled();
    let catalog = bundled.clone().with_own(&[own, known]).unwrap();
    assert_eq!(catalog.resolve("FT-4711").unwrap().model, "my-finetune");
    assert_eq!(catalog.resolve("chat").unwrap().model, "gpt-4.1");
    let row = catalog
        .provisioned(&named("gpt-4.1", "2025-04-14"), day("2026-02-01"))
        .unwrap();
    assert_eq!(row.source, "measured by us");
    assert_ne!(catalog.version(), bundled.version());
}

#[test]
fn own_models_that_make_no_sense_are_refused() {
    let own = |lines: &str| -> String {
        let text = format!("name = \"m\"\nsource = \"s\"\nas_of = \"2026-01-15\"\n{lines}");
        match toml::from_str::<OwnModel>(&text) {
            Err(error) => error.message().to_owned(),
            Ok(model) => Catalog::default()
                .with_own(&[model])
                .map_or_else(|error| error.to_string(), |_| String::new()),
        }
    };
    for (lines, message) in [
        (
            "from = \"2026-01-01\"\ninput_tpm_per_ptu = 0",
            "[[model]] \"m\": input_tpm_per_ptu is 0; expected the input tokens that one PTU \
             serves in a minute",
        ),
        (
            "from = \"2026-01-01\"\nuntil = \"2025-01-01\"",
            "[[model]] \"m\": until 2025-01-01 is not after from 2026-01-01",
        ),
        ("from = \"2026-01-01\"", ""),
    ] {
        assert_eq!(own(lines), message);
    }
}

#[test]
fn the_router_is_marked() {
    let catalog = Catalog::bundled();
    assert!(catalog.is_router("model-router"));
    assert!(!catalog.is_router("gpt-4.1"));
}
