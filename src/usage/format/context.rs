//! What a format needs beside the row, and room for texts it derives.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::hex::hex;
use crate::usage::timestamp::Clock;

/// A secret that end users' names are hashed with (HMAC-SHA-256).
///
/// The same key gives the same pseudonyms in every period; without it they cannot be recomputed.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

impl PseudonymKey {
    /// The key with these bytes, of any length.
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    /// The first 16 of the 32 bytes, in hexadecimal.
    fn pseudonym(&self, user: &str, out: &mut String) {
        let mut mac = self.0.clone();
        mac.update(user.as_bytes());
        out.push_str(&hex(&mac.finalize().into_bytes()[..16]));
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

/// How a source counts prompt tokens that were read from a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CachedTokens {
    /// In the prompt tokens.
    #[default]
    Included,
    /// Beside the prompt tokens.
    Beside,
}

/// What a format needs beside the row.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// How times of the file are read.
    pub(crate) clock: Clock,
    /// What a mapped source says about cached tokens.
    pub(crate) cached: CachedTokens,
    /// End users are dropped without it.
    pub(crate) pseudonym_key: Option<PseudonymKey>,
    /// Place of the source among the sources.
    pub(crate) source: u32,
    /// Line or number of the row at hand.
    pub(crate) line: u32,
    /// Derived texts of the row at hand.
    pub(crate) derived: Derived,
}

/// Texts that a format makes from a row's fields; kept here so that fragments can borrow them.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    pub(crate) api: String,
    pub(crate) region: String,
    pub(crate) user: String,
}

impl Context {
    /// Fills in the API's name: lower case, without its revision.
    pub(crate) fn derive_api(&mut self, api: &str) {
        let name = match api.split_once(';') {
            Some((name, rest)) if rest.starts_with("rev=") => name,
            _ => api,
        };
        lower_into(&mut self.derived.api, [name]);
    }

    /// Fills in a region's name: lower case without blanks (`East US` is `eastus`).
    pub(crate) fn derive_region(&mut self, region: &str) {
        lower_into(&mut self.derived.region, region.split(' '));
    }

    /// Fills in the pseudonym of a user; nothing without a key or a user.
    pub(crate) fn derive_user(&mut self, user: &str) {
        self.derived.user.clear();
        if let (Some(key), false) = (&self.pseudonym_key, user.is_empty()) {
            key.pseudonym(user, &mut self.derived.user);
        }
    }
}

fn lower_into<'t>(out: &mut String, parts: impl IntoIterator<Item = &'t str>) {
    out.clear();
    out.extend(parts);
    out.make_ascii_lowercase();
}

/// The hash of a request id whose letters differ in meaning by case.
pub(super) fn request_of(id: &str) -> u128 {
    xxh3_128(id.as_bytes())
}

/// The hash of a correlation id: a GUID, which carriers write in either case.
pub(super) fn request_of_correlation(id: &str) -> u128 {
    if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return request_of(&id.to_ascii_lowercase());
    }
    request_of(id)
}

/// What tells the rows of a request apart: see [`Fragment::row_key`].
pub(super) fn row_key_of(request_id: &str, sequence: u32) -> u64 {
    let attempt = match request_id {
        "" => 0,
        // Never the mark of an unknown attempt.
        known => (xxh3_64(known.as_bytes()) & 0xffff_ffff).max(1),
    };
    attempt << 32 | u64::from(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_names() {
        let mut context = Context::default();
        context.derive_api("AZURE-OpenAI-api;rev=2");
        context.derive_region("East US 2");
        assert_eq!(context.derived.api, "azure-openai-api");
        assert_eq!(context.derived.region, "eastus2");
    }

    #[test]
    fn users_are_dropped_or_hashed() {
        let mut context = Context::default();
        context.derive_user("Jefe");
        assert_eq!(context.derived.user, "");
        // RFC 4231, test case 2, cut to 16 bytes.
        context.pseudonym_key = Some(PseudonymKey::new(b"Jefe"));
        context.derive_user("what do ya want for nothing?");
        assert_eq!(context.derived.user, "5bdcc146bf60754e6a042426089575c7");
        context.derive_user("");
        assert_eq!(context.derived.user, "");
    }

    #[test]
    fn correlation_ids_are_equal_in_either_case() {
        assert_eq!(
            request_of_correlation("AB-c"),
            request_of_correlation("ab-C")
        );
        assert_ne!(request_of("AB"), request_of("ab"));
    }
}
