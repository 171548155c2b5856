-- Which API an entry of the audit log is about: its own entries and those of what belongs to it. It is computed, so that entries of
-- before have it too, without a change of what is final and sealed. Of an object that is gone, the state before says it.
ALTER TABLE audit ADD COLUMN api TEXT GENERATED ALWAYS AS (
  CASE substr(action, 1, instr(action, '.') - 1)
    WHEN 'api' THEN subject
    WHEN 'client-certificate' THEN subject
    WHEN 'rating' THEN subject
    WHEN 'thumbnail' THEN subject
    WHEN 'revision' THEN json_extract(coalesce(after, before), '$.api')
    WHEN 'document' THEN json_extract(coalesce(after, before), '$.api')
    WHEN 'comment' THEN json_extract(coalesce(after, before), '$.api')
    WHEN 'subscription' THEN json_extract(coalesce(after, before), '$.api')
    WHEN 'operation-policy' THEN json_extract(coalesce(after, before), '$.api')
  END
) VIRTUAL;
CREATE INDEX audit_by_api ON audit (organization, api, id) WHERE api IS NOT NULL;
