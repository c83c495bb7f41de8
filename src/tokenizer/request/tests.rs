//! Bodies of each API, and what is said about bodies that are none.

use super::*;

fn parsed(body: &str) -> Request<'_> {
    Request::parse(body.as_bytes(), None).unwrap()
}

/// The items of a conversation in short: who says what, who is called with what.
fn short(body: &str) -> Vec<String> {
    let request = parsed(body);
    let Prompt::Items(items) = request.prompt else {
        panic!("no conversation");
    };
    items.iter().map(short_item).collect()
}

fn short_item(item: &Item<'_>) -> String {
    match item {
        Item::Message(message) => {
            let name = message.name.as_deref().map(|name| format!(" ({name})"));
            let name = name.unwrap_or_default();
            format!(
                "{}{name}: {}",
                &*message.role,
                short_content(&message.content)
            )
        }
        Item::Calls(calls) => {
            let calls = calls.iter().map(|call| {
                let known = if call.is_known { " known" } else { "" };
                format!("{}({}){known}", &*call.name, &*call.arguments)
            });
            calls.collect::<Vec<_>>().join(", ")
        }
        Item::Output(output) => {
            let name = output.name.as_deref().unwrap_or("-");
            format!(
                "{name} {} -> {}",
                &*output.call,
                short_content(&output.content)
            )
        }
        other => format!("{other:?}"),
    }
}

fn short_content(content: &Content<'_>) -> String {
    let pieces = content.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Image(image) => format!("image {} {:?}", &*image.source, image.detail),
        Piece::Audio(data) => format!("audio {}", &**data),
        Piece::File(file) => {
            let name = file.name.as_deref().unwrap_or("-");
            format!("file {name} {}", file.data.as_deref().unwrap_or("-"))
        }
        Piece::Unknown(kind) => format!("unknown {}", &**kind),
    });
    pieces.collect::<Vec<_>>().join(" + ")
}

#[test]
fn chat_messages_are_items() {
    let body = r#"{"messages":[
        {"role":"developer","content":"be brief"},
        {"role":"user","name":"ann","content":[{"type":"text","text":"a"},
          {"type":"image_url","image_url":{"url":"u","detail":"low"}},
          {"type":"input_audio","input_audio":{"data":"d","format":"wav"}},
          {"type":"file","file":{"filename":"f","file_data":"x"}},
          {"type":"hologram"}]},
        {"role":"assistant","content":null,"refusal":"no"},
        {"role":"assistant","content":null,"tool_calls":[
          {"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},
          {"id":"2","type":"custom","custom":{"name":"g","input":"text"}}]},
        {"role":"tool","tool_call_id":"1","content":"done"},
        {"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}},
        {"role":"function","name":"f","content":[{"type":"text","text":"done"}]}]}"#;
    assert_eq!(
        short(body),
        [
            "developer: be brief",
            "user (ann): a + image u Low + audio d + file f x + unknown hologram",
            "assistant: no",
            "f({}), g(text)",
            "- 1 -> done",
            "assistant: ",
            "f({})",
            "f  -> done",
        ]
    );
}

#[test]
fn items_of_responses_are_the_same_items() {
    let body = r#"{"instructions":"be brief","input":[
        {"role":"user","content":"a"},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"b"},
          {"type":"input_image","image_url":"u","detail":"high"},
          {"type":"input_image","file_id":"id"},
          {"type":"input_file","filename":"f","file_data":"x"},
          {"type":"input_file","file_id":"id"}]},
        {"type":"reasoning","summary":[]},
        {"type":"function_call","call_id":"1","name":"f","arguments":"{}","id":"fc_1"},
        {"type":"function_call","call_id":"2","name":"g","arguments":"{}"},
        {"type":"function_call_output","call_id":"1","output":"done"},
        {"type":"function_call_output","call_id":"2","output":[{"type":"input_text","text":"t"}]},
        {"type":"item_reference","id":"x"},
        {"type":"web_search_call","id":"w","status":"completed"},
        {"type":"from_the_future"}]}"#;
    assert_eq!(
        short(body),
        [
            "system: be brief",
            "user: a",
            "user: b + image u High + image id Auto + file f x + file - -",
            "Reasoning",
            "f({}) known, g({})",
            "- 1 -> done",
            "- 2 -> t",
            "Stored",
            "Hosted",
            "Unknown",
        ]
    );
    assert_eq!(short(r#"{"input":"a","instructions":""}"#), ["user: a"]);
}

#[test]
fn the_keys_tell_the_api_unless_the_address_does() {
    for (body, api) in [
        (r#"{"messages":[]}"#, Api::Chat),
        (r#"{"input":"a"}"#, Api::Responses),
        (
            r#"{"model":"text-embedding-3-small","input":"a"}"#,
            Api::Embeddings,
        ),
        (r#"{"prompt":"a"}"#, Api::Completions),
        (r#"{"prompt":{"id":"pmpt_1"}}"#, Api::Responses),
    ] {
        assert_eq!(parsed(body).api, api, "{body}");
    }
    let embedding = Request::parse(br#"{"input":"a"}"#, Some(Api::Embeddings)).unwrap();
    let passage = Passage::Text("a".into());
    assert_eq!(embedding.prompt, Prompt::Passages(vec![passage]));
    for (path, api) in [
        ("/v1/chat/completions", Some(Api::Chat)),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1",
            Some(Api::Chat),
        ),
        ("/v1/completions/", Some(Api::Completions)),
        ("/openai/v1/responses", Some(Api::Responses)),
        ("/v1/embeddings", Some(Api::Embeddings)),
        ("/v1/images/generations", None),
        ("", None),
    ] {
        assert_eq!(Api::of_path(path), api, "{path}");
    }
}

#[test]
fn limits_and_what_the_service_keeps_are_read() {
    let body = r#"{"input":"a","max_output_tokens":50,"previous_response_id":"r",
        "conversation":null,"text":{"format":{"type":"json_object"}},"reasoning":{"effort":"low"}}"#;
    let request = parsed(body);
    assert_eq!(request.max_tokens, NonZero::new(50));
    assert_eq!(request.stored, ["previous_response_id"]);
    assert_eq!(request.format.unwrap()["type"], "json_object");
    assert_eq!(request.effort.as_deref(), Some("low"));
    let request = parsed(
        r#"{"messages":[],"max_tokens":5,"max_completion_tokens":7,"n":3,"web_search_options":{}}"#,
    );
    assert_eq!(request.max_tokens, NonZero::new(7));
    assert_eq!(request.answers.get(), 3);
    assert_eq!(request.hosted, ["web_search_options"]);
    assert_eq!(parsed(r#"{"prompt":{"id":"pmpt_1"}}"#).stored, ["prompt"]);
    let silent = r#"{"input":"a","instructions":"","tools":[{"type":"function","name":"f"}]}"#;
    assert_eq!(parsed(silent).hosted, ["instructions"]);
    assert!(
        parsed(r#"{"input":"a","instructions":""}"#)
            .hosted
            .is_empty()
    );
}

#[test]
fn a_refused_body_says_where_and_why() {
    for (body, message) in [
        (
            r#"{"messages":[{"role":"user","content":"a"},{"role":"user","content":5}]}"#,
            "`messages[1].content`: invalid type: integer `5`, expected a string or a list of \
             parts",
        ),
        (
            r#"{"messages":[{"role":"user","content":[{"type":"text","text":true}]}]}"#,
            "`messages[0].content[0].text`: invalid type: boolean `true`, expected a string",
        ),
        (
            r#"{"messages":"a"}"#,
            "`messages`: invalid type: string \"a\", expected a sequence",
        ),
        (
            r#"{"messages":[],"max_tokens":-1}"#,
            "`max_tokens`: invalid value: integer `-1`, expected u32",
        ),
        (
            r#"{"model":"m"}"#,
            "no `messages`, `input` or `prompt`; expected the body of a request",
        ),
        (
            r#"{"messages":[{"role":"#,
            "not valid JSON at byte 20: EOF while parsing; expected one JSON object",
        ),
    ] {
        let error = Request::parse(body.as_bytes(), None).unwrap_err();
        assert_eq!(error.to_string(), message, "{body}");
    }
    let error = Request::parse(br#"{"input":"a"}"#, Some(Api::Chat)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no `messages`; expected the body of a request"
    );
}

#[test]
fn brackets_within_brackets_are_refused_and_do_not_overrun_the_stack() {
    for start in [
        "",
        r#"{"x":"#,
        r#"{"messages":"#,
        r#"{"tools":"#,
        r#"{"input":"#,
    ] {
        for bracket in ["[", r#"{"a":"#] {
            let body = format!("{start}{}", bracket.repeat(1_000_000));
            assert!(
                Request::parse(body.as_bytes(), None).is_err(),
                "{start}{bracket}"
            );
            assert!(Answer::parse(body.as_bytes()).is_err(), "{start}{bracket}");
        }
    }
}

#[test]
fn strings_are_borrowed_unless_they_hold_escapes() {
    let body = r#"{"messages":[{"role":"user","content":"plain"},
        {"role":"user","content":"two\nlines \u00e9 \ud83d\ude00"}]}"#;
    assert_eq!(short(body), ["user: plain", "user: two\nlines é 😀"]);
    let request = parsed(body);
    let Prompt::Items(items) = &request.prompt else {
        panic!("no conversation");
    };
    let is_borrowed = |item: &Item<'_>| match item {
        Item::Message(message) => match &message.content.0[..] {
            [Piece::Text(text)] => body.as_bytes().as_ptr_range().contains(&text.as_ptr()),
            _ => false,
        },
        _ => false,
    };
    assert!(is_borrowed(&items[0]) && !is_borrowed(&items[1]));
}
