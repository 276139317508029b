// Package sqlengine runs SQL in transactions: on an embedded SQLite file, in memory, or on a server that speaks
// PostgreSQL's wire protocol. It has the group commit, the checkpoints and the pools of SQLite, the retries of PostgreSQL,
// and the runner of numbered migrations.
// sqlstore builds its tables and queries on [Engine], with one SQL text for all databases.
// It must not know any table but its own list of migrations, and imports nothing else of Lobby.
package sqlengine
