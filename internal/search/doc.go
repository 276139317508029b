// Package search is the query language of the API over any kind of record: values, queries and the conditions that they
// mean, keys that order values byte by byte, and pages of what is found.
// The fronts read queries into it, people says which fields its records have, and stores answer what it asks.
// It must not know persons, HTTP, SQL or JSON, and imports the standard library only.
package search
