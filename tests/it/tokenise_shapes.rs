//! Shapes from the profile that counts them to the simulation that draws from them.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tollbook::shapes::{RequestKind, Shape, Shapes};
use tollbook::time::{SimDuration, SimTime};
use tollbook::tokenizer::profile::{Label, Profile, Settings};
use tollbook::tokenizer::{Count, Counted, Labels, Part};
use tollbook::workload::synthetic::{Amount, CountedTokens, TokenShape};
use tollbook::workload::{App, Apps, Arrivals, Request, Seed, SyntheticApp, Traffic};

fn kind(
    count: u64,
    input: u32,
    cached: u32,
    output: Option<u32>,
    most: Option<u32>,
) -> RequestKind {
    RequestKind {
        count: NonZero::new(count).unwrap(),
        input,
        cached,
        output,
        max_tokens: most.and_then(NonZero::new),
    }
}

/// Kinds that tell every quantity; the mean input is 1,250.
fn kinds() -> Vec<RequestKind> {
    vec![
        kind(700, 500, 0, Some(50), None),
        kind(200, 2_000, 1_024, Some(300), Some(800)),
        kind(100, 5_000, 4_096, Some(0), Some(1)),
    ]
}

fn tokens(kinds: Vec<RequestKind>) -> CountedTokens {
    CountedTokens {
        kinds,
        cached_minimum: 1_024,
        output: None,
        max_tokens: None,
    }
}

/// Ten thousand requests of the shape, or why there are none.
fn drawn(tokens: CountedTokens, seed: u64) -> Result<Vec<Request>, String> {
    let from = SimTime::from_micros(0);
    let app = SyntheticApp {
        name: "app".to_owned(),
        app: App::named("app"),
        arrivals: Arrivals::Constant,
        rate: 1.0,
        profile: tollbook::workload::synthetic::Profile::default(),
        shape: TokenShape::Counted(tokens),
        priority: None,
        from,
        until: from.after(SimDuration::from_seconds(10_000)),
    };
    let mut traffic = app
        .traffic(Seed::new(seed))
        .map_err(|error| error.to_string())?;
    let mut apps = Apps::default();
    let requests = std::iter::from_fn(|| traffic.next(&mut apps));
    Ok(requests.map(Result::unwrap).collect())
}

#[test]
fn every_request_is_one_of_the_kinds_as_often_as_it_was_counted() {
    let requests = drawn(tokens(kinds()), 7).unwrap();
    assert_eq!(requests.len(), 10_000);
    let mut found: BTreeMap<(u32, u32, u32, Option<u32>), u64> = BTreeMap::new();
    for request in &requests {
        let tokens = request.tokens;
        let most = request.max_tokens.map(NonZero::get);
        *found
            .entry((tokens.input, tokens.cached_input, tokens.output, most))
            .or_default() += 1;
    }
    let expected = kinds().into_iter().map(|kind| {
        let most = kind.max_tokens.map(NonZero::get);
        (kind.input, kind.cached, kind.output.unwrap(), most)
    });
    assert_eq!(found.len(), 3);
    // Counts of 7,000, 2,000 and 1,000 have deviations of 46, 40 and 30.
    for (key, count) in expected.zip([7_000_u64, 2_000, 1_000]) {
        assert!(found[&key].abs_diff(count) < 200, "{key:?}: {found:?}");
    }
    // The mean is 1,250, the deviation of a request 1,366, that of the mean 14.
    let mean = requests
        .iter()
        .map(|request| u64::from(request.tokens.input))
        .sum::<u64>()
        / 10_000;
    assert!(mean.abs_diff(1_250) < 60, "{mean}");
}

#[test]
fn equal_seeds_draw_equal_requests() {
    let draw = |seed| drawn(tokens(kinds()), seed).unwrap();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn what_the_shape_does_not_know_is_filled() {
    let filled = CountedTokens {
        kinds: vec![kind(1, 10, 0, None, None), kind(1, 20, 0, Some(9), Some(3))],
        output: Some(Amount::Constant(7)),
        max_tokens: Some(Amount::Constant(5)),
        ..tokens(Vec::new())
    };
    for request in drawn(filled, 1).unwrap() {
        let most = request.max_tokens.unwrap().get();
        match request.tokens.input {
            // Answers stop at the limit.
            10 => assert_eq!((request.tokens.output, most), (5, 5)),
            _ => assert_eq!((request.tokens.output, most), (3, 3)),
        }
    }
}

#[test]
fn cached_tokens_count_from_the_minimum_of_the_scenario() {
    let higher = CountedTokens {
        cached_minimum: 2_000,
        ..tokens(kinds())
    };
    for request in drawn(higher, 1).unwrap() {
        assert!([0, 4_096].contains(&request.tokens.cached_input));
    }
}

#[test]
fn contradictions_and_gaps_are_refused() {
    let refusal = |tokens| drawn(tokens, 1).unwrap_err();
    let prompts = || {
        vec![
            kind(2, 10, 0, None, Some(5)),
            kind(3, 10, 0, Some(1), Some(5)),
        ]
    };
    let amount = |tokens| Some(Amount::Constant(tokens));
    let start = "synthetic app \"app\": ";
    assert_eq!(
        refusal(tokens(prompts())),
        format!("{start}the shape does not know the answers of 2 of its 5 requests; add `output`")
    );
    let limited = CountedTokens {
        output: amount(1),
        max_tokens: amount(1),
        ..tokens(prompts())
    };
    assert_eq!(
        refusal(limited),
        format!("{start}the shape knows `max_tokens` of every request; leave it out here")
    );
    let answered = CountedTokens {
        output: amount(1),
        ..tokens(kinds())
    };
    assert_eq!(
        refusal(answered),
        format!("{start}the shape knows `output` of every request; leave it out here")
    );
    let empty = CountedTokens {
        output: amount(0),
        ..tokens(vec![kind(1, 0, 0, None, None)])
    };
    assert_eq!(
        refusal(empty),
        format!("{start}a request may have neither input nor output; expected one of them always")
    );
}

/// The shapes of two apps, as a profile counts them: 30 requests of `chat`, 10 of `batch`.
fn counted() -> Shapes {
    let mut profile = Profile::new(Settings {
        by: vec![Label::App],
        cells: 100,
        ..Settings::default()
    });
    for number in 0..40_i64 {
        let mut input = Count::default();
        input.add(Part::Text, 2_000 + number);
        let counted = Counted {
            labels: Labels {
                model: "gpt-4.1".to_owned(),
                app: if number % 4 == 0 { "batch" } else { "chat" }.to_owned(),
                ..Labels::default()
            },
            input,
            output: (number % 4 != 0).then_some(100),
            prefix: (0..10).collect(),
            ..Counted::default()
        };
        profile.add(&counted).unwrap();
    }
    profile.finish().shapes().unwrap()
}

const SCENARIO: &str = r#"
[simulation]
from = "2026-10-05T08:00:00Z"
until = "2026-10-05T10:00:00Z"

[[traffic]]
kind = "synthetic"
app = "chat"
requests_per_s = 1.0
shape = { file = "shapes.toml", name = "chat" }

[[deployment]]
name = "payg"
model = "gpt-4.1"
version = "2025-04-14"
offer = "standard"
kind = "global"
region = "swedencentral"
"#;

fn simulate(folder: &Path, scenario: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("shapes.toml"), counted().to_toml()).unwrap();
    std::fs::write(folder.join("scenario.toml"), scenario).unwrap();
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .arg("simulate")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn refused(scenario: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = simulate(folder.path(), scenario, arguments);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

fn figure(row: &Value, field: &str) -> u64 {
    row[field].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_scenario_draws_from_a_file_of_shapes() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["scenario.toml", "--format", "json"];
    let output = simulate(folder.path(), SCENARIO, &arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert!(
        errors.contains("shape chat of shapes.toml is counted from 30 requests: 30 exact"),
        "{errors}"
    );
    assert!(!errors.contains("which no deployment serves"), "{errors}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let app = &document["apps"][0];
    assert_eq!(app["app"], "chat");
    let offered = figure(app, "offered_requests");
    assert!(offered.abs_diff(7_200) < 500, "{offered}");
    assert_eq!(figure(app, "offered_output_tokens"), 100 * offered);
    // The mean of the 30 prompts is 2,020, their deviation under 13.
    let mean = figure(app, "offered_input_tokens") / offered;
    assert!(mean.abs_diff(2_020) <= 1, "{mean}");
    // An earlier prompt of `batch` was the one that found nothing in the cache.
    assert_eq!(figure(app, "served_cached_input_tokens"), 1_280 * offered);
}

#[test]
fn a_shape_is_played_without_a_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "--model",
        "gpt-4.1",
        "--ptu",
        "50",
        "--shape",
        "shapes.toml:batch",
        "--rpm",
        "6",
        "--output-tokens",
        "30",
        "--format",
        "json",
        "--no-band",
    ];
    let output = simulate(folder.path(), "", &arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["scenario"], "shapes.toml");
    let start = document["start"].as_str().unwrap();
    assert!(start.starts_with("2026-11-02T00:0"), "{start}");
    let apps = document["apps"].as_array().unwrap();
    let app = apps.iter().find(|app| app["app"] == "batch").unwrap();
    // 6 × 1,440 minutes of a day, with a deviation of 93.
    let offered = figure(app, "offered_requests");
    assert!(offered.abs_diff(8_640) < 450, "{offered}");
    assert_eq!(figure(app, "offered_output_tokens"), 30 * offered);
}

#[test]
fn faults_of_shapes_say_where_they_are() {
    let scenario = ["scenario.toml"];
    let with = |from: &str, to: &str| refused(&SCENARIO.replace(from, to), &scenario);
    for (found, expected) in [
        (
            with("name = \"chat\" }", "name = \"chad\" }"),
            "shapes.toml: there is no shape \"chad\"; did you mean chat?",
        ),
        (
            with(", name = \"chat\" }", " }"),
            "shapes.toml: there are several shapes; name batch or chat",
        ),
        (
            with("\"shapes.toml\"", "\"scenario.toml\""),
            "scenario.toml:1:1: missing field `version`",
        ),
        (
            with("\"shapes.toml\"", "\"none.toml\""),
            "cannot read none.toml",
        ),
        (
            with("requests_per_s", "input = 5\nrequests_per_s"),
            "scenario.toml:11:9: a shape knows its `input`; leave out one of the two",
        ),
        (
            with("name = \"chat\" }", "name = \"batch\" }"),
            "the shape does not know the answers of 10 of its 10 requests; add `output`",
        ),
        (
            with("requests_per_s", "output = 5\nrequests_per_s"),
            "[[traffic]] number 1: synthetic app \"chat\": the shape knows `output` of every \
             request; leave it out here",
        ),
        (
            with(
                "\"synthetic\"",
                "\"minutes\"\nfiles = [\"x\"]\ninput = 1\noutput = 1",
            ),
            "`shape` is for traffic of kind \"synthetic\"; this is \"minutes\"",
        ),
        (
            refused(SCENARIO, &["scenario.toml", "--shape", "shapes.toml"]),
            "the following required arguments were not provided",
        ),
        (
            refused(
                "",
                &[
                    "--model", "gpt-4.1", "--ptu", "50", "--shape", "x:y", "--rpm", "1",
                ],
            ),
            "\"x:y\" is no file of shapes; expected e.g. shapes.toml, or shapes.toml:chat",
        ),
        (
            refused(
                "",
                &[
                    "t.csv", "--model", "gpt-4.1", "--ptu", "50", "--shape", "s.toml", "--rpm", "1",
                ],
            ),
            "--shape makes requests up from s.toml, and t.csv has some of its own",
        ),
    ] {
        assert!(found.contains(expected), "{found}\nlacks: {expected}");
    }
}

#[test]
fn another_model_than_the_counted_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = SCENARIO.replace("gpt-4.1", "gpt-4.1-mini");
    let output = simulate(folder.path(), &scenario, &["scenario.toml"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    let told = "shape chat of shapes.toml is counted in tokens of gpt-4.1, which no deployment";
    assert!(errors.contains(told), "{errors}");
}

#[test]
fn what_a_profile_writes_is_read_back() {
    let shapes = counted();
    let names: Vec<&str> = shapes
        .shape
        .iter()
        .map(|shape| shape.name.as_str())
        .collect();
    assert_eq!(names, ["batch", "chat"]);
    let count = |shape: &Shape| {
        shape
            .requests
            .iter()
            .map(|kind| kind.count.get())
            .sum::<u64>()
    };
    assert_eq!(shapes.shape.iter().map(count).collect::<Vec<_>>(), [10, 30]);
    assert_eq!(Shapes::parse(&shapes.to_toml(), "shapes.toml"), Ok(shapes));
}
