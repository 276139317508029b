-- How far the pings of each open page were handled: an older one that reaches another server later changes nothing.
CREATE TABLE page_sessions (
	workspace TEXT NOT NULL,
	id        TEXT NOT NULL,
	ping      INTEGER NOT NULL,
	event     INTEGER NOT NULL,
	used_at   INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
CREATE INDEX page_sessions_used_at ON page_sessions (workspace, used_at);

-- By what browsers that keep nothing are told apart for a day, in UTC: all servers have the same salt, and none keeps it.
CREATE TABLE daily_salts (
	workspace TEXT NOT NULL,
	day       INTEGER NOT NULL, -- since 1970
	salt      TEXT NOT NULL,
	PRIMARY KEY (workspace, day)
) WITHOUT ROWID;

-- The servers that run, and what each of them counts for rate limits, as JSON.
CREATE TABLE nodes (
	id      TEXT NOT NULL PRIMARY KEY,
	seen_at INTEGER NOT NULL,
	counts  TEXT NOT NULL
) WITHOUT ROWID;
