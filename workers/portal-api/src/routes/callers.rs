//! `/api/am/publisher/v4`: by what callers of an API may prove who they are.

use super::{Route, on};
use crate::publisher::{client_certificates, endpoint_certificates};

#[rustfmt::skip]
pub(super) const PUBLISHER: &[Route] = &[
    on("GET", "/endpoint-certificates", &["apim:api_view", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_manage", "apim:ep_certificates_view", "apim:ep_certificates_manage", "apim:api_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(endpoint_certificates::list(call))),
    on("POST", "/endpoint-certificates", &["apim:api_create", "apim:api_manage", "apim:mcp_server_create", "apim:mcp_server_manage", "apim:ep_certificates_add", "apim:ep_certificates_manage", "apim:api_update", "apim:mcp_server_update"], |call| Box::pin(endpoint_certificates::add(call))),
    on("GET", "/endpoint-certificates/{alias}", &["apim:api_view", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_manage", "apim:ep_certificates_view", "apim:ep_certificates_manage", "apim:api_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(endpoint_certificates::get(call))),
    on("PUT", "/endpoint-certificates/{alias}", &["apim:api_create", "apim:api_manage", "apim:mcp_server_create", "apim:mcp_server_manage", "apim:ep_certificates_update", "apim:ep_certificates_manage", "apim:api_update", "apim:mcp_server_update"], |call| Box::pin(endpoint_certificates::update(call))),
    on("DELETE", "/endpoint-certificates/{alias}", &["apim:api_create", "apim:api_manage", "apim:mcp_server_create", "apim:mcp_server_manage", "apim:ep_certificates_update", "apim:ep_certificates_manage", "apim:api_update", "apim:mcp_server_update"], |call| Box::pin(endpoint_certificates::delete(call))),
    on("GET", "/endpoint-certificates/{alias}/content", &["apim:api_view", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_manage", "apim:ep_certificates_view", "apim:ep_certificates_manage", "apim:api_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(endpoint_certificates::content(call))),
    on("GET", "/endpoint-certificates/{alias}/usage", &["apim:api_view", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_manage", "apim:ep_certificates_view", "apim:ep_certificates_manage", "apim:api_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(endpoint_certificates::usage(call))),
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
