//! A plan: what a study found, how far it can be trusted, and what it comes to.

use super::advice::Advice;
use super::levers::Lever;
use super::study::Study;
use super::uncertainty::Uncertainty;

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What was found.
    pub study: Study,
    /// How far the answers can be trusted; nothing where nobody asked.
    pub uncertainty: Option<Uncertainty>,
    /// What else could be done, the greatest saving first; empty where nobody asked.
    pub levers: Vec<Lever>,
    /// What it comes to.
    pub advice: Advice,
}
