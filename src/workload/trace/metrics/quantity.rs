//! What metrics count.

use std::str::FromStr;

use crate::facts::{self, FactError};

const TABLE: &str = include_str!("../../data/metrics.csv");

/// What a total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quantity {
    /// Requests.
    Requests,
    /// Tokens of prompts, cached ones included.
    Input,
    /// Tokens of prompts that the cache held.
    Cached,
    /// Tokens of answers.
    Output,
    /// Tokens of prompts and answers without cached ones.
    NotCached,
}

impl Quantity {
    /// The word used in tables.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Input => "input",
            Self::Cached => "cached",
            Self::Output => "output",
            Self::NotCached => "not-cached",
        }
    }
}

impl FromStr for Quantity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [
            Self::Requests,
            Self::Input,
            Self::Cached,
            Self::Output,
            Self::NotCached,
        ];
        all.into_iter()
            .find(|quantity| quantity.name() == text)
            .ok_or(())
    }
}

/// The metrics that are read, by name.
pub(super) struct Names(Vec<(String, Quantity)>);

impl Names {
    /// The bundled table.
    pub(super) fn bundled() -> Self {
        Self(load().expect("a unit test loads the bundled table"))
    }

    /// What a metric counts; `None` for those that are not read.
    pub(super) fn quantity(&self, metric: &str) -> Option<Quantity> {
        let mut names = self.0.iter();
        let row = names.find(|(name, _)| name.eq_ignore_ascii_case(metric));
        row.map(|(_, quantity)| *quantity)
    }

    /// The names of the metrics that count `quantity`.
    pub(super) fn counting(&self, quantity: Quantity) -> String {
        let rows = self.0.iter().filter(|(_, counted)| *counted == quantity);
        let names: Vec<&str> = rows.map(|(name, _)| name.as_str()).collect();
        names.join(" or ")
    }
}

fn load() -> Result<Vec<(String, Quantity)>, FactError> {
    facts::read("metrics.csv", TABLE, |fact| {
        fact.provenance()?;
        let quantity = fact.value("quantity", "requests, input, output or not-cached")?;
        Ok((fact.required("metric")?.to_owned(), quantity))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        let names = Names(load().unwrap());
        let quantity = |name: &str| names.quantity(name);
        assert_eq!(quantity("processedprompttokens"), Some(Quantity::Input));
        assert_eq!(quantity("AzureOpenAIRequests"), Some(Quantity::Requests));
        assert_eq!(quantity("AzureOpenAITTLTInMS"), None);
    }
}
