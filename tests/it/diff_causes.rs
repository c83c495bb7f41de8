//! Every cause of a change, in tables that can be checked by hand.

use tollbook::diff::{By, DiffError, Limit, State, Traffic, difference};

use crate::diff_desk::{check, compared, month};

#[test]
fn twice_the_tokens_are_volume() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input  100 2
         Finance copilot gpt payg standard-output  10 8",
        "Finance copilot gpt payg standard-input  200 2
         Finance copilot gpt payg standard-output  20 8",
        "~ Finance/copilot/gpt 280 = volume 280
         total 280 = volume 280",
    );
}

/// 110 tokens stay 110: 10 of them move from 2 to 8 each.
#[test]
fn longer_answers_are_mix() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input  100 2
         Finance copilot gpt payg standard-output  10 8",
        "Finance copilot gpt payg standard-input   90 2
         Finance copilot gpt payg standard-output  20 8",
        "~ Finance/copilot/gpt 60 = mix 60
         total 60 = mix 60",
    );
}

/// 100 tokens become 150: volume 50 × 2. They moved to a model at half the price, which is mix:
/// 150 × 1 less 150 × 2.
#[test]
fn another_model_is_mix_of_the_application() {
    check(
        Traffic::Apart,
        "Finance copilot gpt  payg standard-input 100 2",
        "Finance copilot mini payg standard-input 150 1",
        "- Finance/copilot/gpt -200 = volume 100, mix -300
         + Finance/copilot/mini 150 = mix 150
         total -50 = volume 100, mix -150",
    );
}

/// B's quantity at the change in price: 150 × 0.5; volume 50 × 2.
#[test]
fn price_is_at_the_quantity_after() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 2",
        "Finance copilot gpt payg standard-input 150 2.5",
        "~ Finance/copilot/gpt 175 = volume 100, price 75
         total 175 = volume 100, price 75",
    );
}

/// What HR newly buys has a price before, Finance's: 10 × 2 are volume, 10 × 1 price.
#[test]
fn a_new_application_is_volume_at_the_price_others_paid() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 2",
        "Finance copilot gpt payg standard-input 100 3
         HR      chat    gpt payg standard-input  10 3",
        "~ Finance/copilot/gpt 100 = price 100
         + HR/chat/gpt 30 = volume 20, price 10
         total 130 = volume 20, price 110",
    );
}

#[test]
fn a_closed_application_is_volume() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 2",
        "",
        "- Finance/copilot/gpt -200 = volume -200
         total -200 = volume -200",
    );
}

#[test]
fn tokens_without_a_price_before_get_one() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 0",
        "Finance copilot gpt payg standard-input 100 3",
        "~ Finance/copilot/gpt 300 = price 300
         total 300 = price 300",
    );
}

/// Nothing can be said of quantities, and still nothing vanishes.
#[test]
fn without_a_quantity_everything_is_price() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input - 100",
        "Finance copilot gpt payg standard-input - 130
         HR      chat    gpt payg standard-input - 5",
        "~ Finance/copilot/gpt 30 = price 30
         + HR/chat/gpt 5 = price 5
         total 35 = price 35",
    );
}

/// 100 PTU-hours at 1 become 150 at 1.20. Finance bore a quarter and bears a half: capacity
/// 25 % × 50 × 1, price 25 % × 150 × 0.20, allocation 25 % × 180.
#[test]
fn capacity_price_and_part_of_a_deployment() {
    check(
        Traffic::Apart,
        "Finance  copilot gpt ptu ptu-used  25 1
         __idle__ -       gpt ptu ptu-idle  75 1",
        "Finance  copilot gpt ptu ptu-used  75 1.2
         __idle__ -       gpt ptu ptu-idle  75 1.2",
        "~ Finance/copilot/gpt 65 = price 7.5, capacity 12.5, allocation 45
         ~ __idle__//gpt 15 = price 22.5, capacity 37.5, allocation -45
         total 80 = price 30, capacity 50",
    );
}

#[test]
fn a_new_deployment_is_capacity() {
    check(
        Traffic::Apart,
        "",
        "Finance  copilot gpt ptu ptu-used 10 2
         __idle__ -       gpt ptu ptu-idle 90 2",
        "+ Finance/copilot/gpt 20 = capacity 20
         + __idle__//gpt 180 = capacity 180
         total 200 = capacity 200",
    );
}

/// The unused part of reservations is a cost of its own.
#[test]
fn fewer_unused_hours_are_less_capacity() {
    check(
        Traffic::Apart,
        "__idle__ - - global/eu/hub reservation-unused 100 2",
        "__idle__ - - global/eu/hub reservation-unused  40 2",
        "~ __idle__// -120 = capacity -120
         total -120 = capacity -120",
    );
}

/// The gateway costs 100 a month, then 140. HR's part falls from a half to a quarter.
#[test]
fn a_shared_cost_has_a_price_a_month_and_parts() {
    check(
        Traffic::Apart,
        "HR      chat    - gateway shared-cost - 50
         Finance copilot - gateway shared-cost - 50",
        "HR      chat    - gateway shared-cost - 35
         Finance copilot - gateway shared-cost - 105",
        "~ Finance/copilot/ 55 = price 20, allocation 35
         ~ HR/chat/ -15 = price 20, allocation -35
         total 40 = price 40",
    );
}

/// One month against three: three times as many months, at 100 and then 110 each.
#[test]
fn more_months_of_a_shared_cost_are_capacity() {
    let before = month("2026-06", "HR chat - gateway shared-cost - 100");
    let after = month("2026-07..2026-09", "HR chat - gateway shared-cost - 330");
    let found = difference(&before, &after, Traffic::Apart).unwrap();
    let expected = "~ HR/chat/ 230 = price 30, capacity 200\ntotal 230 = price 30, capacity 200\n";
    assert_eq!(crate::diff_desk::told(&found), expected);
}

/// 5 % of 200 becomes 10 % of 400: volume 200 less its 5 %, and another 5 % of 400.
#[test]
fn a_discount_follows_its_charges_and_changes_itself() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 2
         Finance copilot gpt payg adjustment-discount - -10",
        "Finance copilot gpt payg standard-input 200 2
         Finance copilot gpt payg adjustment-discount - -40",
        "~ Finance/copilot/gpt 170 = volume 190, adjustment -20
         total 170 = volume 190, adjustment -20",
    );
}

/// A discount of an application that was not there is part of its price, not another discount.
#[test]
fn an_added_application_brings_its_discount() {
    check(
        Traffic::Apart,
        "",
        "Finance copilot gpt payg standard-input 100 2
         Finance copilot gpt payg adjustment-discount - -10",
        "+ Finance/copilot/gpt 190 = volume 190
         total 190 = volume 190",
    );
}

#[test]
fn a_credit_is_an_adjustment_whatever_else_changed() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 100 2
         Finance copilot gpt payg adjustment-credit - -50
         HR      -       -   -    adjustment-credit - -7",
        "Finance copilot gpt payg standard-input 200 2
         Finance copilot gpt payg adjustment-credit - -50",
        "~ Finance/copilot/gpt 200 = volume 200
         - HR// 7 = adjustment 7
         total 207 = volume 200, adjustment 7",
    );
}

/// Under another policy the same 100 tokens have another owner; nobody used more. As two months
/// the same lines are a move of use.
#[test]
fn the_same_requests_with_another_owner_are_allocation() {
    let before = "Finance copilot gpt payg standard-input 60 2
                  HR      chat    gpt payg standard-input 40 2";
    let after = "Finance copilot gpt payg standard-input 90 2
                 Legal   review  gpt payg standard-input 10 2";
    check(
        Traffic::Same,
        before,
        after,
        "~ Finance/copilot/gpt 60 = allocation 60
         - HR/chat/gpt -80 = allocation -80
         + Legal/review/gpt 20 = allocation 20
         total 0 =",
    );
    check(
        Traffic::Apart,
        before,
        after,
        "~ Finance/copilot/gpt 60 = volume 60
         - HR/chat/gpt -80 = volume -80
         + Legal/review/gpt 20 = volume 20
         total 0 =",
    );
}

/// A policy that prices twice as many of the same requests per token: everybody's volume.
#[test]
fn the_same_requests_priced_otherwise_are_volume_at_old_parts() {
    check(
        Traffic::Same,
        "Finance copilot gpt payg standard-input 60 2
         HR      chat    gpt payg standard-input 40 2",
        "Finance copilot gpt payg standard-input 140 2
         HR      chat    gpt payg standard-input  60 2",
        "~ Finance/copilot/gpt 160 = volume 120, allocation 40
         ~ HR/chat/gpt 40 = volume 80, allocation -40
         total 200 = volume 200",
    );
}

/// The statement is a cent before and after. It goes to the larger amount, HR's and then
/// Finance's, though HR's stays and the price of Finance rises by 0.003 only.
#[test]
fn a_cent_that_moved_without_a_cause_is_rounding() {
    check(
        Traffic::Apart,
        "Finance copilot gpt payg standard-input 1 0.003
         HR      chat    gpt payg standard-input 1 0.004",
        "Finance copilot gpt payg standard-input 1 0.006
         HR      chat    gpt payg standard-input 1 0.004",
        "~ Finance/copilot/gpt 0.01 = rounding 0.01
         ~ HR/chat/gpt -0.01 = rounding -0.01
         total 0 =",
    );
}

#[test]
fn rows_are_sums_and_the_largest_change_comes_first() {
    let found = compared(
        "Finance copilot gpt  payg standard-input 100 2
         Finance reader  gpt  payg standard-input 100 2
         HR      chat    mini payg standard-input 100 1",
        "Finance copilot gpt  payg standard-input 110 2
         Finance reader  gpt  payg standard-input  70 2
         HR      chat    mini payg standard-input 100 1",
        Traffic::Apart,
    );
    let rows = |by| -> Vec<(String, i128, State)> {
        let rows = found.rows(by).into_iter();
        rows.map(|row| {
            (
                row.keys.join("/"),
                row.change.amount().0,
                row.change.state(),
            )
        })
        .collect()
    };
    let row = |name: &str, cents, state| (name.to_owned(), cents, state);
    assert_eq!(
        rows(By::App),
        [
            row("Finance/reader", -6_000, State::Changed),
            row("Finance/copilot", 2_000, State::Changed),
            row("HR/chat", 0, State::Unchanged),
        ]
    );
    assert_eq!(
        rows(By::Model),
        [
            row("gpt", -4_000, State::Changed),
            row("mini", 0, State::Unchanged)
        ]
    );
    assert_eq!(
        rows(By::BusinessUnit)[0],
        row("Finance", -4_000, State::Changed)
    );
    let growth = found.total.share().unwrap();
    assert_eq!(growth.to_trimmed(2), "-0.08");
}

#[test]
fn two_currencies_cannot_be_compared() {
    let dollars = month("2026-06", "HR chat - gateway shared-cost - 100");
    let mut euros = dollars.clone();
    euros.currency = "EUR".to_owned();
    let error = difference(&dollars, &euros, Traffic::Apart).unwrap_err();
    assert!(matches!(error, DiffError::Currencies { .. }), "{error}");
    let mut mills = dollars.clone();
    mills.minor_digits = 3;
    let error = difference(&dollars, &mills, Traffic::Apart).unwrap_err();
    assert!(matches!(error, DiffError::MinorDigits { .. }), "{error}");
}

/// A price that nothing but a mistyped quantity can have, times many tokens.
#[test]
fn effects_beyond_amounts_are_refused() {
    let before = month("2026-06", "HR chat gpt payg standard-input 1 900000000000");
    let after = month(
        "2026-06",
        "HR chat gpt payg standard-input 900000000000 0.1",
    );
    let error = difference(&before, &after, Traffic::Apart).unwrap_err();
    assert!(matches!(error, DiffError::TooLarge { .. }), "{error}");
}

/// What exceeds limits, as `business unit > limit`.
fn excesses(limits: &[&str]) -> String {
    let found = compared(
        "Finance  copilot gpt payg standard-input 100 2
         HR       chat    gpt payg standard-input 100 1",
        "Finance  copilot gpt payg standard-input 105 2
         HR       chat    gpt payg standard-input  90 1
         Research lab     gpt payg standard-input   1 1",
        Traffic::Apart,
    );
    let limits: Vec<Limit> = limits.iter().map(|limit| limit.parse().unwrap()).collect();
    let excesses = found.excesses(&limits).unwrap().into_iter();
    let told = excesses.map(|one| {
        let of = one.business_unit.as_deref().unwrap_or("total");
        format!("{of} > {}", one.limit)
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Finance +10.00 (5 %), HR −10.00 (−10 %), Research +1.00 from nothing, together +1.00 (0.3 %).
#[test]
fn limits_hold_for_the_total_and_every_unit_that_has_none_of_its_own() {
    for (limits, expected) in [
        (&["10"][..], ""),
        (&["9.99"], "Finance > 9.99; HR > 9.99"),
        (&["5%"], "HR > 5%; Research > 5%"),
        (&["5%", "HR=10%", "Research=1"], ""),
        (&["0"], "total > 0; Finance > 0; HR > 0; Research > 0"),
        (
            &["0.2%", "Finance=4%"],
            "total > 0.2%; Finance > Finance=4%; HR > 0.2%; Research > 0.2%",
        ),
        (
            &["Finance=1", "Finance=2%"],
            "Finance > Finance=1; Finance > Finance=2%",
        ),
        (&[], ""),
    ] {
        assert_eq!(excesses(limits), expected, "{limits:?}");
    }
}

#[test]
fn limits_are_read_as_written_and_others_are_refused() {
    for text in ["5%", "100", "0.5", "Finance=5%", "R=D=100"] {
        assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
    }
    for text in [
        "", "%", "five", "-5%", "-1", "=5%", "Finance=", "Finance", "5%%",
    ] {
        assert!(text.parse::<Limit>().is_err(), "{text:?}");
    }
    let same = compared("", "", Traffic::Apart);
    let error = same.excesses(&["Finanse=1".parse().unwrap()]).unwrap_err();
    assert!(error.to_string().contains("Finanse"), "{error}");
}

/// Each of three units gains a third of a cent of capacity and loses, or gains, part of the pool.
/// Row by row, allocation would seem to be a cent in all, which cannot be: parts sum to one.
#[test]
fn what_several_share_moves_nothing_in_all() {
    let found = compared(
        "Finance copilot gpt ptu ptu-used 100 0.1003
         HR      chat    gpt ptu ptu-used 100 0.1003
         Legal   review  gpt ptu ptu-used 100 0.1003",
        "Finance copilot gpt ptu ptu-used 130 0.1004
         HR      chat    gpt ptu ptu-used 120 0.1004
         Legal   review  gpt ptu ptu-used  55 0.1004",
        Traffic::Apart,
    );
    let allocation = found.total.cause(tollbook::diff::Cause::Allocation);
    assert_eq!(allocation.0, 0, "{}", crate::diff_desk::told(&found));
    assert!(
        found
            .total
            .effects
            .of(tollbook::diff::Cause::Allocation)
            .is_zero()
    );
}
