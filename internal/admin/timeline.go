package admin

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"lobby/internal/people"
	"lobby/internal/profile"
)

// event is something that happened with a person: a verb, unless the name says it all, and the name of what it was about.
type event struct {
	Verb, Name, URL string
	At              *moment
	Metadata        []fact

	at int64
}

// consentWords say what a person has chosen about a subscription type.
var consentWords = map[people.Consent]string{people.OptOut: "left it", people.OptIn: "chose it"}

// maxMention is how much of a note the timeline shows, in bytes.
const maxMention = 120

// timeline returns what happened with a person, newest first: events, page views, notes, tags, and who became whom. It ends where
// one of these lists was cut off, since more of that may have happened before.
func (r *request) timeline(p *profile.Profile) (all []event) {
	since := int64(0)
	add := func(at int64, e event) {
		e.at, e.At = at, r.moment(at)
		all = append(all, e)
	}
	cutAt := func(n, most int, oldest func() int64) {
		if n == most && n > 0 {
			since = max(since, oldest())
		}
	}
	for _, e := range p.Events {
		add(e.CreatedAt, event{Name: e.Name, Metadata: metadata(e.Metadata)})
	}
	cutAt(len(p.Events), shownMax.Events, func() int64 { return p.Events[len(p.Events)-1].CreatedAt })
	for _, v := range p.PageViews {
		shown := event{Verb: "Looked at", Name: cmp.Or(v.Title, v.URL), URL: v.URL}
		if v.Referrer != "" {
			shown.Metadata = []fact{{Label: "came from", Value: value{Text: clipped(v.Referrer, 300)}}}
		}
		add(v.CreatedAt, shown)
	}
	cutAt(len(p.PageViews), shownMax.PageViews, func() int64 { return p.PageViews[len(p.PageViews)-1].CreatedAt })
	for _, n := range p.Notes {
		add(n.CreatedAt, event{Verb: "Note:", Name: clipped(plainText(n.Body), maxMention)})
	}
	cutAt(len(p.Notes), shownMax.Notes, func() int64 { return p.Notes[len(p.Notes)-1].CreatedAt })
	for _, c := range p.Changes {
		add(c.CreatedAt, event{Name: r.told(c, p)})
	}
	cutAt(len(p.Changes), shownMax.Changes, func() int64 { return p.Changes[len(p.Changes)-1].CreatedAt })
	for _, t := range p.Tags {
		add(t.AppliedAt, event{Verb: "Got the tag", Name: t.Name})
	}
	all = slices.DeleteFunc(all, func(e event) bool { return e.at < since })
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(b.at, a.at) })
	return all
}

// maxMetadata is how many members of an event's metadata are shown.
const maxMetadata = 12

// metadata returns the members of a JSON object, sorted by their names.
func metadata(text string) (all []fact) {
	members := map[string]any{}
	if text == "" || json.Unmarshal([]byte(text), &members) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		shown, isText := members[name].(string)
		if !isText {
			raw, _ := json.Marshal(members[name]) // it came from JSON
			shown = string(raw)
		}
		if len(all) == maxMetadata {
			break
		}
		all = append(all, fact{Label: name, Value: value{Text: clipped(shown, 300)}})
	}
	return all
}
