// Package personindex answers searches and lists of people from memory. It keeps the keys of every live person in columns
// that take a few bits each, and finds the persons that meet a [search.Condition] without reading their rows.
// A store fills it from its rows, tells it of every commit in order, and asks it for ids and totals.
// It must not know fields, rows or SQL, and it does not lock: no change may come while a search runs.
package personindex
