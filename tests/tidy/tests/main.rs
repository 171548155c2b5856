//! Tidy checks; each fails with a sentence that says what to change.

mod documents;
mod exposure;
mod guarantees;
mod house;
mod names;
mod organizations;
mod problems;
