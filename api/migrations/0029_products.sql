-- Which APIs an API product bundles. The product itself is a row of `api` whose kind is APIPRODUCT.
CREATE TABLE product_part (
  product_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  api_id TEXT NOT NULL REFERENCES api (id),
  PRIMARY KEY (product_id, api_id)
);
CREATE INDEX product_part_by_api ON product_part (api_id);
