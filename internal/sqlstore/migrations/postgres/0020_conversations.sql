-- Conversations. A message is the first word of one; what follows are its parts. Whom a text is by is read through the
-- forwarding address of a merged contact.
CREATE TABLE messages (
	workspace    TEXT NOT NULL,
	id           BIGINT NOT NULL,
	delivered_as TEXT NOT NULL,
	contact_id   TEXT,
	admin_id     BIGINT,
	subject      TEXT,
	body         TEXT NOT NULL,
	url          TEXT,
	redacted     BOOLEAN,
	created_at   BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX messages_contact ON messages (workspace, contact_id, id) WHERE contact_id IS NOT NULL;

CREATE TABLE conversations (
	workspace         TEXT NOT NULL,
	id                BIGINT NOT NULL,
	message_id        BIGINT NOT NULL,
	state             TEXT NOT NULL,
	snoozed_until     BIGINT,
	waiting_since     BIGINT,
	is_read           BOOLEAN,
	priority          TEXT,
	title             TEXT,
	admin_assignee_id BIGINT,
	team_assignee_id  BIGINT,
	first_reply_at    BIGINT,
	part_count        BIGINT,
	custom_attributes TEXT,
	created_at        BIGINT NOT NULL,
	updated_at        BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX conversations_updated ON conversations (workspace, updated_at, id);
CREATE INDEX conversations_snoozed ON conversations (snoozed_until, workspace, id) WHERE snoozed_until IS NOT NULL;

CREATE TABLE conversation_parts (
	workspace       TEXT NOT NULL,
	id              BIGINT NOT NULL,
	conversation_id BIGINT NOT NULL,
	part_type       TEXT NOT NULL,
	contact_id      TEXT,
	admin_id        BIGINT,
	body            TEXT,
	state           TEXT NOT NULL,
	assigned_to     TEXT,
	assignee_id     BIGINT,
	details         TEXT, -- JSON
	has_files       BOOLEAN,
	redacted        BOOLEAN,
	created_at      BIGINT NOT NULL,
	updated_at      BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX conversation_parts_order ON conversation_parts (workspace, conversation_id, created_at, id);
CREATE INDEX conversation_parts_contact ON conversation_parts (workspace, contact_id, id) WHERE contact_id IS NOT NULL;

CREATE TABLE conversation_participants (
	workspace       TEXT NOT NULL,
	conversation_id BIGINT NOT NULL,
	person_id       TEXT NOT NULL,
	created_at      BIGINT NOT NULL,
	PRIMARY KEY (workspace, conversation_id, person_id)
);
CREATE INDEX conversation_participants_person ON conversation_participants (workspace, person_id, conversation_id);

-- The admins who wrote a part.
CREATE TABLE conversation_admins (
	workspace       TEXT NOT NULL,
	conversation_id BIGINT NOT NULL,
	admin_id        BIGINT NOT NULL,
	PRIMARY KEY (workspace, conversation_id, admin_id)
);

CREATE TABLE conversation_tags (
	workspace       TEXT NOT NULL,
	conversation_id BIGINT NOT NULL,
	tag_id          BIGINT NOT NULL,
	applied_at      BIGINT NOT NULL,
	admin_id        BIGINT,
	PRIMARY KEY (workspace, conversation_id, tag_id)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (workspace, tag_id, conversation_id);

-- Of each attribute of conversations, the type that its first value gave it.
CREATE TABLE conversation_attributes (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	name       TEXT NOT NULL,
	data_type  TEXT NOT NULL,
	admin_id   BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX conversation_attributes_name ON conversation_attributes (workspace, name);

-- What was deleted, by id only.
CREATE TABLE deleted_conversations (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL,
	retained   BOOLEAN, -- whether the request said so; nothing is kept
	PRIMARY KEY (workspace, id)
);

-- Files of messages and parts. One that was uploaded has its content, in base64, in the table uploads.
CREATE TABLE attachments (
	workspace    TEXT NOT NULL,
	id           TEXT NOT NULL,
	message_id   BIGINT,
	part_id      BIGINT,
	place        BIGINT NOT NULL,
	name         TEXT NOT NULL,
	url          TEXT,
	content_type TEXT NOT NULL,
	size         BIGINT,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX attachments_message ON attachments (workspace, message_id, place) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_part ON attachments (workspace, part_id, place) WHERE part_id IS NOT NULL;

CREATE TABLE uploads (
	workspace TEXT NOT NULL,
	id        TEXT NOT NULL,
	content   TEXT NOT NULL,
	PRIMARY KEY (workspace, id)
);

-- The persons besides that of its row whose data a delivery has. What was sent about one of them goes with the person.
CREATE TABLE webhook_delivery_people (
	workspace   TEXT NOT NULL,
	webhook_id  TEXT NOT NULL,
	delivery_id TEXT NOT NULL,
	person_id   TEXT NOT NULL,
	PRIMARY KEY (workspace, webhook_id, delivery_id, person_id)
);
CREATE INDEX webhook_delivery_people_person ON webhook_delivery_people (workspace, person_id);

-- Conversations have scopes of their own. Tokens that could do everything still can.
UPDATE tokens SET scopes = scopes || ' read_conversations write_conversations'
	WHERE scopes LIKE '%read_users_companies%' AND scopes LIKE '%write_users_companies%' AND scopes LIKE '%read_write_users%';
