//! Chargeback: who pays what, so that all lines together are the cost of the period.
//!
//! Owner rules name the business unit of each usage sum; rating prices what was served per token;
//! pools cost what was provisioned, hour by hour, and share it out; adjustments follow the
//! charges they adjust; rounding happens once, from the total down ([`statement`]).

pub mod statement;
