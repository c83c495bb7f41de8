//! Which findings are known.
