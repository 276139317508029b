// Package sqlstore keeps people.Store in a SQL database: an embedded SQLite file, memory, or a server that speaks
// PostgreSQL's wire protocol.
// cmd/lobby opens it and hands it to people; the SQL text is one for all databases, and what differs between them is in
// sqlite.go and postgres.go behind one small interface.
// It must not know rules, HTTP or the public JSON: it stores what people decides.
package sqlstore
