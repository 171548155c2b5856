-- The audit log: what an object was before and after, where a change came from, and a chain of seals (crates/audit).
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN before TEXT;                   -- JSON; NULL: there was nothing, or no state is kept
ALTER TABLE audit ADD COLUMN after TEXT;
-- Names the entry while its batch runs: the state before is written first, the state after last. NULL once it is whole.
ALTER TABLE audit ADD COLUMN open TEXT;
CREATE INDEX audit_open ON audit (open) WHERE open IS NOT NULL;
CREATE INDEX audit_by_organization ON audit (organization, id);
CREATE INDEX audit_by_subject ON audit (organization, subject, id);

CREATE TABLE audit_seal (
  organization TEXT NOT NULL,
  number INTEGER NOT NULL,               -- 1, 2, ... within the organization
  entry INTEGER NOT NULL UNIQUE,         -- audit.id
  previous TEXT NOT NULL,                -- the seal before; '' before the first
  seal TEXT NOT NULL,                    -- lower-case hexadecimal SHA-256
  PRIMARY KEY (organization, number)
);

-- Nothing is taken back. What is written may be completed by the batch that began it, and by nothing else.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are kept'); END;
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit WHEN OLD.open IS NULL
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are final'); END;
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'seals of the audit log are kept'); END;
CREATE TRIGGER audit_seal_is_final BEFORE UPDATE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'seals of the audit log are final'); END;
