-- Users may share an email address when each has an external id of its own: of the active users with one address at most
-- one has none. The address is in one of two indexes: the unique one of those, and the one of the rest.
DROP INDEX people_user_email;
CREATE UNIQUE INDEX people_user_email ON people (workspace, email_key)
	WHERE email_key IS NOT NULL AND role = 'user' AND state IS NULL AND external_id IS NULL;
DROP INDEX people_email;
CREATE INDEX people_email ON people (workspace, email_key)
	WHERE email_key IS NOT NULL AND (role <> 'user' OR state IS NOT NULL OR external_id IS NOT NULL);

-- No entry has an image of a person any more. The entries about a person whose images go with that person are found by it.
UPDATE outbox SET image = NULL WHERE topic IN ('contact.deleted', 'visitor.converted');
CREATE INDEX outbox_person_images ON outbox (person_id, workspace) WHERE image IS NOT NULL;
