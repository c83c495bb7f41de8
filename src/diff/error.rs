//! Why two statements cannot be compared.

use thiserror::Error;

/// Why two statements cannot be compared.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum DiffError {
    /// Amounts of different currencies.
    #[error(
        "A is in {before}, B in {after}; amounts of two currencies cannot be subtracted\n\
         hint: state both in one `currency`, with an [[exchange_rate]]"
    )]
    Currencies {
        /// Currency of the first statement.
        before: String,
        /// Currency of the second.
        after: String,
    },
    /// Amounts rounded to different minor units.
    #[error(
        "A rounds to {before} decimals, B to {after}; expected the same\n\
         hint: set `minor_digits` alike in both"
    )]
    MinorDigits {
        /// Decimals of the first statement.
        before: u32,
        /// Decimals of the second.
        after: u32,
    },
    /// Effects that no amount can hold, as of quantities that are next to nothing.
    #[error(
        "business unit {business_unit:?}: {cause} is more than 10^20; are the quantities and amounts \
         of its lines right?"
    )]
    TooLarge {
        /// The business unit.
        business_unit: String,
        /// The cause.
        cause: &'static str,
    },
    /// A limit on a business unit that neither statement has.
    #[error("--max-change {limit}: no business unit {unit:?} in A or B{hint}")]
    UnknownUnit {
        /// The limit as written.
        limit: String,
        /// The business unit it names.
        unit: String,
        /// What may be meant.
        hint: String,
    },
    /// Causes that are not the change: a fault of tollbook.
    #[error(
        "the causes add up to {causes}, the change is {change}; this is a fault of tollbook, \
         please report it"
    )]
    Unbalanced {
        /// What the causes add up to.
        causes: String,
        /// What they should.
        change: String,
    },
}
