//! Text to tokens.

/// Encodes text as one encoding does.
///
/// Text of special tokens, such as `<|endoftext|>`, is text: so the service treats what users
/// send.
pub trait Engine: Send + Sync {
    /// Appends the ids of the tokens of `text` to `ids`.
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>);

    /// How many tokens `text` has [token]; `scratch` is a buffer to be used again, whatever it
    /// holds.
    fn count(&self, text: &str, scratch: &mut Vec<u32>) -> u64 {
        scratch.clear();
        self.encode_into(text, scratch);
        u64::try_from(scratch.len()).expect("a buffer is no longer than memory")
    }

    /// The bytes of one token; pieces of a text need not be whole characters. `None` where the
    /// encoding has no such token.
    fn bytes_of(&self, id: u32) -> Option<Vec<u8>>;
}
