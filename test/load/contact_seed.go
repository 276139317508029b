package main

import (
	"fmt"
	"strconv"
)

const (
	seedContactAttributes = `INSERT INTO attributes (workspace, name, id, model, type, created_at, updated_at) VALUES
		('bench', 'beta', 1, 'contact', 'boolean', 1750000000, 1750000000),
		('bench', 'plan', 2, 'contact', 'string', 1750000000, 1750000000),
		('bench', 'score', 3, 'contact', 'float', 1750000000, 1750000000),
		('bench', 'seats', 4, 'contact', 'integer', 1750000000, 1750000000),
		('bench', 'town', 5, 'contact', 'string', 1750000000, 1750000000)`
	seedTag     = `INSERT INTO tags (workspace, id, name, name_key, created_at) VALUES ('bench', $1, $2, $2, 1750000000)`
	seedNumber  = `INSERT INTO numbers (workspace, kind, last) VALUES ('bench', 'tag', $1)`
	seedContact = `INSERT INTO people
		(workspace, id, role, external_id, email, email_key, name, created_at, updated_at, custom_attributes)
		VALUES ('bench', $1, 'user', $2, $3, $3, $4, $5, $5, $6)`
)

// contactPopulation is a number of contacts and nobody else.
func contactPopulation(contacts int) population {
	return population{
		name:  fmt.Sprintf("contacts-%d", contacts),
		texts: []string{seedContactAttributes, seedTag, seedContact, plainSchema, plainInsert, contact(1).attributes()},
		server: func(into insert) error {
			if err := into(seedContactAttributes); err != nil {
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
			if err := eachContact(contacts, seedContact, into); err != nil {
				return err
			}
			return into(seedBackfill)
		},
		plain: func(into insert) error {
			if err := into(plainSchema); err != nil {
				return err
			}
			return eachContact(contacts, plainInsert, into)
		},
	}
}

func eachContact(contacts int, sql string, into insert) error {
	for i := range contacts {
		if err := into(sql, contact(i).plainRow()...); err != nil {
			return err
		}
	}
	return nil
}
