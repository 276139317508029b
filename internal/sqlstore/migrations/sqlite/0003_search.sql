-- By what live contacts are found: a key for each field that one has. The role and the times that hardly ever change ride
-- along, so that most questions need no other row.
CREATE TABLE search_keys (
	workspace    TEXT NOT NULL,
	field        TEXT NOT NULL,
	key          TEXT NOT NULL,
	contact_id   TEXT NOT NULL,
	role         TEXT NOT NULL,
	created_at   TEXT NOT NULL,
	signed_up_at TEXT,
	PRIMARY KEY (workspace, field, key, contact_id)
) WITHOUT ROWID;

-- What a migration leaves for the program to do, before anybody else may look.
CREATE TABLE chores (
	name TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO chores (name) VALUES ('search_keys');
