//! Invoices in the form that payment providers want. What is to be sent is said here; whoever sends it has the key.

use serde::Serialize;

use crate::Invoice;

/// Who pays, for what, and when it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billed<'a> {
    /// The provider's name of who pays.
    pub customer: &'a str,
    /// The subscription: with the month it names the invoice, so that none is made twice.
    pub subscription: &'a str,
    /// `2026-11`
    pub month: &'a str,
    /// First second of the month.
    pub from_seconds: i64,
    /// First second after it.
    pub to_seconds: i64,
}

/// One request to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// HTTP method.
    pub method: &'static str,
    /// Path below the provider's origin.
    pub path: &'static str,
    /// `Idempotency-Key`: sent twice, it counts once.
    pub idempotency_key: String,
    /// Fields of the form, in order.
    pub form: Vec<(String, String)>,
}

/// Whoever takes the money.
pub trait Provider {
    /// What has to be sent for an invoice, in this order; nothing where nothing is to be paid.
    fn requests(&self, billed: &Billed<'_>, invoice: &Invoice) -> Vec<Request>;
}

/// Stripe: an invoice item for each line, and then the invoice that takes them all up, as a draft.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stripe;

impl Provider for Stripe {
    fn requests(&self, billed: &Billed<'_>, invoice: &Invoice) -> Vec<Request> {
        if invoice.total_minor == 0 {
            return Vec::new();
        }
        let name = format!("{}-{}", billed.subscription, billed.month);
        let field = |name: &str, value: String| (name.to_owned(), value);
        let common = || {
            vec![
                field("customer", billed.customer.to_owned()),
                field("currency", invoice.currency.as_str().to_owned()),
                field("metadata[subscription]", billed.subscription.to_owned()),
                field("metadata[month]", billed.month.to_owned()),
            ]
        };
        let items = invoice
            .lines
            .iter()
            .filter(|line| line.quantity > 0)
            .enumerate();
        let mut requests: Vec<Request> = items
            .map(|(place, line)| {
                let mut form = common();
                form.push(field("description", line.description.clone()));
                form.push(field("quantity", line.quantity.to_string()));
                let each = line.unit_amount.minor_decimal(&invoice.currency);
                form.push(field("unit_amount_decimal", each));
                form.push(field("period[start]", billed.from_seconds.to_string()));
                form.push(field("period[end]", billed.to_seconds.to_string()));
                Request {
                    method: "POST",
                    path: "/v1/invoiceitems",
                    idempotency_key: format!("{name}-{place}"),
                    form,
                }
            })
            .collect();
        let mut form = common();
        form.push(field("auto_advance", "false".to_owned()));
        form.push(field(
            "pending_invoice_items_behavior",
            "include".to_owned(),
        ));
        requests.push(Request {
            method: "POST",
            path: "/v1/invoices",
            idempotency_key: name,
            form,
        });
        requests
    }
}
