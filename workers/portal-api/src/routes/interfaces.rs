//! Definitions that are not OpenAPI: GraphQL schemas, WSDL and `AsyncAPI`.

use super::{Route, on, open};
use crate::{devportal, publisher};

/// `/api/am/publisher/v4`
#[rustfmt::skip]
pub(super) const PUBLISHER: &[Route] = &[
    on("POST", "/apis/import-graphql-schema", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::interfaces::graphql::import(call))),
    on("POST", "/apis/import-wsdl", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::interfaces::wsdl::import(call))),
    on("POST", "/apis/import-asyncapi", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::interfaces::asyncapi::import(call))),
    on("POST", "/apis/validate-graphql-schema", &["apim:api_create", "apim:api_manage", "apim:api_create_only", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::interfaces::graphql::validate(call))),
    on("POST", "/apis/validate-wsdl", &["apim:api_create", "apim:api_manage", "apim:api_create_only", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::interfaces::wsdl::validate(call))),
    on("POST", "/apis/validate-asyncapi", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::interfaces::asyncapi::validate(call))),
    on("GET", "/apis/{apiId}/graphql-schema", &["apim:api_view", "apim:api_manage", "apim:api_metadata_view", "apim:api_definition_view"], |call| Box::pin(publisher::interfaces::graphql::get(call))),
    on("PUT", "/apis/{apiId}/graphql-schema", &["apim:api_create", "apim:api_manage", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::interfaces::graphql::update(call))),
    on("GET", "/apis/{apiId}/graphql-policies/complexity", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_metadata_view"], |call| Box::pin(publisher::interfaces::complexity::get(call))),
    on("PUT", "/apis/{apiId}/graphql-policies/complexity", &["apim:api_create", "apim:api_manage", "apim:api_update"], |call| Box::pin(publisher::interfaces::complexity::update(call))),
    on("GET", "/apis/{apiId}/graphql-policies/complexity/types", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_metadata_view"], |call| Box::pin(publisher::interfaces::complexity::types(call))),
    on("GET", "/apis/{apiId}/wsdl-info", &["apim:api_view", "apim:api_manage", "apim:api_metadata_view", "apim:api_definition_view"], |call| Box::pin(publisher::interfaces::wsdl::about(call))),
    on("GET", "/apis/{apiId}/wsdl", &["apim:api_view", "apim:api_manage", "apim:api_metadata_view", "apim:api_definition_view"], |call| Box::pin(publisher::interfaces::wsdl::get(call))),
    on("PUT", "/apis/{apiId}/wsdl", &["apim:api_create", "apim:api_manage", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::interfaces::wsdl::update(call))),
    on("GET", "/apis/{apiId}/asyncapi", &["apim:api_view", "apim:api_manage", "apim:api_definition_view", "apim:api_metadata_view"], |call| Box::pin(publisher::interfaces::asyncapi::get(call))),
    on("PUT", "/apis/{apiId}/asyncapi", &["apim:api_create", "apim:api_manage", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::interfaces::asyncapi::update(call))),
];

/// `/api/am/devportal/v3`
#[rustfmt::skip]
pub(super) const DEVPORTAL: &[Route] = &[
    open("GET", "/apis/{apiId}/graphql-schema", |call| Box::pin(devportal::interfaces::graphql_schema(call))),
    open("GET", "/apis/{apiId}/graphql-policies/complexity", |call| Box::pin(devportal::interfaces::complexity(call))),
    open("GET", "/apis/{apiId}/graphql-policies/complexity/types", |call| Box::pin(devportal::interfaces::complexity_types(call))),
    open("GET", "/apis/{apiId}/wsdl", |call| Box::pin(devportal::interfaces::wsdl(call))),
    open("GET", "/apis/{apiId}/async-api-specification", |call| Box::pin(devportal::interfaces::asyncapi(call))),
];
