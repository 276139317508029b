-- Outbox entries keep the role that their person had, which decides the topic that receivers are told.
ALTER TABLE outbox ADD COLUMN role TEXT;

-- Webhooks, how far each has come in the outbox, and what was sent to them. A delivery with a next attempt is not finished.
CREATE TABLE webhooks (
	workspace        TEXT NOT NULL,
	id               TEXT NOT NULL,
	url              TEXT NOT NULL,
	topics           TEXT NOT NULL, -- separated by spaces
	version          TEXT NOT NULL,
	secret           TEXT NOT NULL,
	old_secret       TEXT,
	old_secret_until INTEGER,
	paused           TEXT,
	paused_at        INTEGER,
	created_at       INTEGER NOT NULL,
	updated_at       INTEGER NOT NULL,
	cursor_sequence  INTEGER NOT NULL,
	failures         INTEGER,
	failing_since    INTEGER,
	retry_at         INTEGER,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
CREATE TABLE webhook_deliveries (
	workspace       TEXT NOT NULL,
	webhook_id      TEXT NOT NULL,
	id              TEXT NOT NULL,
	topic           TEXT NOT NULL,
	sequence        INTEGER NOT NULL,
	person_id       TEXT,
	order_key       TEXT,
	body            TEXT NOT NULL, -- JSON, as it is sent
	state           TEXT NOT NULL,
	attempts        INTEGER NOT NULL,
	created_at      INTEGER NOT NULL,
	first_sent_at   INTEGER,
	last_sent_at    INTEGER,
	next_attempt_at INTEGER,
	status          INTEGER,
	answer          TEXT,
	error           TEXT,
	duration_ms     INTEGER,
	PRIMARY KEY (workspace, webhook_id, id)
);
CREATE INDEX webhook_deliveries_unfinished ON webhook_deliveries (workspace, webhook_id, state, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_deliveries_person ON webhook_deliveries (workspace, person_id) WHERE person_id IS NOT NULL;

-- Tokens that could do everything still can, now that webhooks have a scope of their own.
UPDATE tokens SET scopes = scopes || ' lobby_webhooks' WHERE scopes LIKE '%lobby_settings%' AND scopes LIKE '%lobby_secrets%'
	AND scopes LIKE '%read_users_companies%' AND scopes LIKE '%write_users_companies%' AND scopes LIKE '%read_write_users%';
