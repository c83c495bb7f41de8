//! What usage keeps outside memory. The only module below `commands` that touches files.

pub mod spill;

pub use spill::{SpillError, SpillFile};
