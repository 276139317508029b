// Package sqlstore keeps people.Store in a SQL database: an embedded SQLite file, memory, or a server that speaks
// PostgreSQL's wire protocol.
// app opens it and hands it to people. It has the tables, their migrations and the queries, in one SQL text for all
// databases; transactions, connections and what differs between the databases are in sqlengine.
// It must not know rules, HTTP or the public JSON: it stores what people decides.
package sqlstore
