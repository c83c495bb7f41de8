use super::*;

const CHAT: &str = "[[deployment]]\nname = \"chat\"\nmodel = \"gpt-4.1\"\noffer = \"standard\"\n\
                    kind = \"global\"\nregion = \"swedencentral\"\n";
const PTU: &str = "[[deployment]]\nname = \"gpt-ptu\"\nmodel = \"gpt-4.1\"\n\
                   offer = \"provisioned\"\nkind = \"global\"\nregion = \"swedencentral\"\n\
                   capacity = [ { from = \"2026-09-01\", ptu = 50 } ]\n";

fn message(text: &str) -> String {
    Config::parse(text, "t.toml")
        .expect_err("this has a fault")
        .to_string()
}

#[test]
fn an_empty_file_is_a_configuration() {
    let config = Config::parse("", "tollbook.toml").unwrap();
    assert_eq!(config.policy.currency, "USD");
    assert_eq!(config.policy.minor_digits, 2);
    let yen = Config::parse("currency = \"JPY\"\ninputs = [\"*.csv\"]", "tollbook.toml").unwrap();
    assert_eq!(yen.policy.minor_digits, 0);
    assert_eq!(yen.inputs, ["*.csv"]);
}

#[test]
fn values_that_cannot_be_read_are_pointed_at() {
    for (text, expected) in [
        (
            "curency = \"EUR\"",
            "t.toml:1:1: unknown field `curency`, expected one of ",
        ),
        (
            "[allocation]\nused = \"weight\"",
            "t.toml:2:8: unknown variant `weight`, expected one of `weighted-tokens`, `shares`, \
             `even`, `fixed`",
        ),
        (
            "[[tax]]\npercent = 19.5",
            "t.toml:2:11: invalid type: floating point `19.5`, expected a decimal in quotes such \
             as \"12.5\", or a whole number",
        ),
        (
            "[[tax]]\npercent = \"19,5\"",
            "t.toml:2:11: \"19,5\" is not a plain decimal number; expected digits such as 12.345",
        ),
        (
            "[[deployment]]\nname = \"a\"\noffer = \"paygo\"",
            "t.toml:3:9: \"paygo\" is not a offer; expected provisioned, standard, priority, \
             batch, flex",
        ),
        (
            "[[deployment]]\nname = \"a\"\ncapacity = [ { from = \"2026-09-01T08:00:30Z\", ptu = 5 } ]",
            "t.toml:3:23: \"2026-09-01T08:00:30Z\" is not a day or a whole minute; expected ",
        ),
        (
            "[[reservation]]\nname = \"r\"\nterm = \"3-year\"",
            "t.toml:3:8: unknown variant `3-year`, expected `1-month` or `1-year`",
        ),
        (
            "[[owner]]\nbusiness_unit = \"HR\"\nmatch = { team = \"hr\" }",
            "t.toml:3:11: unknown field `team`, expected one of `subscription`, ",
        ),
        (
            "[[owner]]\nbusiness_unit = \"HR\"\nmatch = { app = { regex = \"hr(\" } }",
            "t.toml:3:17: bad regular expression: ",
        ),
        (
            "[[owner]]\nbusiness_unit = \"HR\"\nmatch = { app = 7 }",
            "t.toml:3:17: invalid type: integer `7`, expected a name, a prefix with a trailing *, \
             or { regex = \"…\" }",
        ),
        ("currency = \"EUR", "t.toml:1:16: "),
        (
            "[[deployment]]\nname = \"a\"\n",
            "t.toml:1:1: missing field `offer`",
        ),
    ] {
        let found = message(text);
        assert!(
            found.starts_with(expected),
            "{text}\nfound:    {found}\nexpected: {expected}"
        );
    }
}

#[test]
fn values_that_contradict_each_other_are_pointed_at() {
    let spill = |name: &str, from: &str| {
        CHAT.replace("\"chat\"", &format!("{name:?}")) + &format!("spillover_from = {from:?}\n")
    };
    let two = format!("{CHAT}{}", CHAT.replace("chat", "CHAT"));
    let misspelt = format!("{PTU}{}", spill("spill", "gpt-ptn"));
    let cycle = spill("a", "b") + &spill("b", "a");
    for (text, expected) in [
        (
            "currency = \"euro\"",
            "t.toml:1:12: currency \"euro\" is not an ISO 4217 code; expected e.g. \"EUR\"",
        ),
        ("minor_digits = 9", "t.toml:1:16: minor_digits is above 6"),
        (
            two.as_str(),
            "t.toml:8:8: deployment \"CHAT\" has the name of [[deployment]] number 1",
        ),
        (
            &misspelt,
            "t.toml:14:18: deployment \"spill\" spills over from \"gpt-ptn\", which is not \
             described; did you mean gpt-ptu?",
        ),
        (
            &cycle,
            "t.toml:7:18: deployment \"a\" spills over from itself, by way of \"b\"\n\
             t.toml:14:18: deployment \"b\" spills over from itself, by way of \"a\"",
        ),
        (
            "[[reservation]]\nname = \"r\"\nkind = \"global\"\nregion = \"x\"\nptu = 5\nterm = \"1-year\"\nstart = \"2026-03-01\"\nuntil = \"2026-02-01\"",
            "t.toml:8:9: reservation \"r\" ends before it starts",
        ),
        (
            &PTU.replace("offer = \"provisioned\"", "offer = \"standard\""),
            "t.toml:7:12: deployment \"gpt-ptu\" has PTU capacity, but its offer is standard",
        ),
        (
            &CHAT.replace("offer = \"standard\"", "offer = \"provisioned\""),
            "t.toml:4:9: deployment \"chat\" is provisioned without `capacity`; expected capacity \
             = [ { from = \"2026-09-01\", ptu = 50 } ]",
        ),
        (
            "[defaults]\nkind = \"global\"\nregion = \"x\"\noffer = \"provisioned\"",
            "t.toml:4:9: defaults cannot be provisioned, for nothing tells how many PTU; describe \
             such deployments one by one",
        ),
        (
            "[[exchange_rate]]\nfrom = \"2026-01-01\"\nrate = \"0.9\"",
            "t.toml:1:1: an exchange rate has no use: prices and statement are both in USD; set \
             `currency` or remove it",
        ),
        (
            "[[shared_cost]]\nname = \"x\"\namount = \"5\"\nby = \"even\"\nprice_per_token = false",
            "t.toml:5:19: shared cost \"x\" takes deployments out of token pricing without naming \
             them; add `deployments`",
        ),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn owners_and_percents_that_cannot_be_meant_are_pointed_at() {
    let owner = |rest: &str| format!("[[owner]]\nmatch = {{ app = \"a\" }}\n{rest}");
    for (text, expected) in [
        (
            owner(
                "split = [ { business_unit = \"HR\", percent = \"60\" }, { business_unit = \"Legal\", percent = \"30.5\" } ]",
            ),
            "t.toml:3:9: percents of the split sum to 90.5; expected 100",
        ),
        (
            owner("business_unit = \"HR\"\nfrom = \"2026-02-01\"\nuntil = \"2026-01-01\""),
            "t.toml:5:9: `until` is not after `from`",
        ),
        (
            owner(""),
            "t.toml:2:9: an owner rule needs either `business_unit` or `split`, not both and not \
             neither",
        ),
        (
            "[[owner]]\nmatch = {}\nbusiness_unit = \"HR\"".to_owned(),
            "t.toml:2:9: an empty `match` would claim everything; to mean that, match = { \
             subscription = \"*\" }",
        ),
        (
            "[allocation]\nfixed = { HR = \"60\", Legal = 41 }".to_owned(),
            "t.toml:2:9: percents of allocation.fixed sum to 101; expected 100",
        ),
        (
            "[allocation]\nidle = \"shares\"".to_owned(),
            "t.toml:2:8: idle = \"shares\" needs allocation.shares = { HR = 30, … }",
        ),
    ] {
        assert_eq!(message(&text), expected, "{text}");
    }
}
