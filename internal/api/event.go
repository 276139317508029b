package api

import (
	"net/http"
	"net/url"
	"strconv"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// eventsPage is how many events a page has when the request does not say.
const eventsPage = 15

// POST /events
func (a *API) createEvent(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	name, named := in.Text("event_name").Value()
	at, timed := in.Time("created_at").Value()
	of, event := contactIn(in), people.Event{Name: name, CreatedAt: at, Metadata: in.Metadata("metadata")}
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !named:
		return nil, notSpecified("event_name")
	case !timed:
		return nil, notSpecified("created_at")
	}
	c.status = http.StatusAccepted
	return nil, a.lobby.SubmitEvent(c.r.Context(), c.caller(), of, event)
}

// contactIn reads of whom the events in a body are.
func contactIn(in *jsonio.Object) people.UserRef {
	return people.UserRef{ID: in.ID("id").Or(""), UserID: in.ID("user_id").Or(""), Email: in.Text("email").Or("")}
}

// GET /events
func (a *API) listEvents(c *call) (encoder, error) {
	query := c.parameters()
	summary, perPage := query.bool("summary"), query.pageSize(eventsPage)
	span := people.EventSpan{Since: query.place("since"), Before: query.place("before")}
	if query.err != nil {
		return nil, query.err
	}
	of, err := contactAsked(query.values)
	if err != nil {
		return nil, err
	}
	if summary {
		contact, all, err := a.lobby.EventSummaries(c.r.Context(), c.caller(), of)
		return wire.EventSummaries{Contact: contact, Summaries: all}, err
	}
	page, err := a.lobby.Events(c.r.Context(), c.caller(), of, span, perPage)
	if err != nil {
		return nil, err
	}
	list := wire.EventList{Page: page}
	if n := len(page.Events); n > 0 {
		list.Since = a.eventsAt(c, query.values, "since", page.Events[0].Place+1)
		if page.More {
			list.Next = a.eventsAt(c, query.values, "before", page.Events[n-1].Place)
		}
	} else if span.Since > 0 {
		list.Since = a.eventsAt(c, query.values, "since", span.Since)
	}
	return list, nil
}

// GET /lobby/v1/people/{id}/events
func (a *API) listEventsOfPerson(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.pageSize(eventsPage), query.cursor()
	if query.err != nil {
		return nil, query.err
	}
	page, err := a.lobby.EventsOf(c.r.Context(), c.caller(), c.param("id"), after, perPage)
	if err != nil {
		return nil, err
	}
	return wire.PersonEvents{Page: page, PerPage: perPage}, nil
}

// contactAsked reads of whom a list of events is asked for: exactly one identifier has to say it.
func contactAsked(values parameters) (people.UserRef, error) {
	of := people.UserRef{ID: values.Get("intercom_user_id"), UserID: values.Get("user_id"), Email: values.Get("email")}
	named := 0
	for _, identifier := range []string{of.ID, of.UserID, of.Email} {
		if identifier != "" {
			named++
		}
	}
	switch kind := values.Get("type"); {
	case kind == "":
		return of, notSpecified("type")
	case kind != "user":
		return of, &workspace.InvalidError{Field: "type", Reason: "must be user"}
	case named > 1:
		return of, errContactTwice
	}
	return of, nil
}

// eventsAt is the address of the list that was asked for, from another place on. What is newer than all that was shown
// has no end.
func (a *API) eventsAt(c *call, asked parameters, bound string, place int64) string {
	query := url.Values{}
	for name, all := range asked.Values {
		if name != "before" {
			query[name] = all
		}
	}
	query.Set(bound, strconv.FormatInt(place, 10))
	return a.base(c) + "/events?" + query.Encode()
}

// POST /events/summaries
func (a *API) createEventSummaries(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	const list = "event_summaries"
	of := contactIn(in)
	var all []people.EventSummary
	for _, one := range in.OneOrMore(list) {
		name, named := one.Text("event_name").Value()
		count, counted := one.Int("count").Value()
		first, began := one.Time("first").Value()
		last, ended := one.Time("last").Value()
		for _, member := range []struct {
			name  string
			given bool
		}{{"event_name", named}, {"count", counted}, {"first", began}, {"last", ended}} {
			if !member.given && in.Err() == nil {
				return nil, notSpecified(list + "." + member.name)
			}
		}
		all = append(all, people.EventSummary{Name: name, Count: count, First: first, Last: last})
	}
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, notSpecified(list)
	}
	c.status = http.StatusOK
	return nil, a.lobby.SummarizeEvents(c.r.Context(), c.caller(), of, all)
}
