-- The outbox of each workspace is read in the order of its sequences, which entries get once they are committed. The image
-- is of what the tables cannot tell any more.
CREATE TABLE outbox_entries (
	workspace  TEXT NOT NULL,
	id         TEXT NOT NULL,
	topic      TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	subject_id TEXT NOT NULL,
	image      TEXT, -- JSON
	created_at BIGINT NOT NULL,
	sequence   BIGINT,
	PRIMARY KEY (workspace, id)
);
INSERT INTO outbox_entries (workspace, id, topic, person_id, subject_id, created_at)
	SELECT workspace, id, topic, person_id, subject_id, created_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_entries RENAME TO outbox;
ALTER INDEX outbox_entries_pkey RENAME TO outbox_pkey;
CREATE UNIQUE INDEX outbox_sequence ON outbox (workspace, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX outbox_unstamped ON outbox (workspace, sequence, id) WHERE sequence IS NULL;

-- What only one server does at a time, which one, and until when the others leave it to that one.
CREATE TABLE leases (
	name       TEXT NOT NULL PRIMARY KEY,
	holder     TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
