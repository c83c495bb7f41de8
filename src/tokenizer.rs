//! What texts and requests weigh in tokens, before or after they are sent.
//!
//! A [`source`] cuts files into raw records; [`counting`] parses a record's [`request`] and counts
//! it with an [`engine`] and the rules of its [`model`]; [`profile`] adds counted records up.
//! Data flows in that order; nothing on the right is known on the left.

pub mod count;
pub mod counting;
pub mod encoding;
pub mod engine;
pub mod family;
pub mod request;

pub use count::{Certainty, Count, Counted, Labels, LoggedUsage, Part, Reason};
pub use encoding::EncodingName;
pub use engine::Engine;
pub use family::Family;
pub use request::Request;
