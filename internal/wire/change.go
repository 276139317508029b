package wire

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"

	"lobby/internal/people"
)

// Change is one entry of the journal of identity.
type Change struct{ Change *people.Change }

// AppendJSON appends the entry.
func (v Change) AppendJSON(buf []byte) []byte {
	c := v.Change
	o := begin(buf)
	o.text("type", "change")
	o.text("id", c.ID)
	o.text("kind", string(c.Kind))
	o.int("created_at", c.CreatedAt)
	o.open("actor")
	o.textOrNull("kind", c.Actor.Kind)
	o.textOrNull("id", c.Actor.ID)
	o.close()
	o.textOrNull("request_id", c.RequestID)
	o.open("from")
	o.text("id", c.SubjectID)
	o.text("role", string(c.From))
	o.close()
	o.open("into")
	o.text("id", c.SurvivorID)
	o.text("role", string(c.To))
	o.close()
	o.textOrNull("undoes", c.Undoes)
	o.bool("undone", c.Undone)
	outcomesOf(&o, "outcomes", c, c.Outcomes)
	return o.end()
}

// ChangeList is one page of the journal, with the cursor of the next.
type ChangeList struct {
	Changes []*people.Change
	PerPage int
	More    bool
}

// AppendJSON appends the page.
func (l ChangeList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, c := range l.Changes {
		o.next()
		o.buf = Change{c}.AppendJSON(o.buf)
	}
	o.closeList()
	o.open("pages")
	o.text("type", "pages")
	o.int("per_page", int64(l.PerPage))
	if l.More {
		o.open("next")
		o.int("per_page", int64(l.PerPage))
		o.text("starting_after", l.Changes[len(l.Changes)-1].ID)
		o.close()
	} else {
		o.null("next")
	}
	o.close()
	return o.end()
}

// outcomesOf writes what a change made of each field: its verdict, and the values of who was changed, of who stayed, and
// of who stayed after it. Of what hangs on people only companies have values, the first few, and only before the change.
func outcomesOf(o *object, name string, c *people.Change, all []people.Outcome) {
	o.openList(name)
	for _, outcome := range all {
		o.item()
		o.text("field", outcome.Field)
		o.text("outcome", string(outcome.Verdict))
		if outcome.Field == "companies" && c.Subject.Links != nil {
			from, into := c.Subject.Links.Companies.First, linksOf(c.Survivor).Companies.First
			o.texts("from_value", from)
			o.texts("into_value", into)
			both := slices.Clone(into)
			for _, id := range from {
				if !slices.Contains(into, id) {
					both = append(both, id)
				}
			}
			o.texts("new_into_value", both)
		} else {
			writeField(o, "from_value", outcome.Field, c.Subject)
			writeField(o, "into_value", outcome.Field, c.Survivor)
			writeField(o, "new_into_value", outcome.Field, c.Result)
		}
		o.close()
	}
	o.closeList()
}

func (o *object) texts(name string, all []string) {
	o.openList(name)
	for _, text := range all {
		o.next()
		o.buf = appendText(o.buf, text)
	}
	o.closeList()
}

// fields are the fields of a person by their names.
var fields = func() map[string]*people.Field {
	all := map[string]*people.Field{}
	for i := range people.Fields {
		all[people.Fields[i].Name] = &people.Fields[i]
	}
	return all
}()

// writeField writes what a person has in a field, by the name that it has in the journal; null for nothing.
func writeField(o *object, name, field string, p *people.Person) {
	if attribute, is := strings.CutPrefix(field, "custom_attributes."); is && p != nil {
		o.name(name)
		o.buf = appendValue(o.buf, p.CustomAttributes[attribute])
		return
	}
	f := fields[field]
	if f == nil || p == nil {
		o.null(name)
		return
	}
	o.name(name)
	o.buf = appendValue(o.buf, f.Shown(p))
}

// journalSamples are an entry in which there is a field of each kind, and one of which nothing is known.
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
