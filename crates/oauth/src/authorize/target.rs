//! Where an answer may be sent. Until this is known nobody is sent anywhere: what is wrong is said on a page of ours.

use serde::{Deserialize, Serialize};

use super::PageFault;
use crate::{Client, Form, redirect};

/// A place that the client has registered, with what the answer has to carry back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As the request wrote it, or the only one that the client has.
    pub redirect_uri: String,
    /// The request named it; so the token request has to name it too (RFC 6749 section 4.1.3).
    pub is_named: bool,
    /// How the answer gets there.
    pub response_mode: ResponseMode,
    /// Passed back unchanged.
    pub state: Option<String>,
}

/// How an answer gets to the client. Answers in the fragment are not offered: they belong to the implicit grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the address.
    Query,
    /// In a form that the browser posts, so that the code appears in no address.
    FormPost,
}

impl Target {
    /// Finds the target of a request of this client. The redirect URI is compared exactly with those registered; it may
    /// be left out when there is one only. A `state` that is too long is left behind here and refused by
    /// [`crate::AuthorizationRequest::read`].
    ///
    /// # Errors
    /// To be told on a page of ours, never by a redirect to the client.
    pub fn find(form: &Form, client: &Client) -> Result<Self, PageFault> {
        let registered = &client.metadata.redirect_uris;
        let (redirect_uri, is_named) = match (form.get("redirect_uri"), registered.as_slice()) {
            (Some(shown), _) if redirect::is_registered(registered, shown) => {
                (shown.to_owned(), true)
            }
            (Some(_), _) => return Err(PageFault::UnregisteredRedirect),
            (None, [only]) => (only.to_owned(), false),
            (None, []) => return Err(PageFault::NoRedirect),
            (None, _) => return Err(PageFault::AmbiguousRedirect),
        };
        let response_mode = match form.get("response_mode") {
            Some("form_post") => ResponseMode::FormPost,
            _ => ResponseMode::Query,
        };
        Ok(Self {
            redirect_uri,
            is_named,
            response_mode,
            state: form
                .get("state")
                .filter(|state| state.len() <= MAX_STATE)
                .map(ToOwned::to_owned),
        })
    }
}

/// 2 KiB: an answer's address has to stay within what browsers and servers take.
pub(crate) const MAX_STATE: usize = 2048;
