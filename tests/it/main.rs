//! Integration tests: one binary, so that it links once.

mod golden;
mod report_fixture;
mod report_goldens;
mod report_laws;
mod report_schema;
