-- What an API was made of beside its OpenAPI document: a GraphQL schema, a WSDL or an AsyncAPI document; '' for none.
ALTER TABLE api ADD COLUMN source TEXT NOT NULL DEFAULT '';      -- blob hash
ALTER TABLE revision ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- blob hash
