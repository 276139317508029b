package messenger

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"lobby/internal/people"
)

const (
	maxDeeds    = 50
	maxMetadata = 20           // keys
	maxEventAge = 24 * 60 * 60 // seconds; an older one tells of a wrong clock
)

// hear stores what the person did and left besides the settings. What cannot be kept is left out and complained about:
// the page said more than that, and repeating it would not help.
func (m *messenger) hear(ctx context.Context, c *call, s *session, g *guest) ([]complaint, error) {
	deeds, err := c.deeds()
	if err != nil {
		return nil, err
	}
	var complaints []complaint
	note := func(err error) error {
		if refusal := refusalOf(err); err != nil && refusal.status < http.StatusInternalServerError {
			complaints = append(complaints, refusal.complaint())
			return nil
		}
		return err
	}
	if err := m.visitCompanies(ctx, c, g, note); err != nil {
		return nil, err
	}
	for _, deed := range deeds {
		place, isNumbered := deed.place()
		if isNumbered && place <= s.deed {
			continue
		}
		if _, isView := deed["url"]; !isView {
			// The script comes again with the rest.
			if err := m.gate.letEvent(c, g.key, m.lobby.Now()); err != nil {
				return nil, err
			}
			if err := note(m.deed(ctx, c, g, deed)); err != nil {
				return nil, err
			}
		}
		s.deed = max(s.deed, place)
	}
	if err := note(m.supply(ctx, c, g)); err != nil {
		return nil, err
	}
	if g.isUnproven {
		return nil, nil // what is wrong with an event depends on whether somebody is there to have it
	}
	return complaints, nil
}

// supply makes a lead of a visitor whose page tells an email address.
func (m *messenger) supply(ctx context.Context, c *call, g *guest) error {
	email := c.email
	if form := c.settings.text("supplied_email"); form != "" && (people.LeadFromEmail.On(c.workspace) || people.EmailForm.On(c.workspace)) {
		email = form
	}
	if email == "" || g.role == people.User {
		return nil
	}
	lead, err := m.lobby.SupplyEmail(ctx, c.caller, g.told.AnonymousID, email)
	if lead != nil {
		g.told.Role = lead.Role
	}
	return err
}

// deeds answers what the page says was done, oldest first.
func (c *call) deeds() ([]settings, error) {
	text := c.form.Get("deeds")
	if text == "" {
		return nil, nil
	}
	var deeds []settings
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&deeds); err != nil || len(deeds) > maxDeeds {
		return nil, invalid("deeds is not a JSON list of at most 50 objects")
	}
	return deeds, nil
}

// place answers where a deed stands in its session.
func (s settings) place() (int64, bool) {
	n, ok := s["n"].(json.Number)
	return number(n.String()), ok
}

// deed stores an event. A page view leaves no more than the ping that brings it: Lobby keeps no list of the pages that
// somebody saw.
func (m *messenger) deed(ctx context.Context, c *call, g *guest, deed settings) error {
	e := people.Event{Name: strings.ReplaceAll(strings.ToValidUTF8(deed.text("event_name"), ""), "\x00", "")}
	if at := number(deed.text("created_at")) + c.skew; at > m.lobby.Now().Unix()-maxEventAge {
		e.CreatedAt = at
	}
	var err error
	if e.Metadata, err = metadata(deed["metadata"]); err != nil {
		return err
	}
	switch {
	case g.userID != "":
		return m.lobby.TrackUserEvent(ctx, c.caller, g.userID, e)
	case g.isUnproven:
		return nil
	}
	return m.lobby.TrackEvent(ctx, c.caller, g.told.AnonymousID, e)
}

// metadata answers the object that a page hangs on an event, in one spelling. Keys that nothing could ask for are left
// out; deeper objects stay as they are.
func metadata(v any) (string, error) {
	object, ok := v.(map[string]any)
	if v != nil && !ok {
		return "", invalid("metadata is not an object")
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
