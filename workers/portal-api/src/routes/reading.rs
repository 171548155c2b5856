//! `/api/am/devportal/v3`: what consumers read and say about APIs.

use super::{Route, on, open};
use crate::{billing, devportal, organizations, search};

#[rustfmt::skip]
pub(super) const DEVPORTAL: &[Route] = &[
    on("GET", "/recommendations", &["apim:subscribe"], |call| Box::pin(devportal::recommendations::list(call))),
    on("GET", "/subscriptions/{apiId}/additionalInfo", &["apim:subscribe"], |call| Box::pin(devportal::subscribed::list(call))),
    on("GET", "/sdk-gen/languages", &["apim:subscribe"], |call| Box::pin(devportal::sdks::languages(call))),
    on("GET", "/apis/{apiId}/sdks/{language}", &["apim:subscribe"], |call| Box::pin(devportal::sdks::download(call))),
    on("GET", "/subscriptions/{subscriptionId}/usage", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(billing::of_api::for_consumers(call))),
    on("GET", "/applications/export", &["apim:app_import_export"], |call| Box::pin(devportal::application_archives::export(call))),
    on("POST", "/applications/import", &["apim:app_import_export"], |call| Box::pin(devportal::application_archives::import(call))),
    open("GET", "/search", |call| Box::pin(search::for_consumers(call))),
    open("GET", "/apis/{apiId}/documents", |call| Box::pin(devportal::documents::list(call))),
    open("GET", "/apis/{apiId}/documents/{documentId}", |call| Box::pin(devportal::documents::get(call))),
    open("GET", "/apis/{apiId}/documents/{documentId}/content", |call| Box::pin(devportal::documents::content(call))),
    open("GET", "/apis/{apiId}/thumbnail", |call| Box::pin(devportal::documents::thumbnail(call))),
    open("GET", "/apis/{apiId}/ratings", |call| Box::pin(devportal::ratings::list(call))),
    on("GET", "/apis/{apiId}/user-rating", &["apim:subscribe"], |call| Box::pin(devportal::ratings::get(call))),
    on("PUT", "/apis/{apiId}/user-rating", &["apim:subscribe"], |call| Box::pin(devportal::ratings::put(call))),
    on("DELETE", "/apis/{apiId}/user-rating", &["apim:subscribe"], |call| Box::pin(devportal::ratings::delete(call))),
    open("GET", "/apis/{apiId}/comments", |call| Box::pin(devportal::comments::list(call))),
    on("POST", "/apis/{apiId}/comments", &["apim:subscribe"], |call| Box::pin(devportal::comments::create(call))),
    open("GET", "/apis/{apiId}/comments/{commentId}", |call| Box::pin(devportal::comments::get(call))),
    on("PATCH", "/apis/{apiId}/comments/{commentId}", &["apim:subscribe"], |call| Box::pin(devportal::comments::update(call))),
    on("DELETE", "/apis/{apiId}/comments/{commentId}", &["apim:subscribe", "apim:admin"], |call| Box::pin(devportal::comments::delete(call))),
    open("GET", "/apis/{apiId}/comments/{commentId}/replies", |call| Box::pin(devportal::comments::replies(call))),
    open("GET", "/tenants", |call| Box::pin(organizations::tenants(call))),
    on("GET", "/me/organization-information", &["apim:subscribe"], |call| Box::pin(organizations::mine(call))),
    open("GET", "/theme", |call| Box::pin(devportal::theme::get(call))),
    open("GET", "/theme/stylesheet", |call| Box::pin(devportal::theme::stylesheet(call))),
    open("GET", "/theme/logo", |call| Box::pin(devportal::theme::logo(call))),
    on("GET", "/settings/application-attributes", &["apim:subscribe"], |call| Box::pin(devportal::attributes::list(call))),
    on("POST", "/me/change-password", &["apim:subscribe"], |call| Box::pin(devportal::own_password::change(call))),
];
