-- Which pages a person looked at.
CREATE TABLE page_views (
	workspace  TEXT NOT NULL,
	id         TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	url        TEXT NOT NULL,
	title      TEXT,
	referrer   TEXT,
	PRIMARY KEY (workspace, id)
);
CREATE INDEX page_views_person ON page_views (workspace, person_id, created_at);
CREATE INDEX page_views_age ON page_views (workspace, created_at);

-- Who is on a site now. Rows end after minutes.
CREATE TABLE presences (
	workspace TEXT NOT NULL,
	person_id TEXT NOT NULL,
	seen_at   INTEGER NOT NULL,
	url       TEXT,
	referrer  TEXT,
	PRIMARY KEY (workspace, person_id)
);
CREATE INDEX presences_seen_at ON presences (workspace, seen_at);

-- The last day on which a person was counted as a visitor of a site.
CREATE TABLE visit_days (
	workspace TEXT NOT NULL,
	person_id TEXT NOT NULL,
	day       INTEGER NOT NULL,
	PRIMARY KEY (workspace, person_id)
);

-- How often something happened in a minute, day, week or month. Rows of kinds without names have the name ''.
CREATE TABLE traffic_counts (
	workspace TEXT NOT NULL,
	unit      TEXT NOT NULL,
	period    INTEGER NOT NULL,
	kind      TEXT NOT NULL,
	name      TEXT NOT NULL,
	count     INTEGER NOT NULL,
	PRIMARY KEY (workspace, unit, period, kind, name)
);
