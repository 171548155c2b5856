-- What an API's definition promises, compiled beside its Deployment: a text of its own, read by gateways that need it.
ALTER TABLE deployment ADD COLUMN contract TEXT NOT NULL DEFAULT ''; -- blob hash; '' where nobody is held to one
