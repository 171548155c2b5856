-- What subscriptions are billed for is read in the order in which they were made, page by page.
CREATE INDEX subscription_by_age ON subscription (organization, created_at, id);
DROP INDEX subscription_by_organization;
