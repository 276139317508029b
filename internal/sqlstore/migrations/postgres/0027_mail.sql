-- Emails that go out, one for each contact. What one says is a message or a part.
CREATE TABLE mails (
	workspace       TEXT NOT NULL,
	id              BIGINT NOT NULL,
	message_id      BIGINT,
	part_id         BIGINT,
	person_id       TEXT NOT NULL,
	state           TEXT NOT NULL,
	reason          TEXT,
	attempts        BIGINT NOT NULL,
	created_at      BIGINT NOT NULL,
	next_attempt_at BIGINT,
	sent_at         BIGINT,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX mails_due ON mails (next_attempt_at, workspace, id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_person ON mails (workspace, person_id);
CREATE INDEX mails_age ON mails (workspace, created_at);

-- The secrets with which workspaces sign the links in their emails.
CREATE TABLE mail_keys (
	workspace  TEXT NOT NULL PRIMARY KEY,
	secret     TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
