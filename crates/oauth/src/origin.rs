//! Which web pages speak for a client.

use url::Url;

use crate::Client;

impl Client {
    /// Does a page of this origin belong to the client? It does when a redirect URI of the client lies there. The opaque
    /// origin `null`, which any page can have, belongs to nobody.
    #[must_use]
    pub fn has_origin(&self, origin: &str) -> bool {
        self.metadata.redirect_uris.iter().any(|uri| {
            let registered = Url::parse(uri).map(|url| url.origin());
            registered.is_ok_and(|found| found.is_tuple() && found.ascii_serialization() == origin)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Client, ClientMetadata, Settings};

    #[test]
    fn only_origins_of_redirect_uris_belong_to_a_client() {
        let client = Client {
            id: "c".into(),
            organization: "default".into(),
            owner: "ann".into(),
            application: None,
            grants: Vec::new(),
            settings: Settings::default(),
            metadata: ClientMetadata {
                redirect_uris: vec!["https://a.example/cb".into(), "com.example:/cb".into()],
                ..ClientMetadata::default()
            },
        };
        let check = |origin: &str, expected| {
            assert_eq!(client.has_origin(origin), expected, "{origin}");
        };
        check("https://a.example", true);
        check("https://a.example:8443", false);
        check("http://a.example", false);
        check("https://a.example.evil", false);
        check("https://A.example", false);
        check("null", false);
        check("", false);
    }
}
