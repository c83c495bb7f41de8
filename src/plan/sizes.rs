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
        let places = (0..most).map(|at| at * (self.count - 1) / (most - 1));
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
        let inside: Vec<Ptu> = self
            .all()
            .filter(|size| low < *size && *size < high)
            .collect();
        let count = u32::try_from(inside.len()).unwrap_or(u32::MAX);
        if count <= most {
            return inside;
        }
        let places = (1..=most).map(|at| at * count / (most + 1));
        places.map(|place| inside[place as usize]).collect()
    }
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
