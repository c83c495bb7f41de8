//! Files of every type a column may have, whole and damaged.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use crate::time::SimDuration;
use crate::workload::tests::all;
use crate::workload::trace::{TimeNotation, TraceOptions};
use crate::workload::{App, Apps, Request, Traffic};

/// A file of so many groups of `rows` rows, the n-th at n seconds (and n × 999 ns) after 1970.
fn written(schema: &str, groups: u32, rows: u32) -> File {
    let file = tempfile::tempfile().unwrap();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let properties = Arc::new(properties.build());
    let copy = file.try_clone().unwrap();
    let mut writer = SerializedFileWriter::new(copy, schema, properties).unwrap();
    for group in 0..groups {
        let numbers: Vec<u32> = (group * rows..(group + 1) * rows).collect();
        let mut columns = writer.next_row_group().unwrap();
        for place in 0..4 {
            let mut column = columns.next_column().unwrap().unwrap();
            let written = match place {
                0 => times(&mut column, &numbers),
                1 => inputs(&mut column, &numbers),
                2 => outputs(&mut column, &numbers),
                _ => apps(&mut column, &numbers),
            };
            assert!(written <= numbers.len());
            column.close().unwrap();
        }
        columns.close().unwrap();
    }
    writer.close().unwrap();
    file
}

fn times(column: &mut SerializedColumnWriter<'_>, numbers: &[u32]) -> usize {
    let numbers = numbers.iter().map(|number| i64::from(*number));
    let values: Vec<i64> = numbers.map(|number| number * 1_000_000_999).collect();
    let column = column.typed::<Int64Type>();
    column.write_batch(&values, None, None).unwrap()
}

fn inputs(column: &mut SerializedColumnWriter<'_>, numbers: &[u32]) -> usize {
    let numbers = numbers.iter().map(|number| i32::try_from(*number).unwrap());
    let values: Vec<i32> = numbers.map(|number| number + 1).collect();
    let column = column.typed::<Int32Type>();
    column.write_batch(&values, None, None).unwrap()
}

fn outputs(column: &mut SerializedColumnWriter<'_>, numbers: &[u32]) -> usize {
    let values: Vec<f64> = numbers.iter().map(|number| f64::from(*number)).collect();
    let column = column.typed::<DoubleType>();
    column.write_batch(&values, None, None).unwrap()
}

/// Every other row has no app.
fn apps(column: &mut SerializedColumnWriter<'_>, numbers: &[u32]) -> usize {
    let is_even = |number: &u32| i16::from(number.is_multiple_of(2));
    let levels: Vec<i16> = numbers.iter().map(is_even).collect();
    let there = levels.iter().filter(|level| **level == 1).count();
    let values = vec![ByteArray::from("hr"); there];
    let column = column.typed::<ByteArrayType>();
    column.write_batch(&values, Some(&levels), None).unwrap()
}

const SCHEMA: &str = "message trace {
    required int64 time (TIMESTAMP(NANOS, true));
    required int32 input;
    required double output;
    optional binary app (UTF8);
}";

fn options() -> TraceOptions {
    TraceOptions {
        app: App::named("nobody"),
        ..TraceOptions::default()
    }
}

fn read(file: File, options: &TraceOptions) -> Result<Vec<Request>, String> {
    super::super::parquet(file, "t.parquet", options)
        .map_err(|error| error.to_string())
        .and_then(all)
}

#[test]
fn typed_columns_are_read_over_groups_and_blocks() {
    let mut apps = Apps::default();
    let file = written(SCHEMA, 2, 5_000);
    let mut traffic = super::super::parquet(file, "t.parquet", &options()).unwrap();
    for number in 0..10_000_u32 {
        let request = traffic.next(&mut apps).unwrap().unwrap();
        // 999 ns a second, cut to microseconds.
        let micros = u64::from(number) * 1_000_000_999 / 1_000;
        assert_eq!(request.at.micros(), micros);
        assert_eq!(
            (request.tokens.input, request.tokens.output),
            (number + 1, number)
        );
        let name = if number % 2 == 0 { "hr" } else { "nobody" };
        assert_eq!(apps.all()[request.app.place()].name(), name);
    }
    assert!(traffic.next(&mut apps).is_none());
}

#[test]
fn plain_numbers_are_times_in_the_stated_unit() {
    let schema = SCHEMA.replace(" (TIMESTAMP(NANOS, true))", "");
    let options = TraceOptions {
        time: TimeNotation::EpochMicroseconds,
        ..options()
    };
    let found = read(written(&schema, 1, 2), &options).unwrap();
    assert_eq!(
        found[1].at.since(found[0].at),
        SimDuration::from_micros(1_000_000_999)
    );
}

#[test]
fn other_files_are_refused() {
    let schema = SCHEMA.replace("int32 input", "int32 prompt");
    let error = read(written(&schema, 1, 2), &options()).unwrap_err();
    let expected = "t.parquet:1: there is no column `input`; found time, prompt, output, app";
    assert!(error.starts_with(expected), "{error}");
    let mut text = tempfile::tempfile().unwrap();
    text.write_all(b"time,input,output\n1,2,3\n").unwrap();
    let error = read(text, &options()).unwrap_err();
    assert!(
        error.starts_with("t.parquet: could not be read: "),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Bytes that are damaged anywhere are read or refused, but do not panic.
    #[test]
    fn damage_does_not_panic(damage in prop::collection::vec((0_usize..100_000, any::<u8>()), 1..4)) {
        let mut file = written(SCHEMA, 1, 100);
        let mut content = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut content).unwrap();
        for (place, byte) in damage {
            let place = place % content.len();
            content[place] = byte;
        }
        let mut damaged = tempfile::tempfile().unwrap();
        damaged.write_all(&content).unwrap();
        let _ = read(damaged, &options());
    }
}
