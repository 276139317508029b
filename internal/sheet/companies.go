package sheet

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func (a *pages) companies() []Route {
	write := account.Role.MayWrite
	return []Route{
		{"GET", "companies", nil, show("companies", a.listCompanies)},
		{"POST", "companies", write, act("companies", a.createCompany, a.listCompanies)},
		{"GET", "companies/{id}", nil, show("companies", a.oneCompany)},
		{"POST", "companies/{id}", write, act("companies", a.changeCompany, a.oneCompany)},
		{"POST", "companies/{id}/people", write, act("companies", a.moveCompany, a.oneCompany)},
		{"POST", "companies/{id}/tags", write, act("companies", a.tagCompany, a.oneCompany)},
		{"POST", "companies/{id}/delete", write, act("companies", a.deleteCompany, a.oneCompany)},
	}
}

func (a *pages) listCompanies(r *Request) (*Page, error) {
	asked, text := r.URL.Query(), strings.TrimSpace(r.URL.Query().Get("q"))
	page := &Page{Title: "Companies", Parts: []*Part{{Search: &Input{Name: "q", Label: "Name or your id", Value: text}}}}
	q, err := a.companyQuery(r, page, text)
	if err != nil {
		return nil, err
	}
	after, err := display.ReadCursor(asked.Get("after"))
	if err != nil {
		return nil, err
	}
	found, err := a.lobby.SearchCompanies(r.Context(), r.Caller, people.SearchOrder{Query: q, After: after, Limit: display.ListSize, Rules: search.Rules{DaysAgo: true}})
	if refused, is := errors.AsType[*search.Error](err); is {
		found, err, page.Intro = &search.Page[*people.Company]{}, nil, display.Sentence(refused.Reason)
	}
	if err != nil {
		return nil, err
	}
	t := &Table{Label: "Companies", Heads: []string{"Company", "Your id", "People", "Plan", "Last seen", "Since"}, Empty: &display.Message{
		Title: "No company", Text: "A company is listed when somebody belongs to it: your site says so, or you do on its page. One without people is found by your id of it.",
	}}
	for _, c := range found.Found {
		t.Rows = append(t.Rows, r.companyRow(c))
	}
	if c, err := a.lobby.FindCompanyByCompanyID(r.Context(), r.Caller, text); err == nil && c.UserCount == 0 { // which no search finds
		t.Rows = append(t.Rows, r.companyRow(c))
		found.Total++
	}
	asked.Del("after")
	asked.Del("done")
	if after != nil {
		t.First = "?" + asked.Encode()
	}
	if found.Next != nil {
		asked.Set("after", display.CursorText(found.Next))
		t.Next = "?" + asked.Encode()
	}
	page.Count, page.Parts[0].Table = display.CountedAs(found.Total, "company", "companies"), t
	if r.Role.MayWrite() {
		page.Parts = append(page.Parts, &Part{Heading: "Make a company", Forms: []*Form{{
			Path: "companies", Button: "Make it", Fields: []*Input{{Name: "name", Label: "Name"}, {Name: "company_id", Label: "Your id of it", Required: true, Hint: "It stays for good."}},
		}}})
	}
	return page, nil
}

// companyQuery is the search that the address of a list says.
func (a *pages) companyQuery(r *Request, page *Page, text string) (q search.Query, err error) {
	q.Combine = search.And
	add := func(combine search.Combination, all ...search.Query) {
		q.Queries = append(q.Queries, search.Query{Combine: combine, Queries: all})
	}
	is := func(field string, op search.Operator, text string) search.Query {
		return search.Query{Field: field, Operator: op, Values: []search.Value{search.TextValue(text)}}
	}
	if text != "" {
		add(search.Or, is("name", search.Contains, text), is("company_id", search.Equal, text))
	}
	if tag := r.URL.Query().Get("tag"); tag != "" {
		add(search.And, is("tag_id", search.Equal, tag))
	}
	id := r.URL.Query().Get("segment")
	if id == "" {
		return q, nil
	}
	s, err := a.lobby.FindSegment(r.Context(), r.Caller, id)
	if err != nil {
		return q, err
	}
	page.Intro = "Those in the segment " + s.Name + "."
	return s.Query, nil
}

func (r *Request) companyRow(c *people.Company) []display.Value {
	row := []display.Value{
		r.link(cmp.Or(c.Name, c.CompanyID), "companies/"+c.ID), said(c.CompanyID), said(display.Grouped(int(c.UserCount))),
		{},
		{Time: r.moment(c.LastRequestAt)},
		{Time: r.moment(cmp.Or(c.RemoteCreatedAt, c.CreatedAt))},
	}
	if c.Plan != nil {
		row[3] = said(c.Plan.Name)
	}
	return row
}

func (a *pages) oneCompany(r *Request) (*Page, error) {
	c, err := a.lobby.FindCompany(r.Context(), r.Caller, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	row := r.companyRow(c)
	about := &Part{Facts: []display.Fact{
		{Label: "Your id", Value: row[1]},
		{Label: "Plan", Value: row[3]},
		{Label: "Website", Value: said(c.Website)},
		{Label: "Industry", Value: said(c.Industry)},
		{Label: "Employees", Value: said(orBlank(c.Size))},
		{Label: "Monthly spend", Value: said(orBlank(c.MonthlySpend))},
		{Label: "Sessions", Value: said(orBlank(c.SessionCount))},
		{Label: "Last seen", Value: row[4]},
		{Label: "Since", Value: row[5]},
		{Label: "Lobby's id", Value: said(c.ID)},
	}}
	defined, err := a.attributesOfCompanies(r)
	if err != nil {
		return nil, err
	}
	about.Facts = append(about.Facts, r.attributeFacts(c, defined)...)
	for _, t := range c.Tags {
		about.Facts = append(about.Facts, display.Fact{Label: "Tag", Value: r.link(t.Name, "tags/"+numbered(t.ID))})
	}
	for _, s := range c.Segments {
		about.Facts = append(about.Facts, display.Fact{Label: "Segment", Value: r.link(s.Name, "segments/"+s.ID)})
	}
	members, err := a.membersOfCompany(r, c)
	if err != nil {
		return nil, err
	}
	page := &Page{
		Title: cmp.Or(c.Name, c.CompanyID), Crumb: &display.Step{Path: "companies", Word: "Companies"}, Count: display.CountedAs(int(c.UserCount), "person", "people"), Parts: []*Part{about, members},
	}
	if r.Role.MayWrite() {
		page.Parts = append(page.Parts, companyForms(c, r.attributeInputs(c, defined))...)
	}
	return page, nil
}

// membersOfCompany lists the people of a company.
func (a *pages) membersOfCompany(r *Request, c *people.Company) (*Part, error) {
	before := r.URL.Query().Get("before")
	found, err := a.lobby.ContactsOfCompany(r.Context(), r.Caller, c.ID, before, display.ListSize)
	if err != nil {
		return nil, err
	}
	t := &Table{Label: "People", Heads: []string{"Name", "Email", "Is", "Last seen"}, Empty: &display.Message{
		Title: "Nobody yet", Text: "Lists show a company when somebody belongs to it. Add somebody below.",
	}}
	for _, p := range found.Contacts {
		t.Rows = append(t.Rows, []display.Value{r.link(NameOf(p), "people/"+p.ID), said(p.Email), said(strings.ToLower(RoleWords[p.Role])), {Time: r.moment(p.LastSeenAt)}})
	}
	if before != "" {
		t.First = "?"
	}
	if n := len(found.Contacts); found.More() && n > 0 {
		t.Next = "?before=" + url.QueryEscape(workspace.ListPlace(found.Contacts[n-1].ID, found.Contacts[n-1].CreatedAt))
	}
	return &Part{Heading: "People", Table: t}, nil
}

// companyForms change a company. The fields of its custom attributes come last.
func companyForms(c *people.Company, custom []*Input) []*Part {
	path := "companies/" + c.ID
	move := func(to, heading, button, act string, field Input) *Form {
		field.Required = true
		return &Form{Path: path + to, Heading: heading, Button: button, Fields: []*Input{&field, {Name: "act", Kind: "hidden", Value: act}}}
	}
	person := Input{Name: "person", Label: "An id of that person: Lobby's, yours, or the browser's"}
	plan := ""
	if c.Plan != nil {
		plan = c.Plan.Name
	}
	return []*Part{
		{Heading: "People and tags", Forms: []*Form{
			move("/people", "Add somebody", "Add", "add", person), move("/people", "Take somebody out", "Take out", "remove", person),
			move("/tags", "Put a tag on", "Put it on", "add", Input{Name: "name", Label: "Tag"}), move("/tags", "Take a tag off", "Take it off", "remove", Input{Name: "name", Label: "Tag"}),
		}},
		{Heading: "Change", Forms: []*Form{{Path: path, Button: "Save", Fields: append([]*Input{
			{Name: "name", Label: "Name", Value: c.Name},
			{Name: "plan", Label: "Plan", Value: plan},
			{Name: "website", Label: "Website", Value: c.Website},
			{Name: "industry", Label: "Industry", Value: c.Industry},
			{Name: "size", Label: "Employees", Kind: "number", Value: orBlank(c.Size)},
			{Name: "monthly_spend", Label: "Monthly spend", Kind: "number", Value: orBlank(c.MonthlySpend)},
		}, custom...)}}},
		{Forms: []*Form{{Path: path + "/delete", Button: "Delete the company", Warning: "The company goes with its tags and notes, and " +
			display.CountedAs(int(c.UserCount), "person leaves it and stays", "people leave it and stay") + ". This cannot be undone."}}},
	}
}

// orBlank writes a number; nothing for 0, which is unknown.
func orBlank(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (a *pages) createCompany(r *Request) (string, error) {
	id, name := r.sent("company_id"), r.sent("name")
	if id == "" {
		return "", workspace.Invalid("company_id", "is blank")
	}
	switch _, err := a.lobby.FindCompanyByCompanyID(r.Context(), r.Caller, id); {
	case err == nil:
		return "", workspace.Invalid("company_id", "is that of a company already")
	case !errors.Is(err, people.ErrCompanyNotFound):
		return "", err
	}
	c, err := a.lobby.SaveCompany(r.Context(), r.Caller, id, people.CompanyUpdate{Name: &name})
	if err != nil {
		return "", err
	}
	return "companies/" + c.ID + "?done=made", nil
}

func (a *pages) changeCompany(r *Request) (string, error) {
	name, plan, website, industry := r.sent("name"), r.sent("plan"), r.sent("website"), r.sent("industry")
	update := people.CompanyUpdate{Name: &name, Plan: &plan, Website: &website, Industry: &industry}
	for field, to := range map[string]**int64{"size": &update.Size, "monthly_spend": &update.MonthlySpend} {
		n, err := strconv.ParseInt(cmp.Or(r.sent(field), "0"), 10, 64)
		if err != nil {
			return "", workspace.Invalid(field, "must be a whole number")
		}
		*to = &n
	}
	c, err := a.lobby.FindCompany(r.Context(), r.Caller, r.PathValue("id"))
	if err != nil {
		return "", err
	}
	defined, err := a.attributesOfCompanies(r)
	if err != nil {
		return "", err
	}
	if update.CustomAttributes, err = r.sentAttributes(c, defined); err != nil {
		return "", err
	}
	return r.backToCompany(a.lobby.UpdateCompany(r.Context(), r.Caller, c.ID, update))
}

func (r *Request) backToCompany(c *people.Company, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return "companies/" + c.ID + "?done=saved", nil
}

// moveCompany puts somebody into a company or takes them out.
func (a *pages) moveCompany(r *Request) (string, error) {
	p, err := a.lobby.Resolve(r.Context(), r.Caller, r.sent("person"))
	if err != nil {
		return "", err
	}
	move := a.lobby.AttachCompany
	if r.sent("act") == "remove" {
		move = a.lobby.DetachCompany
	}
	return r.backToCompany(move(r.Context(), r.Caller, TargetOf(p), r.PathValue("id")))
}

func (a *pages) tagCompany(r *Request) (string, error) {
	c, err := a.lobby.FindCompany(r.Context(), r.Caller, r.PathValue("id"))
	if err != nil {
		return "", err
	}
	_, err = a.lobby.ApplyTagging(r.Context(), r.Caller, people.Tagging{
		Name: r.sent("name"), Companies: []people.CompanyTarget{{ID: c.ID, Untag: r.sent("act") == "remove"}},
	})
	return r.backToCompany(c, err)
}

func (a *pages) deleteCompany(r *Request) (string, error) {
	_, err := a.lobby.DeleteCompany(r.Context(), r.Caller, r.PathValue("id"))
	return "companies?done=deleted", err
}
