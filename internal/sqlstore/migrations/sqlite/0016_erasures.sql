-- Who was erased on request, by ids only, so that no older copy of the data brings anybody back.
CREATE TABLE erasures (
	workspace TEXT NOT NULL,
	id        TEXT NOT NULL,
	erased_at INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
