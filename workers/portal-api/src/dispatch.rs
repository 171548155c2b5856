//! From a request to its endpoint: find the route, ask who calls, see that they may, see that they take JSON.

use runtime::{Failure, Outcome, reply};
use worker::{Env, Request, Response};

use crate::{
    audit_log,
    call::Call,
    once, outbox, principal,
    principal::Identity,
    routes::{self, Access, Route},
};

/// The whole story of a request, refusals included.
pub(crate) async fn answer(request: Request, env: Env) -> Outcome<Response> {
    let path = request.path();
    let method = request.method().to_string();
    let (route, parameters) = match routes::find(&method, &path) {
        Ok(found) => found,
        Err(routes::Missed::Path) => return Err(Failure::code("404")),
        Err(routes::Missed::Method(allowed)) => return method_not_allowed(&allowed),
    };
    let mut call = Call::new(request, env)?;
    call.parameters = parameters;
    if let Some(refusal) = authorize(&mut call, route).await? {
        return Ok(refusal);
    }
    if !gives_files(route) {
        require_json_accepted(&call)?;
    }
    if let Some(reply) = once::answered(&call, route).await? {
        return Ok(reply);
    }
    let answer = match (route.endpoint)(&call).await {
        Ok(response) => once::keep(&call, route, response).await,
        Err(failure) => Err(once::raced(failure)),
    };
    if method != "GET" && answer.is_ok() {
        outbox::drain_or_log(&call.env).await;
        audit_log::seal_or_log(&call.env).await;
    }
    answer
}

/// Sets the principal, or gives the answer of the keys Worker to someone it does not know.
async fn authorize(call: &mut Call, route: &Route) -> Outcome<Option<Response>> {
    let Access::Any(scopes) = route.access else {
        call.principal = passer_by(call).await?;
        return Ok(None);
    };
    match principal::identify(call).await? {
        Identity::Unknown(refusal) => Ok(Some(refusal)),
        Identity::Known(principal) => {
            principal::require_same_origin(&call.request, &call.variable("ORIGIN"))?;
            if !principal.has_any(scopes) {
                let needed = scopes.join("`, `");
                return Err(Failure::because(
                    "900915",
                    format!("the token needs any one of `{needed}`"),
                ));
            }
            call.principal = Some(principal);
            Ok(None)
        }
    }
}

/// On open routes a caller who is known sees more; everyone else sees what is public.
async fn passer_by(call: &Call) -> Outcome<Option<principal::Principal>> {
    if !principal::has_credential(call)? {
        return Ok(None);
    }
    Ok(match principal::identify(call).await? {
        Identity::Known(principal) => Some(principal),
        Identity::Unknown(_) => None,
    })
}

/// Whether the answer is a file in whatever form it has.
fn gives_files(route: &Route) -> bool {
    route.method == "GET" && FILES.iter().any(|end| route.template.ends_with(end))
}

/// 406 when `Accept` has no room for JSON.
fn require_json_accepted(call: &Call) -> Outcome<()> {
    let Some(accept) = call.header("accept")? else {
        return Ok(());
    };
    let takes_json = accept.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let kind = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let refused = pieces.any(|piece| {
            matches!(
                piece.replace(' ', "").as_str(),
                "q=0" | "q=0.0" | "q=0.00" | "q=0.000"
            )
        });
        !refused && ACCEPTED.contains(&kind.as_str())
    });
    if takes_json {
        Ok(())
    } else {
        Err(Failure::code("406"))
    }
}

fn method_not_allowed(allowed: &[&str]) -> Outcome<Response> {
    let refusal = reply::finish(Err(Failure::code("405")), "application/json");
    reply::with_header(refusal, "allow", &allowed.join(", "))
}

/// How the templates end whose answers are no JSON.
const FILES: &[&str] = &[
    "/content",
    "/thumbnail",
    "/export",
    "/wsdl",
    "/definition",
    "/theme/stylesheet",
    "/theme/logo",
];
const ACCEPTED: &[&str] = &[
    "",
    "*/*",
    "application/*",
    "application/json",
    "application/problem+json",
];
