//! Client certificates that APIs take: the rows, and how running Deployments follow them. And what certificates of callers
//! and of upstreams have in common: how they come, and how they are shown.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use credential::ReadCertificate;
use model::{Certificates, ClientCertificate, Deployment, KeyType, Timestamp};
use runtime::{
    Db, Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::ApiRow, call::Call, deployments, download, refusal, time::iso, upload::Upload};

/// A row of `client_certificate`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) key_type: String,
    pub(crate) alias: String,
    pub(crate) plan: String,
    pub(crate) der: String,
    pub(crate) thumbprint: String,
    pub(crate) subject: String,
    pub(crate) version: i64,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
}

impl Row {
    /// As gateways know it.
    fn compiled(&self) -> ClientCertificate {
        ClientCertificate {
            thumbprint: self.thumbprint.clone(),
            subject: self.subject.clone(),
            plan: self.plan.clone(),
            key_type: if self.key_type == KeyType::Sandbox.as_str() {
                KeyType::Sandbox
            } else {
                KeyType::Production
            },
            not_before: Timestamp(self.not_before),
            not_after: Timestamp(self.not_after),
        }
    }

    /// The statement that keeps it, in place of the one of its alias.
    pub(crate) fn put(&self, call: &Call, api: &ApiRow) -> Statement {
        sql("INSERT INTO client_certificate (api_id, organization, key_type, alias, plan, der, thumbprint, subject, version, \
             not_before, not_after, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (api_id, key_type, alias) DO UPDATE SET plan = excluded.plan, der = excluded.der, \
             thumbprint = excluded.thumbprint, subject = excluded.subject, version = excluded.version, \
             not_before = excluded.not_before, not_after = excluded.not_after")
        .bind(&api.id)
        .bind(&api.organization)
        .bind(&self.key_type)
        .bind(&self.alias)
        .bind(&self.plan)
        .bind(&self.der)
        .bind(&self.thumbprint)
        .bind(&self.subject)
        .bind(self.version)
        .bind(self.not_before)
        .bind(self.not_after)
        .bind(call.now)
    }

    /// The statement that forgets it.
    pub(crate) fn delete(&self, api: &ApiRow) -> Statement {
        sql("DELETE FROM client_certificate WHERE api_id = ? AND key_type = ? AND alias = ?")
            .bind(&api.id)
            .bind(&self.key_type)
            .bind(&self.alias)
    }
}

/// Those of an API, by their aliases.
pub(crate) async fn of_api(db: &Db, api: &str) -> Outcome<Vec<Row>> {
    let find = sql(
        "SELECT key_type, alias, plan, der, thumbprint, subject, version, not_before, not_after \
         FROM client_certificate WHERE api_id = ? ORDER BY alias, key_type",
    );
    db.all(find.bind(api)).await
}

/// Those of an API as a Deployment has them.
pub(crate) fn compiled(rows: &[Row]) -> Vec<ClientCertificate> {
    rows.iter().map(Row::compiled).collect()
}

/// The statements that make what runs of an API take these, and no others: at once, and without a deploy.
pub(crate) async fn follow(call: &Call, api: &ApiRow, rows: &[Row]) -> Outcome<Vec<Statement>> {
    let accepted = compiled(rows);
    deployments::rewritten(call, &api.id, |deployment: &mut Deployment| {
        if let Some(certificates) = &mut deployment.security.certificates {
            *certificates = Certificates {
                accepted: accepted.clone(),
                ..certificates.clone()
            };
        }
    })
    .await
}

/// The part `certificate` of an upload, if it is there.
///
/// # Errors
/// 400 for what is no certificate, or one that has ended.
pub(crate) async fn uploaded(call: &Call, upload: &Upload) -> Outcome<Option<ReadCertificate>> {
    let Some(bytes) = upload.bytes("certificate").await? else {
        return Ok(None);
    };
    let wrong = |message: &str| Err(refusal::one("400", "certificate", message));
    if bytes.len() > LARGEST {
        return wrong("is larger than 16 KiB");
    }
    match ReadCertificate::parse(&bytes) {
        None => wrong("is no certificate; send one in PEM or DER"),
        Some(read) if read.not_after <= call.now => wrong("has expired"),
        Some(read) => Ok(Some(read)),
    }
}

/// Refuses what is no alias of a certificate.
pub(crate) fn require_alias(text: &str) -> Outcome<()> {
    let is_good = (1..=30).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_good {
        return Ok(());
    }
    Err(refusal::one(
        "400",
        "alias",
        "is 1 to 30 letters, digits, `-`, `_` and `.`",
    ))
}

/// WSO2's `CertificateInfo`.
pub(crate) fn told(call: &Call, (from, to): (i64, i64), version: i64, subject: &str) -> Value {
    let is_good = (from..=to).contains(&call.now.0);
    json!({
        "status": if is_good { "Active" } else { "Expired" },
        "validity": {"from": iso(from), "to": iso(to)},
        "version": format!("V{version}"),
        "subject": subject,
    })
}

/// A certificate as a file.
pub(crate) fn file(alias: &str, der: &str) -> Outcome<Response> {
    let bytes = BASE64_STANDARD
        .decode(der)
        .map_err(|error| Failure::Internal(format!("a certificate is not base64: {error}")))?;
    download::bytes(&format!("{alias}.crt"), "application/pkix-cert", bytes)
}

const LARGEST: usize = 16 * 1024;
