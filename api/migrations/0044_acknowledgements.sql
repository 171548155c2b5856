-- From which version of its environment's catalogue on a Deployment is named there: a gateway that has taken up that one or a
-- later one knows it. 0 for those that were put there before this was written down.
ALTER TABLE deployment ADD COLUMN catalog_version INTEGER NOT NULL DEFAULT 0;
