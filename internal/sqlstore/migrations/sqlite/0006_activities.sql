-- What admins did to the workspace.
CREATE TABLE activities (
	workspace             TEXT NOT NULL,
	id                    TEXT NOT NULL,
	kind                  TEXT NOT NULL,
	admin_id              INTEGER NOT NULL,
	created_at            INTEGER NOT NULL,
	about_id              INTEGER,
	before_change         TEXT,
	after_change          TEXT,
	away_mode_enabled     INTEGER,
	away_mode_reassign    INTEGER,
	away_status_reason_id INTEGER,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX activities_created_at ON activities (workspace, created_at, id);
