package wire

import (
	"slices"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// mergeHistory writes a list of merges as a member.
func mergeHistory(o *jsonio.Writer, name string, all []people.Merge) {
	o.OpenList(name)
	for _, m := range all {
		o.Item()
		o.Text("type", "merge_history")
		o.Text("source_contact_id", m.ContactID)
		o.Text("source_contact_role", string(m.Role))
		o.Int("merged_at", m.At)
		o.Close()
	}
	o.CloseList()
}

// MergeHistory is one page of the contacts that were merged into another.
type MergeHistory struct {
	Merges []people.Merge
	More   bool
}

// AppendJSON appends the page. The cursor of the next page is the id of the last merge's journal entry.
func (h MergeHistory) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	mergeHistory(&o, "data", h.Merges)
	if h.More {
		o.Text("next_cursor", h.Merges[len(h.Merges)-1].ChangeID)
	} else {
		o.Null("next_cursor")
	}
	o.Bool("has_more", h.More)
	return o.End()
}

// Preview is what an identity change would do, in the shape of the newest preview of a merge.
type Preview struct {
	// Plan is nil for a change that would be refused.
	Plan *people.Plan
	// From and Into are the numbers of the conversations of the two people before the change.
	From, Into int
	// Code and Message are the error of a change that would be refused.
	Code, Message string
}

// AppendJSON appends the preview. A change that has been made already has no outcomes.
func (v Preview) AppendJSON(buf []byte) []byte {
	if v.Plan == nil {
		return v.refusal(buf)
	}
	change := v.Plan.Change
	var outcomes []people.Outcome
	from, into := &none, &none
	if v.Plan.Decision != people.DecidedRepeated {
		outcomes, from = slices.DeleteFunc(slices.Clone(change.Outcomes), isCounted), linksOf(change.Subject)
		into = linksOf(change.Survivor)
	}
	o := jsonio.Begin(buf)
	o.Bool("allowed", true)
	o.Open("summary")
	o.Open("attribute_changes")
	outcomesOf(&o, "attributes", change, outcomes)
	o.Int("total_count", int64(len(outcomes)))
	o.Close()
	o.Open("reassignments")
	for _, kind := range [...]struct {
		name       string
		from, into int
	}{
		{"conversations", v.From, v.Into},
		{"tickets", 0, 0},
		{"phone_calls", 0, 0},
		{"tags", from.Tags.Total, into.Tags.Total},
		{"notes", from.Notes.Total, into.Notes.Total},
	} {
		o.Open(kind.name)
		o.Int("from", int64(kind.from))
		o.Int("into", int64(kind.into))
		o.Close()
	}
	o.Close()
	o.Close()
	return o.End()
}

// isCounted reports whether a preview counts the records of the outcome instead of listing it.
func isCounted(o people.Outcome) bool { return o.Field == "tags" || o.Field == "notes" }

// linksOf returns the associations of a person, who may be nil; never nil.
func linksOf(p *people.Person) *people.Associations {
	if p == nil || p.Associations == nil {
		return &none
	}
	return p.Associations
}

func (v Preview) refusal(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Bool("allowed", false)
	o.OpenList("reasons")
	o.Item()
	o.Text("code", v.Code)
	o.Text("message", v.Message)
	o.Close()
	o.CloseList()
	return o.End()
}

func mergeSamples(apiversion.Version) []Shape {
	change, bare := journalSamples()
	return []Shape{
		MergeHistory{*full[[]people.Merge](), true},
		MergeHistory{},
		Preview{Plan: &people.Plan{Change: change}},
		Preview{Plan: &people.Plan{Change: bare}},
		Preview{Code: "*", Message: "*"},
	}
}
