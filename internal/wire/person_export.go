package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/traffic"
	"lobby/internal/workspace"
)

// PersonExport is all that a workspace has about a person.
type PersonExport struct {
	Person *people.Person
	// Absorbed are the records that were merged into the person.
	Absorbed      []*people.Person
	Companies     []*people.Company
	Tags          []*people.AppliedTag
	Notes         []*people.Note
	Segments      []*people.Segment
	Subscriptions []*people.SubscriptionType
	Events        []*people.Event
	Summaries     []*people.EventSummary
	PageViews     []*traffic.PageView
	Changes       []*people.Change
	// Conversations have what [inbox.Personal] leaves of them.
	Conversations []*inbox.Conversation
	// Messages are those to the person that no conversation shows.
	Messages []*inbox.Message
	Mails    []*inbox.Mail
	// Rest is what else is kept about the person.
	Rest []PersonRecord
	// Words says how the texts of conversations are written.
	Words Words

	Version apiversion.Version

	// anyFields adds members that stand for fields of every kind, in a sample.
	anyFields bool
}

// AppendJSON appends the export.
func (e PersonExport) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "person.export")
	o.Text("id", e.Person.ID)
	o.Texts("ids", e.ids())
	o.Name("fields")
	o.Buf = e.appendFields(o.Buf, e.Person)
	o.OpenList("absorbed")
	for _, p := range e.Absorbed {
		o.Next()
		o.Buf = e.appendFields(o.Buf, p)
	}
	o.CloseList()
	e.writeAttached(&o)
	e.writeDone(&o)
	o.OpenList("origins")
	for _, p := range append([]*people.Person{e.Person}, e.Absorbed...) {
		for field, s := range p.Origins.All() {
			o.Next()
			o.Buf = PersonOrigin{p.ID, field, workspace.Actor{Kind: s.Kind, ID: s.ID}, s.At}.AppendJSON(o.Buf)
		}
	}
	o.CloseList()
	o.OpenList("records")
	for _, r := range e.Rest {
		o.Next()
		o.Buf = r.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("history")
	for _, c := range e.Changes {
		o.Next()
		o.Buf = Change{c}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// writeAttached writes what hangs on the person.
func (e PersonExport) writeAttached(o *jsonio.Writer) {
	companies(o, "companies", e.Companies, e.Version)
	o.OpenList("tags")
	for _, t := range e.Tags {
		o.Next()
		o.Buf = AppliedTag{t}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("notes")
	for _, n := range e.Notes {
		o.Next()
		o.Buf = NewNote(n, e.Version).AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("segments")
	for _, s := range e.Segments {
		o.Next()
		o.Buf = Segment{Segment: s}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("subscriptions")
	for _, t := range e.Subscriptions {
		o.Next()
		o.Buf = Subscription{t}.AppendJSON(o.Buf)
	}
	o.CloseList()
}

// writeDone writes what the person did and was told.
func (e PersonExport) writeDone(o *jsonio.Writer) {
	o.OpenList("events")
	for _, event := range e.Events {
		writeEvent(o, event, e.Person)
	}
	o.CloseList()
	o.OpenList("page_views")
	for _, v := range e.PageViews {
		writePageView(o, v)
	}
	o.CloseList()
	o.OpenList("event_summaries")
	for _, s := range e.Summaries {
		writeSummary(o, s)
	}
	o.CloseList()
	o.OpenList("conversations")
	for _, c := range e.Conversations {
		o.Next()
		o.Buf = PersonConversation{c, e.Person.ID, e.Words}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("messages")
	for _, m := range e.Messages {
		o.Next()
		o.Buf = PersonMessage{m, e.Words}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.OpenList("emails")
	for _, m := range e.Mails {
		o.Next()
		o.Buf = PersonEmail{m}.AppendJSON(o.Buf)
	}
	o.CloseList()
}

// PersonRecord is a row about a person.
type PersonRecord struct {
	Kind   string
	Values []byte // a JSON object of plain values
}

// AppendJSON appends the record.
func (r PersonRecord) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "person.record")
	o.Text("kind", r.Kind)
	o.Raw("values", string(r.Values))
	return o.End()
}

// PersonOrigin says who wrote a field of a record, and when.
type PersonOrigin struct {
	RecordID, Field string
	By              workspace.Actor
	At              int64
}

// AppendJSON appends the origin.
func (p PersonOrigin) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "person.origin")
	o.Text("record_id", p.RecordID)
	o.Text("field", p.Field)
	o.Open("actor")
	o.TextOrNull("kind", p.By.Kind)
	o.TextOrNull("id", p.By.ID)
	o.Close()
	o.IntOrNull("written_at", p.At)
	return o.End()
}

// ids are all ids by which the person was ever known.
func (e PersonExport) ids() []string {
	var all []string
	seen := map[string]bool{"": true}
	add := func(p *people.Person) {
		if p == nil {
			return
		}
		for _, id := range []string{p.ID, p.AnonymousID, p.ExternalID} {
			if !seen[id] {
				seen[id] = true
				all = append(all, id)
			}
		}
	}
	add(e.Person)
	for _, p := range e.Absorbed {
		add(p)
	}
	for _, c := range e.Changes {
		add(c.Subject)
		add(c.Result)
	}
	return all
}

// appendFields appends the fields of a record that have a value.
func (e PersonExport) appendFields(buf []byte, p *people.Person) []byte {
	o := jsonio.Begin(buf)
	for i := range people.Fields {
		f := &people.Fields[i]
		switch {
		case f.IsBlank(p) || f.Name == "attached" || f.Name == "origins":
		case f.Attributes != nil:
			o.Attributes(f.Name, *f.Attributes(p))
		default:
			o.Name(f.Name)
			o.Buf = jsonio.AppendValue(o.Buf, f.Shown(p))
		}
	}
	if e.anyFields {
		o.Text("*text", "")
		o.Int("*number", 1)
		o.Bool("*flag", true)
		o.Attributes("*custom_attributes", nil)
	}
	return o.End()
}

// personExportSamples has the export of somebody about whom little is known: its parts have the shapes of their own nouns, and its
// fields the names of people.Fields.
func personExportSamples(v apiversion.Version) []Shape {
	p := barePerson(people.Visitor)
	p.ID, p.Role = "*", ""
	values := []byte(`{"*text":"*","*number":1,"*flag":true}`)
	origin := PersonOrigin{"*", "*", workspace.Actor{Kind: "*", ID: "*"}, 1}
	return []Shape{origin, PersonOrigin{RecordID: "*", Field: "*"}, PersonRecord{Kind: "*", Values: values}, PersonExport{Person: p, Version: v, anyFields: true}}
}
