//! `/oauth2/authorize`: from what a browser brought to what it takes back. Nothing is shown here: who has to be asked
//! something is sent to a page with the name of an interaction, and comes back to `resume`.

mod code;
mod consents;
mod first_party;
mod interactions;
mod issue;
mod par;
mod reply;
mod weigh;

pub(crate) use code::exchange;
pub(crate) use consents::{list as list_consents, withdraw as withdraw_consent};
pub(crate) use first_party::set as set_first_party;
pub(crate) use interactions::{decide, read};
pub(crate) use par::push;
pub(crate) use reply::{fault, see_other};
pub(crate) use weigh::{Terms, grantable, terms};

use oauth::{Ask, AuthorizationRequest, Form, PUSHED_PREFIX, PageFault, Step as Next, Target};
use runtime::Outcome;
use worker::Response;

use crate::{
    call::Call,
    clients::{self, Registered},
    verify,
};

/// `GET /oauth2/authorize`.
pub(crate) async fn by_address(call: &Call) -> Outcome<Response> {
    let url = call.request.url()?;
    match Form::parse(url.query().unwrap_or_default()) {
        Ok(form) => begin(call, &form, Arrival::Address).await,
        Err(_) => fault(call, PageFault::Malformed),
    }
}

/// `POST /oauth2/authorize`. The browser sends no session cookie along with a form of another site, so the request is
/// written down, and the browser is sent to a place where it does.
pub(crate) async fn by_form(call: &Call) -> Outcome<Response> {
    match clients::form(call).await {
        Ok(form) => begin(call, &form, Arrival::Form).await,
        Err(crate::stop::Stop::Oauth(_)) => fault(call, PageFault::Malformed),
        Err(crate::stop::Stop::Failure(failure)) => Err(failure),
    }
}

/// `GET /oauth2/authorize/resume`: the person has signed in, or has decided.
pub(crate) async fn resume(call: &Call) -> Outcome<Response> {
    let id = call.query("interaction")?.unwrap_or_default();
    let Some(kept) = interactions::find(call, &id).await? else {
        return fault(call, PageFault::UnknownInteraction);
    };
    let Some(registered) = clients::by_id(call, kept.request.client.as_str()).await? else {
        return fault(call, PageFault::UnknownClient);
    };
    let weighed = weigh::weigh(call, &registered, &kept.request, Some(&kept)).await?;
    match weighed.step {
        Next::Ask(question) => see_other(&page_of(question, &id)),
        Next::Refuse(error) => {
            interactions::close(call, &kept.digest).await?;
            reply::send(&kept.request.target.refuse(&call.issuer, &error))
        }
        Next::Issue => issue::code(call, &kept.request, &weighed, Some(&kept.digest)).await,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    Address,
    Form,
}

async fn begin(call: &Call, form: &Form, arrival: Arrival) -> Outcome<Response> {
    let client_id = form.get("client_id").unwrap_or_default();
    let Some(registered) = clients::by_id(call, client_id).await? else {
        return fault(call, PageFault::UnknownClient);
    };
    let pushed = match form
        .get("request_uri")
        .filter(|uri| uri.starts_with(PUSHED_PREFIX))
    {
        None => None,
        Some(uri) => match par::take(call, client_id, uri).await? {
            None => return fault(call, PageFault::UnknownRequest),
            found => found,
        },
    };
    let (target, read) = match read_request(&registered, form, pushed.as_ref()) {
        Ok(found) => found,
        Err(page) => return fault(call, page),
    };
    let hint = pushed.as_ref().unwrap_or(form).get("id_token_hint");
    let read = match (read, hint) {
        (Ok(request), Some(text)) => match verify::id_token(call, text).await? {
            Some(hint) => Ok(request.about(hint.subject)),
            None => Err(PageFault::UnknownHint.error()),
        },
        (read, _) => read,
    };
    match read {
        Ok(request) => proceed(call, &registered, &request, arrival).await,
        Err(error) => reply::send(&target.refuse(&call.issuer, &error)),
    }
}

type Read = (Target, Result<AuthorizationRequest, oauth::OauthError>);

/// What was pushed counts, and nothing that stands beside it in the address (RFC 9126 section 4).
fn read_request(
    registered: &Registered,
    form: &Form,
    pushed: Option<&Form>,
) -> Result<Read, PageFault> {
    let client = &registered.client;
    let target = Target::find(pushed.unwrap_or(form), client)?;
    let read = match pushed {
        Some(pushed) => AuthorizationRequest::read(pushed, client, target.clone()),
        None => AuthorizationRequest::require_unpushed(client)
            .and_then(|()| AuthorizationRequest::read(form, client, target.clone())),
    };
    Ok((target, read))
}

async fn proceed(
    call: &Call,
    registered: &Registered,
    request: &AuthorizationRequest,
    arrival: Arrival,
) -> Outcome<Response> {
    if arrival == Arrival::Form {
        return ask(call, request, |id| {
            format!("/oauth2/authorize/resume?interaction={id}")
        })
        .await;
    }
    let weighed = weigh::weigh(call, registered, request, None).await?;
    match weighed.step {
        Next::Ask(question) => ask(call, request, |id| page_of(question, id)).await,
        Next::Refuse(error) => reply::send(&request.target.refuse(&call.issuer, &error)),
        Next::Issue => issue::code(call, request, &weighed, None).await,
    }
}

/// Writes the request down and sends the browser to the address that goes on with it.
async fn ask(
    call: &Call,
    request: &AuthorizationRequest,
    address: impl FnOnce(&str) -> String,
) -> Outcome<Response> {
    match interactions::open(call, request).await? {
        Some(id) => see_other(&address(&id)),
        None => reply::send(
            &request
                .target
                .refuse(&call.issuer, &interactions::too_many()),
        ),
    }
}

fn page_of(question: Ask, id: &str) -> String {
    match question {
        Ask::SignIn { .. } | Ask::StepUp => format!("/sign-in/?interaction={id}"),
        Ask::Consent => format!("/consent/?interaction={id}"),
    }
}
