//! What could turn out otherwise, one thing at a time.

mod listing;
mod playing;

pub(super) use listing::Listed;
pub(super) use playing::Stagehand;

use std::num::NonZero;

use crate::money::Factor;
use crate::plan::term::TermPrice;
use crate::workload::transform::{Factor as Volume, Reshaping};

/// What is different in a case.
#[derive(Clone, Debug)]
enum Change {
    /// Nothing.
    Nothing,
    /// How many requests there are.
    Volume(Volume),
    /// Their tokens.
    Shape(Reshaping),
    /// Every request states this maximum for its answer [token].
    Stated(NonZero<u32>),
    /// What is paid per token.
    TokenPrice(Factor),
    /// What is paid for throughput that is bought.
    PtuPrice(Factor),
    /// Reservations are gone: all throughput is paid at this price.
    Expired(TermPrice),
}

/// A case that is to be played.
#[derive(Clone, Debug)]
struct Planned {
    name: String,
    input: String,
    change: Change,
}

impl Planned {
    fn new(input: &str, how: &str, change: Change) -> Self {
        Self {
            name: format!("{input} {how}").trim_end().to_owned(),
            input: input.to_owned(),
            change,
        }
    }
}
