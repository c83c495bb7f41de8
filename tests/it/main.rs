//! tests
mod golden;
mod report_fixture;
mod report_goldens;
