//! Which sizes a plan looks at: legal ones, as many as the traffic asks for, or as stated.

use crate::catalog::PtuSizes;
use crate::units::Ptu;

/// The sizes that are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// All that the traffic can use.
    #[default]
    Useful,
    /// Those from one size to another.
    Between(Ptu, Ptu),
    /// These alone.
    These(Vec<Ptu>),
}

impl Wanted {
    /// The stated sizes, if all can be bought; what is wrong with the first that cannot.
    pub fn checked(&self, sizes: PtuSizes, what: &str) -> Result<(), String> {
        match self {
            Self::Useful => Ok(()),
            Self::Between(from, to) => match Range::within(sizes, *from, *to) {
                Some(_) => Ok(()),
                None => Err(format!(
                    "{what} has no size from {from} to {to} PTU: {}",
                    legal(sizes)
                )),
            },
            Self::These(stated) => {
                let illegal = stated.iter().find(|size| !sizes.allow(**size));
                illegal.map_or(Ok(()), |size| Err(refusal(sizes, *size, what)))
            }
        }
    }
}

/// Why a size cannot be bought.
pub fn refusal(sizes: PtuSizes, size: Ptu, what: &str) -> String {
    let nearest = sizes.nearest(size);
    let nearest: Vec<String> = [nearest.below, nearest.above]
        .into_iter()
        .flatten()
        .map(|size| size.to_string())
        .collect();
    format!(
        "{size} PTU is no size of {what}: {}; the nearest is {}",
        legal(sizes),
        nearest.join(" or ")
    )
}

fn legal(sizes: PtuSizes) -> String {
    let steps = sizes.increment();
    let steps = steps.map_or_else(String::new, |step| format!(" and go on in steps of {step}"));
    format!("sizes start at {} PTU{steps}", sizes.minimum())
}

/// The legal sizes of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    minimum: u32,
    step: u32,
    count: u32,
}

impl Range {
    /// Legal sizes up to the first at or above `most`; at least the minimum.
    pub fn up_to(sizes: PtuSizes, most: Ptu) -> Self {
        let minimum = sizes.minimum().get();
        let step = sizes.increment().map_or(0, Ptu::get);
        let above = most.get().saturating_sub(minimum);
        let count = match step {
            0 => 1,
            _ => above.div_ceil(step) + 1,
        };
        Self {
            minimum,
            step: step.max(1),
            count,
        }
    }

    /// Legal sizes from one size to another, both among them where they are legal; `None` where
    /// there is none.
    pub fn within(sizes: PtuSizes, from: Ptu, to: Ptu) -> Option<Self> {
        let (first, last) = (sizes.nearest(from).above?, sizes.nearest(to).below?);
        let step = sizes.increment().map_or(1, Ptu::get);
        let above = last.get().checked_sub(first.get())?;
        Some(Self {
            minimum: first.get(),
            step,
            count: above / step + 1,
        })
    }

    /// How many sizes there are.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The size at a place, from 0.
    pub const fn at(self, place: u32) -> Ptu {
        Ptu::new(self.minimum + self.step * place)
    }

    /// The place of a size; `None` below the range or between sizes.
    pub fn place_of(self, size: Ptu) -> Option<u32> {
        let above = size.get().checked_sub(self.minimum)?;
        above.is_multiple_of(self.step).then_some(above / self.step)
    }

    /// The largest size.
    pub const fn last(self) -> Ptu {
        self.at(self.count - 1)
    }

    /// Every size.
    pub fn all(self) -> impl Iterator<Item = Ptu> {
        (0..self.count).map(move |place| self.at(place))
    }

    /// At most `most` sizes, evenly over the range, both ends among them.
    pub fn spread(self, most: u32) -> Vec<Ptu> {
        if self.count <= most || most < 2 {
            return self.all().collect();
        }
        let places = (0..most).map(|at| part(self.count - 1, at, most - 1));
        places.map(|place| self.at(place)).collect()
    }

    /// The sizes next to one, below and above, as far as the range goes.
    pub(super) fn beside(self, size: Ptu) -> impl Iterator<Item = Ptu> {
        let over = size.get().saturating_sub(self.minimum);
        let place = (over / self.step).min(self.count - 1);
        [place, (place + 1).min(self.count - 1)]
            .into_iter()
            .map(move |place| self.at(place))
    }

    /// At most `most` of the sizes that lie between two, evenly.
    pub fn between(self, low: Ptu, high: Ptu, most: u32) -> Vec<Ptu> {
        let first = self.places_below(low.get().saturating_add(1));
        let count = self.places_below(high.get()).saturating_sub(first);
        let places = (1..=most).map(|at| part(count, at, most + 1));
        let places: Vec<u32> = if count <= most {
            (0..count).collect()
        } else {
            places.collect()
        };
        let sizes = places.into_iter().map(|place| self.at(first + place));
        sizes.collect()
    }

    /// How many of the sizes are less than one.
    fn places_below(self, size: u32) -> u32 {
        let above = size.saturating_sub(self.minimum);
        above.div_ceil(self.step).min(self.count)
    }
}

/// `whole × part ÷ parts`, rounded down.
fn part(whole: u32, part: u32, parts: u32) -> u32 {
    let product = u64::from(whole) * u64::from(part);
    u32::try_from(product / u64::from(parts)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> PtuSizes {
        PtuSizes::new(Ptu::new(15), Some(Ptu::new(5)))
    }

    fn all(range: Range) -> Vec<u32> {
        range.all().map(Ptu::get).collect()
    }

    #[test]
    fn ranges_hold_legal_sizes() {
        assert_eq!(all(Range::up_to(sizes(), Ptu::new(26))), [15, 20, 25, 30]);
        assert_eq!(all(Range::up_to(sizes(), Ptu::new(3))), [15]);
        let within = |from, to| Range::within(sizes(), Ptu::new(from), Ptu::new(to)).map(all);
        assert_eq!(within(18, 31), Some(vec![20, 25, 30]));
        assert_eq!(within(15, 15), Some(vec![15]));
        assert_eq!(within(31, 34), None);
        assert_eq!(within(0, 14), None);
    }

    #[test]
    fn spread_sizes_have_both_ends() {
        let range = Range::up_to(sizes(), Ptu::new(1_000));
        let spread = range.spread(5);
        assert_eq!(spread.len(), 5);
        assert_eq!((spread[0].get(), spread[4].get()), (15, 1_000));
    }

    #[test]
    fn between_two_sizes_neither_is_meant() {
        let range = Range::up_to(sizes(), Ptu::new(100));
        let between = |low, high, most| {
            let between = range.between(Ptu::new(low), Ptu::new(high), most);
            between.into_iter().map(Ptu::get).collect::<Vec<_>>()
        };
        assert_eq!(between(15, 30, 12), [20, 25]);
        assert_eq!(between(0, 25, 12), [15, 20]);
        assert_eq!(between(17, 23, 12), [20]);
        assert_eq!(between(95, 200, 12), [100]);
        assert_eq!(between(20, 25, 12), [0; 0]);
        assert_eq!(between(100, 200, 12), [0; 0]);
        assert_eq!(between(15, 100, 2), [45, 70]);
    }

    #[test]
    fn ranges_may_be_as_wide_as_sizes_go() {
        let most = Ptu::new(u32::MAX);
        let range = Range::within(sizes(), Ptu::new(15), most).unwrap();
        assert_eq!(range.spread(24)[23], most);
        assert_eq!(range.between(Ptu::new(15), most, 12).len(), 12);
    }

    #[test]
    fn what_cannot_be_bought_is_refused_with_the_nearest() {
        let wanted = Wanted::These(vec![Ptu::new(20), Ptu::new(22)]);
        assert_eq!(
            wanted.checked(sizes(), "a global deployment"),
            Err(
                "22 PTU is no size of a global deployment: sizes start at 15 PTU and go on in steps of \
                 5; the nearest is 20 or 25"
                    .to_owned()
            )
        );
        assert_eq!(
            Wanted::Between(Ptu::new(20), Ptu::new(60)).checked(sizes(), ""),
            Ok(())
        );
    }
}
