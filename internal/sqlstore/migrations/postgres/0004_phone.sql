-- The phone number in E.164 form, derived from the one that was sent. What was stored in that form already is known by it
-- at once, every other number when it is written next.
ALTER TABLE people ADD COLUMN phone_e164 TEXT;

UPDATE people SET phone_e164 = phone
	WHERE phone ~ '^\+[1-9][0-9]{6,14}$';

CREATE INDEX people_phone_e164 ON people (workspace, phone_e164) WHERE phone_e164 IS NOT NULL;
