//! Files of shapes: what is read back, and what is refused where.

use proptest::prelude::*;

use super::*;

const TWO: &str = r#"version = 1

[[shape]]
name = "chat"
model = "gpt-4.1"
requests = [
  { count = 3, input = 1200, cached = 1024, output = 90, max_tokens = 800 },
  { count = 1, input = 7 },
]

[[shape]]
name = "batch"
requests = [{ count = 1, input = 5, output = 5 }]
"#;

fn refusal(text: &str) -> String {
    Shapes::parse(text, "s.toml").unwrap_err().to_string()
}

#[test]
fn shapes_are_chosen_by_name() {
    let shapes = Shapes::parse(TWO, "s.toml").unwrap();
    let chat = shapes.named(Some("chat")).unwrap();
    assert_eq!((chat.model.as_str(), chat.requests.len()), ("gpt-4.1", 2));
    assert_eq!(chat.requests[1].output, None);
    assert_eq!(
        shapes.named(None).unwrap_err(),
        "there are several shapes; name chat or batch"
    );
    assert_eq!(
        shapes.named(Some("chatt")).unwrap_err(),
        "there is no shape \"chatt\"; did you mean chat?"
    );
}

#[test]
fn the_text_reads_well() {
    let shapes = Shapes::parse(TWO, "s.toml").unwrap();
    let text = shapes.to_toml();
    let expected = TWO.replace(
        "[{ count = 1, input = 5, output = 5 }]",
        "[\n  { count = 1, input = 5, output = 5 },\n]",
    );
    assert_eq!(text, format!("{}{expected}", writing::HEAD));
}

#[test]
fn faults_have_their_place() {
    for (from, to, expected) in [
        (
            "version = 1",
            "version = 2",
            "s.toml:1:11: the file has version 2; this program reads version 1",
        ),
        ("version = 1", "", "s.toml:1:1: missing field `version`"),
        (
            "input = 7",
            "input = -7",
            "s.toml:8:24: invalid value: integer `-7`, expected u32",
        ),
        (
            "count = 1, input = 7",
            "count = 0, input = 7",
            "s.toml:8:13: invalid value: integer `0`, expected a nonzero u64",
        ),
        (
            "cached = 1024",
            "cached = 1201",
            "s.toml:7:3: 1201 cached tokens are more than the 1200 of the whole prompt",
        ),
        (
            "input = 5, output = 5",
            "input = 0, output = 0",
            "s.toml:13:13: a request has neither input nor output; expected one of them",
        ),
        (
            "name = \"batch\"",
            "name = \"chat\"",
            "s.toml:12:8: there are two shapes \"chat\"; rename one",
        ),
        (
            "[{ count = 1, input = 5, output = 5 }]",
            "[]",
            "s.toml:13:12: shape \"batch\" has no requests",
        ),
        (
            "model =",
            "modell =",
            "s.toml:5:1: unknown field `modell`, expected one of `name`, `model`, `about`, `requests`",
        ),
        (
            "count = 3",
            "count = 9223372036854775807, input = 1 }, { count = 9223372036854775807, input = 1 }, { count = 3",
            "s.toml:7:91: there are more requests than 64 bits hold",
        ),
    ] {
        assert!(TWO.contains(from));
        assert_eq!(refusal(&TWO.replace(from, to)), expected);
    }
    assert_eq!(
        refusal("version = 1\n"),
        "s.toml:1:1: there is no [[shape]]; a file of shapes has one at least"
    );
}

prop_compose! {
    fn any_kind()(
        count in 1_u64..1 << 40,
        (input, cached) in (1_u32..).prop_flat_map(|input| (Just(input), 0..=input)),
        output in any::<Option<u32>>(),
        max_tokens in any::<Option<NonZero<u32>>>(),
    ) -> RequestKind {
        let count = NonZero::new(count).unwrap();
        RequestKind { count, input, cached, output, max_tokens }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        texts in proptest::collection::vec(any::<String>(), 3),
        requests in proptest::collection::vec(any_kind(), 1..20),
    ) {
        let shapes = Shapes {
            shape: vec![Shape {
                name: texts[0].clone(),
                model: texts[1].clone(),
                about: texts[2].clone(),
                requests,
            }],
        };
        prop_assert_eq!(Shapes::parse(&shapes.to_toml(), "s.toml"), Ok(shapes));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Shapes::parse(&text, "s.toml");
    }
}
