package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Duplicate is a set of people who may be one and the same.
type Duplicate struct {
	ID       string
	Size     int
	ActiveAt int64
	// People are the first of them; the first one is suggested to stay.
	People  []*people.Person
	Reasons []DuplicateReason
	// Distinctions are the pairs among them that are different.
	Distinctions []Distinction
}

// DuplicateReason is a value that several of them have.
type DuplicateReason struct {
	Field, Value string
	IDs          []string
}

// AppendJSON appends the set.
func (d Duplicate) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "duplicate")
	o.Text("id", d.ID)
	o.Int("size", int64(d.Size))
	o.Int("last_active_at", d.ActiveAt)
	suggested := ""
	if len(d.People) > 0 {
		suggested = d.People[0].ID
	}
	o.Text("suggested_id", suggested)
	o.OpenList("reasons")
	for _, r := range d.Reasons {
		o.Item()
		o.Text("field", r.Field)
		o.Text("value", r.Value)
		o.Texts("people", r.IDs)
		o.Close()
	}
	o.CloseList()
	o.OpenList("people")
	for _, p := range d.People {
		o.Next()
		o.Buf = appendBrief(o.Buf, p)
	}
	o.CloseList()
	o.OpenList("distinctions")
	for _, t := range d.Distinctions {
		o.Next()
		o.Buf = t.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// appendBrief appends what is shown of a person among others.
func appendBrief(buf []byte, p *people.Person) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "person")
	o.Text("id", p.ID)
	o.Text("role", string(p.Role))
	o.TextOrNull("external_id", p.ExternalID)
	o.TextOrNull("email", p.Email)
	o.TextOrNull("phone", p.Phone)
	o.TextOrNull("name", p.Name)
	o.Int("created_at", p.CreatedAt)
	o.IntOrNull("last_seen_at", p.LastSeenAt)
	return o.End()
}

// DuplicateList is one page of sets of people who may be one.
type DuplicateList struct {
	Duplicates     []Duplicate
	Total, PerPage int
	Next           string // the cursor of the next page; "" for none
}

// AppendJSON appends the page.
func (l DuplicateList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, d := range l.Duplicates {
		o.Next()
		o.Buf = d.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.Int("total_count", int64(l.Total))
	writePages(&o, l.PerPage, l.Next)
	return o.End()
}

// DuplicatePreview is what a merge of several people would do.
type DuplicatePreview struct {
	IntoID string
	// Previews are those of each merge, in order.
	Previews []Preview
	// Code and Message are the error of a merge that would be refused.
	Code, Message string
}

// AppendJSON appends the preview.
func (v DuplicatePreview) AppendJSON(buf []byte) []byte {
	if v.Code != "" {
		return Preview{Code: v.Code, Message: v.Message}.refusal(buf)
	}
	o := jsonio.Begin(buf)
	o.Bool("allowed", true)
	o.Text("into", v.IntoID)
	o.OpenList("merges")
	for _, p := range v.Previews {
		o.Item()
		o.Text("from", p.Plan.Change.Subject.ID)
		o.Name("preview")
		o.Buf = p.AppendJSON(o.Buf)
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// DuplicateMerge is a merge of several people.
type DuplicateMerge struct {
	Survivor *people.Person
	// Changes are the entries of the journal, in order.
	Changes []*people.Change
}

// AppendJSON appends the merge.
func (m DuplicateMerge) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "duplicate_merge")
	o.Name("survivor")
	o.Buf = appendBrief(o.Buf, m.Survivor)
	o.OpenList("changes")
	for _, c := range m.Changes {
		o.Next()
		o.Buf = Change{c}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// Distinction is a pair of people who are not the same.
type Distinction struct {
	People      [2]string
	AdminID, At int64
}

// AppendJSON appends the pair.
func (d Distinction) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "distinction")
	o.Texts("people", d.People[:])
	o.IntOrNull("admin_id", d.AdminID)
	o.Int("created_at", d.At)
	return o.End()
}

// DistinctionList is one page of such pairs.
type DistinctionList struct {
	Distinctions []Distinction
	PerPage      int
	Next         string // the cursor of the next page; "" for none
}

// AppendJSON appends the page.
func (l DistinctionList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, d := range l.Distinctions {
		o.Next()
		o.Buf = d.AppendJSON(o.Buf)
	}
	o.CloseList()
	writePages(&o, l.PerPage, l.Next)
	return o.End()
}

func duplicateSamples(apiversion.Version) []Shape {
	change, bare := journalSamples()
	d := Duplicate{
		ID: "*", Size: 1, ActiveAt: 1, People: []*people.Person{fullPerson(people.User), barePerson(people.Lead)},
		Reasons: []DuplicateReason{{"email", "*", []string{"*"}}}, Distinctions: []Distinction{{[2]string{"*", "*"}, 1, 1}, {}},
	}
	previews := []Preview{{Plan: &people.Plan{Change: change}}, {Plan: &people.Plan{Change: bare}}}
	return []Shape{
		d,
		Duplicate{},
		DuplicateList{Duplicates: []Duplicate{d}, Next: "*"},
		DuplicateList{},
		DuplicatePreview{IntoID: "*", Previews: previews},
		DuplicatePreview{IntoID: "*"},
		DuplicatePreview{Code: "*", Message: "*"},
		DuplicateMerge{Survivor: fullPerson(people.User), Changes: []*people.Change{change, bare}},
		DuplicateMerge{Survivor: barePerson(people.Lead)},
		d.Distinctions[0],
		Distinction{},
		DistinctionList{Distinctions: d.Distinctions, Next: "*"},
		DistinctionList{},
	}
}
