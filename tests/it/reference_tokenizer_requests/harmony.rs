//! Conversations as the published format renders them: the same count from the rendered text and
//! from the request.

use serde_json::{Value, json};
use tollbook::tokenizer::request::Api;
use tollbook::tokenizer::{EncodingName, Engines, Load, SpecialTokens};

use super::oracle::{counted, of_kind};

const MODEL: &str = "gpt-oss-120b";

/// A rendered message: what stands before its text, and the text.
fn messages(rendered: &str) -> Vec<(&str, &str)> {
    let parts = rendered.split("<|start|>").skip(1);
    let split = parts.filter_map(|part| part.split_once("<|message|>"));
    split
        .map(|(head, text)| {
            let end = text.find("<|end|>").or_else(|| text.find("<|call|>"));
            (head, &text[..end.unwrap()])
        })
        .collect()
}

/// The request that a rendered conversation answers; `tools` are those it defines, if any.
fn request(rendered: &str, tools: &Value) -> Value {
    let mut request = json!({"messages": []});
    let mut says = Vec::new();
    for (head, text) in messages(rendered) {
        match head {
            "system" => {
                let effort = text.split_once("Reasoning: ").unwrap().1;
                request["reasoning_effort"] = json!(effort.lines().next().unwrap());
            }
            "developer" => {
                let text = text.strip_prefix("# Instructions\n\n").unwrap();
                let instructions = text.split("\n\n# Tools").next().unwrap();
                says.push(json!({"role": "developer", "content": instructions}));
                request["tools"] = tools.clone();
            }
            "user" => says.push(json!({"role": "user", "content": text})),
            head if head.starts_with("assistant to=functions.") => {
                let name = &head["assistant to=functions.".len()..];
                let name = name.split('<').next().unwrap();
                let function = json!({"name": name, "arguments": text});
                let call = json!({"id": "1", "type": "function", "function": function});
                says.push(json!({"role": "assistant", "tool_calls": [call]}));
            }
            head if head.starts_with("assistant") => {
                says.push(json!({"role": "assistant", "content": text}));
            }
            head if head.starts_with("functions.") => {
                says.push(json!({"role": "tool", "tool_call_id": "1", "content": text}));
            }
            other => panic!("no message by {other}"),
        }
    }
    request["messages"] = json!(says);
    request
}

/// The tool of the cookbook, which the records use too.
fn tools() -> Value {
    let records = of_kind("chat");
    let known = records
        .iter()
        .find(|record| record["id"] == "chat-86fbdd8465d8");
    let mut tools = known.unwrap()["given"]["tools"].clone();
    // The records' own texts do not say which property comes first; the rendered text does.
    assert_eq!(tools.as_array().unwrap().len(), 1);
    tools[0]["function"]["strict"] = json!(true);
    tools
}

fn total(request: &Value) -> u64 {
    counted(MODEL, Api::Chat, &request.to_string(), None).total()
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn conversations_cost_what_the_format_renders() {
    let tools = tools();
    let hello = json!({"messages": [{"role": "user", "content": "hello"}]});
    let engines = Engines::new(Load::Bulk, SpecialTokens::Recognised);
    let engine = engines.get(EncodingName::O200kHarmony);
    let mut default_system = None;
    for record in of_kind("harmony") {
        let rendered = record["given"]["rendered"].as_str().unwrap();
        let expected = record["expected"]["prompt_tokens"].as_u64().unwrap();
        assert_eq!(engine.count(rendered, &mut Vec::new()), expected);
        if messages(rendered)[0].0 == "system" {
            let request = request(rendered, &tools);
            assert_eq!(total(&request), expected, "{}", record["id"]);
        } else {
            // The service always adds the system's message, which this record leaves out.
            default_system = Some(total(&hello) - expected);
        }
    }
    assert_eq!(default_system, Some(61));
}
