-- How often what users of an application have used was forgotten: gateways that remember a refusal from before drop it.
ALTER TABLE application ADD COLUMN throttle_resets INTEGER NOT NULL DEFAULT 0;
