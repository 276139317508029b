package sheet

import (
	"net/url"
	"slices"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
)

func (a *pages) segments() noun {
	return noun{
		path: "segments", title: "Segments", counts: [2]string{"segment", "segments"}, heads: []string{"Segment", "Of", "Now in it", "Who meets this"},
		intro: "Nobody is put into a segment: whoever meets its condition is in it, and out again when that changes. To make one, search among the people.",
		write: account.Role.MayWrite, all: a.allSegments, change: a.renameSegment, remove: a.deleteSegment,
		empty: &display.Message{Title: "No segments", Text: "A segment is a search under a name.", Next: &display.Step{Path: "people", Word: "To the people"}},
	}
}

func (a *pages) allSegments(r *Request) (all []*record, err error) {
	segments, err := a.lobby.Segments(r.Context(), r.Caller, "")
	if err != nil {
		return nil, err
	}
	tags, err := a.lobby.Tags(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		each := &record{
			id: s.ID, name: s.Name, facts: []display.Fact{{Label: "Made", Value: display.Value{Time: r.moment(s.CreatedAt)}}, {Label: "Changed", Value: display.Value{Time: r.moment(s.UpdatedAt)}}},
			cells: func() ([]display.Value, error) {
				counted, err := a.lobby.FindSegment(r.Context(), r.Caller, s.ID, people.WithCounts)
				if err != nil {
					return nil, err
				}
				return []display.Value{said(membersOf(s)), inSegment(r, counted), said(r.queryInWords(&s.Query, tags))}, nil
			},
		}
		if !s.Fixed {
			each.forms = []*Part{
				changing("Rename", "", &Input{Name: "name", Label: "Name", Value: s.Name, Required: true}),
				deletion("Delete the segment", "The condition goes, and who met it stays. Programs that ask for the segment find nobody. This cannot be undone."),
			}
		}
		all = append(all, each)
	}
	return all, nil
}

// membersOf says of which records a segment is.
func membersOf(s *people.Segment) string {
	if s.Model() == people.CompanyModel {
		return "companies"
	}
	return strings.ToLower(RoleWords[s.Role]) + "s"
}

// inSegment is the number of those in a segment, which leads to their list.
func inSegment(r *Request, s *people.Segment) display.Value {
	list := "people?segment="
	if s.Model() == people.CompanyModel {
		list = "companies?segment="
	}
	return r.link(display.Grouped(*s.Count), list+url.QueryEscape(s.ID))
}

// queryInWords says a query in words.
func (r *Request) queryInWords(q *search.Query, tags []*people.Tag) string {
	if q.Combine != "" {
		all := make([]string, len(q.Queries))
		for i := range q.Queries {
			if all[i] = r.queryInWords(&q.Queries[i], tags); len(q.Queries[i].Queries) > 1 {
				all[i] = "(" + all[i] + ")"
			}
		}
		return strings.Join(all, " "+strings.ToLower(string(q.Combine))+" ")
	}
	var values []string
	for _, v := range q.Values {
		text := display.TextOf(v)
		if second, is := search.WholeNumber(v); is && second > 0 && strings.HasSuffix(q.Field, "_at") {
			text = r.moment(second).Short
		}
		if at := slices.IndexFunc(tags, func(t *people.Tag) bool { return numbered(t.ID) == text }); q.Field == "tag_id" && at >= 0 {
			text = tags[at].Name
		}
		values = append(values, text)
	}
	text := strings.Join(values, ", ")
	switch isLater := q.Operator == search.Greater || q.Operator == search.GreaterOrEqual; {
	case q.DaysAgo > 0 && isLater:
		return display.Label(q.Field) + " is within the last " + display.Counted(int(q.DaysAgo), "day")
	case q.DaysAgo > 0:
		return display.Label(q.Field) + " is more than " + display.Counted(int(q.DaysAgo), "day") + " ago"
	case text == "" && q.Operator == search.Equal:
		return display.Label(q.Field) + " is not known"
	case text == "" && q.Operator == search.NotEqual:
		return display.Label(q.Field) + " is known"
	}
	return display.Label(q.Field) + " " + operatorWords[q.Operator] + " " + text
}

// operatorWords are the operators of the search grammar in words.
var operatorWords = map[search.Operator]string{
	search.Equal: "is", search.NotEqual: "is not", search.In: "is one of", search.NotIn: "is none of", search.Less: "is less than",
	search.LessOrEqual: "is at most", search.Greater: "is more than", search.GreaterOrEqual: "is at least", search.Contains: "contains",
	search.ContainsNot: "does not contain", search.StartsWith: "starts with", search.EndsWith: "ends with",
}

func (a *pages) renameSegment(r *Request) (string, error) {
	name := r.sent("name")
	s, err := a.lobby.ChangeSegment(r.Context(), r.Caller, r.PathValue("id"), people.SegmentFields{Name: &name})
	if err != nil {
		return "", err
	}
	return "segments/" + s.ID + "?done=saved", nil
}

func (a *pages) deleteSegment(r *Request) (string, error) {
	_, err := a.lobby.DeleteSegment(r.Context(), r.Caller, r.PathValue("id"))
	return "segments?done=deleted", err
}
