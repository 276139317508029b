package sqlstore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// companyRecords are joined in [records].
var companyRecords = []record{
	{name: "plan", table: "plans", order: "id", number: "plan", columns: []recordColumn{numberOf("id").key(), textOf("name").key()}},
	{
		name: "company", table: "companies", order: "id", columns: companyRecordColumns(),
		derived:  []derivedColumn{{"name_key", "name", people.CompanyNameKey}},
		computed: []string{"user_count"},
	},
}

func companyRecordColumns() []recordColumn {
	all := fieldColumns(people.CompanyFields, "user_count")
	for i := range all {
		switch all[i].name {
		case "company_id":
			all[i] = all[i].key()
		case "last_request_at":
			all[i] = all[i].orZero()
		}
	}
	return all
}

// companyColumns are the columns of a company in the order of people.CompanyFields, and the name of its plan.
var companyColumns = func() string {
	names := make([]string, 0, len(people.CompanyFields)+1)
	for _, f := range people.CompanyFields {
		names = append(names, "c."+f.Name)
	}
	return strings.Join(append(names, "p.name"), ", ")
}()

var (
	fromCompanies = " FROM companies c LEFT JOIN plans p ON p.workspace = $1 AND p.id = c.plan_id "
	selectCompany = "SELECT " + companyColumns + fromCompanies + "WHERE c.workspace = $1 "
)

// lockCompany begins the query that a writer runs first, because no lock can be taken on the optional side of a join.
const lockCompany = "SELECT id FROM companies c WHERE workspace = $1 "

func readCompany(ws workspace.ID) func(sqlengine.Row) (*people.Company, error) {
	return func(r sqlengine.Row) (*people.Company, error) {
		c := &people.Company{Workspace: ws}
		for i := range people.CompanyFields {
			if err := readColumn(r, i, &people.CompanyFields[i], c); err != nil {
				return nil, fmt.Errorf("%s of company %s: %w", people.CompanyFields[i].Name, c.ID, err)
			}
		}
		if c.PlanID != 0 {
			c.Plan = &people.CompanyPlan{ID: c.PlanID, Name: r.Text(len(people.CompanyFields))}
		}
		return c, nil
	}
}

// companies runs a query for companies and reads their tags and notes.
func (t *tx) companies(ws workspace.ID, sql string, args ...any) ([]*people.Company, error) {
	all, err := sqlengine.List(t, sql, args, readCompany(ws))
	if err != nil {
		return nil, err
	}
	return all, t.adorn(ws, all)
}

// adorn reads the tags and notes of companies.
func (t *tx) adorn(ws workspace.ID, all []*people.Company) error {
	if len(all) == 0 {
		return nil
	}
	byID := make(map[string][]*people.Company, len(all)) // one may come for several persons
	args := []any{string(ws)}
	for _, c := range all {
		if byID[c.ID] == nil {
			args = append(args, c.ID)
		}
		byID[c.ID] = append(byID[c.ID], c)
	}
	in := " IN (" + marks(2, len(args)-1) + ")"
	return t.Query(`
		SELECT g.company_id, 'tag' AS kind, t.id, t.name, t.created_at AS number, g.applied_at AS at
			FROM company_tags g JOIN tags t ON t.workspace = $1 AND t.id = g.tag_id WHERE g.workspace = $1 AND g.company_id`+in+`
		UNION ALL
		SELECT company_id, 'note', id, NULL, total, rank FROM (
			SELECT company_id, id, count(*) OVER (PARTITION BY company_id) AS total,
				row_number() OVER (PARTITION BY company_id ORDER BY created_at DESC, id DESC) AS rank
			FROM notes WHERE workspace = $1 AND company_id`+in+`
		) AS ranked WHERE rank <= `+strconv.Itoa(people.MaxFirstIDs)+`
		ORDER BY kind, at, id`, args, func(r sqlengine.Row) error {
		for _, c := range byID[r.Text(0)] {
			if r.Text(1) == "tag" {
				c.Tags = append(c.Tags, &people.Tag{Workspace: ws, ID: r.Int(2), Name: r.Text(3), CreatedAt: r.Int(4)})
				continue
			}
			c.Notes.First, c.Notes.Total = append(c.Notes.First, strconv.FormatInt(r.Int(2), 10)), int(r.Int(4))
		}
		return nil
	})
}

// company returns the first company that meets a condition with one argument; nil for none.
func (t *tx) company(ws workspace.ID, where, key string) (*people.Company, error) {
	if t.lock {
		found, err := keys(t, lockCompany+where+sqlengine.ForUpdate, string(ws), key)
		if err != nil || len(found) == 0 {
			return nil, err
		}
	}
	all, err := t.companies(ws, selectCompany+where, string(ws), key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// keys runs a query for one column of text.
func keys(on sqlengine.Session, sql string, args ...any) ([]string, error) {
	return sqlengine.List(on, sql, args, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
}

const (
	companyByID        = "AND c.id = $2"
	companyByCompanyID = "AND c.company_id = $2"
	companyByName      = "AND c.name_key = $2 ORDER BY c.created_at, c.id LIMIT 1"
)

func (t *tx) Company(ws workspace.ID, id string) (*people.Company, error) {
	return t.company(ws, companyByID, id)
}

func (t *tx) CompanyByCompanyID(ws workspace.ID, companyID string) (*people.Company, error) {
	return t.company(ws, companyByCompanyID, companyID)
}

func (t *tx) CompanyByName(ws workspace.ID, name string) (*people.Company, error) {
	return t.company(ws, companyByName, people.CompanyNameKey(name))
}

// peopled is the condition of the companies that lists show. It has the words of its index.
const peopled = "AND c.user_count > 0 "

// whereCompanies begins a query with the condition of a filter.
func whereCompanies(ws workspace.ID, f people.CompanyFilter) (sql searchSQL, where string) {
	sql, where = newSearchSQL(ws), peopled
	if f.TagID != 0 {
		where += "AND c.id IN (SELECT company_id FROM company_tags WHERE workspace = $1 AND tag_id = " + sql.Arg(f.TagID) + ") "
	}
	return sql, where
}

func (t *tx) Companies(ws workspace.ID, f people.CompanyFilter, page workspace.Page) ([]*people.Company, error) {
	sql, where := whereCompanies(ws, f)
	order := "ORDER BY c.last_request_at DESC, c.created_at DESC, c.id DESC"
	if f.OldestFirst {
		order = "ORDER BY c.last_request_at, c.created_at, c.id"
	}
	if f.Condition != nil {
		return t.pageOfMatching(ws, f.Condition, page, sql, where+order)
	}
	limit := " LIMIT " + strconv.Itoa(page.Size) + " OFFSET " + strconv.FormatInt(page.Offset(), 10)
	return t.companies(ws, selectCompany+where+order+limit, sql.Args...)
}

func (t *tx) CountCompanies(ws workspace.ID, f people.CompanyFilter) (n int, err error) {
	sql, where := whereCompanies(ws, f)
	if f.Condition != nil {
		err = t.matchingCompanies(ws, f.Condition, sql, where, func(*people.Company) error {
			n++
			return nil
		})
		return n, err
	}
	count, err := sqlengine.Number(t, "SELECT count(*) FROM companies c WHERE c.workspace = $1 "+where, sql.Args)
	return int(count), err
}

var companiesAfter = selectCompany + "AND (c.created_at, c.id) > ($2, $3) AND c.created_at <= $4 " + peopled + "ORDER BY c.created_at, c.id LIMIT "

func (t *tx) CompaniesAfter(ws workspace.ID, after string, until int64, limit int) ([]*people.Company, error) {
	from, err := t.placeIn("companies", ws, after)
	if err != nil {
		return nil, err
	}
	return t.companies(ws, companiesAfter+strconv.Itoa(limit), string(ws), from.createdAt, from.id, until)
}

func (t *tx) PlanByName(ws workspace.ID, name string) (*people.CompanyPlan, error) {
	return sqlengine.One(t, `SELECT id, name FROM plans WHERE workspace = $1 AND name = $2`, []any{string(ws), name}, func(r sqlengine.Row) (*people.CompanyPlan, error) {
		return &people.CompanyPlan{ID: r.Int(0), Name: r.Text(1)}, nil
	})
}

func (t *tx) InsertPlan(ws workspace.ID, p *people.CompanyPlan) error {
	return t.Exec(`INSERT INTO plans (workspace, id, name) VALUES ($1, $2, $3)`, []any{string(ws), p.ID, p.Name})
}

func (t *tx) InsertCompany(c *people.Company) error {
	columns, args := []string{"workspace", "name_key"}, []any{string(c.Workspace), sqlengine.OrNil(people.CompanyNameKey(c.Name))}
	for i := range people.CompanyFields {
		columns, args = append(columns, people.CompanyFields[i].Name), append(args, companyColumn(i, c))
	}
	return t.Exec("INSERT INTO companies ("+strings.Join(columns, ", ")+") VALUES ("+marks(1, len(args))+")", args)
}

// unchanging are the fields that no update writes. Only attaching and detaching a person changes the number of users.
var unchanging = []string{"id", "company_id", "created_at", "user_count"}

func (t *tx) UpdateCompany(c *people.Company) error {
	sql, args := "UPDATE companies SET name_key = $3", []any{string(c.Workspace), c.ID, sqlengine.OrNil(people.CompanyNameKey(c.Name))}
	for i := range people.CompanyFields {
		if name := people.CompanyFields[i].Name; !slices.Contains(unchanging, name) {
			args = append(args, companyColumn(i, c))
			sql += ", " + name + " = $" + strconv.Itoa(len(args))
		}
	}
	return t.Exec(sql+" WHERE workspace = $1 AND id = $2", args)
}

// companyColumn returns the argument that stores a field. A field that is counted or sorted by is stored even when it
// is zero.
func companyColumn(i int, c *people.Company) any {
	switch people.CompanyFields[i].Name {
	case "user_count", "last_request_at":
		return people.CompanyFields[i].Value(c).Int()
	}
	return column(&people.CompanyFields[i], c)
}

// companyParts are the tables whose rows belong to a company, by its id.
var companyParts = []string{"company_tags", "notes", "person_companies"}

func (t *tx) DeleteCompany(ws workspace.ID, id string) error {
	args := []any{string(ws), id}
	for _, table := range companyParts {
		if err := t.Exec("DELETE FROM "+table+" WHERE workspace = $1 AND company_id = $2", args); err != nil {
			return err
		}
	}
	return t.Exec("DELETE FROM companies WHERE workspace = $1 AND id = $2", args)
}

func (t *tx) CompanyScroll(ws workspace.ID) (*people.CompanyScroll, error) {
	sql := `SELECT param, shown, opened_at, used_at FROM company_scrolls WHERE workspace = $1`
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws)}, func(r sqlengine.Row) (*people.CompanyScroll, error) {
		return &people.CompanyScroll{Workspace: ws, Param: r.Text(0), Shown: r.Text(1), OpenedAt: r.Int(2), UsedAt: r.Int(3)}, nil
	})
}

func (t *tx) InsertCompanyScroll(s *people.CompanyScroll) error {
	return t.Exec(`INSERT INTO company_scrolls (workspace, param, shown, opened_at, used_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(s.Workspace), s.Param, s.Shown, s.OpenedAt, s.UsedAt})
}

func (t *tx) UpdateCompanyScroll(s *people.CompanyScroll) error {
	return t.Exec(`UPDATE company_scrolls SET shown = $2, used_at = $3 WHERE workspace = $1`, []any{string(s.Workspace), s.Shown, s.UsedAt})
}

func (t *tx) DeleteCompanyScroll(ws workspace.ID) error {
	return t.Exec(`DELETE FROM company_scrolls WHERE workspace = $1`, []any{string(ws)})
}
