-- Why admins may be away. A reason that is deleted stays.
CREATE TABLE away_reasons (
	workspace  TEXT NOT NULL,
	id         INTEGER NOT NULL,
	label      TEXT NOT NULL,
	emoji      TEXT,
	place      INTEGER NOT NULL,
	deleted    INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
