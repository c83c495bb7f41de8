//! Rows and fields are found where an editor shows them, in every carrier.

use std::io::Write;

use proptest::prelude::*;
use tollbook::usage::locating::{Position, Wanted, locate};
use tollbook::usage::{FragmentSink, MappedSource, ReadOptions, Source, read};

fn wanted(number: u64, field: &str) -> Wanted<'_> {
    Wanted {
        number,
        field,
        found: "",
    }
}

fn found(bytes: &[u8], wanted: Wanted<'_>) -> Position {
    let source = Source::from_bytes("oct.csv", bytes);
    locate(&source, &[], &[wanted]).pop().unwrap()
}

/// `line:column+width title=value`.
fn told(position: &Position) -> String {
    let Position {
        line,
        column,
        width,
        title,
        value,
    } = position;
    format!("{line}:{column}+{width} {title}={value}")
}

fn check(text: &str, number: u64, field: &str, expected: &str) {
    let position = found(text.as_bytes(), wanted(number, field));
    assert_eq!(told(&position), expected, "{field} of row {number}\n{text}");
    let (line, column) = (position.line, position.column);
    let text = text.trim_start_matches('\u{feff}');
    let line = text.split('\n').nth(usize::try_from(line).unwrap() - 1);
    let line: Vec<char> = line.unwrap_or_default().chars().collect();
    let start = usize::try_from(column).unwrap() - 1;
    let there: String = line.iter().skip(start).collect();
    if !position.value.is_empty() && !there.starts_with('{') {
        assert!(there.starts_with(&position.value), "{there:?}");
    }
}

const CSV: &str = "TimeGenerated,CorrelationId,PromptTokens,ModelName,CompletionTokens\n";

#[test]
fn fields_of_csv() {
    let rows =
        "2026-10-01T00:00:00Z,a,100,gpt-4.1,7\n2026-10-02T00:00:00Z,b,-5,\"gpt, \"\"4\"\"\",8\n";
    let text = format!("{CSV}{rows}");
    check(&text, 2, "input tokens", "2:24+3 PromptTokens=100");
    check(&text, 3, "input tokens", "3:24+2 PromptTokens=-5");
    check(&text, 3, "output tokens", "3:40+1 CompletionTokens=8");
    check(
        &text,
        3,
        "time",
        "3:1+20 TimeGenerated=2026-10-02T00:00:00Z",
    );
    check(&text, 3, "model", "3:28+10 ModelName=");
    check(&text, 3, "", "3:1+40 =");
    check(&text, 3, "region", "3:1+40 =");
    check(&text, 99, "input tokens", "1:1+1 =");
    check(
        &text.replace(',', ";"),
        2,
        "input tokens",
        "2:24+3 PromptTokens=100",
    );
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    check(&windows, 3, "input tokens", "3:24+2 PromptTokens=-5");
    check(&windows, 3, "", "3:1+40 =");
}

#[test]
fn rows_over_several_lines_and_empty_ones() {
    let text = format!("{CSV}t,\"a\nÄ\nb\", 12 ,m,7\n\n\nt,c,13,m,8\n");
    check(&text, 2, "input tokens", "4:5+2 PromptTokens=12");
    check(&text, 2, "", "2:1+4 =");
    check(&text, 7, "input tokens", "7:5+2 PromptTokens=13");
}

#[test]
fn the_column_that_was_used() {
    let text = "time,promptTokens,PromptTokens_d,properties\n\
                t,,12,\"{\"\"promptTokens\"\": 4, \"\"totalTokens\"\": 9}\"\nt,3,12,\n";
    check(text, 2, "input tokens", "2:4+2 PromptTokens_d=12");
    check(text, 3, "input tokens", "3:3+1 promptTokens=3");
    let nested = found(text.as_bytes(), wanted(2, "total tokens"));
    assert_eq!(told(&nested), "2:8+41 totalTokens=9");
}

#[test]
fn fields_of_json_lines() {
    let text = "{\"time\": \"2026-10-01\", \"promptTokens\": 12}\n\n\
                {\"näme\": 1, \"properties\": {\"promptTokens\": \"13\", \"a\": {\"promptTokens\": 1}}}\r\n\
                {\"properties\": \"{\\\"promptTokens\\\": 14}\", \"modelName\": null}\n";
    check(text, 1, "input tokens", "1:40+2 promptTokens=12");
    check(text, 1, "", "1:1+42 =");
    check(text, 3, "input tokens", "3:45+2 promptTokens=13");
    check(text, 4, "input tokens", "4:17+22 promptTokens=14");
    check(text, 4, "model", "4:55+4 modelName=");
    check(text, 5, "model", "5:1+1 =");
}

#[test]
fn rows_that_share_a_line_are_told_apart_by_what_was_found() {
    let text =
        "{\"records\": [{\"promptTokens\": 1}, {\"promptTokens\": -7}, {\"ResponseCode\": 1}]}\n";
    check(text, 1, "input tokens", "1:31+1 promptTokens=1");
    check(text, 1, "status", "1:74+1 ResponseCode=1");
    let known = Wanted {
        found: "-7",
        ..wanted(1, "input tokens")
    };
    assert_eq!(
        told(&found(text.as_bytes(), known)),
        "1:52+2 promptTokens=-7"
    );
}

#[test]
fn fields_of_other_json() {
    let pretty = "[\n  {\n    \"time\": \"2026-10-01\",\n    \"promptTokens\": 12\n  },\n  {\n\
                  \x20   \"properties\": {\n      \"promptTokens\": 13\n    }\n  }, 5, {\"ResponseCode\": 200}\n]\n";
    check(pretty, 1, "input tokens", "4:21+2 promptTokens=12");
    check(pretty, 2, "input tokens", "8:23+2 promptTokens=13");
    check(pretty, 2, "", "6:3+1 =");
    check(pretty, 3, "", "10:6+3 =");
    check(pretty, 4, "status", "10:26+3 ResponseCode=200");
    check(pretty, 9, "status", "1:1+1 =");
    let enveloped = "{\n \"records\": [\n  {\"promptTokens\": 1},\n  {\"promptTokens\": 2}\n ]\n}";
    check(enveloped, 2, "input tokens", "4:20+1 promptTokens=2");
}

#[test]
fn values_of_query_results() {
    let text = "{\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"TimeGenerated\"}, \
                {\"name\": \"PromptTokens\"}],\n \"rows\": [[\"2026-10-01\", 4],\n [\"2026-10-02\", -5]]}]}";
    check(text, 1, "input tokens", "2:26+1 PromptTokens=4");
    check(text, 2, "input tokens", "3:17+2 PromptTokens=-5");
    check(text, 2, "time", "3:4+10 TimeGenerated=2026-10-02");
}

#[test]
fn compressed_and_converted_files() {
    let text = format!("{CSV}t,a,12,m,7\n");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    let utf16: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    for bytes in [
        gzip.finish().unwrap(),
        zstd::encode_all(text.as_bytes(), 1).unwrap(),
        utf16,
    ] {
        let position = found(&bytes, wanted(2, "input tokens"));
        assert_eq!(told(&position), "2:5+2 PromptTokens=12");
    }
}

#[test]
fn columns_named_by_the_configuration() {
    let source = "name = 's'\nfiles = '*.csv'\ncolumns = { time = 'Wann', input = 'Ein' }";
    let mapped: MappedSource = toml::from_str(source).unwrap();
    let file = Source::from_bytes("x/oct.csv", &b"Wann,Ein\nt,5\n"[..]);
    let places = locate(
        &file,
        &[mapped],
        &[wanted(2, "input tokens"), wanted(2, "")],
    );
    assert_eq!(
        places.iter().map(told).collect::<Vec<_>>(),
        ["2:3+1 Ein=5", "2:1+3 ="]
    );
}

#[test]
fn a_long_file_is_followed_to_its_end() {
    let rows = 60_000_u64;
    let row = |number: u64| format!("  {{ \"time\": \"ä\",\n\"promptTokens\": {number} }}");
    let rows_text: Vec<String> = (1..=rows).map(row).collect();
    let text = format!("[{}]", rows_text.join(",\n"));
    let position = found(text.as_bytes(), wanted(rows, "input tokens"));
    assert_eq!(told(&position), "120000:17+5 promptTokens=60000");
    let csv: Vec<String> = (1..=rows)
        .map(|number| format!("t,a,{number},m,7\r\n"))
        .collect();
    let text = format!("{CSV}{}", csv.concat());
    let position = found(text.as_bytes(), wanted(rows + 1, "input tokens"));
    assert_eq!(told(&position), "60001:5+5 PromptTokens=60000");
}

#[test]
fn a_line_of_many_rows_is_counted_once() {
    let (rows, last) = (400_000, "{\"promptTokens\": -7}");
    let text = format!("{{}}\n{{\"ä\": 1}}{}{last}\n", "{}".repeat(rows));
    let column = 9 + 2 * rows + "{\"promptTokens\": ".len();
    let expected = format!("2:{column}+2 promptTokens=-7");
    check(&text, 2, "input tokens", &expected);
}

#[test]
fn a_file_that_cannot_be_opened() {
    let file = Source::new("x", || Err(std::io::Error::other("no")));
    let places = locate(&file, &[], &[wanted(7, "")]);
    assert_eq!(told(&places[0]), "1:1+1 =");
}

/// Takes nothing of rows.
struct Nothing;

impl FragmentSink for Nothing {
    fn add(&mut self, _: &tollbook::usage::Fragment<'_>) {}
}

/// The line of the first fault that reading tells.
fn first_fault(text: &str) -> u64 {
    let source = [Source::from_bytes("a.csv", text.as_bytes())];
    let threads = std::num::NonZero::new(1).unwrap();
    let outcome = read(&source, &ReadOptions::default(), || Nothing, threads);
    let (_, _, places) = outcome.diagnostics.kinds().next().unwrap();
    places[0].line
}

#[test]
fn lines_of_faults_are_those_of_an_editor() {
    let good = "2026-10-01T00:00:00Z,a,1,m,7\n";
    let bad = "2026-10-01T00:00:00Z,b,-1,m,7\n";
    let text = format!("{CSV}{good}{bad}");
    assert_eq!(first_fault(&text), 3);
    assert_eq!(first_fault(&text.replace('\n', "\r\n")), 3);
    assert_eq!(first_fault(&format!("{CSV}{bad}").replace('\n', "\r\n")), 2);
    assert_eq!(first_fault(&format!("{CSV}{good}\n\n{bad}")), 5);
}

fn carriers() -> impl Strategy<Value = Vec<u8>> {
    let texts = [
        format!("{CSV}t,\"a\nb\",12,m,7\nt,c,13,\"m\"\"x\",8\n"),
        "{\"promptTokens\": 1, \"properties\": \"{\\\"modelName\\\": \\\"x\\\"}\"}\n{}\n"
            .to_owned(),
        "{\"records\": [{\"promptTokens\": 1}, {\"properties\": {\"ResponseCode\": 2}}]}"
            .to_owned(),
        "[{\n\"promptTokens\": 1},\n{\"ResponseCode\": [1, {}]}]".to_owned(),
        "{\"tables\": [{\"columns\": [{\"name\": \"PromptTokens\"}, {\"name\": \"properties\"}], \
         \"rows\": [[1, \"{\\\"ResponseCode\\\": 1}\"], [2, {\"ResponseCode\": 3}]]}]}"
            .to_owned(),
    ];
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..6);
    (prop::sample::select(texts.to_vec()), damage).prop_map(|(text, damage)| {
        let mut bytes = text.into_bytes();
        for (place, byte, kind) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    /// Whatever the bytes are, every place that is wanted has a place in the file.
    #[test]
    fn places_are_inside_the_file(bytes in carriers()) {
        let fields = ["", "input tokens", "model", "status", "time", "nothing"];
        let wanted: Vec<_> = (0..5)
            .flat_map(|number| fields.map(|field| wanted(number, field)))
            .collect();
        let source = Source::from_bytes("a", bytes.as_slice());
        let places = locate(&source, &[], &wanted);
        prop_assert_eq!(places.len(), wanted.len());
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
        for place in places {
            let line = usize::try_from(place.line).unwrap();
            prop_assert!((1..=lines.len() + 1).contains(&line), "{place:?} in {text:?}");
            let length = lines.get(line - 1).copied().unwrap_or_default();
            prop_assert!(usize::try_from(place.column).unwrap() <= length + 1, "{place:?} in {text:?}");
            prop_assert!(place.width >= 1);
            prop_assert!(place.value.chars().count() <= 40);
        }
    }
}
