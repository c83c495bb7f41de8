//! Secrets and addresses, found in bytes by marks that are rare in logs.

use memchr::memchr_iter;
use regex::bytes::Regex;

/// Finds secrets.
#[derive(Debug)]
pub(super) struct Secrets(Regex);

/// What a secret looks like; each begins with letters that the search can jump to. Azure marks the
/// keys of its services, so that they are found wherever they leak.
const SECRETS: [&str; 8] = [
    r"Bearer [A-Za-z0-9._~+/-]{20}",
    r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.",
    r"\bsk-[A-Za-z0-9_-]{20}",
    r"AccountKey=[A-Za-z0-9+/]{20}",
    r"SharedAccessKey=[A-Za-z0-9+/]{20}",
    r"[?&]sig=[A-Za-z0-9%+/]{20}",
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY",
    r"JQQJ99[A-Za-z0-9]{20}",
];

impl Secrets {
    pub(super) fn new() -> Self {
        let pattern = format!("(?-u){}", SECRETS.join("|"));
        Self(Regex::new(&pattern).expect("a test compiles the expression"))
    }

    /// The places of secrets, in order.
    pub(super) fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        self.0.find_iter(text).map(|found| found.start())
    }
}

/// The places of e-mail addresses, in order.
pub(super) fn mails(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'@', text).filter(|at| is_mail(text, *at))
}

fn is_mail(text: &[u8], at: usize) -> bool {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let has_local = at
        .checked_sub(1)
        .is_some_and(|before| is_local(&text[before]));
    let domain = &text[at + 1..];
    let end = domain.iter().position(|byte| !is_domain(byte));
    let domain = &domain[..end.unwrap_or(domain.len())];
    let mut labels = domain.rsplit(|byte| *byte == b'.');
    let top = labels.next().unwrap_or_default();
    let is_top = top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic);
    let rest: Vec<&[u8]> = labels.collect();
    has_local && is_top && !rest.is_empty() && rest.iter().all(|label| !label.is_empty())
}

/// The places of IPv4 addresses, in order.
pub(super) fn addresses(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'.', text).filter_map(|point| address(text, point))
}

/// The start of the address whose first point is here. Versions such as `1.2.3.4-beta` and longer
/// chains of numbers are none.
fn address(text: &[u8], point: usize) -> Option<usize> {
    let digits = text[..point]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit());
    let start = point - digits.take(4).count();
    let before = start.checked_sub(1).map(|before| text[before]);
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        return None;
    }
    let mut at = start;
    for part in 0..4 {
        let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
        let end = at + digits.take(4).count();
        let number: u16 = std::str::from_utf8(&text[at..end]).ok()?.parse().ok()?;
        if number > 255 {
            return None;
        }
        at = end;
        if part < 3 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
    }
    let after = text.get(at).copied().unwrap_or(b' ');
    let goes_on = after.is_ascii_alphanumeric() || b"._-".contains(&after);
    (!goes_on).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_words() {
        let secrets = Secrets::new();
        let is_found = |text: &str| secrets.places(text.as_bytes()).next().is_some();
        for text in [
            "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln",
            "\"sk-abcdefghijklmnopqrstuvwx\"",
            "AccountKey=abcdefghijklmnopqrstuv==",
            "https://x/y?sv=1&sig=abcdefghijklmnopqrst%2B",
            "-----BEGIN RSA PRIVATE KEY-----",
            "abcdJQQJ99abcdefghijklmnopqrst",
        ] {
            assert!(is_found(text), "{text}");
        }
        for text in [
            "Bearer of bad news",
            "task-abcdefghijklmnopqrstuvwxyz",
            "eyJhbGciOiJSUzI1NiJ9",
            "sig=1",
            "gpt-4.1-mini-2025-04-14",
            "",
        ] {
            assert!(!is_found(text), "{text}");
        }
    }

    #[test]
    fn addresses_of_people() {
        let count = |text: &str| mails(text.as_bytes()).count();
        for (text, expected) in [
            ("ann@contoso.com", 1),
            ("a,ann.b+c@mail.contoso.co.uk,b@x.org", 2),
            ("@contoso.com", 0),
            ("ann@localhost", 0),
            ("gpt@2024.1", 0),
            ("ann@.com", 0),
            ("ann@", 0),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_of_machines() {
        let count = |text: &str| addresses(text.as_bytes()).count();
        for (text, expected) in [
            ("10.0.0.1", 1),
            ("\"10.0.0.1\",\"192.168.2.255:443\"", 2),
            ("10.0.0.256", 0),
            ("1.2.3", 0),
            ("1.2.3.4.5", 0),
            ("v1.2.3.4", 0),
            ("1.2.3.4-beta", 0),
            ("2026-03-01T00:00:03.0012345Z,0.5", 0),
            ("10.0.0.xxx", 0),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }
}
