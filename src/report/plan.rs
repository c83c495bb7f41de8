//! What to buy, for people and machines.

pub mod sizing;
