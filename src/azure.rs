//! The closed sets that Azure defines, spelled as Azure spells them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A word that is not one of a closed set.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{found:?} is not a {what}; expected {expected}")]
pub struct UnknownWord {
    what: &'static str,
    found: String,
    expected: String,
}

/// Declares a closed set of words with one spelling for input and output.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// Every word of the set, in the order reports show them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word used in files, options and outputs.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|word| word.name().eq_ignore_ascii_case(text))
                    .ok_or_else(|| UnknownWord {
                        what: $what,
                        found: text.to_owned(),
                        expected: [$($word,)*].join(", "),
                    })
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownWord;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.name().to_owned()
            }
        }
    };
}

words! {
    /// Where a deployment's requests may be processed; part of every price.
    DeploymentKind, "deployment kind" {
        /// Anywhere in Azure.
        Global = "global",
        /// Within a data zone.
        DataZone = "datazone",
        /// Within one region.
        Regional = "regional",
    }
}

words! {
    /// How a deployment serves and is paid.
    Offer, "offer" {
        /// Reserved throughput at a fixed price (PTU).
        Provisioned = "provisioned",
        /// Pay-as-you-go.
        Standard = "standard",
        /// Pay-as-you-go with priority processing.
        Priority = "priority",
        /// Batch processing within a day.
        Batch = "batch",
        /// Flex processing.
        Flex = "flex",
    }
}

words! {
    /// The price tier of a request that is paid per token.
    Tier, "price tier" {
        /// Pay-as-you-go.
        Standard = "standard",
        /// Pay-as-you-go with priority processing.
        Priority = "priority",
        /// Batch processing.
        Batch = "batch",
        /// Flex processing.
        Flex = "flex",
    }
}

words! {
    /// Classes of tokens that have their own price and capacity weight.
    TokenClass, "token class" {
        /// Prompt tokens neither read from nor written to the cache.
        Input = "input",
        /// Prompt tokens read from the cache.
        CachedInput = "cached-input",
        /// Prompt tokens written to the cache.
        CacheWrite = "cache-write",
        /// Answer tokens.
        Output = "output",
    }
}

words! {
    /// The commitment behind provisioned throughput.
    PtuTerm, "PTU term" {
        /// None: paid by the hour.
        Hourly = "hourly",
        /// One month.
        Month = "1-month",
        /// One year.
        Year = "1-year",
    }
}

impl Offer {
    /// The price tier of offers that are paid per token.
    pub const fn tier(self) -> Option<Tier> {
        match self {
            Self::Provisioned => None,
            Self::Standard => Some(Tier::Standard),
            Self::Priority => Some(Tier::Priority),
            Self::Batch => Some(Tier::Batch),
            Self::Flex => Some(Tier::Flex),
        }
    }
}

/// An Azure region in its programmatic form: `East US 2` becomes `eastus2`.
pub fn region_name(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_errors_list_the_set() {
        assert_eq!("DataZone".parse(), Ok(DeploymentKind::DataZone));
        let error = "zone".parse::<DeploymentKind>().unwrap_err().to_string();
        assert_eq!(
            error,
            "\"zone\" is not a deployment kind; expected global, datazone, regional"
        );
    }

    #[test]
    fn regions_lose_blanks_and_case() {
        assert_eq!(region_name("East US 2"), "eastus2");
    }
}
