-- What is null, empty or false is not stored: a missing value is NULL everywhere, so a sparse row stays a short one.

CREATE TABLE workspaces (
	id              TEXT NOT NULL PRIMARY KEY,
	name            TEXT NOT NULL,
	api_version     TEXT,
	resolve_merged  INTEGER,
	identity_secret TEXT NOT NULL,
	timezone        TEXT, -- NULL for UTC
	created_at      INTEGER NOT NULL
);

-- Of an admin or a team that is deleted the id stays, so that it never comes to mean somebody else.
CREATE TABLE admins (
	workspace             TEXT NOT NULL,
	id                    INTEGER NOT NULL,
	name                  TEXT NOT NULL,
	email                 TEXT NOT NULL,
	away_mode_enabled     INTEGER,
	away_mode_reassign    INTEGER,
	away_status_reason_id INTEGER,
	created_at            INTEGER NOT NULL,
	deleted_at            INTEGER,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;

CREATE TABLE teams (
	workspace  TEXT NOT NULL,
	id         INTEGER NOT NULL,
	name       TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	deleted_at INTEGER,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;

CREATE TABLE team_members (
	workspace TEXT NOT NULL,
	team_id   INTEGER NOT NULL,
	admin_id  INTEGER NOT NULL,
	PRIMARY KEY (workspace, team_id, admin_id)
) WITHOUT ROWID;

CREATE TABLE tokens (
	workspace  TEXT NOT NULL,
	id         TEXT NOT NULL,
	admin_id   INTEGER NOT NULL,
	name       TEXT,
	hash       TEXT NOT NULL,
	scopes     TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	revoked_at INTEGER,
	PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);

CREATE TABLE people (
	workspace                TEXT NOT NULL,
	id                       TEXT NOT NULL,
	role                     TEXT NOT NULL,
	state                    TEXT,
	merged_into              TEXT,
	anonymous_id             TEXT,
	external_id              TEXT,
	email                    TEXT,
	email_key                TEXT,
	phone                    TEXT,
	name                     TEXT,
	pseudonym                TEXT,
	avatar                   TEXT,
	owner_id                 INTEGER,
	unsubscribed_from_emails INTEGER,
	marked_email_as_spam     INTEGER,
	has_hard_bounced         INTEGER,
	enabled_push_messaging   INTEGER,
	created_at               INTEGER NOT NULL,
	updated_at               INTEGER NOT NULL,
	signed_up_at             INTEGER,
	last_seen_at             INTEGER,
	last_replied_at          INTEGER,
	last_contacted_at        INTEGER,
	last_email_opened_at     INTEGER,
	last_email_clicked_at    INTEGER,
	language_override        TEXT,
	browser                  TEXT,
	browser_version          TEXT,
	browser_language         TEXT,
	os                       TEXT,
	location_city            TEXT,
	location_region          TEXT,
	location_country         TEXT,
	location_country_code    TEXT,
	location_continent_code  TEXT,
	location_postal_code     TEXT,
	location_timezone        TEXT,
	android_app_name         TEXT,
	android_app_version      TEXT,
	android_device           TEXT,
	android_os_version       TEXT,
	android_sdk_version      TEXT,
	android_last_seen_at     INTEGER,
	ios_app_name             TEXT,
	ios_app_version          TEXT,
	ios_device               TEXT,
	ios_os_version           TEXT,
	ios_sdk_version          TEXT,
	ios_last_seen_at         INTEGER,
	referrer                 TEXT,
	utm_campaign             TEXT,
	utm_content              TEXT,
	utm_medium               TEXT,
	utm_source               TEXT,
	utm_term                 TEXT,
	do_not_track             INTEGER,
	session_count            INTEGER,
	session_started_at       INTEGER,
	custom_attributes        TEXT,
	PRIMARY KEY (workspace, id)
);
-- An anonymous id lives once, whatever became of its person.
CREATE UNIQUE INDEX people_anonymous_id ON people (workspace, anonymous_id) WHERE anonymous_id IS NOT NULL;
-- Each identifier is in one of two indexes: the unique one of those who can be meant by it, and the one of the rest.
CREATE UNIQUE INDEX people_external_id ON people (workspace, external_id)
	WHERE external_id IS NOT NULL AND state IS NULL;
CREATE INDEX people_former_external_id ON people (workspace, external_id)
	WHERE external_id IS NOT NULL AND state IS NOT NULL;
CREATE UNIQUE INDEX people_user_email ON people (workspace, email_key)
	WHERE email_key IS NOT NULL AND role = 'user' AND state IS NULL;
CREATE INDEX people_email ON people (workspace, email_key)
	WHERE email_key IS NOT NULL AND (role <> 'user' OR state IS NOT NULL);
CREATE INDEX people_merged_into ON people (workspace, merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE changes (
	workspace   TEXT NOT NULL,
	id          TEXT NOT NULL,
	kind        TEXT NOT NULL,
	from_role   TEXT NOT NULL,
	to_role     TEXT NOT NULL,
	subject_id  TEXT NOT NULL,
	survivor_id TEXT, -- NULL when the change was made in place
	actor_kind  TEXT,
	actor_id    TEXT,
	request_id  TEXT,
	created_at  INTEGER NOT NULL,
	outcomes    TEXT,
	subject     TEXT NOT NULL,
	survivor    TEXT,
	result      TEXT NOT NULL,
	PRIMARY KEY (workspace, id)
);
-- A life passes each stage once.
CREATE UNIQUE INDEX changes_subject ON changes (workspace, subject_id, from_role);
CREATE INDEX changes_survivor ON changes (workspace, survivor_id) WHERE survivor_id IS NOT NULL;

CREATE TABLE outbox (
	id         TEXT NOT NULL PRIMARY KEY,
	workspace  TEXT NOT NULL,
	topic      TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	subject_id TEXT NOT NULL,
	created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE attributes (
	workspace          TEXT NOT NULL,
	name               TEXT NOT NULL,
	id                 INTEGER NOT NULL,
	model              TEXT NOT NULL,
	description        TEXT,
	type               TEXT NOT NULL,
	options            TEXT,
	archived           INTEGER,
	messenger_writable INTEGER,
	admin_id           INTEGER,
	created_at         INTEGER NOT NULL,
	updated_at         INTEGER NOT NULL,
	PRIMARY KEY (workspace, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX attributes_id ON attributes (workspace, id);

CREATE TABLE data_events (
	workspace  TEXT NOT NULL,
	id         TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	name       TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	metadata   TEXT,
	PRIMARY KEY (workspace, id)
);
-- The same event of the same person in the same second is one event.
CREATE UNIQUE INDEX data_events_person ON data_events (workspace, person_id, created_at, name);
