//! Shapes as text: one line for each kind of request.

use std::fmt::Write;

use super::{RequestKind, Shape, Shapes};

/// What the file says of itself.
pub(super) const HEAD: &str = "\
# Token shapes: kinds of requests, and how many of each there were.
# tollbook tokenise --shapes writes them, tollbook simulate draws requests from them.
";

pub(super) fn written(shapes: &Shapes) -> String {
    let mut text = format!("{HEAD}version = {}\n", Shapes::VERSION);
    for shape in &shapes.shape {
        write_shape(&mut text, shape);
    }
    text
}

fn write_shape(text: &mut String, shape: &Shape) {
    text.push_str("\n[[shape]]\n");
    let mut field = |key, value: &str| {
        let value = toml::Value::from(value);
        line(text, format_args!("{key} = {value}"));
    };
    field("name", &shape.name);
    for (key, value) in [("model", &shape.model), ("about", &shape.about)] {
        if !value.is_empty() {
            field(key, value);
        }
    }
    text.push_str("requests = [\n");
    for kind in &shape.requests {
        line(text, format_args!("  {{ {} }},", fields_of(kind)));
    }
    text.push_str("]\n");
}

fn fields_of(kind: &RequestKind) -> String {
    let known = [
        ("count", Some(kind.count.get())),
        ("input", Some(kind.input.into())),
        (
            "cached",
            Some(kind.cached.into()).filter(|cached| *cached > 0),
        ),
        ("output", kind.output.map(u64::from)),
        ("max_tokens", kind.max_tokens.map(|most| most.get().into())),
    ];
    let known = known.iter().filter_map(|(key, value)| {
        let value = (*value)?;
        Some(format!("{key} = {value}"))
    });
    known.collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("memory takes every write");
}
