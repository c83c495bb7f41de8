//! Fields of a row that matter, and the names they go by in bodies, batch files and gateway logs.

use crate::carrier::ENVELOPES;

/// Declares the slots with their names, lower case and without `_`, blanks and type suffixes.
macro_rules! slots {
    ($($(#[$doc:meta])* $slot:ident = [$($name:literal),*]),* $(,)?) => {
        /// A field of a row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Slot {
            $($(#[$doc])* $slot),*
        }

        impl Slot {
            /// How many there are.
            pub(super) const COUNT: usize = [$(Self::$slot),*].len();

            fn of_plain(name: &str) -> Option<Self> {
                match name {
                    $($($name => Some(Self::$slot),)*)*
                    _ => None,
                }
            }
        }
    };
}

slots! {
    /// Messages of Chat Completions.
    Messages = ["messages"],
    /// What Responses and Embeddings are asked, or what a tracing tool calls the request.
    Input = ["input", "langfuse.observation.input"],
    /// What Completions are asked.
    Prompt = ["prompt"],
    /// A text on its own.
    Text = ["text", "content"],
    /// The body of a request, as batch files have it.
    Body = ["body"],
    /// A request, or its body.
    Request = ["request", "proxyserverrequest"],
    /// The body that the gateway got (`ApiManagementGatewayLogs`, and most mapped logs).
    RequestBody = ["requestbody"],
    /// The body that the gateway sent on.
    BackendRequestBody = ["backendrequestbody"],
    /// An answer, or its body.
    Response = ["response"],
    /// The body of the answer that the gateway sent.
    ResponseBody = ["responsebody"],
    /// The body of the answer that the gateway got.
    BackendResponseBody = ["backendresponsebody"],
    /// What was used.
    Usage = ["usage", "usagedetails", "usageobject", "langfuse.observation.usagedetails"],
    /// Prompt tokens.
    InputTokens = ["prompttokens", "inputtokens", "requnits"],
    /// Prompt tokens from the cache.
    CachedTokens = ["promptcachedtokens", "cachedtokens", "cachedinputtokens"],
    /// Answer tokens.
    OutputTokens = ["completiontokens", "outputtokens", "resunits"],
    /// The model.
    Model = ["model", "modelname", "aimodel", "langfuse.observation.model.name"],
    /// The deployment.
    Deployment = ["deployment", "deploymentname", "deploymentid"],
    /// Where the request was sent.
    Url = ["url", "requesturl", "backendurl"],
    /// What a batch calls the request.
    CustomId = ["customid"],
    /// The kind of a log row.
    Category = ["category"],
    /// The table of a log row.
    Type = ["type"],
    /// What rows of one call share.
    CorrelationId = ["correlationid"],
    /// The place of a row in its call.
    SequenceNumber = ["sequencenumber"],
    /// Messages of a request in rows.
    RequestMessages = ["requestmessages"],
    /// Messages of an answer in rows.
    ResponseMessages = ["responsemessages"],
    /// The caller's subscription at the gateway.
    Subscription = ["apimsubscriptionid"],
    /// The caller's product at the gateway.
    Product = ["productid"],
}

/// What a key of a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing that is read.
    Other,
    /// A field.
    Field(Slot),
    /// An object, or a text holding one, whose keys are fields of the row.
    Properties,
    /// Where it holds an array of objects, the rows are inside.
    Envelope,
}

impl Meaning {
    /// What the column or key `name` means.
    pub(super) fn of(name: &str) -> Self {
        let plain = plain(name);
        match plain.as_str() {
            "properties" | "attributes" => Self::Properties,
            name if ENVELOPES.contains(&name) => Self::Envelope,
            name => Slot::of_plain(name).map_or(Self::Other, Self::Field),
        }
    }
}

/// A name without what exporters add or change: case, blanks, `_`, and the type suffixes of
/// `AzureDiagnostics`.
fn plain(name: &str) -> String {
    let name = name.trim();
    let stem = ["_s", "_d", "_b", "_g", "_t"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name);
    let kept = stem.chars().filter(|letter| !matches!(letter, ' ' | '_'));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_field() {
        for (name, slot) in [
            ("messages", Slot::Messages),
            ("RequestBody", Slot::RequestBody),
            ("requestBody", Slot::RequestBody),
            ("request_body", Slot::RequestBody),
            ("requestMessages_s", Slot::RequestMessages),
            ("promptTokens_d", Slot::InputTokens),
            ("CorrelationId", Slot::CorrelationId),
            ("correlationId_g", Slot::CorrelationId),
        ] {
            assert_eq!(Meaning::of(name), Meaning::Field(slot), "{name}");
        }
        assert_eq!(Meaning::of("properties_s"), Meaning::Properties);
        for name in ["", "_s", "metadata", "temperature"] {
            assert_eq!(Meaning::of(name), Meaning::Other, "{name}");
        }
    }
}
