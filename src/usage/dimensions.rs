//! The texts of a request that many requests share.

use serde::Serialize;

/// Who asked whom for what. Empty text means that no row told it.
///
/// Logs hold few different combinations, so each is kept once and shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Dimensions {
    /// API Management subscription of the caller.
    pub subscription: String,
    /// API Management product of the caller.
    pub product: String,
    /// Client application of the caller (Entra app id or name).
    pub app: String,
    /// Keyed pseudonym of the end user; empty unless asked for.
    pub user: String,
    /// Gateway API, lower case, without its revision.
    pub api: String,
    /// Gateway operation.
    pub operation: String,
    /// Deployment that was asked for.
    pub deployment: String,
    /// Model that was served, as logged (with its date suffix).
    pub model: String,
    /// Gateway backend that answered.
    pub backend: String,
    /// Azure region of the backend, lower case without blanks, where a row told it.
    pub region: String,
    /// Provisioned deployment the request was spilled from, where a row told it.
    pub spilled_from: String,
}
