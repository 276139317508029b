package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// contactScenarios returns the scenarios with a number of contacts, in the order of measuring: those that only read come
// first.
func contactScenarios(contacts int) []scenario {
	anybody := func() contact { return contact(rand.IntN(contacts)) }
	found := []string{`{"type":"list"`, `{"type":"contact"`, `"total_count":`}
	search := func(name, query string, value func() string) scenario {
		return scenario{
			name: name, head: "POST /contacts/search", header: jsonFromSDK, expected: found,
			text: func(b []byte, _ visitor, _ int64) []byte { return fmt.Appendf(b, query, value()) },
		}
	}
	const hasSeats = `{"query":{"operator":"AND","value":[{"field":"role","operator":"=","value":"user"},` +
		`{"field":"custom_attributes.seats","operator":">","value":%s}]}}`
	const hasName = `{"query":{"field":"name","operator":"~","value":%q}}`
	const isEmail = `{"query":{"field":"email","operator":"=","value":%q}}`
	const isOnPlan = `{"query":{"operator":"AND","value":[{"field":"role","operator":"=","value":"user"},` +
		`{"field":"custom_attributes.plan","operator":"=","value":%q}]}}`
	return []scenario{
		{
			name: "get contact", head: "GET /contacts/", header: fromSDK, expected: []string{`{"type":"contact"`},
			text: func(b []byte, _ visitor, _ int64) []byte { return append(b, anybody().id()...) },
		},
		{
			// The oldest contacts have none after them to list.
			name: "list contacts", head: "GET /contacts?per_page=50&starting_after=", header: fromSDK, expected: found,
			text: func(b []byte, _ visitor, _ int64) []byte { return append(b, max(anybody(), pageSize).id()...) },
		},
		search("search email", isEmail, func() string { return anybody().email() }),
		search("search plan", isOnPlan, func() string { return plan(rand.IntN(plans)) }),
		search("search half", hasSeats, func() string { return strconv.Itoa(halfSeats + rand.IntN(9)) }),
		search("search text", hasName, func() string { return partOfName(anybody()) }),
		{
			name: "create contact", head: "POST /contacts", header: jsonFromSDK, expected: []string{`{"type":"contact"`},
			text: func(b []byte, _ visitor, serial int64) []byte {
				n := contact(contacts) + contact(serial)
				return fmt.Appendf(b, `{"role":"user","external_id":%q,"email":%q,"name":%q,"custom_attributes":%s}`,
					n.externalID(), n.email(), n.name(), n.attributes())
			},
		},
		{
			name: "tag contact", head: "POST /contacts/", header: jsonFromSDK, expected: []string{`{"type":"tag"`},
			path: func(b []byte, _ int64) []byte { return append(append(b, anybody().id()...), "/tags"...) },
			text: func(b []byte, _ visitor, _ int64) []byte { return fmt.Appendf(b, `{"id":"%d"}`, 1+rand.IntN(tags)) },
		},
	}
}
