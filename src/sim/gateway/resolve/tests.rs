use super::*;

fn roles() -> Vec<DeploymentRole> {
    let role = |name: &str, offer, kind| DeploymentRole {
        name: name.to_owned(),
        offer,
        kind,
    };
    vec![
        role("gpt-ptu", Offer::Provisioned, DeploymentKind::Global),
        role("gpt-payg", Offer::Standard, DeploymentKind::Global),
        role("gpt-payg-eu", Offer::Standard, DeploymentKind::DataZone),
    ]
}

fn resolved(text: &str) -> Result<GatewayRules, PolicyError> {
    let policy: Policy = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    policy.resolve(&roles())
}

const PTU: &str = "[[pool]]\n[[pool.member]]\noffer = \"provisioned\"\n";

#[test]
fn a_role_stands_for_every_deployment_that_plays_it() {
    let places = |text: &str| {
        let rules = resolved(&format!("[[pool]]\n[[pool.member]]\n{text}")).unwrap();
        rules
            .deployments()
            .iter()
            .map(|id| id.place())
            .collect::<Vec<_>>()
    };
    assert_eq!(places("offer = \"standard\""), [1, 2]);
    assert_eq!(places("kind = \"global\""), [0, 1]);
    assert_eq!(places("offer = \"standard\"\nkind = \"datazone\""), [2]);
    assert_eq!(places("offer = \"standard\"\nnth = 2"), [2]);
    assert_eq!(places("deployment = \"gpt-payg\""), [1]);
}

#[test]
fn attempts_are_bounded_by_count_or_members() {
    let most = |text: &str| resolved(&format!("{PTU}{text}")).unwrap().most_attempts();
    assert_eq!(most(""), 1);
    assert_eq!(most("[retry]\ncodes = [429]\ncount = 5"), 6);
    assert_eq!(
        most("[[pool.member]]\noffer = \"standard\"\n[retry]\ncodes = [429]"),
        3
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_place_and_expectation() {
    for (text, message) in [
        (
            "",
            "[gateway] policy has no pool; add a [[gateway.pool]] that names deployments",
        ),
        (
            "[[pool]]\nname = \"a\"\nmember = []",
            "[gateway] pool \"a\" has no pool.member; add a [[gateway.pool.member]] that names deployments",
        ),
        (
            "[[pool]]\n[[pool.member]]\ndeployment = \"gpt-pt\"",
            "[gateway] pool 1: there is no deployment \"gpt-pt\"; did you mean gpt-ptu",
        ),
        (
            "[[pool]]\n[[pool.member]]\noffer = \"standard\"\nkind = \"regional\"",
            "[gateway] pool 1: no deployment is regional standard; there are \"gpt-ptu\" (global \
             provisioned), \"gpt-payg\" (global standard), \"gpt-payg-eu\" (datazone standard). \
             Name a deployment with `deployment`, or add one to the scenario",
        ),
        (
            "[[pool]]\n[[pool.member]]\noffer = \"standard\"\nnth = 3",
            "[gateway] pool 1: no deployment is number 3 that is standard; there are",
        ),
        (
            "[[pool]]\n[[pool.member]]\noffer = \"standard\"\n[[pool.member]]\ndeployment = \"gpt-payg\"",
            "[gateway] pool 1: \"gpt-payg\" is a member already; list it once",
        ),
        (
            "[[pool]]\n[[pool.member]]\nnth = 1",
            "pool 1: `deployment` is left out; expected either",
        ),
        (
            "[[pool]]\n[[pool.member]]\nkind = \"global\"\nweight = 2",
            "pool 1: `weight` is 2; expected 1, or more with `choice = \"random\"`",
        ),
        (
            "[[pool]]\nchoice = \"random\"\n[[pool.member]]\nkind = \"global\"\nweight = 0",
            "pool 1: `weight` is 0",
        ),
        (
            "[[pool]]\nchoice = \"fastest\"\n[[pool.member]]\nkind = \"global\"",
            "pool 1: `refresh_s` is left out; expected a span above 0",
        ),
        (
            "[[pool]]\n[[pool.member]]\noffer = \"standard\"\nonly = { utilization = { stop_percent = 80 } }",
            "expected provisioned deployments only",
        ),
        (
            "[[pool]]\n[[pool.member]]\noffer = \"provisioned\"\nonly = { utilization = { stop_percent = 50, resume_percent = 80 } }",
            "`resume_percent` is 80; expected at most stop_percent",
        ),
        (
            "[[pool]]\nname = \"a\"\n[[pool.member]]\noffer = \"standard\"\n[[priority.band]]\nfrom = 1\nto = 2\npool = \"b\"",
            "[gateway] priority: there is no pool \"b\"",
        ),
    ] {
        let error = resolved(text)
            .err()
            .unwrap_or_else(|| panic!("{text}"))
            .to_string();
        assert!(
            error.contains(message),
            "{text}\nfound    {error}\nexpected {message}"
        );
    }
}

/// Refuses each text, added to a pool, with its message.
fn refuse(table: &[(&str, &str)]) {
    for (text, message) in table {
        let error = resolved(&format!("{PTU}{text}"));
        let error = error.err().unwrap_or_else(|| panic!("{text}")).to_string();
        assert!(
            error.contains(message),
            "{text}\nfound    {error}\nexpected {message}"
        );
    }
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    refuse(&[
        (
            "[health]\ncodes = []\ntrip_s = 1",
            "health: `codes` is empty",
        ),
        ("[health]\ncodes = [429]", "health: `trip_s` is left out"),
        (
            "[health]\ncodes = [429]\nfailures = 0\ntrip_s = 1",
            "`failures` is 0",
        ),
        (
            "[health]\ncodes = [429]\nfailures = 3\ntrip_s = 1",
            "`window_s` is 0",
        ),
        (
            "[retry]\ncodes = [429]\ncount = 10001",
            "`count` is 10001; expected at most 10,000",
        ),
        (
            "[retry]\ncodes = [429]\nwait = \"exponential\"",
            "retry: `max_s` is left out",
        ),
        (
            "[retry]\ncodes = [429]\nhold_s = 1\nhold_status = 200",
            "`hold_status` is 200",
        ),
        ("[exhausted]\nstatus = 200", "exhausted: `status` is 200"),
        (
            "[instances]\ncount = 0",
            "instances: `count` is 0; expected at least 1",
        ),
    ]);
}

#[test]
fn limits_and_spillover_that_make_no_sense_are_refused() {
    refuse(&[
        (
            "[[limit]]\nper_s = 60",
            "limit 1: `tokens` is given beside `requests`, or neither is",
        ),
        (
            "[[limit]]\ntokens = 0\nper_s = 60",
            "limit 1: `tokens` is 0; expected more than none",
        ),
        (
            "[[limit]]\ntokens = 1",
            "limit 1: `per_s` is given beside `per`, or neither is",
        ),
        (
            "[[limit]]\ntokens = 1\nper_s = 0",
            "limit 1: `per_s` is 0; expected a span above 0",
        ),
        (
            "[[limit]]\ntokens = 1\nper_s = 86400",
            "limit 1: `window` is sliding",
        ),
        (
            "[[limit]]\nrequests = 1\nper_s = 1\nestimate = \"prompt\"",
            "limit 1: `estimate` is given",
        ),
        (
            "[spillover]\nto = \"gpt-ptu\"",
            "spillover: `to` is the provisioned deployment",
        ),
        (
            "[spillover]\nto = \"gpt\"",
            "spillover: there is no deployment \"gpt\"",
        ),
    ]);
}

#[test]
fn fields_nobody_knows_are_refused() {
    for text in [
        "colour = 1",
        "[retry]\ncodes = [429]\ndelay = 1",
        "[[pool]]\nmembers = []",
    ] {
        assert!(toml::from_str::<Policy>(text).is_err(), "{text}");
    }
}
