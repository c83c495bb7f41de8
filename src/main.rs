//! The `tollbook` program.
fn main() {}
