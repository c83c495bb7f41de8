//! What the rate card and the catalog hold, as lists and as the explanation of one model.

mod explain;
mod list;
mod listing;

pub use explain::{Explained, explain};
pub use list::{Filter, Shown, conflicts, matches, models, prices, ptu_prices};
pub use listing::Listing;

#[cfg(test)]
mod tests;
