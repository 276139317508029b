-- By what live contacts are found: a key for each field that one has. The role and the times that hardly ever change ride
-- along, so that most questions need no other row. Keys compare byte by byte.
CREATE TABLE search_keys (
	workspace    TEXT NOT NULL,
	field        TEXT NOT NULL,
	key          TEXT COLLATE "C" NOT NULL,
	contact_id   TEXT NOT NULL,
	role         TEXT COLLATE "C" NOT NULL,
	created_at   TEXT COLLATE "C" NOT NULL,
	signed_up_at TEXT COLLATE "C",
	PRIMARY KEY (workspace, field, key, contact_id) INCLUDE (role, created_at, signed_up_at)
);

-- What a migration leaves for the program to do, before anybody else may look.
CREATE TABLE chores (
	name TEXT NOT NULL PRIMARY KEY
);
INSERT INTO chores (name) VALUES ('search_keys');
