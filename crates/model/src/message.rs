//! A request on its way upstream, or a reply on its way back, as policies and checks see it and change it.

/// One message. What of it was never read stays with the platform: a body that nobody needs is never here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Method of the call, upper-case; a reply has its request's.
    pub method: String,
    /// Path below the endpoint's address, canonical, with its leading slash; a reply has its request's.
    pub path: String,
    /// Query without the question mark, as it is sent; empty for none.
    pub query: String,
    /// Status of a reply; 0 of a request.
    pub status: u16,
    /// Header fields.
    pub headers: Fields,
    /// The body, when it was read or made here.
    pub body: Option<Vec<u8>>,
}

/// Header fields in their order, names in lower case. A name may occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a name (lower-case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of a name (lower-case), in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter()
            .filter(move |(it, _)| *it == name)
            .map(|(_, value)| value)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Replaces all values of a name by one, at the place of the first, or at the end.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let mut value = Some(value.into());
        self.0
            .retain_mut(|(it, old)| it != name || value.take().map(|new| *old = new).is_some());
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    /// Adds a value beside those that the name has.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Removes all values of a name. Was there any?
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(it, _)| it != name);
        self.0.len() != before
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    /// Names must be in lower case.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_leaves_one_value_where_the_first_was() {
        let mut fields: Fields = [("a", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        fields.set("a", "4");
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("a", "4"), ("b", "2")]);
        fields.set("c", "5");
        fields.add("c", "6");
        assert_eq!(fields.all("c").collect::<Vec<_>>(), ["5", "6"]);
        assert!(fields.remove("c"));
        assert!(!fields.remove("c"));
        assert_eq!(fields.get("c"), None);
    }
}
