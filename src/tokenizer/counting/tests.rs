//! Each rule on examples that can be checked by hand: here a word is a token.

use super::*;
use crate::tokenizer::count::{Certainty, Part};
use crate::tokenizer::request::Api;

/// One token for each word.
struct Words;

impl Engine for Words {
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
        let number = |word: &str| {
            word.bytes()
                .fold(7, |id: u32, byte| id * 31 % 65_521 + u32::from(byte))
        };
        ids.extend(text.split_whitespace().map(number));
    }

    fn bytes_of(&self, _: u32) -> Option<Vec<u8>> {
        None
    }
}

fn counted(model: &str, body: &str) -> Count {
    counted_with(model, body, Options::default(), &mut Scratch::default())
}

fn counted_with(model: &str, body: &str, options: Options, scratch: &mut Scratch) -> Count {
    let request = Request::parse(body.as_bytes(), None).unwrap();
    let counter = Counter::new(&Words, Family::of(model), options);
    counter.count(&request, scratch)
}

/// The body of a request to Chat Completions or Responses: messages or items, and more keys.
fn body(api: Api, items: &str, more: &str) -> String {
    let key = if api == Api::Chat {
        "messages"
    } else {
        "input"
    };
    format!("{{\"{key}\":[{items}]{more}}}")
}

const USER: &str = r#"{"role":"user","content":"one two"}"#;
const SYSTEM: &str = r#"{"role":"system","content":"be brief"}"#;

#[test]
fn messages_have_a_frame_and_the_answer_a_start() {
    let two = r#"{"messages":[{"role":"system","content":"be brief"},
        {"role":"user","name":"ann","content":[{"type":"text","text":"one two three"}]}]}"#;
    for (model, text, overhead) in [
        // Each message 3 + role 1; a name 1 + 1; the start 3, or 2.
        ("gpt-4o", 5, 2 * 4 + 2 + 3),
        ("gpt-5", 5, 2 * 4 + 2 + 2),
        // Each message 4 + role 1; a name 1 - 1.
        ("gpt-3.5-turbo-0301", 5, 2 * 5 + 3),
        // The system's message is free.
        ("gpt-4o-search-preview", 3, 4 + 2 + 2),
    ] {
        let count = counted(model, two);
        assert_eq!(count.part(Part::Text), text, "{model}");
        assert_eq!(count.part(Part::Overhead), overhead, "{model}");
        assert_eq!(count.certainty(), Certainty::Exact, "{model}");
    }
}

#[test]
fn earlier_answers_of_newer_models_have_a_channel() {
    let answers = format!("{USER},{{\"role\":\"assistant\",\"content\":\"three\"}},{USER}");
    for (model, overhead) in [
        ("gpt-4o", 3 * 4 + 3),
        ("o3-mini", 3 * 4 + 2),
        ("gpt-5", 3 * 4 + 2 + 2),
    ] {
        for api in [Api::Chat, Api::Responses] {
            let count = counted(model, &body(api, &answers, ""));
            assert_eq!(count.part(Part::Overhead), overhead, "{model}");
        }
    }
}

#[test]
fn passages_cost_their_text_only() {
    for (body, tokens) in [
        (r#"{"model":"text-embedding-3-small","input":"one two"}"#, 2),
        (
            r#"{"model":"text-embedding-3-small","input":["one two","three"]}"#,
            3,
        ),
        (r#"{"model":"text-embedding-3-small","input":[1,2,3,4]}"#, 4),
        (
            r#"{"model":"text-embedding-3-small","input":[[1,2],[3]]}"#,
            3,
        ),
        (r#"{"prompt":"one two three"}"#, 3),
    ] {
        let count = counted("gpt-35-turbo", body);
        assert_eq!(
            (count.total(), count.certainty()),
            (tokens, Certainty::Exact),
            "{body}"
        );
    }
}

/// `namespace functions {`, `type f = () => any;`, `} // namespace functions`.
const NAMESPACE: i64 = 3 + 6 + 4;

#[test]
fn definitions_cost_their_rendering_and_a_frame() {
    let chat = r#","tools":[{"type":"function","function":{"name":"f"}}]"#;
    let responses = r#","tools":[{"type":"function","name":"f"}]"#;
    let before = r#","functions":[{"name":"f"}]"#;
    let after_system = format!("{SYSTEM},{USER}");
    let not_first = format!("{USER},{SYSTEM}");
    for (model, api, items, tools, frame) in [
        ("gpt-4o", Api::Chat, USER, chat, 9),
        ("gpt-4o", Api::Chat, USER, before, 9),
        ("gpt-4o", Api::Chat, &after_system, chat, 5),
        ("gpt-4o", Api::Chat, &not_first, chat, 9),
        ("gpt-4o", Api::Responses, USER, responses, 3),
        ("gpt-4o", Api::Responses, &after_system, responses, 3),
        ("gpt-5", Api::Chat, USER, chat, 90),
        ("gpt-5", Api::Chat, &after_system, chat, 90),
        ("gpt-5", Api::Responses, USER, responses, 8),
    ] {
        let count = counted(model, &body(api, items, tools));
        assert_eq!(
            count.part(Part::Tools),
            NAMESPACE + frame,
            "{model} {items}"
        );
        assert_eq!(count.reasons().collect::<Vec<_>>(), [Reason::Tools]);
    }
}

#[test]
fn a_choice_of_none_or_one_tool_costs() {
    let tools = r#","tools":[{"type":"function","function":{"name":"f"}}]"#;
    for (model, choice, cost) in [
        ("gpt-4o", r#","tool_choice":"auto""#, 0),
        ("gpt-4o", r#","tool_choice":"required""#, 0),
        ("gpt-4o", r#","tool_choice":"none""#, 1),
        (
            "gpt-4o",
            r#","tool_choice":{"type":"function","function":{"name":"f"}}"#,
            7 + 1,
        ),
        ("gpt-4o", r#","function_call":{"name":"f"}"#, 4 + 1),
        ("gpt-5", r#","tool_choice":"none""#, 0),
        (
            "gpt-5",
            r#","tool_choice":{"type":"function","function":{"name":"f"}}"#,
            0,
        ),
    ] {
        let plain = counted(model, &body(Api::Chat, USER, tools)).total();
        let chosen = counted(model, &body(Api::Chat, USER, &format!("{tools}{choice}"))).total();
        assert_eq!(chosen - plain, cost, "{model} {choice}");
    }
}

#[test]
fn calls_and_their_outputs_have_frames() {
    let chat = r#"{"role":"assistant","content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"f","arguments":"{ }"}}]},
        {"role":"tool","tool_call_id":"1","content":"one two"}"#;
    let responses = r#"{"type":"function_call","call_id":"1","name":"f","arguments":"{ }"},
        {"type":"function_call_output","call_id":"1","output":"one two"}"#;
    let known = responses.replacen(r#""call_id""#, r#""id":"fc_1","call_id""#, 1);
    for (model, api, items, frames) in [
        ("gpt-4-0613", Api::Chat, chat, 0),
        ("gpt-4o", Api::Chat, chat, 3),
        ("gpt-5", Api::Chat, chat, 4 + 5),
        ("gpt-4o", Api::Responses, responses, 1),
        ("gpt-4o", Api::Responses, &known, 1 + 3),
        ("gpt-5", Api::Responses, responses, 4 + 3),
        ("gpt-5", Api::Responses, &known, 4 + 3 + 3),
    ] {
        let count = counted(model, &body(api, items, ""));
        // 3 + `assistant` + `to=functions.f` + `{` + `}`, and 3 + `f`; the output's content is text.
        assert_eq!(
            count.part(Part::ToolCalls),
            3 + 4 + 3 + 1 + frames,
            "{model} {items}"
        );
        assert_eq!(count.part(Part::Text), 2, "{model}");
        assert_eq!(count.reasons().collect::<Vec<_>>(), [Reason::ToolCalls]);
    }
}

#[test]
fn calls_made_at_once_are_wrapped_on_older_models() {
    let call = |id| {
        let function = r#"{"name":"f","arguments":"{ }"}"#;
        format!(r#"{{"id":"{id}","type":"function","function":{function}}}"#)
    };
    let calls = format!("{},{}", call(1), call(2));
    let output = |id| format!(r#"{{"role":"tool","tool_call_id":"{id}","content":"one"}}"#);
    let items = format!(
        r#"{{"role":"assistant","tool_calls":[{calls}]}},{},{}"#,
        output(1),
        output(2)
    );
    for (model, tokens) in [
        // 3 + `assistant` + `to=multi_tool_use.parallel` + compact JSON; outputs 3 + 2 + `f`.
        ("gpt-4o", 3 + 3 + 2 * (3 + 2 + 1)),
        // 3 + 4 + `assistant` + `to=functions.f` + `{` + `}`; outputs 3 + 5 + `f`.
        ("gpt-5", 2 * (3 + 4 + 4) + 2 * (3 + 5 + 1)),
    ] {
        let count = counted(model, &body(Api::Chat, &items, ""));
        assert_eq!(count.part(Part::ToolCalls), tokens, "{model}");
    }
}

#[test]
fn messages_that_only_carry_calls_are_free_in_chat_completions() {
    let call = r#"{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}"#;
    let chat = |content: &str| {
        let message =
            format!(r#"{{"role":"assistant","content":{content},"tool_calls":[{call}]}}"#);
        counted("gpt-4o", &body(Api::Chat, &message, "")).total()
    };
    assert_eq!(chat("\"\""), chat("null"));
    assert_eq!(chat("\"one\""), chat("null") + 3 + 1 + 1);
    let item = r#"{"type":"function_call","call_id":"1","name":"f","arguments":"{}"}"#;
    let empty = format!(r#"{{"role":"assistant","content":""}},{item}"#);
    let responses = |items: &str| counted("gpt-4o", &body(Api::Responses, items, "")).total();
    assert_eq!(responses(&empty), responses(item) + 3 + 1);
}

#[test]
fn schemas_cost_their_text_and_a_frame() {
    let schema = r#""name":"Person","schema":{"type":"object","required":[]}"#;
    let chat = format!(r#","response_format":{{"type":"json_schema","json_schema":{{{schema}}}}}"#);
    let responses = format!(r#","text":{{"format":{{"type":"json_schema",{schema}}}}}"#);
    let with_tools = format!(r#"{chat},"tools":[{{"type":"function","function":{{"name":"f"}}}}]"#);
    let after_system = format!("{SYSTEM},{USER}");
    for (api, items, more, frame) in [
        (Api::Chat, USER, &chat, 8),
        (Api::Chat, &after_system, &chat, 3),
        (Api::Chat, USER, &with_tools, 1),
        (Api::Responses, USER, &responses, 1),
    ] {
        let count = counted("gpt-4o", &body(api, items, more));
        // `# Response Formats`, `## Person`, `{"type":"object"}`.
        assert_eq!(count.part(Part::Schema), 3 + 2 + 1 + frame, "{items}{more}");
    }
    let object = r#","response_format":{"type":"json_object"}"#;
    let count = counted("gpt-4o", &body(Api::Chat, USER, object));
    assert_eq!(
        (count.part(Part::Schema), count.certainty()),
        (0, Certainty::Exact)
    );
}

#[test]
fn images_cost_by_size_or_are_a_lower_bound() {
    let image = |detail: &str| {
        let url = format!(r#"{{"url":"https://example.com/a.png","detail":"{detail}"}}"#);
        let piece = format!(r#"{{"type":"image_url","image_url":{url}}}"#);
        body(
            Api::Chat,
            &format!(r#"{{"role":"user","content":[{piece}]}}"#),
            "",
        )
    };
    let sized = Options {
        image_size: ImageSize::new(1024, 1024),
    };
    for (model, detail, options, tokens, certainty) in [
        ("gpt-4o", "low", Options::default(), 85, Certainty::Exact),
        (
            "gpt-4o",
            "high",
            Options::default(),
            85,
            Certainty::LowerBound,
        ),
        ("gpt-4o", "auto", sized, 85 + 4 * 170, Certainty::Exact),
        // 1,024 patches × 1.62 + 1.
        ("gpt-4.1-mini", "low", sized, 1659 + 1, Certainty::Exact),
        ("gpt-5-mini", "high", sized, 1229 + 1, Certainty::Estimate),
        (
            "gpt-5-mini",
            "low",
            Options::default(),
            0,
            Certainty::LowerBound,
        ),
        ("gpt-4-0613", "high", sized, 0, Certainty::LowerBound),
    ] {
        let count = counted_with(model, &image(detail), options, &mut Scratch::default());
        assert_eq!(count.part(Part::Images), tokens, "{model} {detail}");
        assert_eq!(count.certainty(), certainty, "{model} {detail}");
    }
}

#[test]
fn what_is_not_seen_makes_a_lower_bound_and_says_why() {
    let thought = r#"{"type":"reasoning","summary":[]}"#;
    for (items, more, reason) in [
        (
            USER,
            r#","tools":[{"type":"web_search"}]"#,
            Reason::HostedTools,
        ),
        (
            USER,
            r#","previous_response_id":"r""#,
            Reason::StoredHistory,
        ),
        (USER, r#","conversation":{"id":"c"}"#, Reason::StoredHistory),
        (
            r#"{"type":"item_reference","id":"i"}"#,
            "",
            Reason::StoredHistory,
        ),
        (
            r#"{"type":"web_search_call","id":"w"}"#,
            "",
            Reason::HostedTools,
        ),
        (r#"{"type":"from_the_future"}"#, "", Reason::UnknownPart),
        (&format!("{USER},{thought}"), "", Reason::Reasoning),
        (USER, r#","reasoning":{"mode":"pro"}"#, Reason::HostedTools),
        (
            r#"{"role":"user","content":[{"type":"input_file","file_id":"f"}]}"#,
            "",
            Reason::File,
        ),
        (
            r#"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":""}}]}"#,
            "",
            Reason::Audio,
        ),
    ] {
        let count = counted("gpt-5", &body(Api::Responses, items, more));
        assert_eq!(
            count.reasons().collect::<Vec<_>>(),
            [reason],
            "{items}{more}"
        );
        assert_eq!(count.certainty(), Certainty::LowerBound);
    }
    // Thoughts are dropped before the user's next message.
    let count = counted(
        "gpt-5",
        &body(Api::Responses, &format!("{thought},{USER}"), ""),
    );
    assert_eq!(count.certainty(), Certainty::Exact);
}

#[test]
fn files_of_text_count_their_text() {
    let file = r#"{"role":"user","content":[{"type":"input_file","filename":"a.txt",
        "file_data":"data:text/plain;base64,b25lIHR3bw=="}]}"#;
    let count = counted("gpt-4o", &body(Api::Responses, file, ""));
    assert_eq!(count.part(Part::Files), 2);
    assert_eq!(count.reasons().collect::<Vec<_>>(), [Reason::File]);
}

#[test]
fn gpt_oss_has_a_system_message_of_its_own() {
    let hello = body(Api::Chat, USER, "");
    let plain = counted("gpt-oss-120b", &hello);
    // 3 + `system` + 31 words of the format, 3 + `user`, and the start of the answer.
    assert_eq!(plain.part(Part::Overhead), 3 + 1 + 31 + 3 + 1 + 2);
    assert_eq!(
        (plain.part(Part::Text), plain.certainty()),
        (2, Certainty::Exact)
    );
    let brief = counted(
        "gpt-oss-120b",
        &body(Api::Chat, &format!("{SYSTEM},{USER}"), ""),
    );
    // 3 + `developer` + `# Instructions`.
    assert_eq!(
        brief.part(Part::Overhead) - plain.part(Part::Overhead),
        3 + 1 + 2
    );
    assert_eq!(brief.part(Part::Text), 2 + 2);
}

#[test]
fn a_model_that_nobody_recorded_is_framed_by_assumption() {
    let count = counted("gpt-6-sol", &body(Api::Chat, USER, ""));
    assert_eq!(
        count.reasons().collect::<Vec<_>>(),
        [Reason::AssumedFraming]
    );
    assert_eq!(count.total(), 2 + 4 + 2);
}

#[test]
fn requests_that_start_alike_have_prefixes_that_start_alike() {
    let words = |count: u32| {
        let words = (0..count).map(|word| word.to_string());
        words.collect::<Vec<_>>().join(" ")
    };
    let prefix = |system: &str, user: &str| {
        let system = format!(r#"{{"role":"system","content":"{system}"}}"#);
        let user = format!(r#"{{"role":"user","content":"{user}"}}"#);
        let body = body(Api::Chat, &format!("{system},{user}"), "");
        let mut scratch = Scratch::default();
        let count = counted_with("gpt-4o", &body, Options::default(), &mut scratch);
        assert_eq!(
            scratch.prefix().len(),
            usize::try_from(count.total() / 128).unwrap()
        );
        scratch.prefix().to_vec()
    };
    let (one, other) = (prefix(&words(300), "a"), prefix(&words(300), &words(100)));
    assert_eq!((one.len(), other.len()), (2, 3));
    assert_eq!(one, other[..2]);
    assert_ne!(one[0], prefix(&format!("x {}", words(300)), "a")[0]);
}
