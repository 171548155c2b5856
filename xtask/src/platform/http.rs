//! Calls to the platform that was just started.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use ureq::{Agent, http::Response};

/// The status of a GET, or none when nobody answers.
pub(crate) fn status(url: &str) -> Option<u16> {
    let answer = agent(Duration::from_secs(5)).get(url).call();
    answer.ok().map(|response| response.status().as_u16())
}

/// One call: method, URL, headers, body. The answer is JSON, or null when it is empty.
///
/// # Errors
/// For any status but 2xx, with the body's words.
pub(crate) fn call(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> anyhow::Result<Value> {
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = agent(Duration::from_secs(60)).run(request.body(body.to_owned())?);
    let mut response = answer.with_context(|| format!("{method} {url} was not answered"))?;
    let text = response.body_mut().read_to_string()?;
    read(method, url, &response, &text)
}

fn read(
    method: &str,
    url: &str,
    response: &Response<ureq::Body>,
    text: &str,
) -> anyhow::Result<Value> {
    if !response.status().is_success() {
        bail!("{method} {url} answered {}: {text}", response.status());
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text)
        .with_context(|| format!("{method} {url} did not answer JSON: {text}"))
}

fn agent(limit: Duration) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build();
    config.into()
}
