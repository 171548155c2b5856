//! A request as it comes in: one text of lines.

use model::Timestamp;
use pipeline::Request;

/// Time, method, URL and client address, then names and values of the headers, a line each.
pub(crate) struct Intake {
    text: String,
    id: String,
}

impl Intake {
    pub(crate) const fn new(text: String, id: String) -> Self {
        Self { text, id }
    }

    /// When the request came.
    pub(crate) fn at(&self) -> Timestamp {
        let milliseconds = self.text.split('\n').next().and_then(|it| it.parse().ok());
        Timestamp(milliseconds.unwrap_or_default())
    }

    /// Name of the request.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The request as the core sees it; borrows everything but its name.
    pub(crate) fn request(&self) -> Request<'_> {
        let mut lines = self.text.split('\n').skip(1);
        let mut next = || lines.next().unwrap_or_default();
        let (method, url, client_address) = (next(), next(), next());
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
            request_id: self.id.clone(),
            at: self.at(),
        }
    }
}
