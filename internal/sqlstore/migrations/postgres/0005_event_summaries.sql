-- What a person did elsewhere, counted by the name of the event.
CREATE TABLE event_summaries (
	workspace TEXT NOT NULL,
	person_id TEXT NOT NULL,
	name      TEXT NOT NULL,
	count     BIGINT NOT NULL,
	first_at  BIGINT NOT NULL,
	last_at   BIGINT NOT NULL,
	PRIMARY KEY (workspace, person_id, name)
);
