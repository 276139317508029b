package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Company is a company in the shape of a version.
type Company struct {
	company *people.Company
	Notes   bool // says whether to write notes; set by the versions' changes
}

// NewCompany returns a company in the shape of version v.
func NewCompany(c *people.Company, v apiversion.Version) *Company {
	shown := &Company{company: c, Notes: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the company. The name is "" when unknown, and other unknown members are left out: clients with static
// types need both.
func (c *Company) AppendJSON(buf []byte) []byte {
	company := c.company
	o := jsonio.Begin(buf)
	o.Text("type", "company")
	o.Text("company_id", company.CompanyID)
	o.Text("id", company.ID)
	o.Text("app_id", string(company.Workspace))
	o.Text("name", company.Name)
	if company.RemoteCreatedAt == 0 {
		o.Int("remote_created_at", company.CreatedAt)
	} else {
		o.Int("remote_created_at", company.RemoteCreatedAt)
	}
	o.Int("created_at", company.CreatedAt)
	o.Int("updated_at", company.UpdatedAt)
	if company.LastRequestAt != 0 {
		o.Int("last_request_at", company.LastRequestAt)
	}
	o.Int("monthly_spend", company.MonthlySpend)
	o.Int("session_count", company.SessionCount)
	o.Int("user_count", company.UserCount)
	c.tags(&o)
	o.Name("segments")
	o.Buf = segmentsOf(company).AppendJSON(o.Buf)
	if c.Notes {
		linked(&o, "notes", "/companies/"+company.ID+"/notes", &company.Notes, "note", "/notes/")
	}
	o.Open("plan")
	if company.Plan != nil {
		o.Text("type", "plan")
		o.Text("id", strconv.FormatInt(company.Plan.ID, 10))
		o.Text("name", company.Plan.Name)
	}
	o.Close()
	o.Attributes("custom_attributes", company.CustomAttributes)
	if company.Size != 0 {
		o.Int("size", company.Size)
	}
	if company.Website != "" {
		o.Text("website", company.Website)
	}
	if company.Industry != "" {
		o.Text("industry", company.Industry)
	}
	return o.End()
}

func (c *Company) tags(o *jsonio.Writer) {
	o.Open("tags")
	o.Text("type", "tag.list")
	o.OpenList("tags")
	for _, tag := range c.company.Tags {
		o.Item()
		writeTag(o, tag)
		o.Close()
	}
	o.CloseList()
	o.Close()
}

// companies writes a list of companies as a member.
func companies(o *jsonio.Writer, name string, all []*people.Company, v apiversion.Version) {
	o.OpenList(name)
	for _, c := range all {
		o.Next()
		o.Buf = NewCompany(c, v).AppendJSON(o.Buf)
	}
	o.CloseList()
}

// CompanyList is one page of companies.
type CompanyList struct {
	Companies []*people.Company
	Pages     NumberedPages
	Version   apiversion.Version
	// Named says whether to write the list a second time, as the member companies. For a contact's companies, the examples
	// of the public API have data, and the Node client reads companies.
	Named bool
}

// AppendJSON appends the page.
func (l CompanyList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	companies(&o, "data", l.Companies, l.Version)
	if l.Named {
		companies(&o, "companies", l.Companies, l.Version)
	}
	l.Pages.write(&o)
	return o.End()
}

// CompanyScroll is one page of a scroll through all companies.
type CompanyScroll struct {
	Companies []*people.Company
	// Param is the scroll_param of the next page; "" for the empty page at the end.
	Param   string
	Version apiversion.Version
}

// AppendJSON appends the page. Only the empty page at the end has no scroll_param, because one client stops at a missing
// scroll_param, and another at an empty list.
func (s CompanyScroll) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	companies(&o, "data", s.Companies, s.Version)
	o.Null("pages")
	o.Null("total_count")
	if s.Param != "" {
		o.Text("scroll_param", s.Param)
	}
	return o.End()
}

// CompanyDeleted is the response to the deletion of a company.
type CompanyDeleted struct{ ID string }

// AppendJSON appends the company's id and the member deleted.
func (d CompanyDeleted) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("id", d.ID)
	o.Text("object", "company")
	o.Bool("deleted", true)
	return o.End()
}

// segmentsOf returns the segments that a company is in.
func segmentsOf(c *people.Company) SegmentList {
	list := make(SegmentList, len(c.Segments))
	for i, s := range c.Segments {
		list[i] = Segment{Segment: s}
	}
	return list
}

func companySamples(v apiversion.Version) []Shape {
	c, bare := full[people.Company](), new(people.Company)
	all := []*people.Company{c, bare}
	return []Shape{
		NewCompany(c, v), NewCompany(bare, v),
		CompanyDeleted{},
		CompanyList{Companies: all, Pages: pageSample, Version: v},
		CompanyList{Companies: all, Pages: lastPageSample, Version: v, Named: true},
		CompanyScroll{Companies: all, Param: "*", Version: v},
		CompanyScroll{Version: v},
	}
}
