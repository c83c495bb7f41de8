//! What to buy: sizes, terms, and what each costs and risks.

pub mod sizing;
