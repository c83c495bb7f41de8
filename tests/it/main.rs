//! The integration tests: one binary, which links once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod samples;
mod tidy;
