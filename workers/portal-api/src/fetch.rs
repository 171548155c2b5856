//! Fetches a definition from an address that a user names: public addresses only (unless the operator says otherwise),
//! few redirects and each of them looked at, a deadline, a limit, and no word of the answer to anyone but the parser.

use lifecycle::address;
use runtime::{Failure, Outcome, body};
use url::Url;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response, WorkerGlobalScope};

use crate::{call::Call, refusal};

/// The text at `address`.
///
/// # Errors
/// 900756 with the reason as far as the caller may know it.
pub(crate) async fn definition(call: &Call, address: &str) -> Outcome<String> {
    let mut url = permitted(call, address)?;
    let deadline = AbortSignal::timeout_with_u32(DEADLINE_MS);
    for _ in 0..=REDIRECTS {
        let response = send(&url, &deadline).await?;
        match response.status() {
            200..=299 => return text(&response).await,
            301..=303 | 307 | 308 => {
                let target = response
                    .headers()
                    .get("location")
                    .ok()
                    .flatten()
                    .unwrap_or_default();
                let next = url
                    .join(&target)
                    .map_err(|_| refused("it redirects to no address"))?;
                url = permitted(call, next.as_str())?;
            }
            status => {
                return Err(refused(&format!(
                    "it answered with the status {}xx",
                    status / 100
                )));
            }
        }
    }
    Err(refused("it redirects too often"))
}

fn permitted(call: &Call, text: &str) -> Outcome<Url> {
    address::parse(text, call.allow_private())
        .map_err(|reason| refusal::one("900756", "url", reason))
}

async fn send(url: &Url, deadline: &AbortSignal) -> Outcome<Response> {
    let init = RequestInit::new();
    init.set_method("GET");
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(deadline));
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    JsFuture::from(scope.fetch_with_str_and_init(url.as_str(), &init))
        .await
        .map(JsCast::unchecked_into)
        .map_err(|_| refused("it cannot be reached within 5 seconds"))
}

async fn text(response: &Response) -> Outcome<String> {
    let Some(stream) = response.body() else {
        return Ok(String::new());
    };
    let bytes =
        body::collect(&stream, body::UPLOAD_LIMIT)
            .await
            .map_err(|failure| match failure {
                Failure::Problem(_) => refused("it is larger than 10 MiB"),
                Failure::Internal(_) => refused("it broke off, or took longer than 5 seconds"),
            })?;
    String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8 text"))
}

fn refused(reason: &str) -> Failure {
    refusal::one("900756", "url", reason)
}

const REDIRECTS: usize = 3;
const DEADLINE_MS: u32 = 5_000;
