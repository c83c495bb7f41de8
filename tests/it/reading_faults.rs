//! What bad sources and bad rows say, and that nothing else is lost.

use std::num::NonZero;

use tollbook::usage::{Dates, ReadOptions, Source, read};

use crate::reading_desk::{CSV, Collected, OBJECT, gzip, read_all, rows_of};

#[test]
fn dates_are_resolved_per_file() {
    let header = "TimeGenerated [UTC],CorrelationId,PromptTokens\n";
    let file = |dates: &[&str]| {
        dates.iter().fold(header.to_owned(), |file, date| {
            format!("{file}\"{date}\",c,1\n")
        })
    };
    let day_first = file(&["03/02/2026 09:00", "25/02/2026 09:00"]);
    let month_first = file(&["03/02/2026 09:00", "02/25/2026 09:00"]);
    let both = file(&["25/02/2026 09:00", "02/25/2026 09:00"]);
    let neither = file(&["03/02/2026 09:00"]);
    assert!(rows_of(day_first.as_bytes()).0[0].contains("2026-02-03"));
    assert!(rows_of(month_first.as_bytes()).0[1].contains("2026-03-02"));
    assert_eq!(
        rows_of(neither.as_bytes()).1,
        [
            "log: \"03/02/2026 09:00\" may be day or month first, and no row of the file tells\n\
          hint: set `dates = \"month-first\"` or `dates = \"day-first\"` in [reading]"
        ]
    );
    let (rows, wrong) = rows_of(both.as_bytes());
    assert_eq!(rows.len(), 0);
    assert!(wrong[0].contains("has its month first"), "{wrong:?}");

    let options = ReadOptions {
        dates: Dates::DayFirst,
        ..ReadOptions::default()
    };
    let (rows, outcome) = read_all(&[("log", both.as_bytes())], &options);
    assert_eq!((rows.len(), outcome.rows.quarantined), (1, 1));
}

#[test]
fn zone_labels_are_honoured_or_refused() {
    let content = |label: &str| {
        format!("TimeGenerated [{label}],CorrelationId,PromptTokens\n2026-03-01 00:30,c,1\n")
    };
    assert!(rows_of(content("UTC+01:00").as_bytes()).0[0].contains("2026-02-28T23:30"));
    assert_eq!(
        rows_of(content("Local Time").as_bytes()).1,
        [
            "log: times of column \"TimeGenerated [Local Time]\" are in no known offset from UTC\n\
          hint: export the log with times in UTC"
        ]
    );
}

#[test]
fn bad_rows_are_quarantined_with_their_place() {
    let good = "2026-03-01T00:00:00Z,c,1\n";
    let head = "TimeGenerated,CorrelationId,PromptTokens\n";
    for (content, expected) in [
        (
            format!("{head}{good}2026-03-01T00:00:00Z,c,-1\n"),
            "log:3: `input tokens` is negative: found \"-1\"",
        ),
        (
            format!("{head}{good}2026-03-01T00:00:00Z,c,1.5\n"),
            "log:3: `input tokens` is not a count: found \"1.5\"",
        ),
        (
            format!("{head}{good}2026-03-01T00:00:00Z,,1\n"),
            "log:3: `CorrelationId` is empty",
        ),
        (
            format!("{head}{good}never,c,1\n"),
            "log:3: `time` is in no notation known: found \"never\"",
        ),
        (
            format!("{head}{good}2026-03-01T00:00:00Z,c\n"),
            "log:3: row has more or fewer fields than the header",
        ),
        (
            format!("{head}{good}2026-03-01T00:00:00Z,\"c"),
            "log:3: a quote is opened and never closed",
        ),
        (
            format!("{OBJECT}\n{{\"TimeGenerated\":\"2026"),
            "log:2: JSON row ends early",
        ),
        (
            format!("{OBJECT}\nnonsense\n"),
            "log:2: text that is no JSON object where a row was expected",
        ),
        (
            format!("{OBJECT}\n{{\"a\":01}}\n"),
            "log:2: row is not valid JSON",
        ),
        (
            format!("{OBJECT}\n{{\"a\":1}}\n"),
            "log:2: row has the fields of no log format known",
        ),
        (
            format!("[{OBJECT},{OBJECT}"),
            "log:3: JSON ends before its last bracket, so rows may be missing",
        ),
        (
            format!(
                "{OBJECT}\n{{\"a\":{}{}}}\n",
                "[".repeat(200_000),
                "]".repeat(200_000)
            ),
            "log:2: JSON is nested too deeply",
        ),
    ] {
        let (rows, wrong) = rows_of(content.as_bytes());
        assert!(!rows.is_empty(), "{content}");
        assert_eq!(wrong, [expected], "{}", &content[..content.len().min(500)]);
    }
}

#[test]
fn rows_after_an_unclosed_quote_are_read() {
    let head = "TimeGenerated,CorrelationId,PromptTokens\n";
    let good = "2026-03-01T00:00:00Z,c,1\n";
    let content = format!("{head}{good}\"2026-03-01T00:00:00Z,c,1\n{good}{good}");
    let (rows, wrong) = rows_of(content.as_bytes());
    assert_eq!((rows.len(), wrong.len()), (3, 1));
}

#[test]
fn other_encodings_are_quarantined() {
    let mut content = b"TimeGenerated,CorrelationId,DeploymentName,PromptTokens\n".to_vec();
    content.extend_from_slice(b"2026-03-01T00:00:00Z,c,Z\xfcrich,1\n2026-03-01T00:00:00Z,c,x,1\n");
    let (rows, wrong) = rows_of(&content);
    assert_eq!(
        (rows.len(), wrong),
        (1, vec!["log:2: row is not UTF-8".to_owned()])
    );
}

#[test]
fn sources_that_cannot_be_read_say_why() {
    let noise: Vec<u8> = (0..200_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let long = format!(
        "{CSV}{}",
        "2026-03-01T00:00:03Z,c,r,0,m,d,1,2,x\n".repeat(1000)
    );
    let cut_gzip = gzip(long.as_bytes());
    let cut_zstd = zstd::encode_all(long.as_bytes(), 1).unwrap();
    for (content, expected) in [
        (
            &cut_gzip[..cut_gzip.len() / 2],
            "log: gzip data is damaged or cut off: ",
        ),
        (
            &cut_zstd[..cut_zstd.len() / 2],
            "log: zstd data is damaged or cut off: ",
        ),
        (noise.as_slice(), "log: is neither CSV nor JSON"),
        (b"PK\x03\x04 zip", "log: is neither CSV nor JSON"),
        (
            b"a,b\n1,2\n",
            "log: no log format known has the fields \"a\", \"b\"; known are: joined API",
        ),
        (
            b"{\"a\":1}\n",
            "log: no log format known has the fields \"a\"; known are: joined API",
        ),
        (
            br#"{"tables":[{"columns":[{"name":"a"}],"rows":[[1]]}]}"#,
            "log: no log format known has the fields \"a\"",
        ),
    ] {
        let (_, wrong) = rows_of(content);
        assert!(
            wrong.len() == 1 && wrong[0].starts_with(expected),
            "{wrong:?}"
        );
    }
    let gone = Source::new("gone.csv", || {
        Err(std::io::Error::from(std::io::ErrorKind::NotFound))
    });
    let sources = [gone, Source::from_bytes("log", CSV.as_bytes())];
    let outcome = read(
        &sources,
        &ReadOptions::default(),
        Collected::default,
        NonZero::<usize>::MIN,
    );
    assert!(
        outcome.errors[0]
            .to_string()
            .starts_with("gone.csv: cannot be read: ")
    );
    assert_eq!(outcome.rows.read, 1);
}
