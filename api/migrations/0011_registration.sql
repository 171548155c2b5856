-- Clients that register themselves: who let them in, what administrators allow, and documents that clients publish.

-- 'open', 'document', or the id of the initial_access_token that let the client in; NULL: a person registered it.
ALTER TABLE oauth_client ADD COLUMN registered_by TEXT;
CREATE INDEX oauth_client_registered_by ON oauth_client (registered_by) WHERE registered_by IS NOT NULL;
-- Until when the document at the address that is the client's id is believed without being fetched again.
ALTER TABLE oauth_client ADD COLUMN document_until INTEGER;

-- What administrators allow strangers. One row per organization; without one, the defaults of crates/oauth.
CREATE TABLE registration_policy (
  organization TEXT PRIMARY KEY REFERENCES organization (id),
  body TEXT NOT NULL                     -- JSON: oauth::RegistrationPolicy
);
