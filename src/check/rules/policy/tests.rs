use super::{from_config_error, judge, own_facts, scenario};
use crate::catalog::Catalog;
use crate::check::rules::case::{Case, line};
use crate::config::Config;
use crate::rate_card::RateCard;

/// A provisioned deployment with these capacity steps.
fn ptu(capacity: &str) -> String {
    format!(
        "[[deployment]]\nname = \"ptu\"\nmodel = \"gpt-4.1\"\nversion = \"2025-04-14\"\n\
         offer = \"provisioned\"\nkind = \"global\"\nregion = \"swedencentral\"\n\
         capacity = [{capacity}]\n"
    )
}

/// A reservation from a day to another.
fn reserved(name: &str, ptu: u32, start: &str, until: &str) -> String {
    format!(
        "\n[[reservation]]\nname = {name:?}\nkind = \"global\"\nregion = \"swedencentral\"\n\
         ptu = {ptu}\nterm = \"1-year\"\nstart = {start:?}\nuntil = {until:?}\n"
    )
}

const FIFTY: &str = "{ from = \"2026-03-01\", ptu = 50 }";

fn found(config: &str) -> Vec<String> {
    Case::of(config).found(judge)
}

#[test]
fn sizes_are_judged_from_the_start_of_the_period_on_whether_used_or_not() {
    let steps = |first: u32, second: u32| {
        let second = format!("{{ from = \"2026-10-01\", ptu = {second} }}");
        found(&ptu(&format!(
            "{{ from = \"2026-09-01\", ptu = {first} }}, {second}"
        )))
    };
    assert_eq!(steps(52, 50), [""; 0]);
    assert_eq!(
        steps(50, 52),
        [
            "TB121 8:77 deployment \"ptu\" from 2026-10-01: 52 PTU is no size of a global deployment \
          of gpt-4.1; the nearest are 50 and 55"
        ]
    );
    let later = format!("{FIFTY}, {{ from = \"2027-03-01\", ptu = 7 }}");
    assert_eq!(
        found(&ptu(&later)),
        [
            "TB121 8:77 deployment \"ptu\" from 2027-03-01: 7 PTU is no size of a global deployment \
          of gpt-4.1; the nearest are 15"
        ]
    );
}

#[test]
fn a_gap_after_a_reservation_is_found_until_another_covers_it() {
    let with = |rest: &[String]| found(&format!("{}{}", ptu(FIFTY), rest.concat()));
    let old = reserved("old", 50, "2026-03-01", "2026-10-10");
    assert_eq!(
        with(std::slice::from_ref(&old)),
        [
            "TB122 17:9 reservation \"old\" ended at 2026-10-10, and 50 PTU of pool \
          global/swedencentral/shared that it covered are paid by the hour from then on"
        ]
    );
    let late = reserved("new", 30, "2026-10-12", "2027-10-12");
    assert_eq!(with(&[old.clone(), late]).len(), 1);
    let next = reserved("new", 50, "2026-10-10", "2027-10-10");
    assert_eq!(with(&[old.clone(), next]), [""; 0]);
    let before = reserved("old", 50, "2026-03-01", "2026-09-10");
    let closed = reserved("new", 50, "2026-09-12", "2027-09-12");
    assert_eq!(with(&[before.clone(), closed]), [""; 0]);
    let open = with(&[before]);
    assert!(open[0].starts_with("TB122"), "{open:#?}");
    let shrunk = format!("{FIFTY}, {{ from = \"2026-10-10\", ptu = 0 }}");
    assert_eq!(found(&format!("{}{old}", ptu(&shrunk))), [""; 0]);
}

#[test]
fn a_reservation_that_ends_soon_is_told_unless_another_follows() {
    let with = |until: &str, rest: &str| {
        let ends = reserved("old", 50, "2026-03-01", until);
        found(&format!("{}{ends}{rest}", ptu(FIFTY)))
    };
    assert_eq!(with("2026-12-02", ""), [""; 0]);
    assert_eq!(
        with("2026-12-01", ""),
        [
            "TB123 17:9 reservation \"old\" ends at 2026-12-01, and 50 PTU of pool \
          global/swedencentral/shared are paid by the hour from then on"
        ]
    );
    let next = reserved("new", 50, "2026-12-01", "2027-12-01");
    assert_eq!(with("2026-12-01", &next), [""; 0]);
}

#[test]
fn reserved_ptu_beyond_what_is_deployed_are_told_at_their_worst() {
    let of = |capacity: &str, count: u32| {
        let reserved = reserved("r", count, "2026-03-01", "2028-03-01");
        found(&format!("{}{reserved}", ptu(capacity)))
    };
    assert_eq!(of(FIFTY, 50), [""; 0]);
    assert_eq!(
        of(FIFTY, 60),
        [
            "TB124 14:7 pool global/swedencentral/shared: 60 PTU are reserved and 50 deployed from \
          2026-10-01 to 2026-11-01, so 10 PTU are paid for and not used"
        ]
    );
    let less = format!("{FIFTY}, {{ from = \"2026-12-24T18:00:00Z\", ptu = 15 }}");
    assert_eq!(
        of(&less, 50),
        [
            "TB124 14:7 pool global/swedencentral/shared: 50 PTU are reserved and 15 deployed from \
          2026-12-24T18:00Z to 2028-03-01, so 35 PTU are paid for and not used"
        ]
    );
}

#[test]
fn a_reservation_that_fits_no_deployment_is_found() {
    let elsewhere = reserved("r", 50, "2026-03-01", "2028-03-01").replace("sweden", "norwayeast");
    let elsewhere = elsewhere.replace("norwayeastcentral", "norwayeast");
    assert_eq!(
        found(&format!("{}{elsewhere}", ptu(FIFTY))),
        [
            "TB124 13:10 reservation \"r\" covers nothing: no provisioned deployment is in pool \
          global/norwayeast/shared; deployed is global/swedencentral/shared"
        ]
    );
    let over = elsewhere
        .replace("2028", "2026")
        .replace("2026-03-01\"\nuntil", "2025-03-01\"\nuntil");
    assert_eq!(found(&format!("{}{over}", ptu(FIFTY))), [""; 0]);
}

#[test]
fn what_charging_found_is_told_at_its_place() {
    let chat = crate::check::rules::case::CHAT;
    let credit = "[[credit]]\namount = \"5\"\ndate = \"2026-10-03\"\nbusiness_unit = \"HR\"\n";
    let shared = "[[shared_cost]]\nname = \"apim\"\namount = \"10\"\nby = \"requests\"\n";
    let case = Case::of(&format!("{chat}{credit}{shared}"));
    assert_eq!(
        case.found(judge),
        [
            "TB126 15:6 shared cost \"apim\": nothing to share by use in this period, so it was \
             shared by central; allocation.fallback sets the order",
            "TB127 10:8 the credit of 2026-10-03 found no charges of HR; it stands alone"
        ]
    );
    assert_eq!(case.findings(judge)[1].unit.as_deref(), Some("HR"));
    let over = Case::of(&ptu(FIFTY))
        .with("2026-10-03 - - - ptu 300000000 0")
        .found(judge);
    assert_eq!(over.len(), 1, "{over:#?}");
    assert!(
        over[0].starts_with("TB125 8:12 deployment \"ptu\" served more"),
        "{over:#?}"
    );
    let within = Case::of(&ptu(FIFTY))
        .with("2026-10-03 - - - ptu 3000000 0")
        .found(judge);
    assert_eq!(within, [""; 0]);
}

fn of_config(text: &str) -> Vec<String> {
    let error = Config::parse(text, "t.toml").expect_err("there is a fault");
    from_config_error(&error).iter().map(line).collect()
}

#[test]
fn faults_of_a_configuration_are_findings_and_those_of_shares_of_their_own_rule() {
    let split = |second: u32| {
        format!(
            "[[owner]]\nmatch = {{ app = \"x\" }}\nsplit = [\n  {{ business_unit = \"A\", percent = \
             60 }},\n  {{ business_unit = \"B\", percent = {second} }},\n]\n\
             [allocation]\nused = \"fixed\"\nfixed = {{ A = 50, B = {second} }}\n"
        )
    };
    assert_eq!(
        of_config(&split(30)),
        [
            "TB064 3:9 percents of the split sum to 90; expected 100",
            "TB064 9:9 percents of allocation.fixed sum to 80; expected 100"
        ]
    );
    assert_eq!(of_config(&split(40)).len(), 1);
    assert_eq!(
        of_config(
            "[[tax]]\npercent = \"-1\"\n[[discount]]\npercent = \"1\"\n\
                   from = \"2026-02-01\"\nuntil = \"2026-01-01\"\n"
        ),
        [
            "TB120 6:9 `until` is not after `from`",
            "TB120 2:11 percent -1 is negative",
        ]
    );
    let unknown = of_config("curency = \"EUR\"");
    assert!(
        unknown[0].starts_with("TB120 1:1 unknown field `curency`"),
        "{unknown:#?}"
    );
}

#[test]
fn own_models_and_prices_that_no_table_takes_are_found_where_they_are_written() {
    let own = "source = \"s\"\nas_of = \"2026-01-01\"\n";
    let text = format!(
        "[[model]]\nname = \"m\"\ninput_tpm_per_ptu = 0\nfrom = \"2026-01-01\"\n{own}\
         [[price]]\nmodel = \"m\"\ninput = \"1\"\nfrom = \"2026-02-01\"\nuntil = \"2026-01-01\"\n{own}\
         [[ptu_price]]\nkind = \"global\"\nregion = \"swedencentrl\"\nterm = \"hourly\"\n\
         price = \"1\"\nfrom = \"2026-01-01\"\n{own}"
    );
    let config = Config::parse(&text, "t.toml").unwrap();
    let rates = RateCard::bundled();
    let found: Vec<String> = own_facts(&config, rates.regions())
        .iter()
        .map(line)
        .collect();
    let starts = [
        "TB120 2:8 [[model]] \"m\": input_tpm_per_ptu is 0",
        "TB120 11:9 [[price]] of m: until 2026-01-01 is not after from 2026-02-01",
        "TB088 16:10 [[ptu_price]] of global hourly: region \"swedencentrl\" is not known; did you \
         mean swedencentral?",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (one, start) in found.iter().zip(starts) {
        assert!(one.starts_with(start), "{one}\n{start}");
    }
    let right = text
        .replace("swedencentrl", "swedencentral")
        .replace("= 0", "= 9");
    let right = right.replace("until = \"2026-01-01\"\n", "");
    let config = Config::parse(&right, "t.toml").unwrap();
    assert!(own_facts(&config, rates.regions()).is_empty());
}

#[test]
fn scenarios_are_read_and_built() {
    let of = |text: &str| {
        let as_of = "2026-11-01".parse().unwrap();
        let found = scenario("s.toml", text, &Catalog::bundled(), as_of);
        found.iter().map(line).collect::<Vec<_>>()
    };
    let app = "[[app]]\nname = \"chat\"\n";
    assert_eq!(of(&format!("{}{app}", ptu(FIFTY))), [""; 0]);
    let illegal = of(&format!("{}{app}", ptu(&FIFTY.replace("50", "52"))));
    assert_eq!(illegal.len(), 1, "{illegal:#?}");
    assert!(
        illegal[0].starts_with("TB128 8:12 52 PTU is no size of"),
        "{illegal:#?}"
    );
    let queue = of(&format!("{}{app}queue = \"night\"\n", ptu(FIFTY)));
    assert!(
        queue[0].starts_with("TB128 11:9 app \"chat\" uses queue \"night\""),
        "{queue:#?}"
    );
    let nothing = of(app);
    assert!(
        nothing[0].contains("there is no deployment to send calls to"),
        "{nothing:#?}"
    );
    assert_eq!(of(&ptu(&FIFTY.replace("50", "52"))), [""; 0]);
}
