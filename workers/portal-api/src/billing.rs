//! What subscriptions are billed for: calls that the Traffic Manager has debited, beside those that statistics counted, and
//! what they cost by the price of their plan.

mod month;
pub(crate) mod of_api;

use std::collections::{BTreeMap, BTreeSet};

use billing::{Billed, Invoice, Place, Price, Provider, Stripe};
use futures_util::future::try_join_all;
use lifecycle::plan::PolicyBody;
use model::{ApiId, ApplicationId, OrganizationId};
use runtime::{Failure, Outcome, call as service, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use throttle::{CounterKey, ObjectName};
use usage::{Answer, Dimension, Filter, Query};
use wasm_bindgen::JsValue;
use worker::{Method, Request, RequestInit, Response};

use crate::{
    analytics,
    call::Call,
    page::{self, Page},
    refusal,
};
use month::Month;

/// `GET /billing/usage?month=2026-11`
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    let month = Month::of(call)?;
    let page = Page::of(call)?;
    let found = used(call, &month, page).await?;
    let list = found.used.iter().map(Used::shown).collect();
    let mut answer = page.keyed(call, list, found.ends());
    if let Some(object) = answer.as_object_mut() {
        object.insert("month".to_owned(), json!(month.name));
    }
    reply::json(200, &answer)
}

/// `GET /billing/stripe?month=2026-11`: what to send to Stripe; a customer is named by the application's id.
pub(crate) async fn stripe(call: &Call) -> Outcome<Response> {
    let month = Month::of(call)?;
    let page = Page::of(call)?;
    let found = used(call, &month, page).await?;
    let mut requests = Vec::new();
    for one in &found.used {
        let billed = Billed {
            customer: &one.row.application_id,
            subscription: &one.row.id,
            month: &month.name,
            from_seconds: month.from.seconds(),
            to_seconds: month.to.seconds(),
        };
        if let Some(invoice) = &one.invoice {
            requests.extend(Stripe.requests(&billed, invoice));
        }
    }
    let list = requests
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()?;
    reply::json(200, &page.keyed(call, list, found.ends()))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    created_at: i64,
    application_id: String,
    application: String,
    api_id: String,
    api: String,
    version: String,
    plan: String,
    policy: Option<String>,
}

/// A subscription with what it used.
struct Used {
    row: Row,
    /// Calls that the Traffic Manager has debited; `None` for plans that limit no number of calls.
    debited: Option<u64>,
    /// Calls that statistics counted, without those that were throttled.
    counted: u64,
    invoice: Option<Invoice>,
    fault: Option<String>,
}

/// A page of them.
struct Found {
    used: Vec<Used>,
    /// How many there are, at most [`COUNTED`] beyond the page.
    total: i64,
    /// Where the page ends, if more come after it.
    next: Option<String>,
}

impl Found {
    fn ends(&self) -> (i64, Option<&str>) {
        (self.total, self.next.as_deref())
    }
}

async fn used(call: &Call, month: &Month, page: Page) -> Outcome<Found> {
    let (of, values) = of_whom(call).await?;
    let after = match call.query("after") {
        None => None,
        Some(text) => Some(Place::parse(text).ok_or_else(|| {
            refusal::one("900703", "after", "is not what the `next` of a page says")
        })?),
    };
    let with = |text: String| {
        let values = values.iter().cloned();
        values.fold(sql(text), |query, value| query.bind(value))
    };
    let beyond = after
        .as_ref()
        .map_or("", |_| "AND (s.created_at, s.id) > (?, ?)");
    let mut rows = with(format!(
        "{SUBSCRIPTIONS} {of} {beyond} ORDER BY s.created_at, s.id LIMIT ? OFFSET ?"
    ));
    if let Some(place) = after {
        rows = rows.bind(place.created_at_ms).bind(place.id);
    }
    // One more says whether there are more.
    let rows = rows.bind(page.limit.saturating_add(1)).bind(page.offset);
    let mut rows: Vec<Row> = call.db.all(rows).await?;
    let has_more = page::drop_beyond(&mut rows, page.limit);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| {
        let place = Place {
            created_at_ms: row.created_at,
            id: row.id.clone(),
        };
        place.to_string()
    });
    // Of very many it is enough to know that there are very many.
    let most = page
        .offset
        .saturating_add(page.limit)
        .saturating_add(COUNTED);
    let total = with(format!(
        "SELECT count(*) AS number FROM (SELECT 1 FROM subscription AS s {of} LIMIT ?)"
    ));
    let total: Option<Total> = call.db.first(total.bind(most)).await?;
    let debits = debits(call, &rows, month).await?;
    let applications: BTreeSet<String> =
        rows.iter().map(|row| row.application_id.clone()).collect();
    let of_them = (Dimension::Application, applications.into_iter().collect());
    let counts = counts(call, of_them, month).await?;
    let used = rows.into_iter().map(|row| {
        let key = (row.application_id.clone(), row.api_id.clone());
        let debited = debits.get(&key).copied();
        let counted = counts.get(&key).copied().unwrap_or_default();
        Used::new(row, debited, counted)
    });
    Ok(Found {
        used: used.collect::<Outcome<_>>()?,
        total: total.map_or(0, |it| it.number),
        next,
    })
}

/// The condition on subscriptions that the caller may see, and its values. All of an organization are found in their order,
/// and those of some applications by these.
async fn of_whom(call: &Call) -> Outcome<(&'static str, Vec<runtime::Value>)> {
    let organization: runtime::Value = call.organization().into();
    Ok(match analytics::own_applications(call).await? {
        None => ("WHERE s.organization = ?", vec![organization]),
        Some(own) => (
            "WHERE +s.organization = ? AND s.application_id IN (SELECT value FROM json_each(?))",
            vec![organization, json!(own).to_string().into()],
        ),
    })
}

type ByPair = BTreeMap<(String, String), u64>;

/// Each application's counters are one object's.
async fn debits(call: &Call, rows: &[Row], month: &Month) -> Outcome<ByPair> {
    let applications: BTreeSet<&str> = rows.iter().map(|row| row.application_id.as_str()).collect();
    let asked = applications.into_iter().map(|application| async move {
        let organization = OrganizationId::from(call.organization());
        let id = ApplicationId::from(application);
        let object = ObjectName::of_application(&organization, &id);
        let debits = ask(call, &object, month).await?;
        Ok::<_, Failure>((application.to_owned(), debits))
    });
    let by_application: BTreeMap<String, BTreeMap<String, i64>> =
        try_join_all(asked).await?.into_iter().collect();
    let mut found = ByPair::new();
    for row in rows {
        let application = ApplicationId::from(row.application_id.as_str());
        let key = CounterKey::subscription(&application, &ApiId::from(row.api_id.as_str()));
        let debited = by_application
            .get(&row.application_id)
            .and_then(|debits| debits.get(key.as_str()));
        if let Some(units) = debited {
            let units = u64::try_from(*units).unwrap_or_default();
            found.insert((row.application_id.clone(), row.api_id.clone()), units);
        }
    }
    Ok(found)
}

async fn ask(call: &Call, object: &ObjectName, month: &Month) -> Outcome<BTreeMap<String, i64>> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(
            &json!({"month": month.name}).to_string(),
        )));
    let request = Request::new_with_init("http://traffic/debits", &init)?;
    let owner = call
        .env
        .durable_object("TRAFFIC")?
        .get_by_name(object.as_str())?;
    service::expect_json(owner.fetch_with_request(request).await?).await
}

async fn counts(
    call: &Call,
    (dimension, of): (Dimension, Vec<String>),
    month: &Month,
) -> Outcome<ByPair> {
    let query = Query {
        group_by: vec![Dimension::Application, Dimension::Api],
        filter: Filter::default().with(dimension, of),
        ..Query::of(call.organization().into(), month.from, month.to)
    };
    let answer = service::post(&call.env, "ANALYTICS", "/internal/query", &query).await?;
    let answer: Answer = service::expect_json(answer).await?;
    let counted = answer.list.into_iter().map(|row| {
        let passed = row.figures.requests.saturating_sub(row.figures.throttled);
        let pair = (
            row.application_id.unwrap_or_default(),
            row.api_id.unwrap_or_default(),
        );
        (pair, passed)
    });
    Ok(counted.collect())
}

impl Used {
    /// Billed is what was counted: docs/decisions/0019.
    fn new(row: Row, debited: Option<u64>, counted: u64) -> Outcome<Self> {
        let policy: Option<PolicyBody> = row
            .policy
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?;
        let (price, fault) = match price_of(policy.as_ref()) {
            Ok(price) => (price, None),
            Err(fault) => (
                None,
                Some(format!("`{}` of the plan {}", fault.field, fault.what)),
            ),
        };
        Ok(Self {
            invoice: price.map(|price| Invoice::of(&price, counted)),
            row,
            debited,
            counted,
            fault,
        })
    }

    fn shown(&self) -> Value {
        let difference = self.debited.map(|debited| {
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            signed(debited).saturating_sub(signed(self.counted))
        });
        lifecycle::defaults::without_nulls(json!({
            "subscriptionId": self.row.id,
            "applicationId": self.row.application_id,
            "applicationName": self.row.application,
            "apiId": self.row.api_id,
            "apiName": self.row.api,
            "apiVersion": self.row.version,
            "plan": self.row.plan,
            "debited": self.debited,
            "counted": self.counted,
            "difference": difference,
            "billed": self.counted,
            "basis": "counted",
            "invoice": self.invoice,
            "fault": self.fault,
        }))
    }
}

/// What a plan costs; `None` for one that is free.
pub(crate) fn price_of(policy: Option<&PolicyBody>) -> Result<Option<Price>, billing::Fault> {
    let monetization = policy.and_then(|policy| policy.monetization.as_ref());
    let properties = monetization.and_then(|it| it.get("properties"));
    Price::read(|name| properties?.get(name)?.as_str())
}

#[derive(Deserialize)]
struct Total {
    number: i64,
}

const SUBSCRIPTIONS: &str = "SELECT s.id AS id, s.created_at AS created_at, s.application_id AS application_id, p.name AS application, \
     s.api_id AS api_id, a.name AS api, a.version AS version, s.plan AS plan, t.body AS policy FROM subscription AS s \
     CROSS JOIN application AS p ON p.id = s.application_id CROSS JOIN api AS a ON a.id = s.api_id \
     LEFT JOIN throttle_policy AS t ON t.organization = s.organization AND t.kind = 'subscription' AND t.name = s.plan";
/// So many subscriptions behind a page are counted.
const COUNTED: i64 = 10_000;
