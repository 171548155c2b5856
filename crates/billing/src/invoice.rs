//! What is to be paid for a month of a subscription.

use serde::Serialize;

use crate::{Amount, Currency, Price};

/// What is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// In what.
    pub currency: Currency,
    /// For what.
    pub lines: Vec<Line>,
    /// In all, in whole minor units: cents. Rounded once.
    pub total_minor: u64,
}

/// One thing that is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: u64,
    /// For each, in the currency's unit.
    pub unit_amount: Amount,
    /// All of them, in the currency's unit; not rounded.
    pub amount: Amount,
}

impl Invoice {
    /// What so many calls cost by a price.
    #[must_use]
    pub fn of(price: &Price, requests: u64) -> Self {
        let lines = price.lines(requests);
        let total = lines
            .iter()
            .fold(Amount::default(), |sum, line| sum.plus(line.amount));
        Self {
            total_minor: total.minor(&price.currency),
            currency: price.currency.clone(),
            lines,
        }
    }
}

impl Line {
    pub(crate) const fn new(description: String, quantity: u64, unit_amount: Amount) -> Self {
        Self {
            amount: unit_amount.times(quantity),
            description,
            quantity,
            unit_amount,
        }
    }
}
