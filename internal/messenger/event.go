package messenger

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// maxTold is how many events or page views one request may tell of apart from a ping.
const maxTold = 20

// events takes what a person did from whoever tells it in a request of its own, as Intercom's messenger and programs do:
// one event, or a list of them. Our script puts them into its pings.
func (m *messenger) events(w http.ResponseWriter, r *http.Request) error {
	return m.tell(w, r, http.StatusAccepted, "events", func(c *call) string {
		if list := c.form.Get("events"); list != "" {
			return list
		}
		event := map[string]any{"event_name": c.form.Get("event_name")}
		if at, err := strconv.ParseInt(c.form.Get("created_at"), 10, 64); err == nil {
			event["created_at"] = at
		}
		if metadata := c.form.Get("metadata"); json.Valid([]byte(metadata)) {
			event["metadata"] = json.RawMessage(metadata)
		} else if metadata != "" {
			event["metadata"] = metadata // which is complained about
		}
		list, _ := json.Marshal([]any{event}) // plain values and what was just found valid
		return string(list)
	})
}

// pageViews is events for the pages that a person saw.
func (m *messenger) pageViews(w http.ResponseWriter, r *http.Request) error {
	return m.tell(w, r, http.StatusNoContent, "page_views", func(c *call) string { return c.form.Get("page_views") })
}

// tell listens to deeds that came under another name, and answers no more than that they came.
func (m *messenger) tell(w http.ResponseWriter, r *http.Request, status int, name string, deeds func(*call) string) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	list := deeds(c)
	var all []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(list), &all); err != nil || len(all) > maxTold {
		return invalid(name + " is not a JSON list of at most 20 objects")
	}
	c.form.Set("deeds", list)
	answer, err := m.listen(w, r, c)
	if err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return &refusal{http.StatusBadRequest, answer.Errors[0].Code, answer.Errors[0].Message}
	}
	w.WriteHeader(status)
	return nil
}
