//! Request bodies, a batch, a gateway log with messages, and plain prompts: small files to count.
//!
//! Texts are made of a few words, so nobody's text is in them. Usage in the log is counted here by
//! the published rule for plain chats (3 tokens a message, its role and content, 3 for the answer;
//! `OpenAI` cookbook) with a tokenizer of its own, so that it is evidence beside the program's.

mod log;
mod words;

use serde_json::{Value, json};

use super::contoso::Files;
use super::rng::Rng;
use words::{paragraph, sentence};

/// The apps that call, with their models and the length of their standing instructions.
const APPS: [(&str, &str, u32); 3] = [
    ("helpdesk", "gpt-4.1", 110),
    ("contracts", "gpt-5-mini", 24),
    ("shop", "gpt-4o-mini", 6),
];

/// Every file, by its path.
pub(crate) fn files(seed: u64) -> Files {
    let mut files = Files::new();
    let mut add = |path: &str, text: String| {
        files.insert(path.to_owned(), text.into_bytes());
    };
    add("chat.jsonl", lines(&chats(&mut Rng::of_item(seed, 1))));
    add("batch.jsonl", lines(&batch(&mut Rng::of_item(seed, 2))));
    add(
        "llm-log.jsonl",
        lines(&log::messages(&mut Rng::of_item(seed, 3))),
    );
    add("prompts.csv", prompts_csv(&mut Rng::of_item(seed, 4)));
    add("prompt.md", prompt_md(&mut Rng::of_item(seed, 5)));
    files
}

fn lines(rows: &[Value]) -> String {
    let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
    rows.join("\n") + "\n"
}

/// Chats of three apps; the first has instructions long enough for the prompt cache.
fn chats(rng: &mut Rng) -> Vec<Value> {
    let apps: Vec<(&str, &str, String)> = APPS
        .iter()
        .map(|(app, model, sentences)| {
            let instructions = format!("You answer for {app}. {}", paragraph(rng, *sentences));
            (*app, *model, instructions)
        })
        .collect();
    (0..60)
        .map(|_| {
            let (app, model, instructions) = rng.pick(&apps);
            let turns = rng.between(0, 2);
            let mut messages = vec![message("system", instructions)];
            for _ in 0..turns {
                let (asked, answered) = (rng.between(1, 3), rng.between(2, 6));
                messages.push(message("user", &paragraph(rng, asked)));
                messages.push(message("assistant", &paragraph(rng, answered)));
            }
            let asked = rng.between(1, 8);
            messages.push(message("user", &paragraph(rng, asked)));
            let mut body = json!({
                "model": model,
                "messages": messages,
                "max_completion_tokens": 200 * rng.between(1, 5),
                "metadata": {"app": app},
            });
            if *app == "shop" && rng.percent(50) {
                body["tools"] = json!([find_article()]);
            }
            body
        })
        .collect()
}

fn message(role: &str, content: &str) -> Value {
    json!({"role": role, "content": content})
}

/// A tool of the shop.
fn find_article() -> Value {
    json!({"type": "function", "function": {
        "name": "find_article",
        "description": "Finds articles by words in their names.",
        "parameters": {"type": "object", "properties": {
            "words": {"type": "string", "description": "Words, in any order."},
            "colour": {"type": "string", "enum": ["red", "green", "blue"]},
        }, "required": ["words"]},
    }})
}

/// An Azure batch: its model is the name of a deployment.
fn batch(rng: &mut Rng) -> Vec<Value> {
    (1..=20)
        .map(|number| {
            let sentences = rng.between(5, 40);
            let text = paragraph(rng, sentences);
            json!({
                "custom_id": format!("paper-{number}"),
                "method": "POST",
                "url": "/chat/completions",
                "body": {
                    "model": "summaries",
                    "messages": [
                        message("system", "Summarise the paper in three sentences."),
                        message("user", &text),
                    ],
                },
            })
        })
        .collect()
}

fn prompts_csv(rng: &mut Rng) -> String {
    let mut lines = vec!["id,team,prompt".to_owned()];
    for number in 1..=30 {
        let team = rng.pick(&["hr", "finance", "legal"]);
        let sentences = rng.between(1, 6);
        let prompt = paragraph(rng, sentences);
        lines.push(format!("{number},{team},\"{prompt}\n{}\"", sentence(rng)));
    }
    lines.join("\n") + "\n"
}

fn prompt_md(rng: &mut Rng) -> String {
    let mut lines = vec!["# House rules".to_owned()];
    for heading in ["Tone", "Sources", "Length", "Refusals"] {
        lines.push(format!("\n## {heading}\n"));
        for _ in 0..rng.between(2, 5) {
            lines.push(format!("- {}", sentence(rng)));
        }
        lines.push(format!("\n{}", paragraph(rng, 4)));
    }
    lines.join("\n") + "\n"
}
