//! `/oidc/logout` (`OpenID` Connect RP-Initiated Logout 1.0): a client sends its person here to sign out.

use ::people::clear_cookie;
use oauth::{Form, LogoutRequest, LogoutStep, PageFault, SignedIn};
use runtime::{Outcome, db::sql, reply};
use worker::Response;

use crate::{
    authorize::{fault, see_other},
    call::Call,
    clients,
    present::{self, Present},
    stop::Stop,
    verify,
};

/// `GET /oidc/logout`.
pub(crate) async fn by_address(call: &Call) -> Outcome<Response> {
    let url = call.request.url()?;
    match Form::parse(url.query().unwrap_or_default()) {
        Ok(form) => answer(call, &form).await,
        Err(_) => fault(call, PageFault::Malformed),
    }
}

/// `POST /oidc/logout`. A form of another site comes without the session cookie; the browser is sent on to where it has it.
pub(crate) async fn by_form(call: &Call) -> Outcome<Response> {
    match clients::form(call).await {
        Ok(form) => see_other(&format!("/oidc/logout?{}", form.encoded_without(&[]))),
        Err(Stop::Oauth(_)) => fault(call, PageFault::Malformed),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

async fn answer(call: &Call, form: &Form) -> Outcome<Response> {
    let hint = match form.get("id_token_hint") {
        None => None,
        Some(text) => match verify::id_token(call, text).await? {
            None => return fault(call, PageFault::UnknownHint),
            found => found,
        },
    };
    let request = LogoutRequest::read(form);
    let client = match LogoutRequest::client(form, hint.as_ref()) {
        Err(page) => return fault(call, page),
        Ok(client) => client.unwrap_or_default(),
    };
    let registered = match clients::by_id(call, &client).await? {
        Some(registered) => registered.client.metadata.post_logout_redirect_uris,
        None => Vec::new(),
    };
    let present = present::find(call).await?;
    let signed_in = present.as_ref().map(|present| SignedIn {
        subject: &present.person.username,
        session: &present.session,
    });
    match request.decide(&registered, hint.as_ref(), signed_in) {
        Err(page) => fault(call, page),
        Ok(LogoutStep::Confirm) => see_other(&request.confirmation(&client)),
        Ok(LogoutStep::SignOut(there)) => {
            if let Some(present) = &present {
                end(call, present).await?;
            }
            let response = see_other(there.as_deref().unwrap_or("/signed-out/"))?;
            reply::with_header(response, "set-cookie", &clear_cookie())
        }
    }
}

async fn end(call: &Call, present: &Present) -> Outcome<()> {
    call.db
        .run(sql("DELETE FROM session WHERE id = ?").bind(&present.session))
        .await?;
    Ok(())
}
