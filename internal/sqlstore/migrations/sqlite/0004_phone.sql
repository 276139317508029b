-- The phone number in E.164 form, derived from the one that was sent.
ALTER TABLE people ADD COLUMN phone_e164 TEXT;
CREATE INDEX people_phone_e164 ON people (workspace, phone_e164) WHERE phone_e164 IS NOT NULL;
INSERT INTO chores (name) VALUES ('phones');
