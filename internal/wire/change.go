package wire

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Change is one entry of the identity journal.
type Change struct{ Change *people.Change }

// AppendJSON appends the entry.
func (v Change) AppendJSON(buf []byte) []byte {
	c := v.Change
	o := jsonio.Begin(buf)
	o.Text("type", "change")
	o.Text("id", c.ID)
	o.Text("kind", string(c.Kind))
	o.Int("created_at", c.CreatedAt)
	o.Open("actor")
	o.TextOrNull("kind", c.Actor.Kind)
	o.TextOrNull("id", c.Actor.ID)
	o.Close()
	o.TextOrNull("request_id", c.RequestID)
	o.Open("from")
	o.Text("id", c.SubjectID)
	o.Text("role", string(c.From))
	o.Close()
	o.Open("into")
	o.Text("id", c.SurvivorID)
	o.Text("role", string(c.To))
	o.Close()
	o.TextOrNull("undoes", c.Undoes)
	o.Bool("undone", c.Undone)
	outcomesOf(&o, "outcomes", c, c.Outcomes)
	return o.End()
}

// ChangeList is one page of the journal, with the cursor of the next page.
type ChangeList struct {
	Changes []*people.Change
	PerPage int
	More    bool
}

// AppendJSON appends the page.
func (l ChangeList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, c := range l.Changes {
		o.Next()
		o.Buf = Change{c}.AppendJSON(o.Buf)
	}
	o.CloseList()
	next := ""
	if l.More {
		next = l.Changes[len(l.Changes)-1].ID
	}
	writePages(&o, l.PerPage, next)
	return o.End()
}

// outcomesOf writes the list of a change's outcomes, one for each field. Each has a verdict and three values: that of the
// subject, that of the survivor before the change, and that of the survivor after it. Tags and notes have no values. The
// value of companies is the ids of the first few, and only when the change holds its subject's associations.
func outcomesOf(o *jsonio.Writer, name string, c *people.Change, all []people.Outcome) {
	o.OpenList(name)
	for _, outcome := range all {
		o.Item()
		o.Text("field", outcome.Field)
		o.Text("outcome", string(outcome.Verdict))
		if outcome.Field == "companies" && c.Subject.Associations != nil {
			from, into := c.Subject.Associations.Companies.First, linksOf(c.Survivor).Companies.First
			o.Texts("from_value", from)
			o.Texts("into_value", into)
			both := slices.Clone(into)
			for _, id := range from {
				if !slices.Contains(into, id) {
					both = append(both, id)
				}
			}
			o.Texts("new_into_value", both)
		} else {
			writeField(o, "from_value", outcome.Field, c.Subject)
			writeField(o, "into_value", outcome.Field, c.Survivor)
			writeField(o, "new_into_value", outcome.Field, c.Result)
		}
		o.Close()
	}
	o.CloseList()
}

// fields are the fields of a person by name.
var fields = func() map[string]*people.Field {
	all := map[string]*people.Field{}
	for i := range people.Fields {
		all[people.Fields[i].Name] = &people.Fields[i]
	}
	return all
}()

// writeField writes the value of a person's field as a member. The field is given by its name in the journal. The value is
// null for a person who is nil and for an unknown field.
func writeField(o *jsonio.Writer, name, field string, p *people.Person) {
	if attribute, is := strings.CutPrefix(field, "custom_attributes."); is && p != nil {
		o.Name(name)
		o.Buf = jsonio.AppendValue(o.Buf, p.CustomAttributes[attribute])
		return
	}
	f := fields[field]
	if f == nil || p == nil {
		o.Null(name)
		return
	}
	o.Name(name)
	o.Buf = jsonio.AppendValue(o.Buf, f.Shown(p))
}

// journalSamples returns an entry with a field of each kind, and one with as little as possible.
func journalSamples() (*people.Change, *people.Change) {
	change, bare := full[people.Change](), new(people.Change)
	change.Subject, change.Survivor, change.Result = fullPerson(people.Lead), fullPerson(people.User), fullPerson(people.User)
	for _, field := range []string{"name", "signed_up_at", "unsubscribed_from_emails", "custom_attributes.*number", "companies"} {
		change.Outcomes = append(change.Outcomes, people.Outcome{Field: field, Verdict: people.Adopted})
	}
	bare.Subject, bare.Result = barePerson(people.Lead), barePerson(people.User)
	bare.Outcomes = []people.Outcome{{Field: "name", Verdict: people.Kept}}
	return change, bare
}

func changeSamples(apiversion.Version) []Shape {
	change, bare := journalSamples()
	return []Shape{
		Change{change},
		Change{bare},
		ChangeList{Changes: []*people.Change{change, bare}, More: true},
		ChangeList{},
	}
}
