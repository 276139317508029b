package messenger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"lobby/internal/visit"
	"lobby/internal/workspace"
)

const (
	maxPingEvents  = 50           // events and page views in one ping
	maxEvents      = 20           // and in one request of their own
	maxMetadata    = 20           // keys
	maxEventAge    = 24 * 60 * 60 // seconds; an older event tells of a wrong clock
	badPingEvents  = "deeds is not a JSON list of at most 50 objects"
	badOtherEvents = "%s is not a JSON list of at most 20 objects"
)

// events takes events in a request of their own, as Intercom's messenger and programs send them: one event, or a list of
// them. Our script puts them into its pings.
func (m *messenger) events(w http.ResponseWriter, r *http.Request) error {
	return m.acceptEvents(w, r, http.StatusAccepted, func(c *call) ([]settings, error) {
		if c.form.Has("events") && c.form.Get("events") != "" {
			return c.eventList("events")
		}
		event := settings{"event_name": c.form.Get("event_name"), "created_at": c.form.Get("created_at")}
		if text := c.form.Get("metadata"); text != "" {
			var metadata any
			if err := decodeJSON(text, &metadata); err != nil {
				metadata = text // which is refused, as no object
			}
			event["metadata"] = metadata
		}
		return []settings{event}, nil
	})
}

// pageViews takes page views in a request of their own.
func (m *messenger) pageViews(w http.ResponseWriter, r *http.Request) error {
	return m.acceptEvents(w, r, http.StatusNoContent, func(c *call) ([]settings, error) { return c.eventList("page_views") })
}

// acceptEvents handles a ping whose events come under another name, and returns no more than a status.
func (m *messenger) acceptEvents(w http.ResponseWriter, r *http.Request, status int, read func(*call) ([]settings, error)) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	if c.events, err = read(c); err != nil {
		return err
	}
	response, err := m.handlePing(w, r, c)
	if err != nil {
		return err
	}
	switch {
	case response.refused > 0:
		return &refusal{http.StatusBadRequest, response.Errors[0].Code, response.Errors[0].Message}
	case len(response.Errors) > 0: // stored, but not all of it
		writeJSON(w, http.StatusOK, map[string]any{"errors": response.Errors})
	default:
		w.WriteHeader(status)
	}
	return nil
}

// eventList reads the list of events that a request of their own has.
func (c *call) eventList(field string) ([]settings, error) {
	var list []settings
	if err := decodeJSON(c.form.Get(field), &list); err != nil || len(list) > maxEvents {
		return nil, invalid(fmt.Sprintf(badOtherEvents, field))
	}
	return list, nil
}

// pingEvents reads the list of events and page views that a ping has, oldest first.
func (c *call) pingEvents() ([]settings, error) {
	text := c.form.Get("deeds")
	if text == "" {
		return nil, nil
	}
	var list []settings
	if err := decodeJSON(text, &list); err != nil || len(list) > maxPingEvents {
		return nil, invalid(badPingEvents)
	}
	return list, nil
}

// sequence returns the number of an event in its session, and whether it has one.
func (s settings) sequence() (int64, bool) {
	n, ok := s["n"].(json.Number)
	return number(n.String()), ok
}

// isPageView reports whether an event is a page view, which is kept apart from events; see page_view.go.
func (s settings) isPageView() bool {
	_, has := s["url"]
	return has
}

// newEvents returns those of the events of a call that its session did not have yet, without the page views; last is the
// highest number of all.
func (c *call) newEvents(s *session, now int64) (events []visit.PingEvent, last int64) {
	last = s.event
	for _, event := range c.events {
		n, isNumbered := event.sequence()
		if isNumbered && n <= last {
			continue
		}
		last = max(last, n)
		if !event.isPageView() {
			e := c.event(event, now)
			if isNumbered {
				e.Number = n
			}
			events = append(events, e)
		}
	}
	return events, last
}

// event reads one event.
func (c *call) event(event settings, now int64) visit.PingEvent {
	var e visit.PingEvent
	e.Name = strings.ReplaceAll(strings.ToValidUTF8(event.text("event_name"), ""), "\x00", "")
	said := statement{event, "event " + e.Name + ": ", &c.told}
	if at := said.time("created_at"); at != nil {
		e.CreatedAt = *at + c.skew
		if e.CreatedAt <= now-maxEventAge || e.CreatedAt > now+maxRequestSeconds {
			said.leaveOut("created_at", "is in the future or more than a day ago, and is taken for now")
			e.CreatedAt = 0
		}
	}
	e.Metadata, e.Refusal = said.metadata()
	return e
}

// metadata returns the metadata of an event as JSON in one spelling. Keys that nothing could ask for are left out; deeper
// objects stay as they are.
func (s statement) metadata() (string, error) {
	v := s.settings["metadata"]
	object, ok := v.(map[string]any)
	if v != nil && !ok {
		return "", workspace.Invalid("metadata", "is not an object")
	}
	if len(object) > maxMetadata {
		return "", workspace.Invalid("metadata", "may have at most 20 keys")
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !isName(key) {
			s.leaveOut("metadata."+key, "is no name that a key can have")
			delete(object, key)
		} else if text, ok := object[key].(string); ok {
			object[key] = s.fit("metadata."+key, text)
		}
	}
	if len(object) == 0 {
		return "", nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(object)
	return strings.TrimSpace(out.String()), err
}
