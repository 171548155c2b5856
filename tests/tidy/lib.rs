//! Where the house is, for the tidy checks.
