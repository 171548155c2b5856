//! Answers that browsers save, and never show as a page.

use archive::File;
use runtime::Outcome;
use worker::{Headers, Response};

/// A ZIP archive of these files, as `<name>.zip`.
pub(crate) fn archive(name: &str, files: &[File]) -> Outcome<Response> {
    let file = format!("{name}.zip");
    bytes(&file, "application/zip", archive::write(files))
}

/// A file of that name and content type. The name is part of a header: letters, digits, `.`, `_` and `-`.
pub(crate) fn bytes(name: &str, content_type: &str, bytes: Vec<u8>) -> Outcome<Response> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.set("content-disposition", &disposition)?;
    Ok(Response::from_bytes(bytes)?.with_headers(headers))
}
