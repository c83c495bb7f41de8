use super::judge;
use crate::check::finding::Finding;
use crate::check::rules::case::{CHAT, Case, line};

const USAGE: &str = "2026-10-01 hr - - chat 1000 100\n2026-10-15 hr - - chat 1000 100";
/// A provisioned deployment.
const PTU: &str = "[[deployment]]\nname = \"ptu\"\nmodel = \"gpt-4.1\"\noffer = \"provisioned\"\n\
    kind = \"global\"\nregion = \"swedencentral\"\n\
    capacity = [{ from = \"2026-03-01\", ptu = 50 }]\n";

/// An own price of input tokens of gpt-4.1, with more keys.
fn price(input: &str, rest: &str) -> String {
    format!(
        "\n[[price]]\nmodel = \"gpt-4.1\"\ninput = {input:?}\nsource = \"contract\"\n\
         as_of = \"2026-09-01\"\n{rest}"
    )
}

/// An own price of a PTU hour in a region.
fn ptu_price(region: &str) -> String {
    format!(
        "\n[[ptu_price]]\nkind = \"global\"\nregion = {region:?}\nterm = \"hourly\"\n\
         price = \"0.9\"\nfrom = \"2026-01-01\"\nsource = \"contract\"\nas_of = \"2026-09-01\"\n"
    )
}

fn found(config: &str, usage: &str) -> Vec<String> {
    Case::of(config).with(usage).found(judge)
}

/// The only finding.
fn only(case: &Case) -> Finding {
    let mut findings = case.findings(judge);
    let lines: Vec<String> = findings.iter().map(line).collect();
    assert_eq!(findings.len(), 1, "{lines:#?}");
    findings.remove(0)
}

#[test]
fn bundled_prices_that_hold_are_no_finding() {
    assert_eq!(found(CHAT, USAGE), [""; 0]);
    assert_eq!(found(&format!("{CHAT}{PTU}"), USAGE), [""; 0]);
}

#[test]
fn what_has_no_price_is_one_finding_with_the_table_to_add() {
    let config = CHAT
        .replace("gpt-4.1", "own-9")
        .replace("version = \"2025-04-14\"\n", "");
    let finding = only(&Case::of(&config).with(USAGE));
    assert_eq!(
        line(&finding),
        "TB080 - standard global own-9 in swedencentral: no price of input and output tokens; 2,200 \
         tokens from 2026-10-01 to 2026-10-15 (the rate card has no prices for model \"own-9\")"
    );
    assert_eq!(finding.subject, "standard global own-9 in swedencentral");
    let help = "[[price]]\nmodel = \"own-9\"\nkind = \"global\"\nregion = \"swedencentral\"\n\
                tier = \"standard\"\ninput = \"…\"\noutput = \"…\"\nfrom = \"2026-10-01\"";
    assert!(finding.help.contains(help), "{}", finding.help);
}

#[test]
fn undescribed_deployments_are_found_one_by_one() {
    let usage = "2026-10-01 hr - - gpt-4.1 1 1\n2026-10-01 hr - - gpt-4o 1 1";
    let found = Case::of(CHAT).with(usage).findings(judge);
    let lines: Vec<String> = found.iter().map(line).collect();
    let rest = "and the configuration does not describe it";
    assert_eq!(
        lines,
        ["gpt-4.1", "gpt-4o"].map(|name| format!(
            "TB081 - deployment {name:?} served 1 request of model {name:?}, {rest}"
        ))
    );
    assert!(found[0].help.contains("[[deployment]]\nname = \"gpt-4.1\""));
}

#[test]
fn models_without_figures_and_pools_without_a_price_are_found_where_they_are_written() {
    let unknown = PTU.replace("gpt-4.1", "own-9");
    let found_at = found(&unknown, "2026-10-02 hr - - ptu 1 1");
    assert_eq!(found_at.len(), 1, "{found_at:#?}");
    let start = "TB082 3:9 deployment \"ptu\" cannot weigh its tokens from 2026-10-02: no \
                 provisioned throughput figures for model \"own-9\"";
    assert!(found_at[0].starts_with(start), "{found_at:#?}");
    let nowhere = PTU.replace("2026-03-01", "2020-01-01");
    let early = Case::of(&nowhere).of_period("2020-02").found(judge);
    assert_eq!(early.len(), 1, "{early:#?}");
    assert!(early[0].starts_with("TB083 6:10 pool global/swedencentral/shared: no price"));
}

#[test]
fn a_currency_needs_a_rate() {
    let config = |rate: &str| format!("currency = \"EUR\"\n{CHAT}{rate}");
    let rate = "[[exchange_rate]]\nfrom = \"2026-10-01\"\nrate = \"0.9\"\n";
    assert_eq!(
        found(&config(""), USAGE),
        ["TB084 1:12 no exchange rate from USD to EUR on 2026-10-01"]
    );
    assert_eq!(found(&config(rate), USAGE), [""; 0]);
}

#[test]
fn prices_grow_stale_by_the_day_they_are_used() {
    let of = |as_of: &str| {
        let own = price("2", "output = \"8\"\nfrom = \"2026-01-01\"\n");
        found(
            &format!("{CHAT}{}", own.replace("2026-09-01", as_of)),
            USAGE,
        )
    };
    // 2026-10-15 is 180 days after 2026-04-18.
    assert_eq!(of("2026-04-18"), [""; 0]);
    assert_eq!(
        of("2026-04-17"),
        [
            "TB085 13:9 prices of gpt-4.1 were 181 days old when they were used last: their source \
          was read on 2026-04-17, the limit is 180 days (contract)"
        ]
    );
}

#[test]
fn own_prices_conflict_where_dates_do_not_decide_as_one_would_expect() {
    let pair = |first: &str, second: &str| {
        let prices = [price("2", first), price("1.8", second)].concat();
        let found = found(&format!("{CHAT}{prices}"), USAGE);
        let conflicts = found.iter().filter(|one| one.starts_with("TB086"));
        conflicts.cloned().collect::<Vec<_>>()
    };
    let (january, july) = ("from = \"2026-01-01\"\n", "from = \"2026-07-01\"\n");
    let sweden = "region = \"swedencentral\"\n";
    assert_eq!(
        pair(january, january),
        [
            "TB086 21:8 [[price]] 1 and 2 both price standard gpt-4.1 on 2026-10-01, differently: \
          input 2 and 1.8"
        ]
    );
    assert_eq!(pair(&format!("{sweden}{january}"), july).len(), 1);
    assert_eq!(pair(january, july), [""; 0]);
    assert_eq!(pair(january, &format!("{sweden}{july}")), [""; 0]);
    let ended = format!("{january}until = \"2026-10-01\"\n");
    assert_eq!(pair(&ended, january), [""; 0]);
    let other = format!("{january}region = \"eastus\"\n");
    assert_eq!(pair(&format!("{january}{sweden}"), &other), [""; 0]);
}

#[test]
fn sources_that_disagree_are_found_where_their_price_was_applied() {
    let config = CHAT
        .replace("gpt-4.1", "gpt-5.6-sol")
        .replace("version = \"2025-04-14\"\n", "")
        .replace("offer = \"standard\"", "offer = \"flex\"");
    let found = found(&config, USAGE);
    let conflicts: Vec<&String> = found.iter().filter(|f| f.starts_with("TB086")).collect();
    assert_eq!(conflicts.len(), 1, "{found:#?}");
    assert!(
        conflicts[0].contains("flex global output tokens of gpt-5.6-sol"),
        "{found:#?}"
    );
    assert!(conflicts[0].contains("10 USD was applied"), "{found:#?}");
}

#[test]
fn the_end_of_a_promotion_is_told_from_a_month_before_until_the_month_after() {
    let config = CHAT
        .replace("gpt-4.1", "gpt-5.6-sol")
        .replace("version = \"2025-04-14\"\n", "");
    let of = |period: &str, as_of: &str, day: &str| {
        let usage = format!("{day} hr - - chat 1000 100");
        Case::of(&config)
            .of_period(period)
            .on(as_of)
            .with(&usage)
            .found(judge)
    };
    let told = [
        "TB087 - the price of standard global gpt-5.6-sol in swedencentral ends on \
                 2026-11-30: input 4 USD before, 5 after, output 20 USD before, 30 after",
    ];
    assert_eq!(of("2026-10", "2026-10-30", "2026-10-15"), [""; 0]);
    assert_eq!(of("2026-10", "2026-10-31", "2026-10-15"), told);
    assert_eq!(of("2026-12", "2027-01-02", "2026-12-15"), told);
    assert_eq!(of("2027-01", "2027-02-02", "2027-01-15"), [""; 0]);
}

#[test]
fn an_own_price_that_ends_is_told_at_its_place() {
    let own = price(
        "1",
        "output = \"4\"\nfrom = \"2026-01-01\"\nuntil = \"2026-10-10\"\n",
    );
    let next = price("1", "output = \"4\"\nfrom = \"2026-10-10\"\n");
    assert_eq!(
        found(&format!("{CHAT}{own}"), USAGE),
        [
            "TB087 16:9 the price of standard global gpt-4.1 (2025-04-14) in swedencentral ends on \
          2026-10-09: input 1 USD before, 2 after, output 4 USD before, 8 after"
        ]
    );
    assert_eq!(found(&format!("{CHAT}{own}{next}"), USAGE), [""; 0]);
}

#[test]
fn a_ptu_price_of_another_region_is_found_unless_the_pool_has_its_own() {
    let wrong = ptu_price("westeurope");
    let right = ptu_price("swedencentral");
    assert_eq!(
        found(&format!("{PTU}{wrong}"), ""),
        [
            "TB088 11:10 [[ptu_price]] 1 (global, hourly) is for westeurope, where nothing is paid so, \
          and pool global/swedencentral/shared has no own price; was region = \"swedencentral\" \
          meant?"
        ]
    );
    assert_eq!(found(&format!("{PTU}{wrong}{right}"), ""), [""; 0]);
    assert_eq!(found(&format!("{PTU}{right}"), ""), [""; 0]);
}

#[test]
fn a_region_that_nobody_knows_is_found_with_the_nearest() {
    let found = found(&PTU.replace("swedencentral", "swedencentrl"), "");
    let region = found.iter().find(|one| one.starts_with("TB088"));
    assert_eq!(
        region.map(String::as_str),
        Some(
            "TB088 6:10 deployment \"ptu\": region \"swedencentrl\" is not known; did you mean \
             swedencentral?"
        ),
        "{found:#?}"
    );
}

#[test]
fn an_own_price_is_missed_where_its_model_was_used_at_another() {
    let batch = price("1", "tier = \"batch\"\nfrom = \"2026-01-01\"\n");
    let standard = price("2", "output = \"8\"\nfrom = \"2026-01-01\"\n");
    let unused = "TB089 10:9 [[price]] 1 of \"gpt-4.1\" (batch) priced nothing in this period, \
                  although its model was used at another price";
    assert_eq!(found(&format!("{CHAT}{batch}"), USAGE), [unused]);
    assert_eq!(found(&format!("{CHAT}{batch}{standard}"), USAGE), [""; 0]);
    let misspelt = batch.replace("gpt-4.1", "gpt41");
    let near = found(&format!("{CHAT}{misspelt}"), USAGE);
    assert_eq!(near.len(), 1, "{near:#?}");
    assert!(
        near[0].ends_with("although gpt-4.1 was used; was that meant?"),
        "{near:#?}"
    );
    let other = batch.replace("gpt-4.1", "gpt-4.1-mini");
    assert_eq!(found(&format!("{CHAT}{other}"), USAGE), [""; 0]);
}

#[test]
fn prices_used_before_their_first_day_are_named() {
    let case = || Case::of(CHAT).of_period("2025-03").on("2025-04-01");
    let usage = "2025-03-15 hr - - chat 1000 100";
    let found = case().reaching_earlier().with(usage).found(judge);
    assert_eq!(
        found,
        ["TB090 - the price of gpt-4.1 is known from 2025-04-01 only, and was used before"]
    );
    let refused = case().with(usage).found(judge);
    assert!(refused[0].starts_with("TB080"), "{refused:#?}");
}
