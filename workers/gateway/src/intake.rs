//! A request as it comes in: one text of lines.

use model::Timestamp;
use pipeline::Request;

/// Time, name of the request, method, URL and client address, then names and values of the headers, a line each.
pub(crate) struct Intake(String);

impl Intake {
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
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

    /// The request as the core sees it; borrows everything but its name.
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
            request_id: id.to_owned(),
            at: self.at(),
        }
    }
}
