package sqlstore

import (
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// EachIdentifier calls fn with the external id and the key of the address of everybody in a workspace who has one of them,
// whatever became of the person; "" stands for none.
func EachIdentifier(r people.Reader, ws workspace.ID, fn func(externalID, emailKey string)) error {
	return r.(*tx).Query(`SELECT external_id, email_key FROM people WHERE workspace = $1 AND (external_id IS NOT NULL OR email_key IS NOT NULL)`,
		[]any{string(ws)}, func(r sqlengine.Row) error {
			fn(r.Text(0), r.Text(1))
			return nil
		})
}
