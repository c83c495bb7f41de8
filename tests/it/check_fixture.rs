//! Fixed findings: every severity and family, several places, known ones, hostile names, none.

use tollbook::check::{Checked, Family, Finding, Located, Place, Rule, Severity};
use tollbook::config::check::FailOn;
use tollbook::usage::{RowAccounting, SourceSummary};

macro_rules! rules {
    ($($name:ident = $id:literal $title:literal $family:ident $severity:ident $summary:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id,
            name: $title,
            family: Family::$family,
            severity: Severity::$severity,
            summary: $summary,
            why: "A made-up rule, with *stars* & <tags>: it is there to be shown.",
            fix: "Export the row again, or correct it where it was made.",
        };)*

        /// Every rule of the fixture, in the order of ids.
        pub(crate) static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    DATES = "TB901" "ambiguous-dates" Format Error "Day and month cannot be told apart.";
    CACHED = "TB926" "cached-above-prompt" Records Error "More tokens were cached than sent.";
    SKEW = "TB929" "clock-skew" Records Warning "The clocks of two rows of a request are apart.";
    GAP = "TB941" "missing-hours" Completeness Warning "Hours without requests.";
    STALE = "TB961" "stale-price" Prices Note "A price was read long ago.";
    IDLE = "TB971" "idle-capacity" Money Note "Provisioned capacity was idle.";
    SPILL = "TB972" "spill-share" Money Warning "Much of the traffic spilled over.";
    POLICY = "TB981" "unknown-rule" Policy Warning "The configuration names a rule that is none.";
    EMAIL = "TB991" "e-mail-address" Privacy Warning "An e-mail address stands in an export.";
}

fn located(line: u64, column: u64, width: u64, texts: [&str; 2]) -> Located {
    Located {
        line,
        column,
        width,
        title: texts[0].to_owned(),
        excerpt: texts[1].to_owned(),
    }
}

fn row(file: &str, line: u64, column: u64, texts: [&str; 2]) -> Place {
    let width = texts[1].chars().count().max(1);
    let mut place = Place::row(file, line, "cached input tokens");
    place.located = Some(located(line, column, u64::try_from(width).unwrap(), texts));
    place
}

/// Nothing found.
pub(crate) fn clean() -> Checked {
    let source = |name: &str, rows| SourceSummary {
        name: name.to_owned(),
        bytes: 123_456,
        rows,
        carrier: "CSV, gzip".to_owned(),
        formats: vec!["gateway log"],
        ..SourceSummary::default()
    };
    Checked {
        findings: Vec::new(),
        known: Vec::new(),
        gone: Vec::new(),
        rules: RULES[..6].to_vec(),
        left_out: Vec::new(),
        sources: vec![source("logs/oct.csv", 1_200), source("logs/nov.csv", 34)],
        rows: RowAccounting {
            read: 1_234,
            requests: 1_234,
            ..RowAccounting::default()
        },
        period: Some("2026-10".parse().unwrap()),
        fail_on: FailOn::Error,
    }
}

fn cached() -> Finding {
    let title = "CachedTokens";
    Finding::of(
        &CACHED,
        "gpt-4.1",
        "900 of 100 prompt tokens were read from a cache; expected at most as many as were sent",
    )
    .at(row("logs/oct.csv", 14, 52, [title, "900"]))
    .at(row("logs/oct.csv", 1_019, 50, [title, "901"]).showing("901"))
    .at(Place::row("logs/oct.csv", 1_020, "cached input tokens").showing("9e3"))
    .times(1_207)
}

fn setting() -> Finding {
    let line = "severity = { \"TB026\" = \"warning\", \"cached-above-promt\" = \"off\" } # the logs of \
                October are known for it";
    let mut place = Place::text("tollbook.toml", 12, 35);
    place.located = Some(located(12, 35, 20, ["", line]));
    let message = "`cached-above-promt` is no rule; nearest is `cached-above-prompt`";
    Finding::of(&POLICY, "cached-above-promt", message)
        .at(place)
        .with_help("correct the name, or take the line out")
}

fn email() -> Finding {
    let mut place = Place::row("logs/nov.csv", 3, "user").showing("ann@contoso.com");
    place.located = Some(located(3, 17, 15, ["UserId", "ann@contoso.com"]));
    Finding::of(
        &EMAIL,
        "user",
        "an e-mail address in `user`; expected a name without one",
    )
    .at(place)
    .times(34)
}

/// Findings of every severity, with and without places, new and known.
pub(crate) fn everything() -> Checked {
    let gap = Finding::of(
        &GAP,
        "chat",
        "chat is silent from 2026-10-07T09:00Z for 5 hours, in which it usually sends 1,200 requests",
    )
    .for_unit("HR");
    let stale = Finding::of(
        &STALE,
        "gpt-4.1",
        "the price of gpt-4.1 was read 200 days ago",
    )
    .with_help("read it again");
    let dates = Finding::of(&DATES, "", "`03/02/2026` may be day or month first")
        .at(Place::whole("logs/sep.csv"));
    let skew = Finding::of(&SKEW, "", "two rows of a request are 11 minutes apart").at(row(
        "logs/oct.csv",
        7,
        1,
        ["TimeGenerated", "2026-10-01T00:11:00Z"],
    ));
    Checked {
        findings: vec![gap, stale, email(), cached(), dates, setting()],
        known: vec![skew],
        gone: vec!["TB929 logs/sep.csv".to_owned()],
        left_out: vec![
            "money: nothing was charged, because no configuration was given.".to_owned(),
        ],
        ..clean()
    }
}

/// Names and messages that try to be markup, commands, paths or terminal sequences.
pub(crate) const HOSTILE: [&str; 12] = [
    "a\"b'c<d>&amp;]]>e",
    "x::error file=y::z\n::set-output name=a::b",
    "100%,25% off: now\r\n",
    "\u{1b}[31mred\u{1b}]0;title\u{7}\u{0}\u{8}\u{ffff}",
    "\u{202e}desrever\u{200b}",
    "ünï cödé 数据/ファイル.csv",
    "C:\\logs\\oct (1).csv",
    "../up/./and down/..",
    "| cell | [link](javascript:x) `code` @someone #1 <script>alert(1)</script>",
    "/absolute/pa th#frag?query",
    "oct.csv##vso[task.setvariable variable=a]b;##VSO[task.complete result=Succeeded;]",
    "##[add-path]/tmp\n#\u{200b}#[error]x\n::stop-commands::end",
];

/// Every hostile text as file, subject, message, title, excerpt and remedy.
pub(crate) fn hostile() -> Checked {
    let finding = |(place, text): (usize, &&str)| {
        let rule = RULES[place % RULES.len()];
        let mut at = Place::row(*text, 2, "model").showing(*text);
        at.located = Some(located(2, 3, 4, [text, text]));
        let mut line = Place::text(*text, 1, 2);
        line.located = Some(located(1, 2, 500, ["", text]));
        Finding::of(rule, *text, *text)
            .at(at)
            .at(line)
            .with_help(*text)
    };
    let findings: Vec<Finding> = HOSTILE.iter().enumerate().map(finding).collect();
    Checked {
        known: findings.clone(),
        gone: HOSTILE.map(str::to_owned).to_vec(),
        left_out: HOSTILE.map(str::to_owned).to_vec(),
        findings,
        ..clean()
    }
}

/// So many findings of each rule.
pub(crate) fn many(of_each: u64) -> Checked {
    let finding = |number: u64, rule: &&'static Rule| {
        let file = format!("logs/{:02}.csv", number % 40);
        Finding::of(
            rule,
            format!("caller-{number}"),
            format!("finding {number}"),
        )
        .at(row(&file, number, 1, ["PromptTokens", "1"]))
    };
    let numbers = 1..=of_each;
    let findings = numbers.flat_map(|number| RULES.iter().map(move |rule| finding(number, rule)));
    Checked {
        findings: findings.collect(),
        ..clean()
    }
}
