//! How fine the series of an outcome are: what many long runs keep has to fit in memory.

/// Minutes of a clock hour.
const HOUR: u64 = 60;

/// The stretches of time that the series of an outcome are kept for. Sums over a series are the
/// same for both; 100 runs of a month need some tens of megabytes by the hour, and sixty times as
/// much by the minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Series {
    /// An entry for each minute.
    #[default]
    ByMinute,
    /// An entry for each clock hour, which is known by its first minute.
    ByHour,
}

/// What a series consists of.
pub(super) trait Entry {
    /// The first minute it stands for [minutes since 1970].
    fn minute(&self) -> u64;
    /// Makes it stand for the stretch that begins with this minute.
    fn begin_with(&mut self, minute: u64);
    /// Takes in what follows it.
    fn absorb(&mut self, later: Self);
    /// Whether it is worth an entry of its own.
    fn is_worth_keeping(&self) -> bool;
}

impl Series {
    /// Adds a minute at the end of `kept`: to the last entry where that is for the same stretch.
    pub(super) fn keep<E: Entry>(self, kept: &mut Vec<E>, mut minute: E) {
        let first = self.first_of(minute.minute());
        if let Some(last) = kept.last_mut().filter(|last| last.minute() == first) {
            last.absorb(minute);
        } else if minute.is_worth_keeping() {
            minute.begin_with(first);
            kept.push(minute);
        }
    }

    /// The first minute of the stretch that a minute lies in.
    const fn first_of(self, minute: u64) -> u64 {
        match self {
            Self::ByMinute => minute,
            Self::ByHour => minute - minute % HOUR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::level::Level;
    use crate::sim::provisioned::Minute;
    use crate::units::WeightedTokens;

    /// A minute that drained `drained` of 10 and ended with that level.
    fn minute(minute: u64, drained: u128) -> Minute {
        let level = |tokens| Level::of(WeightedTokens::new(tokens));
        Minute {
            minute,
            drained: level(drained),
            capacity: level(10),
            end_level: level(drained),
            refused: 1,
        }
    }

    fn kept(series: Series) -> Vec<(u64, u128, u128, u128, u64)> {
        let mut kept = Vec::new();
        for (number, drained) in [(118, 1), (119, 2), (120, 3), (179, 4), (180, 5)] {
            series.keep(&mut kept, minute(number, drained));
        }
        let row = |minute: Minute| {
            let of = |level: Level| level.weighted().get();
            let levels = (
                of(minute.drained),
                of(minute.capacity),
                of(minute.end_level),
            );
            (minute.minute, levels.0, levels.1, levels.2, minute.refused)
        };
        kept.into_iter().map(row).collect()
    }

    #[test]
    fn an_hour_adds_up_its_minutes_and_ends_as_the_last_of_them() {
        let hours = [(60, 3, 20, 2, 2), (120, 7, 20, 4, 2), (180, 5, 10, 5, 1)];
        assert_eq!(kept(Series::ByHour), hours);
        assert_eq!(kept(Series::ByMinute).len(), 5);
    }
}
