-- What providers of mail reported, so that a report counts once.
CREATE TABLE receipts (
	workspace   TEXT NOT NULL,
	id          TEXT NOT NULL,
	person_id   TEXT NOT NULL,
	kind        TEXT NOT NULL,
	occurred_at INTEGER NOT NULL,
	created_at  INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX receipts_person ON receipts (workspace, person_id);
CREATE INDEX receipts_age ON receipts (workspace, created_at);
