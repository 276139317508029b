-- Who may open the pages. A login is known to the whole server; a membership lets it into a workspace as one of its admins.
-- Of passwords and secrets there are hashes only.
CREATE TABLE logins (
	id            TEXT PRIMARY KEY,
	email         TEXT NOT NULL,
	email_key     TEXT NOT NULL UNIQUE,
	password_hash TEXT,
	created_at    BIGINT NOT NULL
);

CREATE TABLE memberships (
	workspace  TEXT NOT NULL,
	login_id   TEXT NOT NULL,
	admin_id   BIGINT NOT NULL,
	role       TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, login_id)
);
CREATE INDEX memberships_login ON memberships (login_id);

-- A link without a login sets the server up.
CREATE TABLE login_links (
	hash       TEXT PRIMARY KEY,
	login_id   TEXT,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);

CREATE TABLE login_sessions (
	hash       TEXT PRIMARY KEY,
	login_id   TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at    BIGINT NOT NULL
);
CREATE INDEX login_sessions_login ON login_sessions (login_id);

-- How often somebody tried to sign in lately, by a hash of the address of the login or of the network.
CREATE TABLE login_attempts (
	key      TEXT PRIMARY KEY,
	count    BIGINT NOT NULL,
	begun_at BIGINT NOT NULL
);
