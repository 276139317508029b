package main

import "fmt"

// These make n contacts and conversations: $1 is the number of conversations. Each has a message and five parts of its
// contact, and the last one 500.
const (
	eachTalk   = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= CAST($1 AS BIGINT)) "
	eachPart   = ", p(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM p WHERE j < 500) "
	partsOf    = "CASE WHEN i <= CAST($1 AS BIGINT) THEN 5 ELSE 500 END"
	contactOf  = "'" + talkContactPrefix + "' || CAST(100000 + i / 10 AS TEXT)"
	talkSecond = "1750000000 + i"
)

var seedTalks = []string{
	`INSERT INTO people (workspace, id, role, external_id, name, created_at, updated_at, signed_up_at, last_replied_at) ` + eachTalk +
		`SELECT 'bench', ` + contactOf + `, 'user', 'shopper ' || CAST(i AS TEXT), 'Grace', 1750000000, 1750000000, 1750000000, 1760000000 FROM n WHERE i % 10 = 0 OR i = 1`,
	`INSERT INTO messages (workspace, id, delivered_as, contact_id, body, created_at) ` + eachTalk +
		`SELECT 'bench', i, 'customer_initiated', ` + contactOf + `, '<p>Where is my order number ' || CAST(i AS TEXT) || '?</p>', ` + talkSecond + ` FROM n`,
	`INSERT INTO conversations (workspace, id, message_id, state, is_read, waiting_since, first_reply_at, part_count, created_at, updated_at,
		last_contact_reply_at, asked_at) ` + eachTalk + `SELECT 'bench', i, i, CASE WHEN i % 2 = 0 THEN 'open' ELSE 'closed' END, TRUE, ` + talkSecond + `, ` + talkSecond +
		`, ` + partsOf + `, ` + talkSecond + `, ` + talkSecond + ` + ` + partsOf + `, ` + talkSecond + ` + ` + partsOf + `, ` + talkSecond + ` FROM n`,
	`INSERT INTO conversation_participants (workspace, conversation_id, person_id, created_at) ` + eachTalk +
		`SELECT 'bench', i, ` + contactOf + `, ` + talkSecond + ` FROM n`,
	`INSERT INTO conversation_parts (workspace, id, conversation_id, part_type, contact_id, body, state, created_at, updated_at) ` + eachTalk + eachPart +
		`SELECT 'bench', i * 5 + j, i, 'comment', ` + contactOf + `, '<p>It was to come on day ' || CAST(j AS TEXT) || ', and is not here yet.</p>', 'open', ` +
		talkSecond + ` + j, ` + talkSecond + ` + j FROM n CROSS JOIN p WHERE j <= ` + partsOf,
	`INSERT INTO numbers (workspace, kind, last) SELECT 'bench', kind, last FROM (
		SELECT 'conversation' AS kind, CAST($1 AS BIGINT) + 1 AS last UNION ALL SELECT 'message', CAST($1 AS BIGINT) + 1
		UNION ALL SELECT 'part', CAST($1 AS BIGINT) * 5 + 1000 UNION ALL SELECT 'conversation update', 1750000000 + CAST($1 AS BIGINT) + 1000) AS numbers`,
}

// conversationPopulation is a number of conversations, and some visitors.
func conversationPopulation(conversations int) population {
	return population{
		name: fmt.Sprintf("conversations-%d", conversations), texts: append([]string{seedAttributes, seedVisitor, seedUser}, seedTalks...),
		server: func(into insert) error {
			if err := talkVisitors.fill(into); err != nil {
				return err
			}
			for _, sql := range seedTalks {
				if err := into(sql, int64(conversations)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
