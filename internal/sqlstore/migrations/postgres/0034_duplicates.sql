-- Who shares an address or a number is read from these indexes alone, in their order: all that it takes is in them.
DROP INDEX people_email;
CREATE INDEX people_email ON people (workspace, email_key, merged_into, role, state, id) WHERE email_key IS NOT NULL;
DROP INDEX people_phone_e164;
CREATE INDEX people_phone_e164 ON people (workspace, phone_e164, merged_into, role, state, id) WHERE phone_e164 IS NOT NULL;
-- External ids that could be the id of another person's browser: those of the form of a UUID, version 4.
CREATE INDEX people_borrowed_id ON people (workspace, external_id, merged_into, state, id)
	WHERE length(external_id) = 36 AND substr(external_id, 15, 1) = '4' AND (anonymous_id IS NULL OR anonymous_id <> external_id);

-- Pairs of people of whom the team said that they are not the same person. The lesser id comes first.
CREATE TABLE distinctions (
	workspace  TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	other_id   TEXT NOT NULL,
	admin_id   BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, person_id, other_id)
);
CREATE INDEX distinctions_other ON distinctions (workspace, other_id);
