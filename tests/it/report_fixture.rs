//! Statements to show: a month of a landing zone, and the awkward ones.

use tollbook::azure::{DeploymentKind, Tier, TokenClass};
use tollbook::chargeback::allocation::UsedKey;
use tollbook::chargeback::owners::Payer;
use tollbook::chargeback::pools::{PoolCost, PoolName};
use tollbook::chargeback::statement::{
    Component, IDLE, Quantity, Statement, StatementLine, UNATTRIBUTED,
};
use tollbook::chargeback::{About, DeploymentFacts, Finding, OwnedUsage, PoolFacts, UsageAmount};
use tollbook::money::{Factor, Money};
use tollbook::rate_card::{Source, TokenPrice};
use tollbook::report::Report;
use tollbook::units::{PtuMinutes, Requests, WeightedTokens};
use tollbook::usage::Disposition;

pub(crate) const STANDARD_INPUT: Component = tokens(TokenClass::Input);
pub(crate) const STANDARD_OUTPUT: Component = tokens(TokenClass::Output);
pub(crate) const SPILLED_OUTPUT: Component = Component::Tokens {
    spilled: true,
    tier: Tier::Standard,
    class: TokenClass::Output,
};

const fn tokens(class: TokenClass) -> Component {
    Component::Tokens {
        spilled: false,
        tier: Tier::Standard,
        class,
    }
}

/// Who, for what application, on which model and deployment.
pub(crate) type Place<'a> = [&'a str; 5];

pub(crate) const HR: Place<'_> = ["HR", "CC-100", "HR assistant", "gpt-4.1", "gpt-4.1-ptu"];
pub(crate) const LEGAL: Place<'_> = [
    "Legal",
    "CC-300",
    "Contract review",
    "gpt-4.1",
    "gpt-4.1-std",
];
pub(crate) const RESEARCH: Place<'_> = [
    "Forschung & Entwicklung (Süddeutschland), Plattform",
    "CC-4711",
    "",
    "gpt-4.1-mini",
    "mini",
];
pub(crate) const SALES: Place<'_> = ["営業部", "CC-200", "見積もり", "gpt-4.1", "gpt-4.1-ptu"];
pub(crate) const NOBODY: Place<'_> = [UNATTRIBUTED, "", "", "gpt-4.1", "gpt-4.1-std"];
pub(crate) const UNUSED: Place<'_> = [IDLE, "", "", "", "global/swedencentral/shared"];
pub(crate) const SPARE: Place<'_> = [IDLE, "", "", "gpt-4.1", "gpt-4.1-ptu"];

pub(crate) fn line(place: Place<'_>, component: Component, exact: &str) -> StatementLine {
    let [business_unit, cost_centre, app, model, deployment] = place.map(str::to_owned);
    StatementLine {
        business_unit,
        cost_centre,
        app,
        model,
        deployment,
        day: None,
        component,
        quantity: None,
        unit_price: None,
        exact: exact.parse().unwrap(),
        amount: tollbook::money::MinorUnits(0),
    }
}

/// A line of so many units at one price each.
pub(crate) fn metered(
    place: Place<'_>,
    component: Component,
    count: u128,
    price: &str,
    unit: &'static str,
) -> StatementLine {
    let price: Money = price.parse().unwrap();
    StatementLine {
        exact: price.times_whole(count),
        quantity: Some(Quantity {
            value: Factor::ratio(count, 1),
            unit,
        }),
        unit_price: Some(price),
        ..line(place, component, "0")
    }
}

/// The statement of October 2026 of these lines, rounded by largest remainder: total to business
/// units, business units to lines.
pub(crate) fn statement(
    mut lines: Vec<StatementLine>,
    currency: &str,
    minor_digits: u32,
) -> Statement {
    lines.sort_by(|a, b| {
        let key = |line: &StatementLine| {
            [
                &line.business_unit,
                &line.cost_centre,
                &line.app,
                &line.model,
                &line.deployment,
            ]
            .map(String::clone)
        };
        (key(a), a.component).cmp(&(key(b), b.component))
    });
    let sum = |lines: &[StatementLine]| lines.iter().map(|line| &line.exact).sum::<Money>();
    let exact_total = sum(&lines);
    let total = exact_total.rounded(minor_digits);
    let units = lines.chunk_by_mut(|a, b| a.business_unit == b.business_unit);
    let mut units: Vec<&mut [StatementLine]> = units.collect();
    let exact: Vec<Money> = units.iter().map(|unit| sum(unit)).collect();
    for (unit, amount) in units
        .iter_mut()
        .zip(Money::split(total, &exact, minor_digits))
    {
        let exact: Vec<Money> = unit.iter().map(|line| line.exact.clone()).collect();
        for (line, amount) in unit
            .iter_mut()
            .zip(Money::split(amount, &exact, minor_digits))
        {
            line.amount = amount;
        }
    }
    Statement {
        period: "2026-10".parse().unwrap(),
        currency: currency.to_owned(),
        minor_digits,
        lines,
        exact_total,
        total,
    }
}

pub(crate) fn usage(place: Place<'_>, disposition: Disposition, counts: [u128; 3]) -> OwnedUsage {
    let [business_unit, cost_centre, app, model, deployment] = place.map(str::to_owned);
    let [requests, input, output] = counts.map(|count| Factor::ratio(count, 1));
    OwnedUsage {
        payer: Payer {
            business_unit,
            cost_centre,
            app,
        },
        model,
        deployment,
        day: None,
        disposition,
        priced: disposition.is_priced(),
        amount: UsageAmount {
            requests,
            input,
            output,
        },
    }
}

pub(crate) fn of_lines(lines: Vec<StatementLine>) -> Report {
    Report {
        business_unit: None,
        statement: statement(lines, "USD", 2),
        usage: Vec::new(),
        outside_period: Requests::default(),
        prices: Vec::new(),
        pools: Vec::new(),
        used_key: UsedKey::WeightedTokens,
        exchange_rates: Vec::new(),
        findings: Vec::new(),
    }
}

/// A month with everything in it: two units on provisioned throughput, one of which spilled, two
/// on pay-as-you-go, an unowned caller, idle capacity, a shared cost, a credit and a discount.
pub(crate) fn contoso() -> Report {
    Report {
        usage: vec![
            usage(
                HR,
                Disposition::Billable,
                [81_204, 1_204_557_120, 98_410_332],
            ),
            usage(HR, Disposition::WithoutTokens, [412, 0, 0]),
            usage(
                SALES,
                Disposition::Billable,
                [40_002, 401_519_040, 32_803_444],
            ),
            usage(
                LEGAL,
                Disposition::Billable,
                [9_120, 181_200_400, 9_014_020],
            ),
            usage(LEGAL, Disposition::Error, [233, 4_100_000, 0]),
            usage(
                RESEARCH,
                Disposition::Billable,
                [1_310_448, 2_914_022_777, 611_300_009],
            ),
            usage(NOBODY, Disposition::Billable, [17, 10_250, 1_201]),
            usage(NOBODY, Disposition::NotAnLlmCall, [96, 0, 0]),
        ],
        outside_period: Requests::new(31),
        prices: vec![
            price(TokenClass::Input, "2"),
            price(TokenClass::Output, "8"),
        ],
        pools: vec![pool()],
        findings: vec![Finding {
            code: "owner-rule-unused",
            message: "[[owner]] rule 7 (Marketing) claimed nothing in this period".to_owned(),
            about: About::Owner(6),
        }],
        ..of_lines(month())
    }
}

fn month() -> Vec<StatementLine> {
    let gateway = |place: Place<'static>| -> Place<'static> {
        [place[0], place[1], "", "", "api-management"]
    };
    vec![
        metered(
            HR,
            Component::PtuUsed,
            15_300,
            "0.684931506849",
            "PTU-hours",
        ),
        metered(HR, SPILLED_OUTPUT, 812_345, "0.000008", "tokens"),
        line(gateway(HR), Component::SharedCost, "933.333333333333"),
        metered(
            SALES,
            Component::PtuUsed,
            5_100,
            "0.684931506849",
            "PTU-hours",
        ),
        line(gateway(SALES), Component::SharedCost, "933.333333333333"),
        metered(LEGAL, STANDARD_INPUT, 181_200_400, "0.000002", "tokens"),
        metered(LEGAL, STANDARD_OUTPUT, 9_014_020, "0.000008", "tokens"),
        line(gateway(LEGAL), Component::SharedCost, "933.333333333334"),
        line(["Legal", "CC-300", "", "", ""], Component::Credit, "-2500"),
        metered(
            RESEARCH,
            STANDARD_INPUT,
            2_914_022_777,
            "0.0000004",
            "tokens",
        ),
        metered(
            RESEARCH,
            STANDARD_OUTPUT,
            611_300_009,
            "0.0000016",
            "tokens",
        ),
        line(RESEARCH, Component::Discount, "-214.368912520"),
        metered(NOBODY, STANDARD_INPUT, 10_250, "0.000002", "tokens"),
        metered(NOBODY, STANDARD_OUTPUT, 1_201, "0.000008", "tokens"),
        metered(
            UNUSED,
            Component::ReservationUnused,
            800,
            "0.684931506849",
            "PTU-hours",
        ),
        metered(
            SPARE,
            Component::PtuIdle,
            16_800,
            "0.684931506849",
            "PTU-hours",
        ),
    ]
}

fn price(class: TokenClass, usd: &str) -> TokenPrice {
    TokenPrice {
        model: "gpt-4.1".to_owned(),
        version: None,
        kind: DeploymentKind::Global,
        regions: Vec::new(),
        tier: Tier::Standard,
        class,
        input_above: None,
        price: usd.parse().unwrap(),
        source: Source {
            effective_from: "2025-04-14".parse().unwrap(),
            effective_until: None,
            text: "Azure price sheet".to_owned(),
            as_of: "2026-09-30".parse().unwrap(),
            own: false,
        },
    }
}

fn pool() -> PoolFacts {
    let cost = |hours: u128| {
        "0.684931506849"
            .parse::<Money>()
            .unwrap()
            .times_whole(hours)
    };
    PoolFacts {
        name: PoolName {
            kind: DeploymentKind::Global,
            region: "swedencentral".to_owned(),
            scope: "shared".to_owned(),
        },
        cost: PoolCost {
            deployed: PtuMinutes::new(37_200 * 60),
            reserved: PtuMinutes::new(38_000 * 60),
            covered: PtuMinutes::new(37_200 * 60),
            covered_amount: cost(37_200),
            hourly_amount: Money::zero(),
            unused_amount: cost(800),
        },
        deployments: vec![DeploymentFacts {
            name: "gpt-4.1-ptu".to_owned(),
            model: "gpt-4.1".to_owned(),
            deployed: PtuMinutes::new(37_200 * 60),
            used: Factor::ratio(20_400 * 60, 1),
            weighted: WeightedTokens::new(2_130_931_264_000),
            used_amount: cost(20_400),
            idle_amount: cost(16_800),
        }],
    }
}

/// Japanese yen: no minor unit, a total above 10¹², and a unit that is owed money.
pub(crate) fn yen() -> Report {
    let lines = vec![
        line(SALES, STANDARD_INPUT, "1234567890123.4"),
        line(LEGAL, Component::Credit, "-98765432.5"),
        line(HR, STANDARD_OUTPUT, "0.4"),
    ];
    Report {
        statement: statement(lines, "JPY", 0),
        ..of_lines(Vec::new())
    }
}

/// Names chosen by somebody who means harm.
pub(crate) fn hostile() -> Report {
    let name = "=HYPERLINK(\"http://x\",\"|a|\")\n<b>\u{1b}[31m\u{202e}";
    of_lines(vec![
        line(
            [name, "-1", "@SUM(A1)", "+m", "\td"],
            STANDARD_INPUT,
            "-12.30",
        ),
        line(HR, STANDARD_INPUT, "20"),
    ])
}
