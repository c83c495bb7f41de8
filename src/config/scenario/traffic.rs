//! `[[traffic]]`: where requests come from.

use serde::Deserialize;

/// The table as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficSection {
    /// Globs of trace files, relative to the scenario.
    #[serde(default)]
    pub files: Vec<String>,
}
