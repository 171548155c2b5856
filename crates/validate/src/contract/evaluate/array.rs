//! What schemas say of arrays.

use std::collections::HashSet;

use serde_json::Value;

use super::{Evaluation, Spot};

impl<'a> Evaluation<'a> {
    pub(super) fn array(
        &mut self,
        keyword: &str,
        said: &'a Value,
        items: &[Value],
        spot: Spot<'a, '_>,
    ) {
        let count = items.len() as u64;
        match keyword {
            "items" => {
                let prefix = self.sibling("prefixItems", spot).and_then(Value::as_array);
                let first = prefix.map_or(0, Vec::len);
                for (index, item) in items.iter().enumerate().skip(first) {
                    self.value(said, item, &spot.place.index(index), spot.depth + 1);
                    if self.found.len() >= self.most {
                        return;
                    }
                }
            }
            "prefixItems" => {
                let schemas = said.as_array().into_iter().flatten();
                for (index, (schema, item)) in schemas.zip(items).enumerate() {
                    self.value(schema, item, &spot.place.index(index), spot.depth + 1);
                }
            }
            "minItems" if count < said.as_u64().unwrap_or_default() => {
                self.report(spot.place, format!("must have at least {said} items"));
            }
            "maxItems" if count > said.as_u64().unwrap_or(u64::MAX) => {
                self.report(spot.place, format!("must have at most {said} items"));
            }
            "uniqueItems" if *said == true => {
                let mut seen = HashSet::new();
                let again = items.iter().position(|item| !seen.insert(item.to_string()));
                if let Some(index) = again {
                    self.report(&spot.place.index(index), "stands twice in the array");
                }
            }
            "contains" => self.contains(said, items, spot),
            _ => {}
        }
    }

    fn contains(&mut self, said: &'a Value, items: &[Value], spot: Spot<'a, '_>) {
        let bound = |name: &str| spot.schema.get(name).and_then(Value::as_u64);
        let (least, most) = (bound("minContains").unwrap_or(1), bound("maxContains"));
        let mut count = 0;
        for item in items {
            let spot = Spot {
                instance: item,
                ..spot
            };
            count += u64::from(self.probe(said, spot));
        }
        if count < least {
            self.report(
                spot.place,
                format!("has {count} items of the kind that it must contain, and needs {least}"),
            );
        }
        if let Some(most) = most.filter(|most| count > *most) {
            self.report(
                spot.place,
                format!("has {count} items of a kind of which it may contain {most}"),
            );
        }
    }
}
