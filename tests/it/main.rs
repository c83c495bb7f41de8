//! tests
mod chargeback_bills;
mod chargeback_desk;
mod chargeback_laws;
mod chargeback_oracle;
mod reference_chargeback;
