//! Rules about what should not be in an export: keys, texts of messages, people, hostile names.

use crate::check::rule::{Family, Rule, Severity};

/// Secrets.
pub(in crate::check) static KEY: Rule = Family::Privacy.rule(
    "TB140",
    "key-in-export",
    Severity::Error,
    [
        "a key or token stands in the export",
        "Bearer tokens, JSON web tokens, shared-access signatures, private keys, keys in a field \
         named after one: whoever can read the export can call as somebody else. What was found is \
         never shown.",
        "revoke the key now, then leave the field out of the export or hash it in the gateway's policy",
    ],
);

/// Texts of messages.
pub(in crate::check) static MESSAGE: Rule = Family::Privacy.rule(
    "TB141",
    "message-text",
    Severity::Warning,
    [
        "prompts or answers stand in the export",
        "Texts of messages are what people asked and were told. Charging needs none of them, and \
         tollbook never copies them; whoever stores the export keeps them.",
        "leave the columns out of the query, or turn off the logging of messages",
    ],
);

/// People's addresses.
pub(in crate::check) static MAIL: Rule = Family::Privacy.rule(
    "TB142",
    "e-mail-address",
    Severity::Warning,
    [
        "e-mail addresses stand in the export",
        "They name people. Charging needs business units; end users are dropped on reading, or \
         replaced by keyed pseudonyms.",
        "leave the field out of the export, or hash it in the gateway's policy",
    ],
);

/// Machines' addresses.
pub(in crate::check) static ADDRESS: Rule = Family::Privacy.rule(
    "TB143",
    "ip-address",
    Severity::Note,
    [
        "IP addresses stand in the export",
        "API Management logs the caller's address. It may name a person, and charging needs none.",
        "leave `CallerIpAddress` out of the query",
    ],
);

/// Names that spreadsheets calculate.
pub(in crate::check) static FORMULA: Rule = Family::Privacy.rule(
    "TB144",
    "formula-name",
    Severity::Warning,
    [
        "a name would be taken for a formula by a spreadsheet",
        "A subscription, product, app, deployment or model whose name starts with =, +, -, @, a tab \
         or a line break is calculated when the statement is opened in a spreadsheet (CWE-1236). \
         Statements in CSV are written so that it is not.",
        "rename it at its source, and find out who named it so",
    ],
);

/// Names that hide something.
pub(in crate::check) static HIDDEN: Rule = Family::Privacy.rule(
    "TB145",
    "hidden-characters",
    Severity::Warning,
    [
        "a name has characters that cannot be seen",
        "Control characters, marks that change the direction of writing, and blanks of no width \
         make two names look alike, or a terminal do things. Owner rules see them; people do not.",
        "rename it at its source, and find out who named it so",
    ],
);

/// The rules of the family.
pub(super) const RULES: &[&Rule] = &[&KEY, &MESSAGE, &MAIL, &ADDRESS, &FORMULA, &HIDDEN];
