//! Takes out of texts what must not be shown: callers, deployments and models are named by users, and
//! whatever slipped into their fields would be told by any rule that names them.

use std::sync::LazyLock;

use regex::Regex;

/// What stands for what was taken out.
const HIDDEN: &str = "(hidden)";

/// Keys, signatures, addresses of people and of machines, and long runs that only keys have.
static PRIVATE: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        r"Bearer\s+[A-Za-z0-9._~+/-]{8,}=*",
        r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*",
        r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}",
        r"(?i)\b(?:sig|AccountKey|SharedAccessKey|api-key|password)=[^\s&;\x22']+",
        r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+",
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
        r"\b[A-Za-z0-9+]{40,}={0,2}",
        r"\b[0-9a-fA-F]{32,}\b",
    ];
    Regex::new(&patterns.join("|")).expect("a test compiles the expression")
});

/// The text without what is private in it.
pub(in crate::check) fn masked(text: &str) -> String {
    PRIVATE.replace_all(text, HIDDEN).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_taken_out() {
        for (text, expected) in [
            (
                "most come from \"ann@contoso.com\"",
                "most come from \"(hidden)\"",
            ),
            ("model \"203.0.113.77\"", "model \"(hidden)\""),
            (
                "https://x.blob.core.example/a?sv=1&sig=abcd%2Bef end",
                "https://x.blob.core.example/a?sv=1&(hidden) end",
            ),
            ("sk-proj-abcdefghijklmnopqrst", "(hidden)"),
            ("0123456789abcdef0123456789abcdef", "(hidden)"),
        ] {
            assert_eq!(masked(text), expected);
        }
        for text in [
            "gpt-4.1-mini-2025-04-14 in swedencentral, from 2026-10-01",
            "pool global/swedencentral/assistants: 25 PTU",
            "00000000-0000-0000-0000-000000000001",
            "USD 1,234.56 of 99.3 %",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
