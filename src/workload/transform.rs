//! Traffic made from traffic. Order is kept by all.

mod cut;
mod limit;
mod merge;
mod quota;
mod repeat;
mod reshape;
mod scale;
mod shift;

#[cfg(test)]
mod tests;

pub use cut::Cut;
pub use limit::{Limited, TokenLimits};
pub use merge::Merge;
pub use quota::{Factor, FactorError};
pub use repeat::{Repeat, Rounds};
pub use reshape::{Reshape, Reshaping};
pub use scale::{Scale, Scaling};
pub use shift::{Shift, Shifted};
