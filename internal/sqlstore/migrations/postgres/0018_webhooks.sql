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
	old_secret_until BIGINT,
	paused           TEXT,
	paused_at        BIGINT,
	created_at       BIGINT NOT NULL,
	updated_at       BIGINT NOT NULL,
	cursor_sequence  BIGINT NOT NULL,
	failures         BIGINT,
	failing_since    BIGINT,
	retry_at         BIGINT,
	PRIMARY KEY (workspace, id)
);
CREATE TABLE webhook_deliveries (
	workspace       TEXT NOT NULL,
	webhook_id      TEXT NOT NULL,
	id              TEXT NOT NULL,
	topic           TEXT NOT NULL,
	sequence        BIGINT NOT NULL,
	person_id       TEXT,
	order_key       TEXT,
	body            TEXT NOT NULL, -- JSON, as it is sent
	state           TEXT NOT NULL,
	attempts        BIGINT NOT NULL,
	created_at      BIGINT NOT NULL,
	first_sent_at   BIGINT,
	last_sent_at    BIGINT,
	next_attempt_at BIGINT,
	status          BIGINT,
	answer          TEXT,
	error           TEXT,
	duration_ms     BIGINT,
	PRIMARY KEY (workspace, webhook_id, id)
);
CREATE INDEX webhook_deliveries_unfinished ON webhook_deliveries (workspace, webhook_id, state, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_deliveries_person ON webhook_deliveries (workspace, person_id) WHERE person_id IS NOT NULL;

-- Tokens that could do everything still can, now that webhooks have a scope of their own.
UPDATE tokens SET scopes = scopes || ' lobby_webhooks' WHERE scopes LIKE '%lobby_settings%' AND scopes LIKE '%lobby_secrets%'
	AND scopes LIKE '%read_users_companies%' AND scopes LIKE '%write_users_companies%' AND scopes LIKE '%read_write_users%';
