//! Calls to addresses that somebody else has named: definitions to import, providers' metadata and keys. Public addresses
//! only, unless the operator says otherwise; few redirects, each of them looked at; a deadline, a limit, and no word of
//! the answer to anyone but its parser.

use std::fmt;

use outbound::parse;
use url::Url;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response, WorkerGlobalScope};

use crate::{Failure, body};

/// How such calls are made.
#[derive(Clone, Copy, Debug)]
pub struct Outbound {
    allow_private: bool,
    limit: usize,
}

/// A document with what its headers say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The text.
    pub text: String,
    /// How long it is good, in the words of its server.
    pub cache_control: Option<String>,
}

/// Why there is no answer, in words that the one who named the address may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundFault(String);

impl fmt::Display for OutboundFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Outbound {
    /// Answers of at most 512 KiB. `allow_private` is the operator's word that addresses of the local network are meant.
    #[must_use]
    pub const fn new(allow_private: bool) -> Self {
        Self {
            allow_private,
            limit: 512 * 1024,
        }
    }

    /// With another limit, in bytes.
    #[must_use]
    pub const fn within(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The text at `address`; three redirects are followed.
    ///
    /// # Errors
    /// For an address that may not be called, and every answer but 2xx.
    pub async fn get(self, address: &str) -> Result<String, OutboundFault> {
        let mut url = self.permitted(address)?;
        let deadline = AbortSignal::timeout_with_u32(DEADLINE_MS);
        for _ in 0..=REDIRECTS {
            let response = send(&url, &init("GET", &deadline)).await?;
            match response.status() {
                200..=299 => return self.text(&response).await,
                301..=303 | 307 | 308 => {
                    let target = response.headers().get("location").ok().flatten();
                    let next = url
                        .join(&target.unwrap_or_default())
                        .map_err(|_| fault("it redirects to no address"))?;
                    url = self.permitted(next.as_str())?;
                }
                status => {
                    return Err(fault(format!(
                        "it answered with the status {}xx",
                        status / 100
                    )));
                }
            }
        }
        Err(fault("it redirects too often"))
    }

    /// The JSON document at `address` and nowhere else: no redirect is followed, and nothing but 200 is believed.
    ///
    /// # Errors
    /// As [`Self::get`], and for another content type.
    pub async fn status(self, address: &str) -> Result<u16, OutboundFault> {
        let url = self.permitted(address)?;
        let deadline = AbortSignal::timeout_with_u32(DEADLINE_MS);
        Ok(send(&url, &init("GET", &deadline)).await?.status())
    }

    /// Fetches a JSON document with what the answer says about keeping it. No redirect is followed.
    ///
    /// # Errors
    /// As [`Self::get`]; for what is not JSON.
    pub async fn get_document(self, address: &str) -> Result<Document, OutboundFault> {
        let url = self.permitted(address)?;
        let headers = Headers::new().map_err(|_| unreachable_fault())?;
        headers
            .set("accept", "application/json")
            .map_err(|_| fault("a header is malformed"))?;
        let init = init("GET", &AbortSignal::timeout_with_u32(DEADLINE_MS));
        init.set_headers(&headers);
        let response = send(&url, &init).await?;
        if response.status() != 200 {
            let family = response.status() / 100;
            return Err(fault(format!("it answered with the status {family}xx")));
        }
        let header = |name: &str| response.headers().get(name).ok().flatten();
        if !header("content-type").is_some_and(|kind| is_json(&kind)) {
            return Err(fault("it is not `application/json`"));
        }
        Ok(Document {
            cache_control: header("cache-control"),
            text: self.text(&response).await?,
        })
    }

    /// The text at `address`, shown an `Authorization` header; no redirect is followed: the next host must not see it.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn get_authorized(
        self,
        address: &str,
        authorization: &str,
    ) -> Result<String, OutboundFault> {
        let url = self.permitted(address)?;
        let headers = Headers::new().map_err(|_| unreachable_fault())?;
        headers
            .set("authorization", authorization)
            .map_err(|_| fault("a header is malformed"))?;
        let init = init("GET", &AbortSignal::timeout_with_u32(DEADLINE_MS));
        init.set_headers(&headers);
        let response = send(&url, &init).await?;
        match response.status() {
            200 => self.text(&response).await,
            status => Err(fault(format!(
                "it answered with the status {}xx",
                status / 100
            ))),
        }
    }

    /// Posts a form; the status and the text of the answer. No redirect is followed: a form holds secrets.
    ///
    /// # Errors
    /// For an address that may not be called or does not answer.
    pub async fn post_form(
        self,
        address: &str,
        authorization: Option<&str>,
        form: &str,
    ) -> Result<(u16, String), OutboundFault> {
        let content = Some(("application/x-www-form-urlencoded", form));
        self.send("POST", address, authorization, content).await
    }

    /// Sends JSON, or nothing, by any method; the status and the text of the answer. As with a form, no redirect is
    /// followed.
    ///
    /// # Errors
    /// As [`Self::post_form`].
    pub async fn send_json(
        self,
        method: &str,
        address: &str,
        authorization: Option<&str>,
        json: Option<&str>,
    ) -> Result<(u16, String), OutboundFault> {
        let content = json.map(|json| ("application/json", json));
        self.send(method, address, authorization, content).await
    }

    async fn send(
        self,
        method: &str,
        address: &str,
        authorization: Option<&str>,
        content: Option<(&str, &str)>,
    ) -> Result<(u16, String), OutboundFault> {
        let url = self.permitted(address)?;
        let deadline = AbortSignal::timeout_with_u32(DEADLINE_MS);
        let headers = Headers::new().map_err(|_| unreachable_fault())?;
        let fields = [
            ("content-type", content.map(|(kind, _)| kind)),
            ("accept", Some("application/json")),
            ("authorization", authorization),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                headers
                    .set(name, value)
                    .map_err(|_| fault("a header is malformed"))?;
            }
        }
        let init = init(method, &deadline);
        init.set_headers(&headers);
        if let Some((_, text)) = content {
            init.set_body(&JsValue::from_str(text));
        }
        let response = send(&url, &init).await?;
        let text = self.text(&response).await?;
        Ok((response.status(), text))
    }

    /// Posts a JSON text with these headers; the status of the answer, of which nothing else is read. No redirect is followed.
    ///
    /// # Errors
    /// For an address that may not be called, and where nobody answers in time.
    pub async fn post(
        self,
        address: &str,
        fields: &[(&str, &str)],
        json: &str,
    ) -> Result<u16, OutboundFault> {
        let url = self.permitted(address)?;
        let headers = Headers::new().map_err(|_| unreachable_fault())?;
        for (name, value) in [("content-type", "application/json")].iter().chain(fields) {
            headers
                .set(name, value)
                .map_err(|_| fault("a header is malformed"))?;
        }
        let init = init("POST", &AbortSignal::timeout_with_u32(DEADLINE_MS));
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(json));
        let response = send(&url, &init).await?;
        if let Some(body) = response.body() {
            // Nobody reads it; a promise that nobody waits for is enough to let go of the connection.
            drop(body.cancel());
        }
        Ok(response.status())
    }

    /// May this address be called at all?
    ///
    /// # Errors
    /// Why it may not.
    pub fn permits(self, address: &str) -> Result<(), OutboundFault> {
        self.permitted(address).map(drop)
    }

    fn permitted(self, text: &str) -> Result<Url, OutboundFault> {
        parse(text, self.allow_private).map_err(fault)
    }

    async fn text(self, response: &Response) -> Result<String, OutboundFault> {
        let Some(stream) = response.body() else {
            return Ok(String::new());
        };
        let bytes = body::collect(&stream, self.limit)
            .await
            .map_err(|failure| match failure {
                Failure::Problem(_) => fault(format!("it is larger than {}", size(self.limit))),
                Failure::Internal(_) => fault("it broke off, or took longer than 5 seconds"),
            })?;
        String::from_utf8(bytes).map_err(|_| fault("it is not UTF-8 text"))
    }
}

fn init(method: &str, deadline: &AbortSignal) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(deadline));
    init
}

async fn send(url: &Url, init: &RequestInit) -> Result<Response, OutboundFault> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    JsFuture::from(scope.fetch_with_str_and_init(url.as_str(), init))
        .await
        .map(JsCast::unchecked_into)
        .map_err(|_| unreachable_fault())
}

/// `application/json`, or a kind of it.
fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn size(bytes: usize) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KiB", bytes / 1024)
    } else {
        format!("{} MiB", bytes / (1024 * 1024))
    }
}

fn unreachable_fault() -> OutboundFault {
    fault("it cannot be reached within 5 seconds")
}

fn fault(reason: impl Into<String>) -> OutboundFault {
    OutboundFault(reason.into())
}

const REDIRECTS: usize = 3;
const DEADLINE_MS: u32 = 5_000;
