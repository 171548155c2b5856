//! `GET /session/federated/{name}/callback`: the browser comes back. It always goes on to a page of ours: into what it
//! wanted, to the question for the second factor, or to the sign-in page with the reason why not.

use ::people::clear_cookie_of;
use ::people::cookie;
use credential::{Secret, sha256_hex};
use runtime::{Failure, Outcome, crypto::SealingKey, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use super::{
    BROWSER_COOKIE, Provider, exchange, person,
    start::{self, Kept},
};
use crate::{
    account::challenge::{self, Purpose},
    call::{Call, kek},
    people::Person,
    session,
};

/// Goes on, whatever happened.
pub(super) async fn come_back(call: &Call, name: &str) -> Outcome<Response> {
    let (address, cookie) = match finish(call, name).await {
        Ok(arrival) => (arrival.address, arrival.cookie),
        Err(Halt::Refused(reason)) => (format!("/sign-in/?refused={reason}"), None),
        Err(Halt::Failure(failure)) => {
            worker::console_error!("federated sign-in: {failure:?}");
            ("/sign-in/?refused=failed".to_owned(), None)
        }
    };
    let mut response = reply::with_header(reply::empty(303)?, "location", &address)?;
    let headers = response.headers_mut();
    headers.set("cache-control", "no-store")?;
    headers.append("set-cookie", &clear_cookie_of(BROWSER_COOKIE))?;
    if let Some(cookie) = cookie {
        headers.append("set-cookie", &cookie)?;
    }
    Ok(response)
}

async fn finish(call: &Call, name: &str) -> Result<Arrival, Halt> {
    let provider = Provider::find(call, name).await?;
    let (trip, state) = trip(call, &provider).await?;
    let discovery = start::discover(call, &provider).await?;
    if call.query("error")?.is_some() || !discovery.is_answer_of(call.query("iss")?.as_deref()) {
        return Err(Halt::Refused("denied"));
    }
    let code = call.query("code")?.ok_or(Halt::Refused("denied"))?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let kept = sealing.open(&trip.sealed, &sha256_hex(&state)).await?;
    let kept: Kept = serde_json::from_slice(&kept).map_err(Failure::from)?;
    let identity = exchange::identity(call, &provider, &discovery, &kept, &code).await?;
    if let Some(user_id) = trip.user_id {
        let present = session::signed_in(call).await?;
        if present.is_none_or(|present| present.person.id != user_id) {
            return Err(Halt::Refused("expired"));
        }
        person::link(call, &provider, &identity, &user_id)
            .await
            .map_err(|failure| match failure {
                Failure::Problem(_) => Halt::Refused("taken"),
                Failure::Internal(_) => Halt::Failure(failure),
            })?;
        return Ok(Arrival {
            address: trip.return_to,
            cookie: None,
        });
    }
    let person = person::of(call, &provider, &identity).await?;
    let person = person.ok_or(Halt::Refused("unknown"))?;
    Ok(arrive(call, &person, trip.return_to).await?)
}

/// Into a session, or to the second factor: that somebody else has looked does not spare it.
async fn arrive(call: &Call, person: &Person, return_to: String) -> Outcome<Arrival> {
    if !person.factors.are_asked_for() {
        let cookie = session::begin(call, person, &["fed"]).await?;
        return Ok(Arrival {
            address: return_to,
            cookie: Some(cookie),
        });
    }
    let asked = challenge::ask(call, Purpose::SecondFactor, Some(&person.id), &["fed"]).await?;
    let back: String = url::form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    Ok(Arrival {
        address: format!("/sign-in/?return_to={back}#second-factor={asked}"),
        cookie: None,
    })
}

/// The trip of this browser, now over: each state comes back once, and with the cookie that it left with.
async fn trip(call: &Call, provider: &Provider) -> Result<(Trip, String), Halt> {
    let state = call.query("state")?.ok_or(Halt::Refused("expired"))?;
    let find = sql(
        "SELECT browser, sealed, return_to, user_id FROM federated_sign_in \
         WHERE digest = ? AND provider_id = ? AND used_at IS NULL AND expires_at > ?",
    )
    .bind(sha256_hex(&state))
    .bind(&provider.id)
    .bind(call.now);
    let trip: Option<Trip> = call.db.first(find).await?;
    let trip = trip.ok_or(Halt::Refused("expired"))?;
    let cookies = call.header("cookie")?.unwrap_or_default();
    let browser = cookie(&cookies, BROWSER_COOKIE).unwrap_or_default();
    if !Secret::matches(browser, &trip.browser) {
        return Err(Halt::Refused("expired"));
    }
    let spend =
        sql("UPDATE federated_sign_in SET used_at = ? WHERE digest = ? AND used_at IS NULL");
    if call
        .db
        .run(spend.bind(call.now).bind(sha256_hex(&state)))
        .await?
        != 1
    {
        return Err(Halt::Refused("expired"));
    }
    Ok((trip, state))
}

/// Where the browser goes on, and with which session.
struct Arrival {
    address: String,
    cookie: Option<String>,
}

/// Why nobody is signed in.
enum Halt {
    /// In a word that the sign-in page explains.
    Refused(&'static str),
    Failure(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

#[derive(Deserialize)]
struct Trip {
    browser: String,
    sealed: String,
    return_to: String,
    user_id: Option<String>,
}
