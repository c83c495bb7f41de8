//! What else could be done: each priced on the same traffic as the sizes.

use super::answers::Choice;
use crate::money::Money;

/// What could be done beside buying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lever {
    /// A short name, e.g. `lower max_tokens`.
    pub name: String,
    /// What would be changed, with figures.
    pub what: String,
    /// What would then be bought; the curve is that of the recommended choice.
    pub choice: Choice,
    /// What it costs less than the recommended choice, over the span; negative where it costs more.
    pub saving: Money,
    /// What it takes, or what is given up.
    pub caution: String,
}
