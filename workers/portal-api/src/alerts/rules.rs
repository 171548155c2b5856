//! `/alerts/rules`.

use alerting::Condition;
use lifecycle::Fault;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use worker::Response;

use super::{
    Count, deliver, message, mine,
    rule::{COLUMNS, RuleRow},
    sees_all,
};
use crate::{
    apis::write,
    call::Call,
    devportal::application_row::{MINE, roles},
    etag, guard, page, refusal,
};

/// `GET /alerts/rules`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let mine = mine(call)?;
    let all = sql(format!(
        "SELECT {COLUMNS} FROM alert_rule WHERE organization = ? AND (? = '' OR owner = ?) ORDER BY name, id"
    ));
    let rows: Vec<RuleRow> = call
        .db
        .all(
            all.bind(call.organization())
                .bind(mine.as_str())
                .bind(mine.as_str()),
        )
        .await?;
    let list = rows.iter().map(RuleRow::shown).collect::<Outcome<_>>()?;
    reply::json(200, &page::whole(list))
}

/// `POST /alerts/rules`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    body.check(call).await?;
    let rule = id::uuid()?;
    let room = guard::require("(SELECT count(*) FROM alert_rule WHERE organization = ?) < ?")
        .bind(call.organization())
        .bind(MOST_RULES);
    let insert = sql(
        "INSERT INTO alert_rule (id, organization, owner, evaluated_at, created_at, name, condition, api_id, \
         application_id, emails, webhooks, enabled, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&rule)
    .bind(call.organization())
    .bind(call.user()?)
    .bind(call.now)
    .bind(call.now);
    let batch = vec![
        room,
        body.bound(insert, call)?,
        write::audit(call, "alert-rule.create", &rule)?,
    ];
    let made = guard::or(call.db.batch(batch).await, || {
        let help = format!("there are {MOST_RULES} rules already; delete those that nobody needs");
        refusal::one("400", "", help)
    });
    made.map_err(name_taken)?;
    let row = find(call, &rule).await?;
    let response = etag::changed(201, row.generation, &row.shown()?)?;
    let location = format!("/api/am/analytics/v1/alerts/rules/{rule}");
    reply::with_header(response, "location", &location)
}

/// `GET /alerts/rules/{ruleId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("ruleId")).await?;
    etag::generation(call, row.generation, &row.shown()?)
}

/// `PUT /alerts/rules/{ruleId}`: alerts that are open by another condition are resolved, since nobody looks after them.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("ruleId")).await?;
    etag::require_match(call, row.generation)?;
    let body: Body = call.json().await?;
    body.check(call).await?;
    let change = sql(
        "UPDATE alert_rule SET generation = generation + 1, name = ?, condition = ?, api_id = ?, application_id = ?, \
         emails = ?, webhooks = ?, enabled = ?, updated_at = ? WHERE id = ?",
    );
    let mut batch = vec![
        unchanged(&row),
        body.bound(change, call)?.bind(&row.id),
        write::audit(call, "alert-rule.update", &row.id)?,
    ];
    if !body.enabled || row.condition()? != body.condition {
        let resolve = "UPDATE alert SET resolved_at = ? WHERE rule = ? AND resolved_at IS NULL";
        batch.push(sql(resolve).bind(call.now).bind(&row.id));
    }
    guard::or(call.db.batch(batch).await, guard::changed_meanwhile).map_err(name_taken)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown()?)
}

/// `DELETE /alerts/rules/{ruleId}`, with its alerts.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("ruleId")).await?;
    etag::require_match(call, row.generation)?;
    let batch = vec![
        unchanged(&row),
        sql("DELETE FROM alert_delivery WHERE rule = ?").bind(&row.id),
        sql("DELETE FROM alert WHERE rule = ?").bind(&row.id),
        sql("DELETE FROM alert_rule WHERE id = ?").bind(&row.id),
        write::audit(call, "alert-rule.delete", &row.id)?,
    ];
    guard::or(call.db.batch(batch).await, guard::changed_meanwhile)?;
    reply::empty(204)
}

/// `POST /alerts/rules/{ruleId}/test`: everybody whom the rule tells is told that this is a test.
pub(crate) async fn test(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("ruleId")).await?;
    let messages = message::test(&row, call.now)?;
    let count = messages.len();
    call.db.batch(messages).await?;
    deliver::due(&call.env, call.now).await?;
    reply::json(202, &serde_json::json!({"messages": count}))
}

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    condition: Condition,
    #[serde(default)]
    api_id: Option<String>,
    #[serde(default)]
    application_id: Option<String>,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    webhooks: Vec<String>,
    #[serde(default = "yes")]
    enabled: bool,
    // What comes back of a rule that was read.
    #[serde(rename = "id", default)]
    _id: Option<String>,
    #[serde(rename = "owner", default)]
    _owner: Option<String>,
    #[serde(rename = "createdTime", default)]
    _created: Option<String>,
    #[serde(rename = "updatedTime", default)]
    _updated: Option<String>,
}

impl Body {
    /// Everything that is wrong with it, what it names included.
    async fn check(&self, call: &Call) -> Outcome<()> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut add = |is_good: bool, place: &str, message: &str| {
            if !is_good {
                faults.push(Fault {
                    place: place.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        add(is_name(&self.name), "name", "is not 1 to 80 letters");
        add(
            self.emails.len() <= MOST_TARGETS,
            "emails",
            "are more than ten",
        );
        add(
            self.webhooks.len() <= MOST_TARGETS,
            "webhooks",
            "are more than ten",
        );
        for email in &self.emails {
            add(is_email(email), "emails", "has an entry that is no address");
        }
        for fault in self.condition.faults() {
            add(false, &format!("condition.{}", fault.field), &fault.what);
        }
        faults.extend(self.unknown(call).await?);
        refusal::unless_empty("400", faults)
    }

    /// What it names and the caller cannot mean.
    async fn unknown(&self, call: &Call) -> Outcome<Vec<Fault>> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut add = |is_good: bool, place: &str, message: &str| {
            if !is_good {
                faults.push(Fault {
                    place: place.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        for webhook in &self.webhooks {
            let own = "SELECT COUNT(*) AS number FROM alert_webhook WHERE id = ? AND organization = ? AND owner = ?";
            let known = exists(call, own, webhook, call.user()?).await?;
            add(
                known,
                "webhooks",
                "has an entry that is none of your webhooks",
            );
        }
        if let Some(api) = &self.api_id {
            let one =
                "SELECT COUNT(*) AS number FROM api WHERE id = ? AND organization = ? AND ? <> ''";
            add(
                exists(call, one, api, "any").await?,
                "apiId",
                "is no API here",
            );
        }
        let owner = mine(call)?;
        match &self.application_id {
            Some(application) => {
                let known = is_mine(call, application, &owner).await?;
                add(known, "applicationId", "is no application of yours");
            }
            None => add(
                sees_all(call),
                "applicationId",
                "is missing: name one of your applications",
            ),
        }
        Ok(faults)
    }

    fn bound(&self, statement: Statement, call: &Call) -> Outcome<Statement> {
        Ok(statement
            .bind(self.name.trim())
            .bind(serde_json::to_string(&self.condition)?)
            .bind(self.api_id.clone())
            .bind(self.application_id.clone())
            .bind(serde_json::to_string(&self.emails)?)
            .bind(serde_json::to_string(&self.webhooks)?)
            .bind(self.enabled)
            .bind(call.now))
    }
}

async fn exists(call: &Call, text: &str, subject: &str, owner: &str) -> Outcome<bool> {
    let statement = sql(text)
        .bind(subject)
        .bind(call.organization())
        .bind(owner);
    let found: Option<Count> = call.db.first(statement).await?;
    Ok(found.is_some_and(|row| row.number > 0))
}

/// Does the caller work with the application, or see all of them?
async fn is_mine(call: &Call, application: &str, owner: &str) -> Outcome<bool> {
    let one = format!(
        "SELECT COUNT(*) AS number FROM application WHERE id = ? AND organization = ? AND (? = '' OR {MINE})"
    );
    let statement = sql(one)
        .bind(application)
        .bind(call.organization())
        .bind(owner)
        .bind(owner)
        .bind(roles(call));
    let found: Option<Count> = call.db.first(statement).await?;
    Ok(found.is_some_and(|row| row.number > 0))
}

/// The rule, for whoever may see it.
async fn find(call: &Call, rule: &str) -> Outcome<RuleRow> {
    let mine = mine(call)?;
    let one = sql(format!(
        "SELECT {COLUMNS} FROM alert_rule WHERE id = ? AND organization = ? AND (? = '' OR owner = ?)"
    ));
    let row: Option<RuleRow> = call
        .db
        .first(
            one.bind(rule)
                .bind(call.organization())
                .bind(mine.as_str())
                .bind(mine.as_str()),
        )
        .await?;
    row.ok_or_else(|| Failure::because("404", "there is no such rule"))
}

fn unchanged(row: &RuleRow) -> Statement {
    guard::unchanged("alert_rule", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    let instead = Failure::because("409", "you have a rule of this name already");
    guard::taken(failure, "alert_rule.", instead)
}

pub(crate) fn is_name(name: &str) -> bool {
    (1..=80).contains(&name.trim().chars().count())
}

/// A look only; the mailer is who knows.
pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part
                .contains(|it: char| it.is_whitespace() || it.is_control() || "<>,;\"".contains(it))
    };
    text.len() <= 254
        && parts.is_some_and(|(name, host)| is_plain(name) && is_plain(host) && !host.contains('@'))
}

const fn yes() -> bool {
    true
}

const MOST_RULES: i64 = 200;
const MOST_TARGETS: usize = 10;
