-- The few records by which the list of duplicates finds all values that several people may share.
CREATE INDEX people_email_again ON people (workspace, email_key, role, state, email_again) WHERE email_again IS NOT NULL AND role <> 'visitor';
CREATE INDEX people_phone_again ON people (workspace, phone_e164, role, state, phone_again) WHERE phone_again IS NOT NULL AND role <> 'visitor';
-- From here on nobody else writes people.
UPDATE people SET email_again = 1 WHERE email_key IS NOT NULL AND EXISTS (
	SELECT 1 FROM people o WHERE o.workspace = people.workspace AND o.email_key = people.email_key AND o.id || '' < people.id);
UPDATE people SET phone_again = 1 WHERE phone_e164 IS NOT NULL AND EXISTS (
	SELECT 1 FROM people o WHERE o.workspace = people.workspace AND o.phone_e164 = people.phone_e164 AND o.id || '' < people.id);
-- Two writers at once do not see each other: of the records with one address or number, these keys let only one be unmarked.
DROP INDEX people_email;
CREATE UNIQUE INDEX people_email ON people (workspace, email_key, (CASE WHEN email_again IS NULL THEN '' ELSE id END))
	INCLUDE (merged_into, role, state, id) WHERE email_key IS NOT NULL;
DROP INDEX people_phone_e164;
CREATE UNIQUE INDEX people_phone_e164 ON people (workspace, phone_e164, (CASE WHEN phone_again IS NULL THEN '' ELSE id END))
	INCLUDE (merged_into, role, state, id) WHERE phone_e164 IS NOT NULL;
