//! Integration tests, in one binary: it links once.
mod reading_files;
mod reference_assembly;
mod reference_carriers;
