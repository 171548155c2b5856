//! `/api/am/admin/v4`: what administrators look after beside policies and key managers.

use super::{Route, on};
use crate::admin;

#[rustfmt::skip]
pub(super) const ADMIN: &[Route] = &[
    on("GET", "/audit-log", &["apim:admin"], |call| Box::pin(admin::audit_log::list(call))),
    on("GET", "/audit-log/export", &["apim:admin"], |call| Box::pin(admin::audit_log::export(call))),
    on("GET", "/audit-log/verification", &["apim:admin"], |call| Box::pin(admin::audit_log::verify(call))),
    on("GET", "/audit-log/{entryId}", &["apim:admin"], |call| Box::pin(admin::audit_log::get(call))),
];
