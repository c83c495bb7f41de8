//! What should not be in an export: keys, messages, people, hostile names. All of it is made up.

use super::super::month::{Key, Month};
use super::{ALL, Class, PAIRS};
use crate::samples::generator::rng::Rng;

/// What was pasted.
pub(super) static CLASSES: &[Class] = &[
    Class::rows("a bearer token pasted", ALL, &["TB140"], |month, rng| {
        let token = format!("Bearer {:016x}{:016x}", rng.draw(), rng.draw());
        paste(month, rng, &token);
    }),
    Class::rows(
        "a key of an Azure service pasted",
        ALL,
        &["TB140"],
        |month, rng| {
            let key = format!(
                "{:016x}{:016x}JQQJ99BA{:016x}{:016x}",
                rng.draw(),
                rng.draw(),
                rng.draw(),
                rng.draw()
            );
            paste(month, rng, &key);
        },
    ),
    Class::rows("a signed address pasted", ALL, &["TB140"], |month, rng| {
        let sig = format!(
            "https://contoso.example/x?sv=1&sig={:016x}{:016x}%3D",
            rng.draw(),
            rng.draw()
        );
        paste(month, rng, &sig);
    }),
    Class::rows("a field of keys", ALL, &["TB140"], |month, rng| {
        let key = format!("{:016x}{:016x}", rng.draw(), rng.draw());
        month.any(rng).more.push(("subscriptionKey", key));
    }),
    Class::rows(
        "an e-mail address for a caller",
        ALL,
        &["TB142"],
        |month, rng| {
            let name = format!("ann{}@contoso.example", rng.below(1000));
            month.any_with(Key::Caller, rng).set(Key::Caller, name);
        },
    ),
    Class::rows("the text of a message", PAIRS, &["TB141"], |month, rng| {
        let field = *rng.pick(&["requestMessages", "responseMessages", "requestBody"]);
        month
            .any_counted(rng)
            .more
            .push((field, "What did we agree?".to_owned()));
    }),
    Class::rows("an IP address", ALL, &["TB143"], |month, rng| {
        let ip = format!("203.0.113.{}", rng.below(256));
        month.any(rng).more.push(("callerIp", ip));
    }),
    Class::rows("a name that is a formula", ALL, &["TB144"], |month, rng| {
        let name = *rng.pick(&["=1+1", "@SUM(A1)", "+cmd|x", "-x", "\t=1", "＝1+1"]);
        month.any_with(Key::Caller, rng).set(Key::Caller, name);
    }),
    Class::rows(
        "a name with hidden characters",
        ALL,
        &["TB145"],
        |month, rng| {
            let hidden = *rng.pick(&['\u{202e}', '\u{200b}', '\u{2066}', '\u{ad}', '\u{1b}']);
            let row = month.any_with(Key::Caller, rng);
            row.set(Key::Caller, format!("bu{hidden}{}", row.get(Key::Caller)));
        },
    ),
];

/// Puts a text where a name stands.
fn paste(month: &mut Month, rng: &mut Rng, text: &str) {
    let key = *rng.pick(&[Key::Caller, Key::Model]);
    month.any_with(key, rng).set(key, text);
}
