//! A request as it comes in: one text of lines.

use model::Timestamp;
use pipeline::Request;

/// Time, name of the request, method, URL and client address, then names and values of the headers, a line each.
pub(crate) struct Intake(String);

impl Intake {
    /// `text` is what an encoder of UTF-8 has written; should it be anything else, the call is one that nothing matches.
    pub(crate) fn new(text: Vec<u8>) -> Self {
        Self(String::from_utf8(text).unwrap_or_default())
    }

    /// When the request came.
    pub(crate) fn at(&self) -> Timestamp {
        let milliseconds = self.0.split('\n').next().and_then(|it| it.parse().ok());
        Timestamp(milliseconds.unwrap_or_default())
    }

    /// Name of the request.
    pub(crate) fn id(&self) -> &str {
        self.0.split('\n').nth(1).unwrap_or_default()
    }

    /// The client's address.
    pub(crate) fn client_address(&self) -> &str {
        self.0.split('\n').nth(4).unwrap_or_default()
    }

    /// The request as the core sees it; borrows everything.
    pub(crate) fn request(&self) -> Request<'_> {
        let mut lines = self.0.split('\n').skip(1);
        let mut next = || lines.next().unwrap_or_default();
        let (id, method, url, client_address) = (next(), next(), next(), next());
        let mut headers = Vec::with_capacity(24);
        while let Some(name) = lines.next() {
            headers.push((name, lines.next().unwrap_or_default()));
        }
        let country = headers.iter().find(|(name, _)| *name == "cf-ipcountry");
        Request {
            method,
            url,
            country: country.map_or("", |(_, country)| country),
            headers,
            client_address,
            request_id: id,
            at: self.at(),
        }
    }
}
