//! Requests of every kind through the real engines.

use proptest::prelude::*;
use tollbook::tokenizer::counting::{Counter, Options, Scratch};
use tollbook::tokenizer::request::{Answer, Api};
use tollbook::tokenizer::{
    Certainty, Count, EncodingName, Engines, Family, Load, Request, SpecialTokens,
};

fn counted(model: &str, body: &str) -> Count {
    let engines = Engines::new(Load::Bulk, SpecialTokens::Text);
    let engine = engines.get(EncodingName::O200kBase);
    let request = Request::parse(body.as_bytes(), None).unwrap();
    let counter = Counter::new(engine, Family::of(model), Options::default());
    counter.count(&request, &mut Scratch::default())
}

/// Figures that the service bills.
#[test]
fn a_greeting_costs_what_it_is_known_to_cost() {
    let hello = r#"{"messages":[{"role":"user","content":"hello"}]}"#;
    assert_eq!(counted("gpt-4o", hello).total(), 8);
    assert_eq!(counted("gpt-5", hello).total(), 7);
    // The system's message of the format is 61.
    assert_eq!(counted("gpt-oss-120b", hello).total(), 61 + 7);
    let item = r#"{"input":"hello"}"#;
    assert_eq!(counted("gpt-4o", item).total(), 8);
    let embedding = r#"{"model":"text-embedding-3-small","input":"hello"}"#;
    assert_eq!(counted("text-embedding-3-small", embedding).total(), 1);
}

/// Text of special tokens is text: as one token it would cost 1.
#[test]
fn special_tokens_in_messages_are_text() {
    let body = |text: &str| format!(r#"{{"messages":[{{"role":"user","content":"{text}"}}]}}"#);
    let special = counted("gpt-4o", &body("<|endoftext|>")).total();
    assert_eq!(special, counted("gpt-4o", &body("")).total() + 7);
}

/// One line that only numbers properties has to be counted again by whoever changes the rules.
#[test]
fn a_definition_costs_its_typescript() {
    let body = r#"{"messages":[{"role":"user","content":"hello"}],"tools":[{"type":"function",
        "function":{"name":"add","description":"Adds.","parameters":{"type":"object",
        "properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}}}]}"#;
    let text = "namespace functions {\n\n// Adds.\ntype add = (_: { a: number, b: number }) => \
                any;\n\n} // namespace functions";
    let engines = Engines::new(Load::Bulk, SpecialTokens::Text);
    let engine = engines.get(EncodingName::O200kBase);
    let tokens = engine.count(text, &mut Vec::new());
    let count = counted("gpt-4o", body);
    assert_eq!(count.total(), 8 + tokens + 9);
    assert_eq!(count.certainty(), Certainty::Estimate);
}

const KEYS: &str = "messages input prompt role content type text tools functions function name \
    parameters properties items anyOf enum $ref $defs tool_calls arguments call_id output image_url \
    url detail file input_audio data response_format json_schema schema tool_choice instructions \
    usage choices message";

const WORDS: &str = "user assistant system tool text function object array string image_url \
    input_file function_call function_call_output message reasoning json_schema #/$defs/a # \
    data:image/png;base64,iVBORw0KGgo= none";

fn one_of(words: &'static str) -> impl Strategy<Value = String> + Clone {
    let words: Vec<&str> = words.split_whitespace().collect();
    prop::sample::select(words).prop_map(str::to_owned)
}

/// JSON that looks like bodies: known keys, at any place, with any value.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        one_of(WORDS).prop_map(serde_json::Value::from),
        any::<Option<i32>>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        "\\PC{0,12}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let pairs = prop::collection::vec((one_of(KEYS), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(serde_json::Value::from),
            pairs.prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_makes_counting_panic(value in json(), api in 0..5_usize, model in 0..4_usize) {
        let apis = [Api::Chat, Api::Responses, Api::Embeddings, Api::Completions];
        let model = ["gpt-4o", "gpt-4-0613", "gpt-5", "gpt-oss-20b"][model];
        let engines = Engines::new(Load::Bulk, SpecialTokens::Text);
        let engine = engines.get(EncodingName::O200kBase);
        let counter = Counter::new(engine, Family::of(model), Options::default());
        let mut scratch = Scratch::default();
        let body = value.to_string();
        if let Ok(request) = Request::parse(body.as_bytes(), apis.get(api).copied()) {
            let count = counter.count(&request, &mut scratch);
            prop_assert_eq!(&count, &counter.count(&request, &mut Scratch::default()));
        }
        if let Ok(answer) = Answer::parse(body.as_bytes()) {
            counter.answer(&answer, &mut scratch);
        }
    }

    #[test]
    fn no_bytes_make_parsing_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Request::parse(&bytes, None);
        let _ = Answer::parse(&bytes);
    }

    #[test]
    fn half_a_body_is_refused(end in 0..180_usize) {
        let body = r#"{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}],"tools":[{"type":"function","function":{"name":"f"}}]}"#;
        prop_assert!(Request::parse(&body.as_bytes()[..end], None).is_err());
    }
}
