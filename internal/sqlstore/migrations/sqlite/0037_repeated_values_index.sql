-- The few records by which the list of duplicates finds all values that several people may share.
CREATE INDEX people_email_again ON people (workspace, email_key, role, state, email_again) WHERE email_again IS NOT NULL AND role <> 'visitor';
CREATE INDEX people_phone_again ON people (workspace, phone_e164, role, state, phone_again) WHERE phone_again IS NOT NULL AND role <> 'visitor';
UPDATE people SET email_again = 1 WHERE email_key IS NOT NULL AND EXISTS (
	SELECT 1 FROM people o WHERE o.workspace = people.workspace AND o.email_key = people.email_key AND o.id || '' < people.id);
UPDATE people SET phone_again = 1 WHERE phone_e164 IS NOT NULL AND EXISTS (
	SELECT 1 FROM people o WHERE o.workspace = people.workspace AND o.phone_e164 = people.phone_e164 AND o.id || '' < people.id);
