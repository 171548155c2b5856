//! What a subscription costs in a month.
//!
//! ```text
//! Price      how a plan charges: fixed, by request, in tiers, beyond an allowance; says what is wrong with itself
//! Invoice    a Price and a number of calls -> lines and a total, in whole minor units
//! Place      where a page of bills ends
//! Provider   an Invoice -> the requests that a payment provider wants; Stripe is one
//! ```
//!
//! Amounts are whole numbers of billionths of the currency's unit, and are rounded once: in the total.

#![warn(missing_docs)]

mod amount;
mod invoice;
mod place;
mod price;
mod provider;

pub use amount::{Amount, Currency, minor_text};
pub use invoice::{Invoice, Line};
pub use place::Place;
pub use price::{Fault, Price, Tier};
pub use provider::{Billed, Provider, Request, Stripe};
