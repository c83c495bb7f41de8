//! The laws of the design as properties, against an independent oracle.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;
use proptest::sample::select;
use tollbook::azure::TokenClass;
use tollbook::chargeback::statement::StatementLine;
use tollbook::chargeback::{ChargeError, Charges, Detail, Facts, charge};
use tollbook::config::Config;
use tollbook::rate_card::RateCard;

use crate::chargeback_desk::{catalog, charged, token_price};
use crate::chargeback_oracle::{Reserved, Row, Scenario, Steps, exact_bill};

fn row() -> impl Strategy<Value = Row> {
    let caller = select(vec!["hr-1", "HR-2", "legal", "both", "master"]);
    let deployment = select(vec!["chat", "ptu-a", "ptu-b"]);
    let tokens = prop_oneof![Just(0u64), 1..100u64, 1..60_000_000u64];
    (
        0..4u64,
        caller,
        deployment,
        tokens.clone(),
        0..=100u64,
        tokens,
    )
        .prop_map(|(day, caller, deployment, input, cached, output)| Row {
            day,
            caller,
            deployment,
            input,
            cached: input * cached / 100,
            output,
        })
}

fn steps() -> impl Strategy<Value = Steps> {
    let step = (
        prop_oneof![(0..72u32).prop_map(|h| h * 60), 0..4320u32],
        0..100u32,
    );
    prop::collection::vec(step, 1..4).prop_map(|mut steps| {
        steps.sort_by_key(|step| step.0);
        steps.dedup_by_key(|step| step.0);
        steps
    })
}

fn reserved() -> impl Strategy<Value = Reserved> {
    (0..60_000u32, 1..120u32, select(vec![1, 12])).prop_map(|(start, ptu, months)| Reserved {
        start,
        ptu,
        months,
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let keys = (
        select(vec!["weighted-tokens", "shares", "even", "fixed"]),
        select(vec!["central", "proportional", "shares"]),
        select(vec!["central", "proportional", "shares"]),
        (1..5u32, 0..5u32),
    );
    let costs = (
        (
            0..5000u32,
            select(vec!["requests", "tokens", "even", "shares", "fixed"]),
        ),
        (0..30u32, 0..10u32, 0..25u32),
        (1..3000u32, 1..3000u32),
    );
    let supply = ([steps(), steps()], prop::collection::vec(reserved(), 0..3));
    let rows = prop::collection::vec(row(), 0..12);
    (1..4u64, rows, supply, keys, costs).prop_map(|(days, rows, supply, keys, costs)| Scenario {
        days,
        rows,
        capacity: supply.0,
        reserved: supply.1,
        used: keys.0,
        idle: keys.1,
        unused: keys.2,
        shares: keys.3,
        shared_cost: costs.0,
        percents: costs.1,
        rates: costs.2,
    })
}

fn charges(scenario: &Scenario, detail: Detail) -> Charges {
    let usage = scenario.usage();
    charged(&scenario.config(), &usage, (&scenario.period(), detail)).unwrap()
}

/// A fraction with 20 decimals, rounded half away from zero.
fn decimal(value: &BigRational) -> String {
    let scale = BigRational::from_integer(BigInt::from(10).pow(20));
    let digits = (value * scale).round().to_integer();
    let digits: i128 = digits.try_into().unwrap();
    tollbook::money::MinorUnits(digits).to_decimal(20)
}

/// Sums of amounts and of exact amounts by some key.
fn grouped(
    charges: &Charges,
    key: impl Fn(&StatementLine) -> String,
) -> BTreeMap<String, (i128, tollbook::money::Money)> {
    let mut groups: BTreeMap<String, (i128, tollbook::money::Money)> = BTreeMap::new();
    for line in &charges.statement.lines {
        let group = groups.entry(key(line)).or_default();
        group.0 += line.amount.0;
        group.1 += &line.exact;
    }
    groups
}

fn levels(line: &StatementLine) -> [String; 6] {
    let top = [
        &line.business_unit,
        &line.cost_centre,
        &line.app,
        &line.model,
        &line.deployment,
    ];
    let mut path = String::new();
    let mut levels: Vec<String> = top
        .into_iter()
        .map(|part| {
            path.push_str(part);
            path.push('\u{1f}');
            path.clone()
        })
        .collect();
    levels.push(path + &line.component.name());
    levels.try_into().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Law 2: every business unit's exact amount is the oracle's, and the charged amounts sum to
    /// the rounded total.
    #[test]
    fn business_units_owe_what_the_oracle_says(scenario in scenario()) {
        let charges = charges(&scenario, Detail::Period);
        let oracle = exact_bill(&scenario);
        let mut ours: BTreeMap<&str, String> = BTreeMap::new();
        for remainder in &charges.remainders {
            if !remainder.exact.is_zero() {
                ours.insert(&remainder.business_unit, remainder.exact.to_decimal(20));
            }
        }
        let theirs: BTreeMap<&str, String> = oracle
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(unit, amount)| (*unit, decimal(amount)))
            .collect();
        prop_assert_eq!(ours, theirs);
        let total: BigRational = oracle.values().sum();
        let cents = (total * BigRational::from_integer(100.into())).round().to_integer();
        prop_assert_eq!(BigInt::from(charges.statement.total.0), cents.clone());
        let lines: i128 = charges.statement.lines.iter().map(|line| line.amount.0).sum();
        prop_assert_eq!(BigInt::from(lines), cents);
    }

    /// Laws 1 and 3: every request and every token has one place, in whichever order they come.
    #[test]
    fn nothing_is_lost_and_order_does_not_matter(scenario in scenario(), seed in any::<u64>()) {
        let whole = charges(&scenario, Detail::Period);
        let requests = &whole.requests;
        let counted: u64 = requests.by_disposition.values().map(|n| n.get()).sum();
        prop_assert_eq!(
            counted + requests.outside_period.get(),
            scenario.rows.len() as u64
        );
        let tokens: u64 = scenario
            .rows
            .iter()
            .filter(|row| row.deployment == "chat" && row.day < scenario.days)
            .map(|row| row.input + row.output)
            .sum();
        let mut billed = tollbook::money::Factor::zero();
        let lines = whole.statement.lines.iter();
        for quantity in lines.filter(|line| line.deployment == "chat").filter_map(|line| line.quantity.as_ref()) {
            billed = billed.plus(&quantity.value);
        }
        prop_assert_eq!(billed, tollbook::money::Factor::ratio(tokens.into(), 1));
        let mut shuffled = scenario.clone();
        let count = shuffled.rows.len().max(1) as u64;
        for place in 0..shuffled.rows.len() {
            let other = usize::try_from(seed.wrapping_mul(place as u64 + 7) % count).unwrap();
            shuffled.rows.swap(place, other);
        }
        let again = charges(&shuffled, Detail::Period);
        prop_assert_eq!(&whole.statement.lines, &again.statement.lines);
        prop_assert_eq!(&whole.findings, &again.findings);
    }

    /// Law 4: without a price nothing is charged 0; the error counts exactly the tokens.
    #[test]
    fn a_missing_price_is_never_zero(scenario in scenario()) {
        let input_only = vec![
            token_price("gpt-4.1", TokenClass::Input, "2"),
            token_price("gpt-4.1", TokenClass::CachedInput, "1"),
        ];
        let rates = RateCard::from_rows(input_only, Vec::new());
        let mut payg = scenario;
        payg.rows.retain(|row| row.deployment == "chat");
        payg.reserved.clear();
        payg.capacity = [vec![(0, 0)], vec![(0, 0)]];
        let config = Config::parse(&payg.config(), "tollbook.toml").unwrap();
        let catalog = catalog();
        let facts = Facts { catalog, rates: &rates };
        let period = payg.period().parse().unwrap();
        let result = charge(&payg.usage(), &config.policy, &facts, period, Detail::Period);
        let inside = payg.rows.iter().filter(|row| row.day < payg.days);
        let output: u64 = inside.map(|row| row.output).sum();
        match result {
            Ok(_) => prop_assert_eq!(output, 0),
            Err(ChargeError::Unpriced(missing)) => {
                prop_assert!(output > 0);
                prop_assert_eq!(missing.len(), 1);
                prop_assert_eq!(missing[0].tokens.get(), output);
                prop_assert_eq!(missing[0].class, TokenClass::Output);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    /// Law 5: a business unit without use changes nothing, nor does scaling all weights.
    #[test]
    fn newcomers_and_scale_change_nothing(scenario in scenario(), scale in 2..1000u32) {
        let before = charges(&scenario, Detail::Period);
        let ghost = "[[owner]]\nmatch = { subscription = \"ghost\" }\nbusiness_unit = \"A ghost\"\n";
        let with_ghost = format!("{}{ghost}", scenario.config());
        let usage = scenario.usage();
        let period = scenario.period();
        let after = charged(&with_ghost, &usage, (&period, Detail::Period)).unwrap();
        prop_assert_eq!(&before.statement.lines, &after.statement.lines);
        let mut scaled = scenario.clone();
        scaled.shares = (scaled.shares.0 * scale, scaled.shares.1 * scale);
        let after = charges(&scaled, Detail::Period);
        prop_assert_eq!(&before.statement.lines, &after.statement.lines);
    }
}

proptest! {
    // Two statements a case, one of them by day: fewer cases keep the test short.
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Law 2 at every level and for every group-by: groups sum to the total, and no group of the
    /// hierarchy is a whole minor unit or more away from its exact amount.
    #[test]
    fn every_view_balances(scenario in scenario()) {
        for detail in [Detail::Period, Detail::Day] {
            let charges = charges(&scenario, detail);
            let total = charges.statement.total.0;
            let views: [fn(&StatementLine) -> String; 5] = [
                |line| line.business_unit.clone(),
                |line| line.app.clone(),
                |line| line.deployment.clone(),
                |line| line.component.name(),
                |line| format!("{:?}", line.day),
            ];
            for view in views {
                prop_assert_eq!(grouped(&charges, view).values().map(|g| g.0).sum::<i128>(), total);
            }
            for level in 0..6 {
                for (path, (amount, exact)) in grouped(&charges, |line| levels(line)[level].clone()) {
                    let floor = exact.rounded(2).0;
                    prop_assert!((amount - floor).abs() <= 1, "{path}: {amount} for {exact}");
                }
            }
        }
    }

    /// The days of a statement by day sum to the statement of the period, exactly.
    #[test]
    fn days_sum_to_the_period(scenario in scenario()) {
        let whole = charges(&scenario, Detail::Period);
        let days = charges(&scenario, Detail::Day);
        prop_assert_eq!(&whole.statement.exact_total, &days.statement.exact_total);
        let by = |charges: &Charges| grouped(charges, |line| levels(line)[5].clone());
        let exact = |charges: &Charges| by(charges).into_iter().map(|(k, g)| (k, g.1)).collect::<Vec<_>>();
        prop_assert_eq!(exact(&whole), exact(&days));
    }
}
