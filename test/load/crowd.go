package main

import (
	"fmt"
	"slices"
	"strconv"
)

// crowd is a number of people of all kinds in one database: half of them visitors, a twentieth users for them to become, the others
// contacts. A tenth as many conversations are among them.
type crowd int

func (c crowd) data() dataset { return dataset{int(c) / 2} }

func (c crowd) contacts() int { return int(c) - c.data().visitors - c.data().users() }

func (c crowd) conversations() int { return int(c) / 10 }

const seedCrowdAttributes = `INSERT INTO attributes (workspace, name, id, model, type, messenger_writable, created_at, updated_at) VALUES
		('bench', 'beta', 1, 'contact', 'boolean', TRUE, 1750000000, 1750000000),
		('bench', 'plan', 2, 'contact', 'string', TRUE, 1750000000, 1750000000),
		('bench', 'score', 3, 'contact', 'float', TRUE, 1750000000, 1750000000),
		('bench', 'seats', 4, 'contact', 'integer', TRUE, 1750000000, 1750000000),
		('bench', 'town', 5, 'contact', 'string', TRUE, 1750000000, 1750000000),
		('bench', 'visits', 6, 'contact', 'integer', TRUE, 1750000000, 1750000000)`

func (c crowd) population() population {
	return population{
		name:   fmt.Sprintf("crowd-%d", int(c)),
		texts:  append([]string{seedCrowdAttributes, seedVisitor, seedUser, seedTag, seedContact, contact(1).attributes()}, seedTalks...),
		server: c.fill,
	}
}

func (c crowd) fill(into insert) error {
	if err := into(seedCrowdAttributes); err != nil {
		return err
	}
	if err := c.data().fillPeople(into); err != nil {
		return err
	}
	for id := range int64(tags) {
		if err := into(seedTag, id+1, "tag "+strconv.FormatInt(id+1, 10)); err != nil {
			return err
		}
	}
	if err := into(seedNumber, int64(tags)); err != nil {
		return err
	}
	if err := eachContact(c.contacts(), seedContact, into); err != nil {
		return err
	}
	for _, sql := range seedTalks {
		if err := into(sql, int64(c.conversations())); err != nil {
			return err
		}
	}
	return into(seedBackfill)
}

// scenarios returns everything that is asked of a crowd: what only reads comes first, what adds people last.
func (c crowd) scenarios() []scenario {
	all := slices.Concat(scenarios(c.data()), contactScenarios(c.contacts()), conversationScenarios(c.conversations()))
	slices.SortStableFunc(all, func(a, b scenario) int { return crowdOrder(a.name) - crowdOrder(b.name) })
	return slices.DeleteFunc(all, func(s scenario) bool { return crowdOrder(s.name) < 0 })
}

// crowdOrder is the place of a scenario; -1 for one that is left out.
func crowdOrder(name string) int {
	return slices.Index([]string{
		"get", "get contact", "list contacts", "search email", "search plan", "search half", "search text", fewParts, listTalks, searchTalks,
		"put", "ping", "ping new session", "tag contact", replyTalk, "convert-user", "convert-lead", "convert-merge", "create contact", "arrive",
	}, name)
}
