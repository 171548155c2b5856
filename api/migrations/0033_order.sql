-- What lists are sorted and narrowed by, so that a page costs what it shows and not what there is: measured with 10,000
-- APIs, 100,000 applications and 1,000,000 subscriptions (tests/bench/scale.mjs).
CREATE INDEX api_by_name ON api (organization, name COLLATE NOCASE, version, id, kind, state);
CREATE INDEX api_by_age ON api (organization, created_at, version, id);
CREATE INDEX application_by_name ON application (organization, name COLLATE NOCASE, id);
CREATE INDEX application_by_owner ON application (owner);
CREATE INDEX application_shared ON application (id) WHERE groups <> '[]';
CREATE INDEX subscription_by_organization ON subscription (organization);
