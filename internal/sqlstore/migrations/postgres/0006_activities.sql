-- What admins did to the workspace.
CREATE TABLE activities (
	workspace             TEXT NOT NULL,
	id                    TEXT NOT NULL,
	kind                  TEXT NOT NULL,
	admin_id              BIGINT NOT NULL,
	created_at            BIGINT NOT NULL,
	about_id              BIGINT,
	before_change         TEXT,
	after_change          TEXT,
	away_mode_enabled     BOOLEAN,
	away_mode_reassign    BOOLEAN,
	away_status_reason_id BIGINT,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX activities_created_at ON activities (workspace, created_at, id);
