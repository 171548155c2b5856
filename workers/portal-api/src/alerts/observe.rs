//! What there is to judge: subjects of a rule, each with what was observed of it.

use std::collections::BTreeMap;

use alerting::{Condition, Observed, Subject, Unseen};
use model::Timestamp;
use runtime::{Db, Outcome, call as service, db::sql};
use serde::Deserialize;
use serde_json::json;
use usage::{Answer, Dimension, Filter, Query, Rank, Row};
use worker::Env;

use super::{governance, rule::RuleRow};

/// What rounds look at.
pub(super) struct Sight<'a> {
    pub(super) env: &'a Env,
    pub(super) db: &'a Db,
    pub(super) rule: &'a RuleRow,
    pub(super) now: Timestamp,
}

type Seen = Vec<(Subject, Observed)>;

impl Sight<'_> {
    /// Everything that the rule's condition is to judge.
    pub(super) async fn observe(&self) -> Outcome<Seen> {
        match self.rule.condition()? {
            Condition::ErrorRate {
                classes,
                window_minutes,
                ..
            } => self.errors(&classes, window_minutes).await,
            Condition::Latency {
                percentile,
                window_minutes,
                ..
            } => self.latencies(percentile, window_minutes).await,
            Condition::Traffic { window_minutes, .. } => self.traffic(window_minutes).await,
            Condition::QuotaUsed { .. } => self.quotas().await,
            Condition::Unseen { what } => self.unseen(what).await,
            Condition::KeyExpiry { .. } => self.expiries().await,
            Condition::CertificateExpiry { .. } => self.certificates().await,
            Condition::Governance {} => governance::observe(self.db, self.rule).await,
        }
    }

    async fn errors(&self, classes: &[String], minutes: u32) -> Outcome<Seen> {
        let mut query = self.window(minutes, 0);
        query.group_by = vec![Dimension::Api, Dimension::StatusClass];
        let mut found: BTreeMap<String, (Subject, Observed)> = BTreeMap::new();
        for row in self.ask(&query).await?.list {
            let Some(subject) = api(&row) else { continue };
            let entry = found.entry(subject.cause.clone());
            let (_, seen) = entry.or_insert_with(|| (subject, Observed::default()));
            seen.requests = seen.requests.saturating_add(row.figures.requests);
            if row
                .status_class
                .is_some_and(|class| classes.contains(&class))
            {
                seen.errors = seen.errors.saturating_add(row.figures.requests);
            }
        }
        Ok(found.into_values().collect())
    }

    async fn latencies(&self, percentile: f64, minutes: u32) -> Outcome<Seen> {
        let mut query = self.window(minutes, 0);
        query.group_by = vec![Dimension::Api];
        query.percentiles = vec![percentile];
        let list = self.ask(&query).await?.list;
        Ok(list
            .iter()
            .filter_map(|row| {
                let seen = Observed {
                    requests: row.figures.requests,
                    latency_ms: row.figures.latency.percentiles.values().next().copied(),
                    ..Observed::default()
                };
                Some((api(row)?, seen))
            })
            .collect())
    }

    /// The same window four weeks and seven days back: an API that is not called any more is a subject too.
    async fn traffic(&self, minutes: u32) -> Outcome<Seen> {
        let mut found: BTreeMap<String, (Subject, Observed)> = BTreeMap::new();
        let weeks = (1..=4).map(|week| 7 * week);
        for days in [0].into_iter().chain(weeks).chain(1..=6) {
            let mut query = self.window(minutes, days);
            query.group_by = vec![Dimension::Api];
            for row in &self.ask(&query).await?.list {
                let Some(subject) = api(row) else { continue };
                let entry = found.entry(subject.cause.clone());
                let (_, seen) = entry.or_insert_with(|| (subject, Observed::default()));
                let requests = row.figures.requests;
                match days {
                    0 => seen.requests = requests,
                    _ if days % 7 == 0 => seen.weeks.push(requests),
                    _ => seen.days.push(requests),
                }
            }
        }
        Ok(found.into_values().collect())
    }

    async fn quotas(&self) -> Outcome<Seen> {
        let plans = super::quota::plans(self.db, &self.rule.organization).await?;
        let mut found = Seen::new();
        for (plan, quota) in plans {
            let (from, allowed) = quota.running(self.now);
            let mut query = Query::of(self.rule.organization.as_str().into(), from, self.now);
            query.group_by = vec![Dimension::Application, Dimension::Api];
            query.filter = self.filter().with(Dimension::Plan, vec![plan.clone()]);
            for row in self.ask(&query).await?.list {
                let passed = row.figures.requests.saturating_sub(row.figures.throttled);
                let Some(of_api) = api(&row) else { continue };
                let application = row.application_name.clone().unwrap_or_default();
                let id = row.application_id.clone().unwrap_or_default();
                let subject = Subject {
                    cause: format!("subscription:{id}:{}:{}", of_api.cause, from.0),
                    name: format!(
                        "the application `{application}`, with the plan `{plan}` of {}",
                        of_api.name
                    ),
                };
                let used = 100.0 * passed as f64 / allowed.max(1) as f64;
                let seen = Observed {
                    used_percent: Some(used),
                    ..Observed::default()
                };
                found.push((subject, seen));
            }
        }
        Ok(found)
    }

    async fn unseen(&self, what: Unseen) -> Outcome<Seen> {
        let question = json!({
            "organization": self.rule.organization, "kind": what,
            "since_ms": self.rule.evaluated_at.saturating_sub(LATE_MS),
            "now_ms": self.now,
        });
        let answer = service::post(self.env, "ANALYTICS", "/internal/unseen", &question).await?;
        let places: Vec<Place> = service::expect_json(answer).await?;
        let wanted = self.rule.application_id.as_deref();
        Ok(places
            .into_iter()
            .filter(|place| wanted.is_none_or(|wanted| wanted == place.application))
            .map(|place| {
                let subject = Subject {
                    cause: format!("place:{}:{}", place.application, place.place),
                    name: format!("a key of the application `{}`", place.name),
                };
                let seen = Observed {
                    place: Some(place.place),
                    ..Observed::default()
                };
                (subject, seen)
            })
            .collect())
    }

    /// API keys and consumer secrets that have an end.
    async fn expiries(&self) -> Outcome<Seen> {
        let horizon = self.now.plus_ms(366 * DAY_MS);
        let rows: Vec<Ending> = self
            .db
            .all(
                sql(ENDINGS)
                    .bind(&self.rule.organization)
                    .bind(self.now)
                    .bind(horizon)
                    .bind(&self.rule.organization)
                    .bind(self.now)
                    .bind(horizon),
            )
            .await?;
        let wanted = self.rule.application_id.as_deref();
        Ok(rows
            .into_iter()
            .filter(|row| wanted.is_none_or(|wanted| wanted == row.application))
            .map(|row| {
                let subject = Subject {
                    cause: format!("{}:{}", row.kind, row.id),
                    name: format!(
                        "the {} `{}` of the application `{}`",
                        row.kind, row.name, row.application_name
                    ),
                };
                let left_ms = row.expires_at.saturating_sub(self.now.0);
                let seen = Observed {
                    ends_in_days: Some(left_ms as f64 / DAY_MS as f64),
                    ..Observed::default()
                };
                (subject, seen)
            })
            .collect())
    }

    /// Certificates of callers, and of upstreams; one that has ended is told of for a month.
    async fn certificates(&self) -> Outcome<Seen> {
        // They are nobody's application's; and which APIs call an upstream is not written beside its certificate.
        if self.rule.application_id.is_some() {
            return Ok(Seen::new());
        }
        let api = self.rule.api_id.clone().unwrap_or_default();
        let (from, to) = (
            self.now.plus_ms(-30 * DAY_MS),
            self.now.plus_ms(366 * DAY_MS),
        );
        let rows: Vec<Certificate> = self
            .db
            .all(
                sql(CERTIFICATES)
                    .bind(&self.rule.organization)
                    .bind(from)
                    .bind(to)
                    .bind(api.as_str())
                    .bind(api.as_str())
                    .bind(&self.rule.organization)
                    .bind(from)
                    .bind(to)
                    .bind(api.as_str()),
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let left_ms = row.not_after.saturating_sub(self.now.0);
                let seen = Observed {
                    ends_in_days: Some(left_ms as f64 / DAY_MS as f64),
                    ..Observed::default()
                };
                (row.subject(), seen)
            })
            .collect())
    }

    /// The window that ends now, or so many days ago; the APIs with the most calls, should there be very many.
    fn window(&self, minutes: u32, days_ago: i64) -> Query {
        let to = self.now.plus_ms(-days_ago * DAY_MS);
        let from = to.plus_ms(-i64::from(minutes) * 60_000);
        Query {
            filter: self.filter(),
            top: Some(MOST_SUBJECTS),
            order_by: Rank::Requests,
            ..Query::of(self.rule.organization.as_str().into(), from, to)
        }
    }

    fn filter(&self) -> Filter {
        let mut filter = Filter::default();
        if let Some(api) = &self.rule.api_id {
            filter = filter.with(Dimension::Api, vec![api.clone()]);
        }
        if let Some(application) = &self.rule.application_id {
            filter = filter.with(Dimension::Application, vec![application.clone()]);
        }
        filter
    }

    async fn ask(&self, query: &Query) -> Outcome<Answer> {
        let answer = service::post(self.env, "ANALYTICS", "/internal/query", query).await?;
        service::expect_json(answer).await
    }
}

/// The API of a row; none of calls that met none.
fn api(row: &Row) -> Option<Subject> {
    let id = row.api_id.as_deref().filter(|id| !id.is_empty())?;
    let name = row.api_name.as_deref().unwrap_or(id);
    let version = row.api_version.as_deref().unwrap_or_default();
    Some(Subject {
        cause: format!("api:{id}"),
        name: format!("the API `{name}` {version}").trim_end().to_owned(),
    })
}

#[derive(Deserialize)]
struct Place {
    application: String,
    name: String,
    place: String,
}

#[derive(Deserialize)]
struct Ending {
    kind: String,
    id: String,
    name: String,
    application: String,
    application_name: String,
    expires_at: i64,
}

#[derive(Deserialize)]
struct Certificate {
    /// Of an upstream's, its address; else the API's id.
    of: String,
    thumbprint: String,
    alias: String,
    /// Of the API; empty for an upstream's.
    name: String,
    version: String,
    not_after: i64,
}

impl Certificate {
    fn subject(&self) -> Subject {
        let Self {
            of,
            thumbprint,
            alias,
            name,
            version,
            ..
        } = self;
        if name.is_empty() {
            return Subject {
                cause: format!("endpoint-certificate:{of}:{thumbprint}"),
                name: format!("the certificate `{alias}` of the endpoint `{of}`"),
            };
        }
        Subject {
            cause: format!("certificate:{of}:{thumbprint}"),
            name: format!("the certificate `{alias}` of the API `{name}` {version}"),
        }
    }
}

const CERTIFICATES: &str = "SELECT c.api_id AS of, c.thumbprint AS thumbprint, c.alias AS alias, a.name AS name, \
     a.version AS version, c.not_after AS not_after FROM client_certificate AS c JOIN api AS a ON a.id = c.api_id \
     WHERE c.organization = ? AND c.not_after > ? AND c.not_after < ? AND (? = '' OR c.api_id = ?) \
     UNION ALL SELECT endpoint, thumbprint, alias, '', '', not_after FROM endpoint_certificate \
     WHERE organization = ? AND not_after > ? AND not_after < ? AND ? = '' ORDER BY 6 LIMIT 1000";
const ENDINGS: &str = "SELECT 'API key' AS kind, k.id AS id, k.name AS name, a.id AS application, \
     a.name AS application_name, k.expires_at AS expires_at \
     FROM api_key AS k JOIN application AS a ON a.id = k.application_id \
     WHERE k.organization = ? AND k.revoked_at IS NULL AND k.expires_at > ? AND k.expires_at < ? \
     UNION ALL SELECT 'consumer secret', s.id, CASE s.label WHEN '' THEN s.id ELSE s.label END, a.id, a.name, s.expires_at \
     FROM client_secret AS s JOIN oauth_client AS c ON c.client_id = s.client_id \
     JOIN application AS a ON a.id = c.application_id \
     WHERE c.organization = ? AND s.expires_at > ? AND s.expires_at < ? ORDER BY 6 LIMIT 1000";
const DAY_MS: i64 = 86_400_000;
/// An event that comes after the round of its moment is looked for in the next one; what was found is one alert anyway.
const LATE_MS: i64 = 60_000;
const MOST_SUBJECTS: usize = 500;
