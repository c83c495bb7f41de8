//! What to buy: every legal size of a provisioned deployment, played on the same traffic.
//!
//! A [`candidate`] is a way to deploy (model and kind) whose size is open. The [`search`] decides
//! which sizes are played on the [`stage`], each of which becomes a [`point`]: who was served, what
//! waited, what was lost, what the tokens cost. Points make a [`curve`]; with the prices of
//! [`term`]s they have costs, and an [`objective`] says which of them will do: the [`answers`].
//! That is a [`study`]. How far it can be trusted is the [`uncertainty`], what else could be done the
//! [`levers`], and what it all comes to the [`advice`]: together a [`Plan`]. Several deployments that
//! share reservations are a [`fleet`]; without traffic there is [`sizing`], a formula.

pub mod advice;
pub mod answers;
pub mod busy_hours;
pub mod candidate;
pub mod curve;
mod error;
pub mod findings;
pub mod fleet;
pub mod fluid;
pub mod levers;
pub mod mix;
pub mod objective;
pub mod owned;
pub mod point;
pub mod result;
pub mod search;
pub mod sentence;
pub mod sizes;
pub mod sizing;
pub mod span;
pub mod stage;
pub mod study;
pub mod survey;
pub mod term;
pub mod uncertainty;

pub use advice::Advice;
pub use answers::{Answers, Choice};
pub use candidate::Candidate;
pub use curve::Curve;
pub use error::PlanError;
pub use levers::Lever;
pub use objective::Objective;
pub use point::Point;
pub use result::Plan;
pub use sentence::Sentence;
pub use span::Span;
pub use study::{Question, Study, study};
pub use survey::Survey;
pub use uncertainty::Uncertainty;
