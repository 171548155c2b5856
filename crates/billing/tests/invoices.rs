//! Plans, calls, and what they cost.
#![expect(
    clippy::expect_used,
    reason = "test code that clippy does not know as such"
)]

use billing::{Billed, Fault, Invoice, Price, Provider, Stripe};
use proptest::prelude::*;

fn price(properties: &[(&str, &str)]) -> Result<Option<Price>, Fault> {
    let find = |name: &str| {
        properties
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    };
    Price::read(find)
}

fn invoice(properties: &[(&str, &str)], requests: u64) -> Invoice {
    let price = price(properties)
        .expect("a price that can be read")
        .expect("a plan that is not free");
    Invoice::of(&price, requests)
}

const USD: (&str, &str) = ("currencyType", "USD");

#[test]
fn each_kind_of_plan_costs_what_it_says() {
    let tiers = ("tiers", "1000:0.01,10000:0.005,*:0.001");
    for (properties, requests, cents) in [
        (vec![USD, ("fixedPrice", "49.90")], 1_000_000, 4_990),
        (vec![USD, ("pricePerRequest", "0.002")], 12_345, 2_469),
        (
            vec![
                USD,
                ("fixedPrice", "10"),
                ("includedRequests", "1000"),
                ("pricePerRequest", "0.01"),
            ],
            900,
            1_000,
        ),
        (
            vec![
                USD,
                ("fixedPrice", "10"),
                ("includedRequests", "1000"),
                ("pricePerRequest", "0.01"),
            ],
            1_500,
            1_500,
        ),
        (vec![USD, tiers], 1_000, 1_000),
        (vec![USD, tiers], 1_001, 1_001),
        (vec![USD, tiers], 20_000, 1_000 + 4_500 + 1_000),
        (
            vec![("currencyType", "JPY"), ("pricePerRequest", "0.5")],
            3,
            2,
        ),
    ] {
        assert_eq!(
            invoice(&properties, requests).total_minor,
            cents,
            "{properties:?}: {requests}"
        );
    }
    assert_eq!(price(&[USD]), Ok(None), "free");
}

#[test]
fn faults_name_their_property() {
    for (properties, field) in [
        (vec![USD, ("fixedPrice", "-1")], "fixedPrice"),
        (vec![("fixedPrice", "1")], "currencyType"),
        (
            vec![USD, ("pricePerRequest", "1"), ("includedRequests", "many")],
            "includedRequests",
        ),
        (vec![USD, ("tiers", "1000:0.01")], "tiers"),
        (vec![USD, ("tiers", "1000:0.01,500:0.02,*:1")], "tiers"),
        (vec![USD, ("tiers", "*:1,5:1")], "tiers"),
    ] {
        let fault = price(&properties).expect_err("a fault");
        assert_eq!(fault.field, field, "{properties:?}");
    }
}

/// Field names and forms are those of Stripe's API for invoice items and invoices.
#[test]
fn stripe_gets_a_form_for_each_line() {
    let invoice = invoice(
        &[
            USD,
            ("fixedPrice", "10"),
            ("includedRequests", "1000"),
            ("pricePerRequest", "0.0005"),
        ],
        1_100,
    );
    let billed = Billed {
        customer: "cus_1",
        subscription: "sub-1",
        month: "2026-11",
        from_seconds: 1_793_491_200,
        to_seconds: 1_796_083_200,
    };
    let requests = Stripe.requests(&billed, &invoice);
    let paths: Vec<&str> = requests.iter().map(|it| it.path).collect();
    assert_eq!(
        paths,
        ["/v1/invoiceitems", "/v1/invoiceitems", "/v1/invoices"]
    );
    let field = |name: &str| {
        let of = &requests[1].form;
        of.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(field("customer"), Some("cus_1"));
    assert_eq!(field("currency"), Some("usd"));
    assert_eq!(field("quantity"), Some("100"));
    assert_eq!(field("unit_amount_decimal"), Some("0.05"));
    assert_eq!(field("period[start]"), Some("1793491200"));
    assert_eq!(requests[1].idempotency_key, "sub-1-2026-11-1");
    let free = Invoice {
        total_minor: 0,
        ..invoice
    };
    assert_eq!(Stripe.requests(&billed, &free), []);
}

proptest! {
    #[test]
    fn more_calls_never_cost_less(few in 0..2_000_000_u64, more in 0..2_000_000_u64, included in 0..5_000_u64) {
        let included = included.to_string();
        for properties in [
            vec![USD, ("fixedPrice", "3"), ("includedRequests", included.as_str()), ("pricePerRequest", "0.0003")],
            vec![USD, ("tiers", "1000:0.01,10000:0.005,*:0.001"), ("includedRequests", included.as_str())],
        ] {
            let cost = |requests| invoice(&properties, requests).total_minor;
            prop_assert!(cost(few) <= cost(few + more));
        }
    }

    #[test]
    fn tiers_charge_every_call_once(requests in 0..100_000_u64) {
        let found = invoice(&[USD, ("tiers", "1000:0.01,10000:0.005,*:0.001")], requests);
        let charged: u64 = found.lines.iter().map(|line| line.quantity).sum();
        prop_assert_eq!(charged, requests);
    }
}
