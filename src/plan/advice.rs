//! What the plan comes to, in plain words.

/// The recommendation with its grounds; sentences, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// What to do.
    pub recommendation: String,
    /// The three strongest reasons.
    pub reasons: Vec<String>,
    /// The three largest risks.
    pub risks: Vec<String>,
}
