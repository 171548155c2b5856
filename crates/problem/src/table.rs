//! The one table of codes. Codes are stable: retiring one leaves its row. WSO2's numbers where WSO2 has one; where it
//! uses one number twice, ours is unique.

/// One row: all that is the same for every refusal with this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable name: digits, as WSO2 writes them.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Shape of the gateway's body.
    pub family: Family,
    /// Short words, the same for every occurrence (WSO2's message text where it has one).
    pub title: &'static str,
    /// What happened and what to do next, when the request adds nothing more precise.
    pub description: &'static str,
}

/// Which shape the gateway's body has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Who may call: `code`, `message`, `description`.
    Access,
    /// When: the same, with `nextAccessTime`.
    Throttle,
    /// The API is blocked: `code`, `type`, `description`.
    Blocked,
    /// Routing, upstream and run time: `code`, `type`, `message`, `description`.
    Runtime,
    /// Management REST only.
    Management,
}

/// The row of `code`; the row 500 for a code that is not in the table.
#[must_use]
pub fn lookup(code: &str) -> &'static Entry {
    TABLE
        .iter()
        .find(|entry| entry.code == code)
        .unwrap_or(&UNKNOWN)
}

/// Every row, in the order of the table.
#[must_use]
pub const fn all() -> &'static [Entry] {
    TABLE
}

const fn row(
    code: &'static str,
    status: u16,
    family: Family,
    title: &'static str,
    description: &'static str,
) -> Entry {
    Entry {
        code,
        status,
        family,
        title,
        description,
    }
}

const UNKNOWN: Entry = row(
    "500",
    500,
    Runtime,
    "Internal Server Error",
    "something failed on our side; try again, and quote the request id if it stays",
);

use Family::{Access, Blocked, Management, Runtime, Throttle};

#[rustfmt::skip]
const TABLE: &[Entry] = &[
    // The HTTP statuses that stand for themselves.
    row("400", 400, Runtime, "Bad Request", "the request is malformed; see the single faults"),
    row("401", 401, Management, "Unauthorized", "sign in, or send `Authorization: Bearer <token>` with a token of this key manager"),
    row("403", 403, Runtime, "Forbidden", "you are known, but may not do this"),
    row("404", 404, Runtime, "Not Found", "there is nothing at this address; check the path and the version"),
    row("405", 405, Runtime, "Method Not Allowed", "Method not allowed for given API resource; the `Allow` header lists those that are"),
    row("406", 406, Management, "Not Acceptable", "this resource is offered as `application/json`; send `Accept: application/json`"),
    row("408", 408, Runtime, "Request Timeout", "the request took too long to arrive"),
    row("409", 409, Management, "Conflict", "the resource is not in a state that allows this"),
    row("412", 412, Management, "Precondition Failed", "the resource was changed by someone else since you read it; read it again and repeat your change"),
    row("413", 413, Runtime, "Payload Too Large", "the body is larger than this resource accepts"),
    row("414", 414, Runtime, "URI Too Long", "the address is longer than 16 KiB"),
    row("415", 415, Runtime, "Unsupported Media Type", "send the body with the content type that this resource accepts"),
    row("428", 428, Management, "Precondition Required", "send `If-Match` with the `ETag` that you read"),
    row("429", 429, Management, "Too Many Requests", "too many attempts; wait and try again"),
    row("431", 431, Runtime, "Request Header Fields Too Large", "the headers are larger than 64 KiB or more than 200"),
    row("500", 500, Runtime, "Internal Server Error", "something failed on our side; try again, and quote the request id if it stays"),
    row("501", 501, Runtime, "Not Implemented", "this HTTP method is not served"),
    row("503", 503, Runtime, "Service Unavailable", "a part that this needs cannot be reached; try again in a few seconds"),
    row("508", 508, Runtime, "Loop Detected", "the call came back to the gateway; an endpoint points at the gateway itself"),

    // Gateway: state of the API.
    row("700700", 503, Blocked, "API blocked", "this API has been blocked temporarily; try again later or ask its owner"),

    // Gateway: when.
    row("900800", 429, Throttle, "Message throttled out", "the limit of this API is used up"),
    row("900801", 503, Throttle, "API Limit Reached", "the API is not accepting requests; its backend capacity is used up"),
    row("900802", 429, Throttle, "Message throttled out", "the limit of this resource is used up"),
    row("900803", 429, Throttle, "Message throttled out", "the limit of this application is used up"),
    row("900804", 429, Throttle, "Message throttled out", "the quota of this subscription is used up"),
    row("900805", 403, Throttle, "Message blocked", "you have been blocked from accessing the resource"),
    row("900806", 429, Throttle, "Message throttled out", "a custom policy refuses further calls"),
    row("900807", 429, Throttle, "Message throttled out", "the burst limit of this subscription is used up"),
    row("900808", 429, Throttle, "Message throttled out", "the connection or event quota of this subscription is used up"),
    row("900809", 429, Throttle, "Message throttled out", "you have exceeded your application burst limit quota"),
    row("900820", 400, Throttle, "QUERY TOO DEEP", "the GraphQL query has more levels of fields than the plan allows; ask for less at once"),
    row("900821", 400, Throttle, "QUERY TOO COMPLEX", "the GraphQL query asks for more than the plan allows; ask for fewer fields or shorter lists"),

    // Gateway: what a GraphQL query is.
    row("900422", 422, Throttle, "INVALID QUERY", "the GraphQL query cannot be read, so that nobody can say how much it asks; mend it and send it again"),

    // Gateway: who.
    row("900900", 500, Access, "Unclassified Authentication Failure", "the credential could not be verified on our side; try again"),
    row("900901", 401, Access, "Invalid Credentials", "the credential is not valid; get a new one and make sure it is sent unchanged"),
    row("900902", 401, Access, "Missing Credentials", "the request carries no credential that this API accepts"),
    row("900903", 401, Access, "Access Token Expired", "the token has expired; renew it or request a new one"),
    row("900904", 401, Access, "Access Token Inactive", "the token was revoked; request a new one"),
    row("900905", 401, Access, "Incorrect Access Token Type is provided", "this resource accepts the other kind of token (application or user)"),
    row("900906", 403, Access, "No matching resource found in the API for the given request", "check the path and the method against the API's definition"),
    row("900907", 401, Access, "The requested API is temporarily blocked", "the subscription to this API is blocked; ask the API's owner"),
    row("900908", 403, Access, "Resource forbidden", "the application is not subscribed to this API; subscribe in the developer portal"),
    row("900909", 401, Access, "The subscription to the API is inactive", "the subscription waits for approval or was rejected"),
    row("900910", 403, Access, "The access token does not allow you to access the requested resource", "request a token with a scope that this resource accepts"),
    row("900914", 403, Access, "Access Denied", "the token was issued for another audience"),
    row("900916", 403, Access, "Key Type Forbidden", "the API has no endpoint for this type of key (production or sandbox)"),
    row("900917", 403, Access, "API Key Restricted", "the API key may not be used from this address or referrer"),
    row("900918", 429, Throttle, "Too Many Unknown Credentials", "more unknown tokens, keys or passwords came from this address than are looked up at once; send yours again after `Retry-After`"),

    // Gateway: upstream. The peer answers 500 for all of these; ours say which side failed.
    row("101500", 502, Runtime, "Runtime Error", "error sending the request to the backend"),
    row("101503", 502, Runtime, "Runtime Error", "error connecting to the backend"),
    row("101504", 504, Runtime, "Runtime Error", "the backend did not answer in time"),
    row("101505", 502, Runtime, "Runtime Error", "the backend closed the connection or sent a malformed reply"),
    row("101510", 504, Runtime, "Not Cached", "the request wants a kept answer or none (`only-if-cached`), and none that fits is kept; leave that out"),
    row("303001", 503, Runtime, "Runtime Error", "the endpoint is suspended after repeated failures"),
    row("303100", 503, Runtime, "Configuration Unavailable", "the gateway could not load its configuration; try again in a few seconds"),
    row("303101", 503, Runtime, "Too Many Calls Under Way", "more calls wait for their backends than this gateway has room for; send yours again after `Retry-After`"),

    // Management REST.
    row("900250", 409, Management, "API name already exists", "choose another name, or create a new version of that API"),
    row("900251", 409, Management, "API context already exists", "choose another context, or create a new version of that API"),
    row("900252", 409, Management, "API version already exists", "this API already has that version"),
    row("900253", 400, Management, "API context is malformed", "a context starts with `/` and has letters, digits, `-`, `.`, `_`, `~` and `{version}` only"),
    row("900300", 409, Management, "API already exists", "choose another name, version or context"),
    row("900301", 409, Management, "Application already exists", "you already have an application with this name; choose another"),
    row("900304", 400, Management, "Tier is missing", "name a throttling policy"),
    row("900305", 400, Management, "Tier is invalid", "name one of the policies that `throttling-policies` lists"),
    row("900307", 404, Management, "Application not found", "check the id; it may belong to someone else"),
    row("900308", 404, Management, "API not found", "check the id; it may belong to someone else"),
    row("900309", 400, Management, "Application is not active", "the application waits for approval"),
    row("900310", 404, Management, "Subscription not found", "check the id; it may belong to someone else"),
    row("900312", 409, Management, "Document already exists", "choose another name for the document"),
    row("900314", 404, Management, "Document has no content", "upload the content first"),
    row("900315", 404, Management, "Document not found", "check the id of the document"),
    row("900318", 400, Management, "Invalid subscription state", "the subscription is not in a state that allows this"),
    row("900331", 404, Management, "Key mapping not found", "generate keys for this application first"),
    row("900332", 403, Management, "Not allowed to change", "you may not change this resource"),
    row("900333", 403, Management, "Not allowed to delete", "you may not delete this resource"),
    row("900336", 409, Management, "Subscription already exists", "the application is already subscribed to this API"),
    row("900346", 400, Management, "Invalid property", "see the single faults"),
    row("900347", 404, Management, "Revision not found", "check the revision id"),
    row("900348", 400, Management, "Revision is deployed", "undeploy the revision before deleting it"),
    row("900355", 400, Management, "Deployment is invalid", "name an environment and one of its hosts"),
    row("900356", 404, Management, "Deployment not found", "the revision is not deployed there"),
    row("900361", 400, Management, "API cannot be compiled", "the revision cannot run on a gateway; see the single faults"),
    row("900380", 403, Management, "State forbids the update", "the API's lifecycle state does not allow this change"),
    row("900381", 400, Management, "Unsupported lifecycle action", "the current state does not offer this action; `lifecycle-state` lists those that it does"),
    row("900382", 409, Management, "API has subscriptions", "delete its subscriptions, or retire the API instead"),
    row("900506", 404, Management, "Environment not found", "name one of the environments that `settings` lists"),
    row("900551", 404, Management, "Workflow task not found", "check the workflow reference"),
    row("900552", 400, Management, "Workflow task is decided", "each task is decided once"),
    row("900602", 400, Management, "Role does not exist", "name one of the roles that `roles` lists"),
    row("900603", 404, Management, "User not found", "check the user id"),
    row("900604", 409, Management, "User already exists", "choose another username"),
    row("900605", 409, Management, "Last administrator", "the last active administrator cannot be removed, disabled or stripped of the role"),
    row("900606", 400, Management, "Password is too weak", "use 12 to 128 characters that are not a common password"),
    row("900607", 404, Management, "Role not found", "check the name of the role"),
    row("900700", 400, Management, "Parameter is missing", "see the single faults"),
    row("900703", 400, Management, "Parameter is invalid", "see the single faults"),
    row("900752", 400, Management, "OpenAPI version is not supported", "send OpenAPI 2.0 (Swagger), 3.0 or 3.1"),
    row("900754", 400, Management, "API definition is invalid", "the document is not a valid OpenAPI definition; see the single faults"),
    row("900756", 400, Management, "API definition cannot be fetched", "the address did not answer with an API definition; check it, or upload the file"),
    row("900758", 400, Management, "API definition is malformed", "the document is neither well-formed JSON nor well-formed YAML; see the single faults"),
    row("900915", 403, Management, "Scope is missing", "the token lacks the scope that this operation needs"),
    row("900951", 409, Management, "Keys already exist", "keys of this type were already generated; regenerate the secret instead"),
    row("900953", 400, Management, "Invalid client settings", "see the single faults"),
    row("900960", 400, Management, "Limit type is invalid", "see the single faults"),
    row("900961", 404, Management, "Throttling policy not found", "check the policy's name or id"),
    row("900970", 400, Management, "Application attribute is missing", "see the single faults"),
    row("900971", 403, Management, "Throttling policy is in use", "detach it from its APIs, applications or subscriptions first"),
    row("900977", 400, Management, "API to deny does not exist", "name the context of an API with its version, such as `/petstore/1.0.0`"),
    row("900978", 400, Management, "Application to deny does not exist", "name the owner and the name of an application, such as `ann:Shop`"),
    row("900979", 409, Management, "Deny policy already exists", "change the one that is there; `deny-policies?query=` finds it"),
    row("900981", 404, Management, "Shared scope not found", "create the shared scope first, or leave `shared` out"),
    row("900984", 409, Management, "Shared scope already exists", "use the scope that is there, or choose another name"),
    row("900985", 409, Management, "Shared scope is in use", "take it out of its APIs first"),
    row("902005", 409, Management, "Revision is already deployed", "the revision already runs in this environment"),
    row("902018", 400, Management, "Plan is not offered", "choose one of the plans that the API offers"),
    row("902019", 400, Management, "API cannot be subscribed to", "only published APIs take new subscriptions"),
    row("903001", 409, Management, "Throttling policy already exists", "choose another name"),
    row("903300", 400, Management, "Governance rule broken", "the API breaks a rule by which a policy blocks this step; see the single faults"),
    row("909001", 503, Management, "Not configured", "the Worker lacks a secret; run `cargo xtask dev`, or set the secrets named in docs/operating.md"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once() {
        for (index, entry) in TABLE.iter().enumerate() {
            let first = TABLE.iter().position(|other| other.code == entry.code);
            assert_eq!(first, Some(index), "code {} stands twice", entry.code);
        }
    }

    #[test]
    fn unknown_code_is_an_internal_error() {
        assert_eq!(lookup("no such code").status, 500);
    }
}
