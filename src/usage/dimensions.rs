//! The texts of a request that many requests share.

use serde::Serialize;

/// How many texts [`Dimensions`] have.
pub const TEXTS: usize = 11;

/// Who asked whom for what. Empty text means that no row told it.
///
/// Logs hold few different combinations, so each is kept once and shared; rows being read borrow
/// their texts (`Dimensions<&str>`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Dimensions<Text = String> {
    /// API Management subscription of the caller.
    pub subscription: Text,
    /// API Management product of the caller.
    pub product: Text,
    /// Client application of the caller (Entra app id or name).
    pub app: Text,
    /// Keyed pseudonym of the end user; empty unless asked for.
    pub user: Text,
    /// Gateway API, lower case, without its revision.
    pub api: Text,
    /// Gateway operation.
    pub operation: Text,
    /// Deployment that was asked for.
    pub deployment: Text,
    /// Model that was served, as logged (with its date suffix).
    pub model: Text,
    /// Gateway backend that answered.
    pub backend: Text,
    /// Azure region of the backend, lower case without blanks, where a row told it.
    pub region: Text,
    /// Provisioned deployment the request was spilled from, where a row told it.
    pub spilled_from: Text,
}

impl<Text> Dimensions<Text> {
    /// The texts in the order of the fields.
    pub fn into_texts(self) -> [Text; TEXTS] {
        [
            self.subscription,
            self.product,
            self.app,
            self.user,
            self.api,
            self.operation,
            self.deployment,
            self.model,
            self.backend,
            self.region,
            self.spilled_from,
        ]
    }

    /// The dimensions with these texts, in the order of the fields.
    pub fn from_texts(texts: [Text; TEXTS]) -> Self {
        let [
            subscription,
            product,
            app,
            user,
            api,
            operation,
            deployment,
            model,
            backend,
            region,
            spilled_from,
        ] = texts;
        Self {
            subscription,
            product,
            app,
            user,
            api,
            operation,
            deployment,
            model,
            backend,
            region,
            spilled_from,
        }
    }
}
