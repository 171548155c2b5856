-- Grants and kinds of tokens: what a grant covers and who was there, for the tokens that follow from it.

-- RFC 8707: the resources that were authorized, a JSON array; empty for wherever the client may go.
ALTER TABLE refresh_token ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
-- When and how the person signed in, for the ID tokens of refreshes; NULL: none is made.
ALTER TABLE refresh_token ADD COLUMN auth_time INTEGER;
ALTER TABLE refresh_token ADD COLUMN amr TEXT NOT NULL DEFAULT '[]';
ALTER TABLE refresh_token ADD COLUMN session TEXT;

-- RFC 9449 section 10: the thumbprint of the key that redeems the code.
ALTER TABLE authorization_code ADD COLUMN bound_to TEXT;
