-- What hangs on persons, and what it hangs on. A merge moves none of it: readers follow the forwarding address.
ALTER TABLE people ADD COLUMN attached BOOLEAN;

-- What the owner decided otherwise than the default.
ALTER TABLE workspaces ADD COLUMN settings TEXT;

-- The last number given out for each kind of record that has numbers for ids.
CREATE TABLE numbers (
	workspace TEXT NOT NULL,
	kind      TEXT NOT NULL,
	last      BIGINT NOT NULL,
	PRIMARY KEY (workspace, kind)
);

CREATE TABLE tags (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	name       TEXT NOT NULL,
	name_key   TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX tags_name ON tags (workspace, name_key);

CREATE TABLE person_tags (
	workspace  TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	tag_id     BIGINT NOT NULL,
	applied_at BIGINT NOT NULL,
	admin_id   BIGINT,
	PRIMARY KEY (workspace, person_id, tag_id)
);
CREATE INDEX person_tags_tag ON person_tags (workspace, tag_id, person_id);

CREATE TABLE companies (
	workspace         TEXT NOT NULL,
	id                TEXT NOT NULL,
	company_id        TEXT NOT NULL,
	name              TEXT,
	name_key          TEXT,
	plan_id           BIGINT,
	size              BIGINT,
	website           TEXT,
	industry          TEXT,
	monthly_spend     BIGINT,
	session_count     BIGINT,
	remote_created_at BIGINT,
	last_request_at   BIGINT NOT NULL,
	created_at        BIGINT NOT NULL,
	updated_at        BIGINT NOT NULL,
	custom_attributes TEXT,
	user_count        BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX companies_company_id ON companies (workspace, company_id);
CREATE INDEX companies_name ON companies (workspace, name_key, id) WHERE name_key IS NOT NULL;
-- Lists show companies with users only, in this order.
CREATE INDEX companies_peopled ON companies (workspace, last_request_at, id) WHERE user_count > 0;

-- The one walk through all its companies that a workspace may have under way, and the last that it has shown.
CREATE TABLE company_scrolls (
	workspace TEXT NOT NULL,
	param     TEXT NOT NULL,
	shown     TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	used_at   BIGINT NOT NULL,
	PRIMARY KEY (workspace)
);

CREATE TABLE plans (
	workspace TEXT NOT NULL,
	id        BIGINT NOT NULL,
	name      TEXT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX plans_name ON plans (workspace, name);

CREATE TABLE person_companies (
	workspace  TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	company_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, person_id, company_id)
);
CREATE INDEX person_companies_company ON person_companies (workspace, company_id, person_id);

CREATE TABLE company_tags (
	workspace  TEXT NOT NULL,
	company_id TEXT NOT NULL,
	tag_id     BIGINT NOT NULL,
	applied_at BIGINT NOT NULL,
	admin_id   BIGINT,
	PRIMARY KEY (workspace, company_id, tag_id)
);
CREATE INDEX company_tags_tag ON company_tags (workspace, tag_id, company_id);

-- A note is about a person or about a company.
CREATE TABLE notes (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	person_id  TEXT,
	company_id TEXT,
	admin_id   BIGINT,
	body       TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX notes_person ON notes (workspace, person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX notes_company ON notes (workspace, company_id, id) WHERE company_id IS NOT NULL;

CREATE TABLE subscription_types (
	workspace     TEXT NOT NULL,
	id            BIGINT NOT NULL,
	state         TEXT NOT NULL,
	consent       TEXT NOT NULL,
	content_types TEXT NOT NULL,
	translations  TEXT NOT NULL,
	created_at    BIGINT NOT NULL,
	updated_at    BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);

-- The types that a new workspace begins with.
INSERT INTO subscription_types (workspace, id, state, consent, content_types, translations, created_at, updated_at)
	SELECT id, 1, 'live', 'opt_out', '["email"]', '[{"name":"Newsletters","description":"News by email","locale":"en"}]', created_at, created_at
	FROM workspaces;
INSERT INTO subscription_types (workspace, id, state, consent, content_types, translations, created_at, updated_at)
	SELECT id, 2, 'live', 'opt_in', '["sms_message"]', '[{"name":"Text messages","description":"News by text message","locale":"en"}]', created_at, created_at
	FROM workspaces;
INSERT INTO numbers (workspace, kind, last) SELECT id, 'subscription_type', 2 FROM workspaces;

-- What a person chose explicitly: out of a type that everybody has, or into one that nobody has.
CREATE TABLE person_subscriptions (
	workspace  TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	type_id    BIGINT NOT NULL,
	consent    TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, person_id, type_id)
);
CREATE INDEX person_subscriptions_type ON person_subscriptions (workspace, type_id, person_id);

-- The secrets by which sites and apps prove who their users are; several of a platform may be in use while one is replaced.
CREATE TABLE identity_secrets (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	platform   TEXT NOT NULL,
	secret     TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
INSERT INTO identity_secrets (workspace, id, platform, secret, created_at)
	SELECT id, 1, 'web', identity_secret, created_at FROM workspaces WHERE identity_secret <> '';
INSERT INTO numbers (workspace, kind, last) SELECT id, 'identity secret', 1 FROM workspaces;
ALTER TABLE workspaces DROP COLUMN identity_secret;
