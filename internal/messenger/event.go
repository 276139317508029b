package messenger

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"lobby/internal/people"
)

const (
	maxMetadata = 20           // keys
	maxEventAge = 24 * 60 * 60 // seconds; an older one tells of a wrong clock
)

// event stores what a person did. It may overtake the ping that tells of the person for the first time, and then brings
// the person itself.
func (m *messenger) event(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	if c.anonymousID == "" {
		return invalid("anonymous_id is missing")
	}
	e, err := m.eventOf(c)
	if err != nil {
		return err
	}
	if !c.browser.Bot {
		err = m.lobby.TrackEvent(r.Context(), c.caller, c.anonymousID, e)
	}
	if errors.Is(err, people.ErrPersonNotFound) {
		if _, err = m.lobby.Visit(r.Context(), c.caller, m.visitOf(c)); err == nil {
			err = m.lobby.TrackEvent(r.Context(), c.caller, c.anonymousID, e)
		}
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func (m *messenger) eventOf(c *call) (people.DataEvent, error) {
	e := people.DataEvent{Name: strings.ReplaceAll(strings.ToValidUTF8(c.form.Get("event_name"), ""), "\x00", "")}
	at, err := strconv.ParseInt(c.form.Get("created_at"), 10, 64)
	if err == nil && at > m.lobby.Now().Unix()-maxEventAge {
		e.CreatedAt = at
	}
	if text := c.form.Get("metadata"); text != "" {
		e.Metadata, err = metadata(text)
		return e, err
	}
	return e, nil
}

// metadata answers the object that a page hangs on an event, in one spelling. Keys that nothing could ask for are left
// out; deeper objects stay as they are.
func metadata(text string) (string, error) {
	var object map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil {
		return "", invalid("metadata is not a JSON object")
	}
	if len(object) > maxMetadata {
		return "", invalid("metadata may have at most 20 keys")
	}
	for key, v := range object {
		if !isName(key) {
			delete(object, key)
		} else if long, ok := v.(string); ok {
			object[key] = clean(long)
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
