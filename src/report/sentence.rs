//! Sentences of a plan as people read them.

use super::figure;
use crate::money::{Factor, Money};
use crate::plan::sentence::{Figure, Sentence};
use crate::time::SimDuration;

/// The sentence as text.
pub fn told(sentence: &Sentence) -> String {
    sentence.told(written)
}

fn written(figure: &Figure) -> String {
    match figure {
        Figure::Text(text) => text.clone(),
        Figure::Ptu(ptu) => format!("{} PTU", figure::whole(ptu.get().into())),
        Figure::Money(money) => dollars(money),
        Figure::Share(share) => percent(share),
        Figure::Ratio(ratio) => ratio.to_trimmed(2),
        Figure::Span(span) => length(*span),
        Figure::Count(count) => figure::whole(*count),
    }
}

/// Whole dollars, or as many decimals as three telling digits need.
fn dollars(money: &Money) -> String {
    if money.is_zero() {
        return "USD 0".to_owned();
    }
    format!(
        "USD {}",
        figure::short(|digits| money.to_decimal(digits), 0)
    )
}

/// A share in percent with three telling digits; at least a tenth shows.
fn percent(share: &Factor) -> String {
    let percent = share.times(&Factor::ratio(100, 1));
    format!("{} %", percent.to_trimmed(1))
}

/// The largest unit of which there are at least two, rounded down; one decimal below ten.
fn length(span: SimDuration) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400_000_000, "days"),
        (3_600_000_000, "hours"),
        (60_000_000, "minutes"),
        (1_000_000, "seconds"),
    ];
    let fits = |(unit, _): &&(u64, &str)| span.micros() >= 2 * unit;
    let (unit, name) = UNITS.iter().find(fits).copied().unwrap_or(UNITS[3]);
    let count = Factor::ratio(span.micros().into(), unit.into());
    let digits = u32::from(span.micros() < 10 * unit);
    let count = figure::quantity(&count, digits);
    if count == "1" {
        return format!("1 {}", name.trim_end_matches('s'));
    }
    format!("{count} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Ptu;

    #[test]
    fn figures_are_written_for_people() {
        let written_as = [
            (Figure::Ptu(Ptu::new(1_500)), "1,500 PTU"),
            (Figure::Money("52981.4".parse().unwrap()), "USD 52,981"),
            (Figure::Money("0.0456".parse().unwrap()), "USD 0.0456"),
            (Figure::Share(Factor::ratio(841, 1_000)), "84.1 %"),
            (Figure::Span(SimDuration::from_seconds(3_582)), "60 minutes"),
            (Figure::Span(SimDuration::from_seconds(9_000)), "2.5 hours"),
            (Figure::Span(SimDuration::SECOND), "1 second"),
        ];
        for (figure, text) in written_as {
            assert_eq!(written(&figure), text);
        }
    }
}
