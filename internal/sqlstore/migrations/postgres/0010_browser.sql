-- A user of whom only pages have said that it exists.
ALTER TABLE people ADD COLUMN unverified BOOLEAN;

-- By what a browser stays the user that its site once proved it to be: only the hash of what it holds is here.
CREATE TABLE tickets (
	workspace  TEXT NOT NULL,
	hash       TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	device_id  TEXT NOT NULL,
	life       BIGINT NOT NULL, -- seconds
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, hash)
);
CREATE INDEX tickets_person ON tickets (workspace, person_id);
CREATE INDEX tickets_expires ON tickets (workspace, expires_at);
