//! Names the place in JSON at which a reader stopped.

/// The field that is open at the end of `json`, e.g. `messages[2].content`; `body` at the top.
///
/// Only called when reading failed, so it may read everything again.
pub(super) fn path(json: &[u8]) -> String {
    let mut open: Vec<Step> = Vec::new();
    let mut text: Option<Vec<u8>> = None;
    let mut last = Vec::new();
    let mut escaped = false;
    for &byte in json {
        if let Some(inside) = &mut text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => last = text.take().unwrap_or_default(),
                _ => inside.push(byte),
            }
            continue;
        }
        match (byte, open.last_mut()) {
            (b'"', _) => text = Some(Vec::new()),
            (b'{', _) => open.push(Step::Key(String::new())),
            (b'[', _) => open.push(Step::Index(0)),
            (b'}' | b']', _) => drop(open.pop()),
            (b':', Some(Step::Key(key))) => *key = String::from_utf8_lossy(&last).into_owned(),
            (b',', Some(Step::Index(index))) => *index += 1,
            _ => {}
        }
    }
    rendered(&open)
}

enum Step {
    Key(String),
    Index(usize),
}

fn rendered(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => path.extend([".", key]),
            Step::Index(index) => path = format!("{path}[{index}]"),
        }
    }
    if path.is_empty() {
        path.push_str("body");
    }
    path
}
