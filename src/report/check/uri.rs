//! Paths as machines want them.

use std::fmt::Write;

/// A path as the user gave it, with forward slashes and without `./` in front.
pub(super) fn path(file: &str) -> String {
    let path = file.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest.to_owned()
}

/// A path as a URI: relative to where the check ran, or absolute.
pub(super) enum Uri {
    /// Relative to the root of what was checked.
    Relative(String),
    /// With its scheme.
    Absolute(String),
}

impl Uri {
    /// The URI of a path as the user gave it.
    pub(super) fn of(file: &str) -> Self {
        let path = path(file);
        let mut letters = path.chars();
        let has_drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.next() == Some(':')
            && letters.next() == Some('/');
        if let Some(shared) = path.strip_prefix("//") {
            Self::Absolute(format!("file://{}", encoded(shared)))
        } else if path.starts_with('/') {
            Self::Absolute(format!("file://{}", encoded(&path)))
        } else if has_drive {
            let (drive, rest) = path.split_at(2);
            Self::Absolute(format!("file:///{drive}{}", encoded(rest)))
        } else {
            Self::Relative(encoded(&path))
        }
    }
}

/// Everything but letters, digits, `-._~` and `/` as `%` and its bytes (RFC 3986).
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a string never fails");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (file, expected) in [
            ("logs/oct.csv", "logs/oct.csv"),
            (".\\logs\\a b.csv", "logs/a%20b.csv"),
            ("./../x", "../x"),
            ("ä:#?%.csv", "%C3%A4%3A%23%3F%25.csv"),
            ("/data/x.csv", "file:///data/x.csv"),
            ("C:\\x y.csv", "file:///C:/x%20y.csv"),
            ("\\\\host\\x", "file://host/x"),
            ("", ""),
        ] {
            let (Uri::Relative(uri) | Uri::Absolute(uri)) = Uri::of(file);
            assert_eq!(uri, expected, "{file}");
        }
    }
}
