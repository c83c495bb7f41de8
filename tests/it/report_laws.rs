//! Whatever the statement: every view adds up, every format carries the same figures, and no
//! name becomes a formula, markup, or a second line.

use proptest::prelude::*;
use tollbook::azure::{Tier, TokenClass};
use tollbook::chargeback::statement::Component;
use tollbook::money::{MinorUnits, Money};
use tollbook::report::table::{Ink, Page};
use tollbook::report::text::unguarded;
use tollbook::report::{Grouping, Report, View, csv, markdown, split, table};

use crate::report_fixture::{line, of_lines};

const GROUPINGS: [Grouping; 6] = [
    Grouping::BusinessUnit,
    Grouping::CostCentre,
    Grouping::App,
    Grouping::Model,
    Grouping::Deployment,
    Grouping::Day,
];

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("HR".to_owned()),
        Just("Legal".to_owned()),
        Just("__idle__".to_owned()),
        Just(String::new()),
        "[=+@|,;'\"`<&\t\r\n\u{1b}\u{202e}＝a -]{1,8}",
    ]
}

fn components() -> impl Strategy<Value = Component> {
    let tier = prop::sample::select(Tier::ALL);
    let class = prop::sample::select(TokenClass::ALL);
    prop_oneof![
        (any::<bool>(), tier, class).prop_map(|(spilled, tier, class)| Component::Tokens {
            spilled,
            tier,
            class
        }),
        prop::sample::select(vec![
            Component::PtuUsed,
            Component::PtuIdle,
            Component::ReservationUnused,
            Component::SharedCost,
            Component::Discount,
            Component::Markup,
            Component::Credit,
            Component::Tax,
        ]),
    ]
}

/// Reports of any lines; amounts of both signs with more decimals than the currency has.
pub(crate) fn reports() -> impl Strategy<Value = Report> {
    let places = [names(), names(), names(), names(), names()];
    let lines = (places, components(), -9_999_999_i64..9_999_999);
    prop::collection::vec(lines, 0..12).prop_map(|lines| {
        let line = |(place, component, thousandths): ([String; 5], Component, i64)| {
            let place = place.each_ref().map(String::as_str);
            let exact = Money::from_minor(MinorUnits(thousandths.into()), 4);
            line(place, component, &exact.to_decimal(4))
        };
        of_lines(lines.into_iter().map(line).collect())
    })
}

fn parsed(text: &str) -> Vec<::csv::StringRecord> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

fn last_column(records: &[::csv::StringRecord]) -> Money {
    let amount = |record: &::csv::StringRecord| -> Money {
        record.get(record.len() - 1).unwrap().parse().unwrap()
    };
    records.iter().map(amount).sum()
}

proptest! {
    #[test]
    fn every_view_adds_up_to_the_total(report in reports()) {
        let total = report.statement.total;
        for grouping in GROUPINGS {
            let view = View::of(&report, grouping);
            prop_assert_eq!(view.rows.iter().map(|row| row.amount).sum::<MinorUnits>(), total);
            prop_assert_eq!(&view.rows.iter().map(|row| &row.exact).sum::<Money>(), &report.statement.exact_total);
            for row in &view.rows {
                prop_assert_eq!(row.parts.values().copied().sum::<MinorUnits>(), row.amount);
            }
            if total.0 != 0 {
                let shares = view.rows.iter().filter_map(|row| row.share);
                prop_assert_eq!(shares.sum::<MinorUnits>(), MinorUnits(1000));
            }
        }
    }

    #[test]
    fn csv_carries_the_same_figures_and_names(report in reports()) {
        let records = parsed(&csv::lines(&report));
        prop_assert_eq!(records.len(), report.statement.lines.len());
        for (record, line) in records.iter().zip(&report.statement.lines) {
            prop_assert_eq!(unguarded(&record[2]), line.business_unit.clone());
            prop_assert_eq!(unguarded(&record[4]), line.app.clone());
            prop_assert_eq!(record[12].parse::<Money>().unwrap(), line.exact.clone());
            prop_assert_eq!(record[13].to_owned(), line.amount.to_decimal(2));
        }
        let total = Money::from_minor(report.statement.total, 2);
        for grouping in GROUPINGS {
            let records = parsed(&csv::groups(&report, &View::of(&report, grouping)));
            prop_assert_eq!(last_column(&records), total.clone());
        }
    }

    #[test]
    fn no_name_becomes_a_formula(report in reports()) {
        for record in parsed(&csv::lines(&report)) {
            for cell in record.iter().take(7) {
                let first = cell.chars().find(|c| !c.is_whitespace() || "\t\r\n".contains(*c));
                prop_assert!(first.is_none_or(|c| !"=+-@\t\r\n\0＝＋－＠".contains(c)), "{:?}", cell);
            }
        }
    }

    #[test]
    fn no_name_leaves_its_cell_of_a_markdown_table(report in reports()) {
        let view = View::of(&report, Grouping::App);
        let text = markdown::render(&report, &view);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        prop_assert_eq!(rows.len(), view.rows.len() + 3);
        let bars = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        for row in &rows {
            prop_assert_eq!(bars(row), bars(rows[0]));
            prop_assert!(!row.contains(['<', '\u{1b}']), "{:?}", row);
        }
    }

    #[test]
    fn tables_never_break_figures_or_lines(report in reports(), width in 1_u16..200) {
        let view = View::of(&report, Grouping::BusinessUnit);
        let text = table::render(&report, &view, Page { width, ink: Ink::Plain });
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
        for row in &view.rows {
            let amount = tollbook::report::figure::amount(row.amount, 2);
            prop_assert!(text.contains(&amount), "{} in\n{}", amount, text);
        }
    }

    #[test]
    fn the_files_of_business_units_are_the_statement(report in reports()) {
        let files = split::by_business_unit(&report, "csv", csv::lines);
        let records: Vec<_> = files.iter().flat_map(|(_, text)| parsed(text)).collect();
        prop_assert_eq!(records.len(), report.statement.lines.len());
        prop_assert_eq!(last_column(&records), Money::from_minor(report.statement.total, 2));
    }

    #[test]
    fn the_order_of_lines_does_not_change_groups(report in reports()) {
        let mut turned = report.clone();
        turned.statement.lines.reverse();
        for grouping in GROUPINGS {
            let (view, other) = (View::of(&report, grouping), View::of(&turned, grouping));
            prop_assert_eq!(&view, &other);
            prop_assert_eq!(csv::groups(&report, &view), csv::groups(&turned, &other));
        }
    }
}
