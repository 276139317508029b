CREATE TABLE segments (
	workspace  TEXT NOT NULL,
	id         TEXT NOT NULL,
	name       TEXT NOT NULL,
	role       TEXT NOT NULL,
	query      TEXT NOT NULL, -- JSON
	fixed      INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;

-- The segments that a new workspace begins with.
INSERT INTO segments (workspace, id, name, role, query, fixed, created_at, updated_at)
	SELECT id, printf('%08x', created_at) || '0000000000000001', 'All users', 'user', '{"field":"role","operator":"=","values":["user"]}', 1, created_at, created_at
	FROM workspaces;
INSERT INTO segments (workspace, id, name, role, query, fixed, created_at, updated_at)
	SELECT id, printf('%08x', created_at) || '0000000000000002', 'All leads', 'lead', '{"field":"role","operator":"=","values":["lead"]}', 1, created_at, created_at
	FROM workspaces;
INSERT INTO segments (workspace, id, name, role, query, created_at, updated_at)
	SELECT id, printf('%08x', created_at) || '0000000000000003', 'Active', 'user', '{"field":"last_seen_at","operator":">","days_ago":30}', created_at, created_at
	FROM workspaces;
INSERT INTO segments (workspace, id, name, role, query, created_at, updated_at)
	SELECT id, printf('%08x', created_at) || '0000000000000004', 'New', 'user', '{"field":"created_at","operator":">","days_ago":1}', created_at, created_at
	FROM workspaces;
INSERT INTO segments (workspace, id, name, role, query, created_at, updated_at)
	SELECT id, printf('%08x', created_at) || '0000000000000005', 'Slipping away', 'user',
		'{"combine":"AND","queries":[{"field":"last_seen_at","operator":"<=","days_ago":30},{"field":"last_seen_at","operator":">","days_ago":60}]}', created_at, created_at
	FROM workspaces;
