//! How a plan charges.

use std::fmt;

use crate::{Amount, Currency, Line};

/// How a plan charges for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// In what.
    pub currency: Currency,
    /// Whatever is called.
    pub fixed: Option<Amount>,
    /// Calls that the fixed price includes.
    pub included: u64,
    /// For each call beyond those that are included.
    pub per_request: Option<Amount>,
    /// In the place of `per_request`: each call by the tier that it falls into, the lowest first.
    pub tiers: Vec<Tier>,
}

/// Calls up to a number, at a price each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The last call of the tier, counted over all tiers; `None` for the last tier.
    pub up_to: Option<u64>,
    /// For each call in it.
    pub per_request: Amount,
}

/// What is wrong with a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The property.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Price {
    /// Reads the properties of a plan's `monetization`: `currencyType`, `fixedPrice`, `pricePerRequest`,
    /// `includedRequests`, and `tiers` as `1000:0.01,10000:0.005,*:0.001`. `None` for a plan that is free.
    ///
    /// # Errors
    /// The first property that cannot be read.
    pub fn read<'a>(property: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, Fault> {
        let given =
            |field: &'static str| property(field).map(str::trim).filter(|it| !it.is_empty());
        let amount = |field: &'static str| match given(field) {
            None => Ok(None),
            Some(text) => Amount::read(text).map(Some).ok_or(Fault {
                field,
                what: "is no amount, as in `9.90`",
            }),
        };
        let (fixed, per_request) = (amount("fixedPrice")?, amount("pricePerRequest")?);
        let tiers = given("tiers").map(tiers).transpose()?.unwrap_or_default();
        if fixed.is_none() && per_request.is_none() && tiers.is_empty() {
            return Ok(None);
        }
        let included = match given("includedRequests") {
            None => 0,
            Some(text) => text.parse().map_err(|_| Fault {
                field: "includedRequests",
                what: "is no number",
            })?,
        };
        let currency = given("currencyType")
            .and_then(Currency::read)
            .ok_or(Fault {
                field: "currencyType",
                what: "is no code of a currency, as in `USD`",
            })?;
        Ok(Some(Self {
            currency,
            fixed,
            included,
            per_request,
            tiers,
        }))
    }

    /// What so many calls cost, as lines.
    pub(crate) fn lines(&self, requests: u64) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(fixed) = self.fixed {
            let what = match self.included {
                0 => "fixed price".to_owned(),
                included => format!("fixed price, with {included} calls"),
            };
            lines.push(Line::new(what, 1, fixed));
        }
        let charged = requests.saturating_sub(self.included);
        if !self.tiers.is_empty() {
            lines.extend(self.by_tier(charged));
        } else if let Some(each) = self.per_request {
            let beyond = if self.included > 0 {
                "calls beyond those"
            } else {
                "calls"
            };
            lines.push(Line::new(beyond.to_owned(), charged, each));
        }
        lines
    }

    fn by_tier(&self, requests: u64) -> Vec<Line> {
        let mut from = 0;
        let mut lines = Vec::new();
        for tier in &self.tiers {
            let end = tier.up_to.unwrap_or(u64::MAX).min(requests);
            let count = end.saturating_sub(from);
            if count > 0 {
                let what = format!("calls from {} on", from.saturating_add(1));
                lines.push(Line::new(what, count, tier.per_request));
            }
            from = from.max(end);
        }
        lines
    }
}

/// For people: `5 usd a month, with 10 calls, then 0.01 usd a call`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let currency = self.currency.as_str();
        let mut parts = Vec::new();
        if let Some(fixed) = self.fixed {
            parts.push(format!("{fixed} {currency} a month"));
        }
        if self.included > 0 {
            parts.push(format!("with {} calls", self.included));
        }
        if !self.tiers.is_empty() {
            parts.extend(self.tiers.iter().map(|tier| match tier.up_to {
                Some(end) => format!("{} {currency} a call up to {end}", tier.per_request),
                None => format!("{} {currency} a call from there on", tier.per_request),
            }));
        } else if let Some(each) = self.per_request {
            let then = if self.included > 0 { "then " } else { "" };
            parts.push(format!("{then}{each} {currency} a call"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// `1000:0.01,*:0.005`
fn tiers(text: &str) -> Result<Vec<Tier>, Fault> {
    let fault = |what| Fault {
        field: "tiers",
        what,
    };
    let mut found: Vec<Tier> = Vec::new();
    let parts: Vec<&str> = text.split(',').collect();
    for (place, part) in parts.iter().enumerate() {
        let (end, price) = part
            .split_once(':')
            .ok_or(fault("are not `1000:0.01,*:0.005`"))?;
        let is_last = place + 1 == parts.len();
        let up_to = match end.trim() {
            "*" if is_last => None,
            "*" => return Err(fault("go on after `*`")),
            _ if is_last => return Err(fault("do not end with `*`")),
            number => Some(
                number
                    .parse()
                    .map_err(|_| fault("have an end that is no number"))?,
            ),
        };
        let before = found.last().and_then(|tier| tier.up_to).unwrap_or(0);
        if up_to.is_some_and(|end| end <= before) {
            return Err(fault("do not rise"));
        }
        let per_request =
            Amount::read(price.trim()).ok_or(fault("have a price that is no amount"))?;
        found.push(Tier { up_to, per_request });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_told_to_people() {
        for (given, expected) in [
            (
                &[
                    ("fixedPrice", "5"),
                    ("includedRequests", "10"),
                    ("pricePerRequest", "0.01"),
                ][..],
                "5 usd a month, with 10 calls, then 0.01 usd a call",
            ),
            (&[("pricePerRequest", "0.01")], "0.01 usd a call"),
            (
                &[("tiers", "1000:0.01,*:0.005")],
                "0.01 usd a call up to 1000, 0.005 usd a call from there on",
            ),
        ] {
            let property = |name: &str| match name {
                "currencyType" => Some("USD"),
                _ => given
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| *value),
            };
            let price = Price::read(property).unwrap().unwrap();
            assert_eq!(price.to_string(), expected);
        }
    }
}
