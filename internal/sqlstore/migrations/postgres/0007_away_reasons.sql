-- Why admins may be away. A reason that is deleted stays.
CREATE TABLE away_reasons (
	workspace  TEXT NOT NULL,
	id         BIGINT NOT NULL,
	label      TEXT NOT NULL,
	emoji      TEXT,
	place      BIGINT NOT NULL,
	deleted    BOOLEAN,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (workspace, id)
);
