// Package invariant has what must be true of the rows of a database, as queries for what must not exist. It asks no database.
package invariant

import (
	"fmt"
	"strings"
)

// The kinds of numbers of the outbox of a workspace.
const (
	// OutboxSequence is the last sequence that was given out.
	OutboxSequence = "outbox sequence"
	// OutboxSwept is the Unix second before which entries were deleted.
	OutboxSwept = "outbox swept"
)

// Finding is one breach of an invariant of identity.
type Finding struct {
	// Invariant is its short name: I1 to I8, "search" for search keys, or "storage" for a damaged file.
	Invariant string
	Workspace string
	ID        string // of the record at fault
	What      string
}

// String returns the finding as a line for people.
func (f Finding) String() string {
	return fmt.Sprintf("%s: workspace %s, %s: %s", f.Invariant, f.Workspace, f.ID, f.What)
}

// hangsOn returns the condition that something hangs on a person, whose column attached says so. It is tested person by
// person, in the order of the rows, because a join of all that hangs with all people takes minutes with a million.
func hangsOn(person string) string {
	var some []string
	for _, table := range []string{"person_tags", "person_companies", "person_subscriptions", "notes"} {
		some = append(some, `EXISTS (SELECT 1 FROM `+table+` a WHERE a.workspace = `+person+`.workspace AND a.person_id = `+person+`.id)`)
	}
	return strings.Join(some, " OR ")
}

// Check selects what must not exist.
type Check struct {
	// Invariant and What are those of its findings.
	Invariant, What string
	// SQL returns the workspace and the id of the records at fault.
	SQL string
}

// Checks are all checks of rows that are not derived from others.
var Checks = []Check{
	{"I1", "a merge without the images of both people", `
		SELECT workspace, id FROM changes
		WHERE kind = 'merged' AND (survivor IS NULL OR survivor_id IS NULL OR subject = '{}' OR survivor = '{}')`},
	{"I1", "a merge whose journal gives no verdict on custom attributes that the absorbed person had", `
		SELECT c.workspace, c.id FROM changes c JOIN people p ON p.workspace = c.workspace AND p.id = c.subject_id
		WHERE c.kind = 'merged' AND c.stands IS NOT NULL AND p.custom_attributes IS NOT NULL
			AND coalesce(c.outcomes, '') NOT LIKE '%custom_attributes.%'`},
	{"I2", "an anonymous id that two people have", `
		SELECT workspace, min(id) FROM people WHERE anonymous_id IS NOT NULL
		GROUP BY workspace, anonymous_id HAVING count(*) > 1`},
	{"I2", "an external id that two active contacts have", `
		SELECT workspace, min(id) FROM people WHERE external_id IS NOT NULL AND state IS NULL
		GROUP BY workspace, external_id HAVING count(*) > 1`},
	{"I2", "an email address that two active users without an external id have", `
		SELECT workspace, min(id) FROM people WHERE email_key IS NOT NULL AND state IS NULL AND role = 'user' AND external_id IS NULL
		GROUP BY workspace, email_key HAVING count(*) > 1`},
	{"I2", "an address or a number that two records have, neither of them as the second", `
		SELECT workspace, min(id) FROM people WHERE email_key IS NOT NULL AND email_again IS NULL GROUP BY workspace, email_key HAVING count(*) > 1
		UNION SELECT workspace, min(id) FROM people WHERE phone_e164 IS NOT NULL AND phone_again IS NULL GROUP BY workspace, phone_e164 HAVING count(*) > 1`},
	{"I2", "a spent visitor without exactly one conversion in the journal", `
		SELECT p.workspace, p.id FROM people p
		WHERE p.anonymous_id IS NOT NULL AND (p.role <> 'visitor' OR p.state = 'merged') AND 1 <> (
			SELECT count(*) FROM changes c
			WHERE c.workspace = p.workspace AND c.subject_id = p.id AND c.from_role = 'visitor' AND c.stands IS NOT NULL)`},
	{"I2", "a live visitor that the journal says was converted", `
		SELECT p.workspace, p.id FROM people p JOIN changes c
			ON c.workspace = p.workspace AND c.subject_id = p.id AND c.from_role = 'visitor' AND c.stands IS NOT NULL
		WHERE p.role = 'visitor' AND p.state IS NULL`},
	{"I2", "a person that is not merged and that the journal says was", `
		SELECT p.workspace, p.id FROM people p JOIN changes c
			ON c.workspace = p.workspace AND c.subject_id = p.id AND c.kind = 'merged' AND c.stands IS NOT NULL
		WHERE p.merged_into IS NULL`},
	{"I2", "a change that is undone without an entry that undid it", `
		SELECT c.workspace, c.id FROM changes c
		LEFT JOIN changes u ON u.workspace = c.workspace AND u.undoes = c.id
		WHERE c.undoes IS NULL AND c.stands IS NULL AND u.id IS NULL`},
	{"I2", "an undo that stands as a change of its own, or undoes nothing", `
		SELECT u.workspace, u.id FROM changes u
		LEFT JOIN changes c ON c.workspace = u.workspace AND c.id = u.undoes
		WHERE (u.kind = 'undone') <> (u.undoes IS NOT NULL) OR u.undoes IS NOT NULL AND (u.stands IS NOT NULL OR c.id IS NULL)`},
	{"I2", "a change without exactly one entry in the outbox", `
		SELECT c.workspace, c.id FROM changes c
		LEFT JOIN (SELECT workspace, subject_id, count(*) AS entries FROM outbox GROUP BY workspace, subject_id) o
			ON o.workspace = c.workspace AND o.subject_id = c.id
		LEFT JOIN numbers s ON s.workspace = c.workspace AND s.kind = '` + OutboxSwept + `'
		WHERE o.entries > 1 OR o.entries IS NULL AND c.created_at >= coalesce(s.last, 0)`},
	{"I2", "an entry in the outbox with a sequence that is yet to be given out", `
		SELECT o.workspace, o.id FROM outbox o
		LEFT JOIN numbers s ON s.workspace = o.workspace AND s.kind = '` + OutboxSequence + `'
		WHERE o.sequence > coalesce(s.last, 0)`},
	{"I2", "a webhook that is ahead of the sequences that were given out", `
		SELECT w.workspace, w.id FROM webhooks w
		LEFT JOIN numbers s ON s.workspace = w.workspace AND s.kind = '` + OutboxSequence + `'
		WHERE w.cursor_sequence > coalesce(s.last, 0)`},
	{"I2", "a delivery of an entry with a sequence that is yet to be given out", `
		SELECT d.workspace, d.id FROM webhook_deliveries d
		LEFT JOIN numbers s ON s.workspace = d.workspace AND s.kind = '` + OutboxSequence + `'
		WHERE d.sequence > coalesce(s.last, 0)`},
	{"I5", "a person that is merged without an address, or has an address without being merged", `
		SELECT workspace, id FROM people WHERE (coalesce(state, '') = 'merged') <> (merged_into IS NOT NULL)`},
	{"I6", "a forwarding address that leads nowhere, to itself, or to another forwarding address", `
		SELECT p.workspace, p.id FROM people p
		LEFT JOIN people q ON q.workspace = p.workspace AND q.id = p.merged_into
		WHERE p.merged_into IS NOT NULL AND (q.id IS NULL OR q.id = p.id OR q.merged_into IS NOT NULL)`},
	{"I6", "a forwarding address that leads elsewhere than the journal says", `
		SELECT p.workspace, p.id FROM people p
		JOIN changes c ON c.workspace = p.workspace AND c.subject_id = p.id AND c.kind = 'merged' AND c.stands IS NOT NULL
		JOIN people s ON s.workspace = p.workspace AND s.id = c.survivor_id
		WHERE p.merged_into <> coalesce(s.merged_into, s.id)`},
	{"I8", "a journal entry about nobody", `
		SELECT c.workspace, c.id FROM changes c
		LEFT JOIN people p ON p.workspace = c.workspace AND p.id = c.subject_id
		LEFT JOIN people q ON q.workspace = c.workspace AND q.id = coalesce(c.survivor_id, c.subject_id)
		WHERE p.id IS NULL OR q.id IS NULL`},
	{"I8", "a person on whom something hangs, or on one it absorbed, without saying so", `
		SELECT p.workspace, p.id FROM people p
		WHERE p.attached IS NULL AND p.merged_into IS NULL AND (` + hangsOn("p") + ` OR EXISTS (
			SELECT 1 FROM people q WHERE q.workspace = p.workspace AND q.merged_into = p.id AND (` + hangsOn("q") + `)))`},
	{"I8", "a person or a company with a tag that does not exist", `
		SELECT a.workspace, a.id FROM (
			SELECT workspace, person_id AS id, tag_id FROM person_tags
			UNION ALL SELECT workspace, company_id, tag_id FROM company_tags
			UNION ALL SELECT workspace, CAST(conversation_id AS TEXT), tag_id FROM conversation_tags
		) a LEFT JOIN tags g ON g.workspace = a.workspace AND g.id = a.tag_id WHERE g.id IS NULL`},
	{"I8", "a membership of nobody, or of an admin or a workspace that does not exist", `
		SELECT m.workspace, m.login_id FROM memberships m
		LEFT JOIN logins l ON l.id = m.login_id LEFT JOIN workspaces w ON w.id = m.workspace
		LEFT JOIN admins a ON a.workspace = m.workspace AND a.id = m.admin_id AND a.deleted_at IS NULL
		WHERE l.id IS NULL OR w.id IS NULL OR a.id IS NULL`},
	{"I8", "a note about neither a person nor a company, or about both", `
		SELECT workspace, CAST(id AS TEXT) FROM notes WHERE (person_id IS NULL) = (company_id IS NULL)`},
	{"I8", "a choice about a subscription type that does not exist or has the other consent", `
		SELECT s.workspace, s.person_id FROM person_subscriptions s
		LEFT JOIN subscription_types t ON t.workspace = s.workspace AND t.id = s.type_id
		WHERE t.id IS NULL OR t.consent <> s.consent`},
	{"I8", "a company whose users are miscounted", `
		SELECT c.workspace, c.id FROM companies c WHERE c.user_count <> (
			SELECT count(DISTINCT o.id) FROM person_companies a
			JOIN people r ON r.workspace = a.workspace AND r.id = a.person_id
			JOIN people o ON o.workspace = r.workspace AND o.id = coalesce(r.merged_into, r.id)
			WHERE a.workspace = c.workspace AND a.company_id = c.id AND o.role <> 'visitor' AND o.state IS NULL)`},
	{"I8", "a company on a plan that does not exist", `
		SELECT c.workspace, c.id FROM companies c LEFT JOIN plans p ON p.workspace = c.workspace AND p.id = c.plan_id
		WHERE c.plan_id IS NOT NULL AND p.id IS NULL`},
	{"I8", "a pair of different people that names somebody who does not exist, or one twice, or is in the wrong order", `
		SELECT d.workspace, d.person_id FROM distinctions d
		LEFT JOIN people q ON q.workspace = d.workspace AND q.id = d.other_id WHERE q.id IS NULL OR d.person_id >= d.other_id`},
	{"I8", "a delivery to a webhook that does not exist", `
		SELECT d.workspace, d.id FROM webhook_deliveries d
		LEFT JOIN webhooks w ON w.workspace = d.workspace AND w.id = d.webhook_id WHERE w.id IS NULL`},
	{"I8", "a delivery that will be attempted without saying when, or that ended and says when", `
		SELECT workspace, id FROM webhook_deliveries
		WHERE (state IN ('retrying', 'waiting', 'requested')) <> (next_attempt_at IS NOT NULL)`},
	{"I8", "a conversation without its message, or whose state and snooze differ", `
		SELECT c.workspace, CAST(c.id AS TEXT) FROM conversations c
		LEFT JOIN messages m ON m.workspace = c.workspace AND m.id = c.message_id
		WHERE m.id IS NULL OR (c.state = 'snoozed') <> (c.snoozed_until IS NOT NULL)`},
	{"I8", "a recipient of a message that does not exist, or with a conversation that does not begin with it", `
		SELECT r.workspace, CAST(r.message_id AS TEXT) FROM message_recipients r
		LEFT JOIN messages m ON m.workspace = r.workspace AND m.id = r.message_id
		LEFT JOIN conversations c ON c.workspace = r.workspace AND c.id = r.conversation_id
		WHERE m.id IS NULL OR r.conversation_id IS NOT NULL AND (c.id IS NULL OR c.message_id <> r.message_id)`},
	{"I8", "a message that is for nobody and began no conversation", `
		SELECT m.workspace, CAST(m.id AS TEXT) FROM messages m
		WHERE NOT EXISTS (SELECT 1 FROM message_recipients r WHERE r.workspace = m.workspace AND r.message_id = m.id)
			AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace = m.workspace AND c.message_id = m.id)`},
	{"I8", "an email that waits without saying when it is due, or is done and says when, or is of neither a message nor a part, or of both", `
		SELECT workspace, CAST(id AS TEXT) FROM mails
		WHERE (state = 'waiting') <> (next_attempt_at IS NOT NULL) OR (message_id IS NULL) = (part_id IS NULL)`},
	{"I8", "a conversation in which nobody takes part", `
		SELECT c.workspace, CAST(c.id AS TEXT) FROM conversations c
		WHERE NOT EXISTS (SELECT 1 FROM conversation_participants a WHERE a.workspace = c.workspace AND a.conversation_id = c.id)`},
	{"I8", "a conversation whose parts are miscounted", `
		SELECT c.workspace, CAST(c.id AS TEXT) FROM conversations c WHERE coalesce(c.part_count, 0) <> (
			SELECT count(*) FROM conversation_parts p WHERE p.workspace = c.workspace AND p.conversation_id = c.id)`},
	{"I8", "a row of a conversation that does not exist", `
		SELECT a.workspace, CAST(a.conversation_id AS TEXT) FROM (
			SELECT workspace, conversation_id FROM conversation_parts
			UNION SELECT workspace, conversation_id FROM conversation_participants
			UNION SELECT workspace, conversation_id FROM conversation_admins
			UNION SELECT workspace, conversation_id FROM conversation_tags
		) a LEFT JOIN conversations c ON c.workspace = a.workspace AND c.id = a.conversation_id WHERE c.id IS NULL`},
	{"I8", "a file of no message and no part, or one without its content", `
		SELECT a.workspace, a.id FROM attachments a
		LEFT JOIN messages m ON m.workspace = a.workspace AND m.id = a.message_id
		LEFT JOIN conversation_parts p ON p.workspace = a.workspace AND p.id = a.part_id
		LEFT JOIN uploads u ON u.workspace = a.workspace AND u.id = a.id
		WHERE (m.id IS NULL) = (p.id IS NULL) OR (a.url IS NULL) <> (u.id IS NOT NULL)`},
	{"I8", "an upload that nothing shows", `
		SELECT u.workspace, u.id FROM uploads u LEFT JOIN attachments a ON a.workspace = u.workspace AND a.id = u.id WHERE a.id IS NULL`},
	{"I8", "a person in a workspace that does not exist", `
		SELECT p.workspace, p.id FROM people p LEFT JOIN workspaces w ON w.id = p.workspace WHERE w.id IS NULL`},
}

// OfPeople returns the checks of tables whose rows hang on people.
func OfPeople(tables []string) (all []Check) {
	for _, table := range tables {
		all = append(all, Check{"I8", "a row of " + table + " that hangs on nobody", `SELECT a.workspace, a.person_id FROM ` + table + ` a
			LEFT JOIN people p ON p.workspace = a.workspace AND p.id = a.person_id
			WHERE a.person_id IS NOT NULL AND p.id IS NULL`})
	}
	return all
}

// OfCompanies returns the checks of tables whose rows are about companies.
func OfCompanies(tables []string) (all []Check) {
	for _, table := range tables {
		all = append(all, Check{"I8", "a row of " + table + " about a company that does not exist", `SELECT a.workspace, a.company_id FROM ` + table + ` a
			LEFT JOIN companies c ON c.workspace = a.workspace AND c.id = a.company_id
			WHERE a.company_id IS NOT NULL AND c.id IS NULL`})
	}
	return all
}
