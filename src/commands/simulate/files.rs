//! Files beside the result: the minute series and the served requests.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::commands::outputs::{NewFile, write_file};
use crate::report::simulation::Run;
use crate::report::simulation::series::{self, COLUMNS, SeriesRow};

/// Writes the series to a file: Parquet by its ending, else CSV.
pub(super) fn write_series(path: &Path, run: &Run) -> anyhow::Result<()> {
    let rows = series::rows(run);
    let ending = path.extension();
    if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        return write_parquet(path, &rows)
            .with_context(|| format!("cannot write {}", path.display()));
    }
    write_file(path, series::csv(&rows).as_bytes())
}

fn write_parquet(path: &Path, rows: &[SeriesRow]) -> anyhow::Result<()> {
    let numbers = &COLUMNS[2..];
    let fields = numbers
        .iter()
        .map(|name| format!("OPTIONAL DOUBLE {name};"));
    let schema = format!(
        "message series {{ REQUIRED INT64 {} (TIMESTAMP(MICROS,true)); REQUIRED BYTE_ARRAY {} \
         (STRING); {} }}",
        COLUMNS[0],
        COLUMNS[1],
        fields.collect::<String>()
    );
    let schema = Arc::new(parse_message_type(&schema)?);
    let mut writer = SerializedFileWriter::new(NewFile::create(path)?, schema, Arc::default())?;
    let mut group = writer.next_row_group()?;
    let minutes = rows.iter().map(|row| row.minute.timestamp().micros());
    column::<Int64Type>(&mut group, &minutes.collect::<Vec<_>>(), None)?;
    let names = rows
        .iter()
        .map(|row| ByteArray::from(row.deployment.as_str()));
    column::<ByteArrayType>(&mut group, &names.collect::<Vec<_>>(), None)?;
    for place in 0..numbers.len() {
        let cells: Vec<Option<f64>> = rows.iter().map(|row| number(row, place)).collect();
        let known: Vec<f64> = cells.iter().copied().flatten().collect();
        let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        column::<DoubleType>(&mut group, &known, Some(&levels))?;
    }
    group.close()?;
    writer.into_inner()?.finish()
}

fn number(row: &SeriesRow, place: usize) -> Option<f64> {
    match row.counts.get(place) {
        Some(count) => *count,
        None if place == row.counts.len() => row.backlog,
        None => row.utilization_percent,
    }
}

fn column<T: DataType>(
    group: &mut parquet::file::writer::SerializedRowGroupWriter<'_, NewFile>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> anyhow::Result<()> {
    let mut column = group
        .next_column()?
        .context("the schema has a column for each list of values")?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()?;
    Ok(())
}
