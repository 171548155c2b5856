//! setBody: makes the body from a template.

use model::Action;

use super::{Attribute, Given, Kind, PASSING, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "setBody",
    display_name: "Set body",
    description: "Makes the body from a template.",
    flows: PASSING,
    attributes: &[
        Attribute::required("template", "Template"),
        Attribute::required("contentType", "Media type").or("application/json"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let template = words::text(given, "template");
    if template.len() > MOST_TEMPLATE {
        return Err(("template", format!("is longer than {MOST_TEMPLATE} bytes")));
    }
    Ok(Action::SetBody {
        template,
        media_type: words::line(given, "contentType")?,
    })
}

/// It is in the Deployment, of which an isolate holds many.
const MOST_TEMPLATE: usize = 16_384;
