-- What is said about APIs beside their definition: documents, pictures, comments, ratings, categories, labels, shared
-- scopes, and the words by which all of it is found.

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- HOWTO, SAMPLES, PUBLIC_FORUM, SUPPORT_FORUM, API_MESSAGE_FORMAT, SWAGGER_DOC, OTHER
  other_name TEXT NOT NULL DEFAULT '',   -- what OTHER is called
  summary TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,                  -- INLINE, MARKDOWN, URL, FILE
  source_url TEXT NOT NULL DEFAULT '',
  visibility TEXT NOT NULL,              -- API_LEVEL: who sees the API; OWNER_ONLY: who is signed in; PRIVATE: publishers
  content TEXT NOT NULL DEFAULT '',      -- blob hash; '' for none. Files are base64
  content_type TEXT NOT NULL DEFAULT '',
  file_name TEXT NOT NULL DEFAULT '',
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE (api_id, name)
);

CREATE TABLE thumbnail (
  api_id TEXT PRIMARY KEY REFERENCES api (id) ON DELETE CASCADE,
  content TEXT NOT NULL,                 -- blob hash of base64
  content_type TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE comment (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  parent TEXT REFERENCES comment (id) ON DELETE CASCADE, -- NULL: begins a thread; replies have no replies
  entry_point TEXT NOT NULL,             -- publisher, devPortal
  category TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER
);
CREATE INDEX comment_by_api ON comment (api_id, created_at);
CREATE INDEX comment_by_parent ON comment (parent, created_at);

CREATE TABLE rating (
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  user TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
  at INTEGER NOT NULL,
  PRIMARY KEY (api_id, user)
);

CREATE TABLE api_category (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL COLLATE NOCASE,
  description TEXT NOT NULL DEFAULT '',
  UNIQUE (organization, name)
);
INSERT INTO api_category (id, organization, name)
  SELECT lower(hex(randomblob(16))), organization, name FROM
    (SELECT organization, item.value AS name FROM api, json_each(api.card, '$.categories') AS item
     GROUP BY organization, item.value COLLATE NOCASE);

CREATE TABLE label (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL COLLATE NOCASE,
  description TEXT NOT NULL DEFAULT '',
  UNIQUE (organization, name)
);
CREATE TABLE api_label (
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  label_id TEXT NOT NULL REFERENCES label (id) ON DELETE CASCADE,
  PRIMARY KEY (api_id, label_id)
);
CREATE INDEX api_label_by_label ON api_label (label_id);

CREATE TABLE shared_scope (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  bindings TEXT NOT NULL DEFAULT '[]',   -- JSON array of roles
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (organization, name)
);

-- Full text: `searchable` says what a row of `words` is about, under the same number.
CREATE TABLE searchable (
  id INTEGER PRIMARY KEY,
  api_id TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- API, DEFINITION, DOC
  subject TEXT NOT NULL,                 -- id of the API or of the document
  UNIQUE (kind, subject)
);
CREATE INDEX searchable_by_api ON searchable (api_id);
CREATE VIRTUAL TABLE words USING fts5 (name, text, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO searchable (api_id, kind, subject) SELECT id, 'API', id FROM api;
INSERT INTO words (rowid, name, text)
  SELECT searchable.id, api.name, api.context || ' ' || api.version || ' ' || api.provider || ' ' || api.description
  FROM searchable JOIN api ON api.id = searchable.api_id;
