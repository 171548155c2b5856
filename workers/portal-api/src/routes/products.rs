//! `/api-products`: what APIs have, and products too; much of it by the same code.

use super::{Route, on};
use crate::{publisher, thumbnails};

#[rustfmt::skip]
pub(super) const PUBLISHER: &[Route] = &[
    on("GET", "/api-products/export", &["apim:api_view", "apim:api_product_import_export"], |call| Box::pin(publisher::export::export_product(call))),
    on("POST", "/api-products/import", &["apim:api_product_import_export"], |call| Box::pin(publisher::product_import::take(call))),
    on("GET", "/api-products", &["apim:api_view", "apim:api_manage", "apim:api_product_metadata_view"], |call| Box::pin(publisher::products::list(call))),
    on("POST", "/api-products", &["apim:api_publish", "apim:api_manage", "apim:api_product_create"], |call| Box::pin(publisher::products::create(call))),
    on("POST", "/api-products/copy-api-products", &["apim:api_publish", "apim:api_manage", "apim:api_product_version_create"], |call| Box::pin(publisher::copy::copy(call))),
    on("POST", "/api-products/change-lifecycle", &["apim:api_publish", "apim:api_manage", "apim:api_product_import_export", "apim:api_product_lifecycle_manage"], |call| Box::pin(publisher::lifecycle_state::change(call))),
    on("GET", "/api-products/{apiProductId}", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:api_product_import_export", "apim:api_product_metadata_view"], |call| Box::pin(publisher::apis::get(call))),
    on("PUT", "/api-products/{apiProductId}", &["apim:api_publish", "apim:api_manage", "apim:api_product_update"], |call| Box::pin(publisher::products::update(call))),
    on("DELETE", "/api-products/{apiProductId}", &["apim:api_publish", "apim:api_manage", "apim:api_product_import_export", "apim:api_product_delete"], |call| Box::pin(publisher::apis::delete(call))),
    on("GET", "/api-products/{apiProductId}/thumbnail", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:api_product_metadata_view"], |call| Box::pin(thumbnails::get(call))),
    on("PUT", "/api-products/{apiProductId}/thumbnail", &["apim:api_publish", "apim:api_manage", "apim:api_product_update"], |call| Box::pin(thumbnails::put(call))),
    on("GET", "/api-products/{apiProductId}/swagger", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:api_product_metadata_view"], |call| Box::pin(publisher::definition::get(call))),
    on("GET", "/api-products/{apiProductId}/is-outdated", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:api_product_metadata_view"], |call| Box::pin(publisher::products::is_outdated(call))),
    on("GET", "/api-products/{apiProductId}/documents", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:document_view"], |call| Box::pin(publisher::documents::list(call))),
    on("POST", "/api-products/{apiProductId}/documents", &["apim:api_publish", "apim:api_manage", "apim:document_create"], |call| Box::pin(publisher::documents::create(call))),
    on("GET", "/api-products/{apiProductId}/documents/{documentId}", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:document_view"], |call| Box::pin(publisher::documents::get(call))),
    on("PUT", "/api-products/{apiProductId}/documents/{documentId}", &["apim:api_publish", "apim:api_manage", "apim:document_update"], |call| Box::pin(publisher::documents::update(call))),
    on("DELETE", "/api-products/{apiProductId}/documents/{documentId}", &["apim:api_publish", "apim:api_manage", "apim:document_delete"], |call| Box::pin(publisher::documents::delete(call))),
    on("GET", "/api-products/{apiProductId}/documents/{documentId}/content", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:document_view"], |call| Box::pin(publisher::documents::content(call))),
    on("POST", "/api-products/{apiProductId}/documents/{documentId}/content", &["apim:api_publish", "apim:api_manage", "apim:document_create", "apim:document_update"], |call| Box::pin(publisher::documents::put_content(call))),
    on("GET", "/api-products/{apiProductId}/revisions", &["apim:api_view", "apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_import_export", "apim:api_product_deploy_view"], |call| Box::pin(publisher::revisions::list(call))),
    on("POST", "/api-products/{apiProductId}/revisions", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_revision_create"], |call| Box::pin(publisher::revisions::create(call))),
    on("GET", "/api-products/{apiProductId}/revisions/{revisionId}", &["apim:api_view", "apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_deploy_view"], |call| Box::pin(publisher::revisions::get(call))),
    on("DELETE", "/api-products/{apiProductId}/revisions/{revisionId}", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_revision_delete"], |call| Box::pin(publisher::revisions::delete(call))),
    on("GET", "/api-products/{apiProductId}/deployments", &["apim:api_view", "apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_deploy_view"], |call| Box::pin(publisher::running::list(call))),
    on("PUT", "/api-products/{apiProductId}/deployments/{deploymentId}", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_deploy"], |call| Box::pin(publisher::running::update(call))),
    on("POST", "/api-products/{apiProductId}/deploy-revision", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_deploy"], |call| Box::pin(publisher::running::deploy(call))),
    on("POST", "/api-products/{apiProductId}/undeploy-revision", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_import_export", "apim:api_product_deploy"], |call| Box::pin(publisher::running::undeploy(call))),
    on("POST", "/api-products/{apiProductId}/restore-revision", &["apim:api_create", "apim:api_publish", "apim:api_manage", "apim:api_product_deploy"], |call| Box::pin(publisher::revisions::restore(call))),
    on("GET", "/api-products/{apiProductId}/lifecycle-history", &["apim:api_publish", "apim:api_manage", "apim:api_product_lifecycle_view"], |call| Box::pin(publisher::lifecycle_state::history(call))),
    on("GET", "/api-products/{apiProductId}/lifecycle-state", &["apim:api_publish", "apim:api_create", "apim:api_manage", "apim:api_product_lifecycle_view"], |call| Box::pin(publisher::lifecycle_state::get(call))),
    on("GET", "/api-products/{apiProductId}/revisions/{revisionId}/changes", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_product_deploy_view"], |call| Box::pin(publisher::changes::since(call))),
];
