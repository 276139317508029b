package sqlstore

import (
	"maps"
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// companyAttachments are joined in [attachments].
var companyAttachments = []string{"person_companies"}

// companyPersonRecords are joined in [records].
var companyPersonRecords = []record{
	{name: "person_company", table: "person_companies", order: "person_id, company_id", columns: []recordColumn{
		textOf("person_id").key(), textOf("company_id").key(), createdAt(),
	}},
}

// companiesOf is the query for the companies of several persons, each with its owner.
func companiesOf(persons int) string {
	return `WITH ` + lineageOf(persons) + `, held AS (
		SELECT owner, company_id, min(created_at) AS at
		FROM lineage CROSS JOIN person_companies a WHERE a.workspace = $1 AND a.person_id = lineage.id GROUP BY owner, company_id
	) SELECT ` + companyColumns + `, held.owner FROM held CROSS JOIN companies c LEFT JOIN plans p ON p.workspace = $1 AND p.id = c.plan_id
		WHERE c.workspace = $1 AND c.id = held.company_id ORDER BY held.owner, held.at, c.id`
}

func (t *tx) CompaniesOf(ws workspace.ID, personIDs []string) (map[string][]*people.Company, error) {
	if len(personIDs) == 0 {
		return nil, nil
	}
	args := []any{string(ws)}
	for _, id := range personIDs {
		args = append(args, id)
	}
	byOwner, read := map[string][]*people.Company{}, readCompany(ws)
	all, err := sqlengine.List(t, companiesOf(len(personIDs)), args, func(r sqlengine.Row) (*people.Company, error) {
		c, err := read(r)
		owner := r.Text(len(people.CompanyFields) + 1)
		byOwner[owner] = append(byOwner[owner], c)
		return c, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return byOwner, t.adorn(ws, all)
}

var companyIDs = `WITH ` + lineageOf(1) + `
	SELECT DISTINCT company_id FROM lineage CROSS JOIN person_companies a WHERE a.workspace = $1 AND a.person_id = lineage.id`

func (t *tx) CompanyIDs(ws workspace.ID, personID string) ([]string, error) {
	return keys(t, companyIDs, string(ws), personID)
}

// contactsOf is the condition of a company's live contacts: those with a record that is attached to it.
const contactsOf = liveContacts + ` AND id IN (
	SELECT coalesce(r.merged_into, r.id) FROM person_companies a JOIN people r ON r.workspace = $1 AND r.id = a.person_id
	WHERE a.workspace = $1 AND a.company_id = $2)`

func (t *tx) ContactsOfCompany(ws workspace.ID, id, before string, limit int) (all []*people.Person, newer int, err error) {
	args, older := []any{string(ws), id}, ""
	if before != "" {
		at, err := t.placeIn(personTable, ws, before)
		if err != nil {
			return nil, 0, err
		}
		args, older = append(args, at.createdAt, at.id), " AND (created_at, id) < ($3, $4)"
		count, err := sqlengine.Number(t, "SELECT count(*) FROM people WHERE workspace = $1 "+contactsOf+" AND (created_at, id) >= ($3, $4)", args)
		if err != nil {
			return nil, 0, err
		}
		newer = int(count)
	}
	all, err = sqlengine.List(t, selectPerson+contactsOf+older+newestFirst+" LIMIT "+strconv.Itoa(limit), args, t.readPerson(ws))
	return all, newer, err
}

func (t *tx) AttachCompany(ws workspace.ID, personID, companyID string, at int64) error {
	return t.recounting(ws, []string{personID}, companyID, at, func() error {
		return t.Exec(`INSERT INTO person_companies (workspace, person_id, company_id, created_at) VALUES ($1, $2, $3, $4)`,
			[]any{string(ws), personID, companyID, at})
	})
}

// isCompany is the company of an attachment in a form that no index has. A company may have many users, while a person
// has few companies. So the database must read the companies of the person, not the users of the company.
const isCompany = "(company_id || '')"

const detachCompany = "DELETE FROM person_companies WHERE workspace = $1 AND person_id IN " + lineage + " AND " + isCompany + " = $3"

func (t *tx) DetachCompany(ws workspace.ID, personID, companyID string, at int64) error {
	return t.recounting(ws, []string{personID}, companyID, at, func() error {
		return t.Exec(detachCompany, []any{string(ws), personID, companyID})
	})
}

// counting runs a change of a person. It keeps the user counts of its companies right when the change decides whether
// the person is a user.
func (t *tx) counting(before, after *people.Person, change func() error) error {
	attached := before.Attached || after.Attached
	if !attached || before.Role == after.Role && before.State == after.State && before.MergedInto == after.MergedInto {
		return change()
	}
	owners := []string{before.ID}
	for _, id := range []string{before.MergedInto, after.MergedInto} {
		if id != "" {
			owners = append(owners, id)
		}
	}
	return t.recounting(before.Workspace, owners, "", after.UpdatedAt, change)
}

// recount changes how many users a company has, which is an update of it.
const recount = `UPDATE companies SET user_count = user_count + $3, updated_at = CASE WHEN updated_at > $4 THEN updated_at ELSE $4 END
	WHERE workspace = $1 AND id = $2`

// recounting runs a change, made at a time, that decides whether some persons are users of a company, or of any company
// when companyID is empty.
func (t *tx) recounting(ws workspace.ID, owners []string, companyID string, at int64, change func() error) error {
	more := map[string]int64{} // users by company
	if err := t.usersOf(ws, owners, companyID, func(id string) { more[id]-- }); err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	if err := t.usersOf(ws, owners, companyID, func(id string) { more[id]++ }); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(more)) { // in order, so that two writers never wait for each other
		if more[id] == 0 {
			continue
		}
		if err := t.Exec(recount, []any{string(ws), id, more[id], at}); err != nil {
			return err
		}
	}
	return nil
}

// usersOf calls each once for every company that one of the owners is a user of as a live contact. A companyID
// restricts it to that company.
func (t *tx) usersOf(ws workspace.ID, owners []string, companyID string, each func(id string)) error {
	args := []any{string(ws)}
	for _, id := range owners {
		args = append(args, id)
	}
	if companyID != "" {
		args = append(args, companyID)
	}
	return t.Query(usersOf(len(owners), companyID != ""), args, func(r sqlengine.Row) error {
		each(r.Text(1))
		return nil
	})
}

// usersOf is the query for the companies that several persons are users of, or for one of these companies. The owners are
// named twice: without statistics PostgreSQL would read all people of the workspace to find them.
func usersOf(persons int, ofOne bool) string {
	of := ""
	if ofOne {
		of = " AND " + isCompany + " = " + marks(persons+2, 1)
	}
	return `WITH ` + lineageOf(persons) + ` SELECT DISTINCT owner, company_id
		FROM lineage CROSS JOIN people o CROSS JOIN person_companies a
		WHERE o.workspace = $1 AND o.id IN (` + marks(2, persons) + `) AND o.id = lineage.owner ` + liveContacts + ` AND a.workspace = $1 AND a.person_id = lineage.id` + of
}
