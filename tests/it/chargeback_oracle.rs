//! A second chargeback, written straight from the definitions: minute by minute, in plain
//! fractions, without integer sums, segments, keys or a ledger. It knows one small landing zone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use num_rational::BigRational;
use num_traits::{One, Zero};
use tollbook::usage::UsageSum;

use crate::chargeback_desk::{day, usage};

pub(crate) type Exact = BigRational;

/// One row of usage.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Days after the first of the period; may lie outside.
    pub(crate) day: u64,
    pub(crate) caller: &'static str,
    pub(crate) deployment: &'static str,
    pub(crate) input: u64,
    pub(crate) cached: u64,
    pub(crate) output: u64,
}

/// Minutes after the start of the period, and PTU from then on.
pub(crate) type Steps = Vec<(u32, u32)>;

#[derive(Clone, Debug)]
pub(crate) struct Reserved {
    /// Minutes after 20 January 2026.
    pub(crate) start: u32,
    pub(crate) ptu: u32,
    pub(crate) months: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) days: u64,
    pub(crate) rows: Vec<Row>,
    pub(crate) capacity: [Steps; 2],
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) used: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) unused: &'static str,
    pub(crate) shares: (u32, u32),
    pub(crate) shared_cost: (u32, &'static str),
    /// Percents of discount (from the second day on), markup and tax.
    pub(crate) percents: (u32, u32, u32),
    /// Thousandths of the currency per dollar on the first day, and from the second on.
    pub(crate) rates: (u32, u32),
}

pub(crate) const FIRST: &str = "2026-02-27";
const PTUS: [&str; 2] = ["ptu-a", "ptu-b"];

fn date(number: u64) -> NaiveDate {
    day(FIRST) + Days::new(number)
}

impl Scenario {
    pub(crate) fn period(&self) -> String {
        format!("{FIRST}..{}", date(self.days - 1))
    }

    pub(crate) fn usage(&self) -> Vec<UsageSum> {
        let mut table = String::new();
        for row in &self.rows {
            let (on, from) = (date(row.day), (row.caller, row.deployment));
            writeln!(
                table,
                "{on} {} {} {} {} {}",
                from.0, from.1, row.input, row.cached, row.output
            )
            .unwrap();
        }
        usage(&table)
    }

    pub(crate) fn config(&self) -> String {
        let mut text = format!(
            r#"
currency = "EUR"
[[owner]]
match = {{ subscription = "hr*" }}
business_unit = "HR"
cost_centre = "1"
[[owner]]
match = {{ subscription = "legal" }}
business_unit = "Legal"
cost_centre = "2"
[[owner]]
match = {{ subscription = "both" }}
split = [ {{ business_unit = "HR", cost_centre = "1", percent = "33.3" }}, {{ business_unit = "Legal", cost_centre = "2", percent = "66.7" }} ]
[[deployment]]
name = "chat"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
[allocation]
used = "{}"
idle = "{}"
unused_reservation = "{}"
shares = {{ HR = {}, Legal = {} }}
fixed = {{ HR = "62.5", Legal = "37.5" }}
[[shared_cost]]
name = "gateway"
amount = {}
by = "{}"
[[discount]]
percent = {}
from = "{}"
[[markup]]
percent = {}
[[tax]]
percent = {}
"#,
            self.used,
            self.idle,
            self.unused,
            self.shares.0,
            self.shares.1,
            self.shared_cost.0,
            self.shared_cost.1,
            self.percents.0,
            date(1),
            self.percents.1,
            self.percents.2,
        );
        self.write_rates(&mut text);
        self.write_supply(&mut text);
        text
    }

    fn write_rates(&self, text: &mut String) {
        for (number, rate) in [(0, self.rates.0), (1, self.rates.1)] {
            let rate = format!("{}.{:03}", rate / 1000, rate % 1000);
            let from = date(number);
            writeln!(
                text,
                "[[exchange_rate]]\nfrom = \"{from}\"\nrate = \"{rate}\""
            )
            .unwrap();
        }
    }

    fn write_supply(&self, text: &mut String) {
        for (name, steps) in PTUS.iter().zip(&self.capacity) {
            let start = day(FIRST).and_hms_opt(0, 0, 0).unwrap();
            let steps: Vec<String> = steps
                .iter()
                .map(|(minute, ptu)| {
                    let from = start + TimeDelta::minutes(i64::from(*minute));
                    format!(
                        "{{ from = \"{}Z\", ptu = {ptu} }}",
                        from.format("%Y-%m-%dT%H:%M:%S")
                    )
                })
                .collect();
            writeln!(
                text,
                "[[deployment]]\nname = \"{name}\"\nmodel = \"gpt-4.1\"\noffer = \"provisioned\"\n\
                 kind = \"global\"\nregion = \"swedencentral\"\ncapacity = [ {} ]",
                steps.join(", ")
            )
            .unwrap();
        }
        for (number, reserved) in self.reserved.iter().enumerate() {
            let term = if reserved.months == 1 {
                "1-month"
            } else {
                "1-year"
            };
            writeln!(
                text,
                "[[reservation]]\nname = \"r{number}\"\nkind = \"global\"\nregion = \
                 \"swedencentral\"\nptu = {}\nterm = \"{term}\"\nstart = \"{}Z\"",
                reserved.ptu,
                reserved.starts().format("%Y-%m-%dT%H:%M:%S")
            )
            .unwrap();
        }
    }
}

impl Reserved {
    fn starts(&self) -> NaiveDateTime {
        let origin = day("2026-01-20").and_hms_opt(0, 0, 0).unwrap();
        origin + TimeDelta::minutes(i64::from(self.start))
    }

    /// What the whole reservation costs in the minute that starts at `at`; nothing outside it.
    fn cost_at(&self, at: NaiveDateTime) -> Option<Exact> {
        let month = |number| self.starts() + Months::new(number);
        let number = (0..self.months).find(|n| month(*n) <= at && at < month(n + 1))?;
        let term = if self.months == 1 { 260 } else { 2652 };
        let minutes = (month(number + 1) - month(number)).num_minutes();
        Some(ratio(
            i128::from(term) * i128::from(self.ptu),
            i128::from(self.months) * i128::from(minutes),
        ))
    }
}

pub(crate) fn ratio(numerator: i128, denominator: i128) -> Exact {
    Exact::new(numerator.into(), denominator.into())
}

fn whole(number: u64) -> Exact {
    ratio(number.into(), 1)
}

/// Amounts by business unit.
pub(crate) type Bill = BTreeMap<&'static str, Exact>;

fn add(bill: &mut Bill, unit: &'static str, amount: Exact) {
    *bill.entry(unit).or_insert_with(Exact::zero) += amount;
}

fn owners(caller: &str) -> Vec<(&'static str, Exact)> {
    match caller {
        "legal" => vec![("Legal", Exact::one())],
        "both" => vec![("HR", ratio(333, 1000)), ("Legal", ratio(667, 1000))],
        "master" => vec![("__unattributed__", Exact::one())],
        _ => vec![("HR", Exact::one())],
    }
}

fn weigh(row: &Row) -> Exact {
    whole(row.input - row.cached + 4 * row.output)
}

/// What business units owe, exact.
pub(crate) fn exact_bill(s: &Scenario) -> Bill {
    let mut bill = Bill::new();
    let costs: Vec<PoolDay> = (0..s.days).map(|number| s.pool_day(number)).collect();
    for number in 0..s.days {
        let mut today = Bill::new();
        s.charge_tokens(number, &mut today);
        s.charge_pool(number, &costs[usize::try_from(number).unwrap()], &mut today);
        for amount in today.values_mut() {
            let thousandths = if number == 0 { s.rates.0 } else { s.rates.1 };
            *amount *= ratio(thousandths.into(), 1000);
        }
        s.charge_shared(number, &mut today);
        for (unit, amount) in today {
            add(&mut bill, unit, amount * s.adjustment(number, unit));
        }
    }
    bill
}

struct PoolDay {
    /// Dollars and PTU-minutes by deployment, and dollars unused.
    deployed: [(Exact, u64); 2],
    unused: Exact,
}

impl Scenario {
    fn rows_of(&self, number: u64) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.day == number)
    }

    fn rows_inside(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.day < self.days)
    }

    fn adjustment(&self, number: u64, unit: &str) -> Exact {
        let (discount, markup, tax) = self.percents;
        let percent = |p: u32| ratio(p.into(), 100);
        let discount = if number == 0 {
            Exact::zero()
        } else {
            percent(discount)
        };
        let markup = if unit.starts_with("__") {
            Exact::zero()
        } else {
            percent(markup)
        };
        (Exact::one() - discount) * (Exact::one() + markup) * (Exact::one() + percent(tax))
    }

    fn charge_tokens(&self, number: u64, bill: &mut Bill) {
        for row in self.rows_of(number).filter(|row| row.deployment == "chat") {
            // 2, 0.5 and 8 dollars per million.
            let halves = 4 * (row.input - row.cached) + row.cached + 16 * row.output;
            for (unit, share) in owners(row.caller) {
                add(bill, unit, share * ratio(halves.into(), 2_000_000));
            }
        }
    }

    fn ptu_at(&self, which: usize, minute: u32) -> u32 {
        let mut steps = self.capacity[which].iter();
        steps
            .rfind(|step| step.0 <= minute)
            .map_or(0, |step| step.1)
    }

    fn pool_day(&self, number: u64) -> PoolDay {
        let (mut deployed_minutes, mut dollars, mut unused) =
            ([0u64; 2], Exact::zero(), Exact::zero());
        for hour in 0..24 {
            let (mut deployed, mut reserved) = (0u64, 0u64);
            let mut reserved_dollars = Exact::zero();
            let mut by_reservation: BTreeMap<(usize, Exact), u64> = BTreeMap::new();
            for minute in 0..60 {
                let at = u32::try_from(number).unwrap() * 1440 + hour * 60 + minute;
                for (which, minutes) in deployed_minutes.iter_mut().enumerate() {
                    let ptu = u64::from(self.ptu_at(which, at));
                    *minutes += ptu;
                    deployed += ptu;
                }
            }
            let hour_start = date(number).and_hms_opt(hour, 0, 0).unwrap();
            for (which, reservation) in self.reserved.iter().enumerate() {
                for (time, minutes) in reservation.alike(hour_start) {
                    if let Some(cost) = reservation.cost_at(time) {
                        reserved += minutes * u64::from(reservation.ptu);
                        *by_reservation.entry((which, cost)).or_default() += minutes;
                    }
                }
            }
            for ((_, cost), minutes) in by_reservation {
                reserved_dollars += cost * whole(minutes);
            }
            let covered = deployed.min(reserved);
            let used = if reserved == 0 {
                Exact::zero()
            } else {
                &reserved_dollars * ratio(covered.into(), reserved.into())
            };
            unused += &reserved_dollars - &used;
            dollars += used + ratio((deployed - covered).into(), 60);
        }
        let sum = deployed_minutes[0] + deployed_minutes[1];
        let part = |minutes: u64| match sum {
            0 => Exact::zero(),
            _ => &dollars * ratio(minutes.into(), sum.into()),
        };
        let deployed = deployed_minutes.map(|minutes| (part(minutes), minutes));
        PoolDay { deployed, unused }
    }

    fn charge_pool(&self, number: u64, pool: &PoolDay, bill: &mut Bill) {
        for (which, (dollars, minutes)) in pool.deployed.iter().enumerate() {
            let on_it = |row: &&Row| row.deployment == PTUS[which];
            let mut weights = Bill::new();
            for row in self.rows_of(number).filter(on_it) {
                for (unit, share) in owners(row.caller) {
                    add(&mut weights, unit, share * weigh(row));
                }
            }
            let taken: Exact = weights.values().sum();
            let capacity = whole(minutes * 3000);
            let used = if capacity.is_zero() {
                Exact::zero()
            } else {
                dollars * (&taken / &capacity).min(Exact::one())
            };
            let idle = dollars - &used;
            if !taken.is_zero() {
                self.divide(self.used, &used, weights, bill);
            }
            let mut all = Bill::new();
            for row in self.rows_inside().filter(on_it) {
                for (unit, share) in owners(row.caller) {
                    add(&mut all, unit, share * weigh(row));
                }
            }
            self.divide(self.idle, &idle, all, bill);
        }
        let mut all = Bill::new();
        for row in self.rows_inside().filter(|row| row.deployment != "chat") {
            for (unit, share) in owners(row.caller) {
                add(&mut all, unit, share * weigh(row));
            }
        }
        self.divide(self.unused, &pool.unused, all, bill);
    }

    fn charge_shared(&self, number: u64, bill: &mut Bill) {
        let (amount, by) = self.shared_cost;
        let days = if date(number).to_string().starts_with("2026-02") {
            28
        } else {
            31
        };
        let mut weights = Bill::new();
        for row in self.rows_inside() {
            let weight = if by == "requests" {
                1
            } else {
                row.input + row.output
            };
            for (unit, share) in owners(row.caller) {
                add(&mut weights, unit, share * whole(weight));
            }
        }
        self.divide(by, &ratio(amount.into(), days), weights, bill);
    }

    /// Divides by a key, else by shares, else evenly, else to nobody.
    fn divide(&self, key: &str, amount: &Exact, of_use: Bill, bill: &mut Bill) {
        let shares = Bill::from([
            ("HR", whole(self.shares.0.into())),
            ("Legal", whole(self.shares.1.into())),
        ]);
        let mut active = Bill::new();
        for row in self.rows_inside() {
            for (unit, _) in owners(row.caller)
                .iter()
                .filter(|(unit, _)| !unit.starts_with("__"))
            {
                active.insert(unit, Exact::one());
            }
        }
        let first = match key {
            "central" => Bill::from([("__idle__", Exact::one())]),
            "shares" => shares.clone(),
            "even" => active.clone(),
            "fixed" => Bill::from([("HR", ratio(5, 8)), ("Legal", ratio(3, 8))]),
            _ => of_use,
        };
        let nobody = Bill::from([("__idle__", Exact::one())]);
        let chosen = [first, shares, active, nobody]
            .into_iter()
            .find(|weights| weights.values().any(|weight| !weight.is_zero()))
            .unwrap();
        let sum: Exact = chosen.values().sum();
        for (unit, weight) in chosen {
            add(bill, unit, amount * weight / &sum);
        }
    }
}

impl Reserved {
    /// The minutes of an hour, or one for all where no month of the reservation starts in it.
    fn alike(&self, hour: NaiveDateTime) -> Vec<(NaiveDateTime, u64)> {
        let minute = |n| hour + TimeDelta::minutes(n);
        let mut bounds = (0..=self.months).map(|n| self.starts() + Months::new(n));
        if bounds.any(|bound| hour < bound && bound < minute(60)) {
            return (0..60).map(|n| (minute(n), 1)).collect();
        }
        vec![(hour, 60)]
    }
}
