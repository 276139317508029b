// Package search is the query language of the API, for any kind of record. It has values, columns, queries, the conditions that
// queries are checked into, keys that sort values byte by byte, and pages of results.
// The fronts parse queries into its types, people declares the fields of its records, and stores run the conditions.
// It must not know persons, HTTP, SQL or JSON, and imports the standard library only.
package search
