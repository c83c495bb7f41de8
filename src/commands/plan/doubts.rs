//! Flags about how far a plan can be trusted.

use std::num::NonZero;

use clap::{Args, value_parser};

use crate::plan::uncertainty::{Doubts, Growth, ROUNDS};

/// Flags about what is doubted.
#[derive(Debug, Args)]
pub(super) struct DoubtArgs {
    /// How fast traffic may grow: a percentage for a month or a year, as in 5%/month or -10%/year.
    /// Looked at in the middle and at the end of the term. May be repeated.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    growth: Vec<Growth>,
    /// Leave out how far the answers can be trusted: the band, drawn days, cases and regrets.
    #[arg(long, conflicts_with_all = ["growth", "rounds"])]
    no_uncertainty: bool,
    /// How often days are drawn anew; 1000 if not given.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(100..=100_000))]
    rounds: Option<u32>,
}

impl DoubtArgs {
    /// What is doubted; `None` where nothing is to be.
    pub(super) fn doubts(&self, seed: u64) -> Option<Doubts> {
        (!self.no_uncertainty).then(|| Doubts {
            seed,
            rounds: self.rounds.and_then(NonZero::new).unwrap_or(ROUNDS),
            growth: self.growth.clone(),
            ..Doubts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        doubts: DoubtArgs,
    }

    fn parsed(line: &str) -> Result<Option<Doubts>, String> {
        let line = Line::try_parse_from(std::iter::once("plan").chain(line.split_whitespace()));
        let line = line.map_err(|error| error.to_string())?;
        Ok(line.doubts.doubts(7))
    }

    #[test]
    fn doubts_are_read() {
        let found = parsed("--growth 5%/month --growth -2%/year --rounds 200");
        let found = found.unwrap().unwrap();
        let rates: Vec<String> = found.growth.iter().map(Growth::to_string).collect();
        assert_eq!(rates, ["+5 %/month", "-2 %/year"]);
        assert_eq!((found.seed, found.rounds.get()), (7, 200));
        assert_eq!(parsed("").unwrap().unwrap().rounds, ROUNDS);
        assert_eq!(parsed("--no-uncertainty").unwrap(), None);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (line, expected) in [
            (
                "--growth 5%",
                "\"5%\" is not a rate of growth; expected a percentage for a month or a year, \
                 such as 5%/month, -2%/month or 60%/year",
            ),
            (
                "--growth 100%/month",
                "\"100%/month\" makes 4096.0000 times the traffic in a year; expected between \
                 1/100 and 100 times",
            ),
            (
                "--growth -100%/year",
                "makes 0.0000 times the traffic in a year",
            ),
            ("--rounds 0", "0 is not in 100..=100000"),
            ("--no-uncertainty --rounds 200", "cannot be used with"),
        ] {
            let error = parsed(line).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
