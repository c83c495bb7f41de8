//! What texts and requests weigh in tokens, before or after they are sent.
//!
//! A [`source`] cuts files into raw records; [`counting`] parses a record's [`request`] and counts
//! it with an [`engine`] and the rules of its [`model`] and
//! [`family`]; a [`profile`] adds counted records up.
//! A [`pipeline`] moves records through all of them, on every core, and keeps their order.
//! Data flows in that order; nothing on the right is known on the left.

pub mod count;
pub mod counting;
pub mod encoding;
pub mod engine;
pub mod family;
pub mod model;
pub mod pipeline;
pub mod profile;
pub mod request;
pub mod source;
pub mod splitting;

pub use count::{Certainty, Count, Counted, Labels, LoggedUsage, Part, Reason};
pub use encoding::EncodingName;
pub use engine::{Engine, Engines, Load, Piece, SpecialTokens};
pub use family::Family;
pub use model::{Approximation, Model, ModelError, Ratio};
pub use profile::{Profile, Profiled};
pub use request::Request;
