//! `/api/am/publisher/v4`: by what callers of an API may prove who they are.

use super::{Route, on};
use crate::publisher::client_certificates;

#[rustfmt::skip]
pub(super) const PUBLISHER: &[Route] = &[
    on("GET", "/apis/{apiId}/client-certificates", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::list(call))),
    on("POST", "/apis/{apiId}/client-certificates", &["apim:api_create", "apim:api_manage", "apim:client_certificates_add", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::add(call))),
    on("GET", "/apis/{apiId}/client-certificates/{alias}", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::get(call))),
    on("PUT", "/apis/{apiId}/client-certificates/{alias}", &["apim:api_create", "apim:api_manage", "apim:client_certificates_update", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::update(call))),
    on("DELETE", "/apis/{apiId}/client-certificates/{alias}", &["apim:api_create", "apim:api_manage", "apim:client_certificates_update", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::delete(call))),
    on("GET", "/apis/{apiId}/client-certificates/{alias}/content", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::content(call))),
    on("GET", "/apis/{apiId}/client-certs/{keyType}", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::list(call))),
    on("POST", "/apis/{apiId}/client-certs/{keyType}", &["apim:api_create", "apim:api_manage", "apim:client_certificates_add", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::add(call))),
    on("GET", "/apis/{apiId}/client-certs/{keyType}/{alias}", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::get(call))),
    on("PUT", "/apis/{apiId}/client-certs/{keyType}/{alias}", &["apim:api_create", "apim:api_manage", "apim:client_certificates_update", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::update(call))),
    on("DELETE", "/apis/{apiId}/client-certs/{keyType}/{alias}", &["apim:api_create", "apim:api_manage", "apim:client_certificates_update", "apim:client_certificates_manage", "apim:api_update"], |call| Box::pin(client_certificates::delete(call))),
    on("GET", "/apis/{apiId}/client-certs/{keyType}/{alias}/content", &["apim:api_view", "apim:api_manage", "apim:client_certificates_view", "apim:client_certificates_manage", "apim:api_metadata_view"], |call| Box::pin(client_certificates::content(call))),
];
