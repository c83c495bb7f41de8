//! The lines of a statement in CSV (`tollbook chargeback --lines`), read back.

use ::csv::{Reader, StringRecord};

use super::{MOST_DIGITS, Recorded, RecordedError, Written, totals};
use crate::chargeback::statement::{Statement, StatementLine};
use crate::report::csv::LINE_COLUMNS;
use crate::report::text::unguarded;
use crate::time::BillingPeriod;

/// Reads the lines. The decimals of the currency are the most that an amount is written with.
pub(super) fn read(text: &str, name: &str) -> Result<Recorded, RecordedError> {
    let text = text.trim_start_matches('\u{feff}');
    let records = records(text, name)?;
    let Some((first_line, first)) = records.first() else {
        return Err(wrong(name, "it holds no line".to_owned()));
    };
    let period = period(first, &format!("{name}:{first_line}"))?;
    let currency = unguarded(&first[1]);
    let mut digits = 0;
    for (line, record) in &records {
        if (&record[0], &record[1]) != (&first[0], &first[1]) {
            let reason = "another period or currency than in the first line".to_owned();
            return Err(wrong(&format!("{name}:{line}"), reason));
        }
        digits = digits.max(decimals(&record[AMOUNT]));
    }
    if digits > MOST_DIGITS {
        let reason = format!("an amount has more than {MOST_DIGITS} decimals");
        return Err(wrong(name, reason));
    }
    let lines = records.iter();
    let lines =
        lines.map(|(line, record)| written(record, format!("{name}:{line}")).parsed(digits));
    let lines = lines.collect::<Result<Vec<StatementLine>, _>>()?;
    let (exact_total, total) = totals(&lines);
    Ok(Recorded {
        requests: None,
        findings: Vec::new(),
        statement: Statement {
            period,
            currency,
            minor_digits: digits,
            lines,
            exact_total,
            total,
        },
    })
}

/// Place of the amount among the columns.
const AMOUNT: usize = LINE_COLUMNS.len() - 1;

/// Every record with its line; as many cells as there are columns.
fn records(text: &str, name: &str) -> Result<Vec<(u64, StringRecord)>, RecordedError> {
    let mut reader = Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| wrong(name, error.to_string()))?;
    if header != LINE_COLUMNS.as_slice() {
        let reason = format!("its columns are not {}", LINE_COLUMNS.join(","));
        return Err(wrong(name, reason));
    }
    let records = reader.records().map(|record| {
        let record = record.map_err(|error| wrong(name, error.to_string()))?;
        let line = record.position().map_or(0, ::csv::Position::line);
        Ok((line, record))
    });
    records.collect()
}

fn period(record: &StringRecord, place: &str) -> Result<BillingPeriod, RecordedError> {
    record[0].parse().map_err(|_| RecordedError::Field {
        place: place.to_owned(),
        field: LINE_COLUMNS[0].to_owned(),
        found: record[0].to_owned(),
        expected: "a billing period such as 2026-10".to_owned(),
    })
}

fn written(record: &StringRecord, place: String) -> Written {
    let plain = |at: usize| record[at].to_owned();
    let text = |at: usize| unguarded(&record[at]);
    Written {
        place,
        business_unit: text(2),
        cost_centre: text(3),
        app: text(4),
        model: text(5),
        deployment: text(6),
        day: plain(7),
        component: plain(8),
        quantity: plain(9),
        unit: plain(10),
        unit_price: plain(11),
        exact_amount: plain(12),
        amount: plain(AMOUNT),
    }
}

fn decimals(amount: &str) -> u32 {
    let part = amount.split_once('.').map_or("", |(_, part)| part);
    u32::try_from(part.len()).unwrap_or(u32::MAX)
}

fn wrong(name: &str, reason: String) -> RecordedError {
    RecordedError::Lines {
        name: name.to_owned(),
        reason,
    }
}
