//! Multipart bodies, within the limit that every upload has.

use js_sys::Uint8Array;
use runtime::{Failure, Outcome, body};
use wasm_bindgen::JsValue;
use worker::{FormData, FormEntry, Headers, Method, Request, RequestInit};

use crate::{call::Call, refusal};

/// A `multipart/form-data` body that has been read.
pub(crate) struct Upload(FormData);

impl Upload {
    /// Reads the body of a call.
    ///
    /// # Errors
    /// 415 for another content type, 413 beyond the limit, 400 when the parts cannot be told apart.
    pub(crate) async fn read(call: &Call) -> Outcome<Self> {
        body::require_content_type(&call.request, "multipart/form-data")?;
        let kind = call.header("content-type")?.unwrap_or_default();
        // A little more than the file: its neighbours and the boundaries.
        let bytes = body::bytes(&call.request, body::UPLOAD_LIMIT + OVERHEAD_BYTES).await?;
        let headers = Headers::new();
        headers.set("content-type", &kind)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_body(Some(JsValue::from(Uint8Array::from(bytes.as_slice()))));
        // The platform reads forms; it reads them from requests, so one is made of what came.
        let mut request = Request::new_with_init("http://upload/", &init)?;
        match request.form_data().await {
            Ok(form) => Ok(Self(form)),
            Err(_) => Err(refusal::one(
                "400",
                "",
                "the body is not well-formed `multipart/form-data`",
            )),
        }
    }

    /// The text of a part, whether it came as a field or as a file; `None` when it is absent or empty.
    pub(crate) async fn text(&self, name: &str) -> Outcome<Option<String>> {
        let bytes = match self.0.get(name) {
            None => return Ok(None),
            Some(FormEntry::Field(text)) => {
                return Ok(Some(text).filter(|text| !text.trim().is_empty()));
            }
            Some(FormEntry::File(file)) => file.bytes().await?,
        };
        let text =
            String::from_utf8(bytes).map_err(|_| refusal::one("400", name, "is not UTF-8 text"))?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// A part that is a file; `None` when it is absent or empty.
    pub(crate) async fn file(&self, name: &str) -> Outcome<Option<File>> {
        let Some(FormEntry::File(file)) = self.0.get(name) else {
            return Ok(None);
        };
        let bytes = file.bytes().await?;
        if bytes.len() > body::UPLOAD_LIMIT {
            return Err(Failure::because("413", "a file has 10 MiB at the most"));
        }
        Ok((!bytes.is_empty()).then(|| File {
            name: file.name(),
            kind: file.type_(),
            bytes,
        }))
    }

    /// The bytes of a part, whether it came as a field or as a file; `None` when it is absent or empty.
    pub(crate) async fn bytes(&self, name: &str) -> Outcome<Option<Vec<u8>>> {
        let bytes = match self.0.get(name) {
            None => return Ok(None),
            Some(FormEntry::Field(text)) => text.into_bytes(),
            Some(FormEntry::File(file)) => file.bytes().await?,
        };
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// The only one of several parts that is there.
    ///
    /// # Errors
    /// 400 when there is none or more than one.
    pub(crate) async fn only(&self, names: &[&'static str]) -> Outcome<(&'static str, String)> {
        let mut found = None;
        for name in names {
            if let Some(text) = self.text(name).await? {
                if found.is_some() {
                    return Err(one_of(names));
                }
                found = Some((*name, text));
            }
        }
        found.ok_or_else(|| one_of(names))
    }
}

/// A file as it came.
pub(crate) struct File {
    pub(crate) name: String,
    /// What its sender says of its content.
    pub(crate) kind: String,
    pub(crate) bytes: Vec<u8>,
}

fn one_of(names: &[&'static str]) -> Failure {
    let names = names.join("`, `");
    refusal::one(
        "900700",
        "",
        format!("send exactly one of the parts `{names}`"),
    )
}

const OVERHEAD_BYTES: usize = 64 * 1024;
