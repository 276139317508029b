package crash

import (
	"strconv"
	"sync"
)

// query is a part of a search.
type query = map[string]any

// settle looks for a life after a crash. All that was acknowledged must be there; what was not is there wholly or not at
// all, and asking again brings it about.
func (l *life) settle(s *server, users *sync.Map) error {
	if l.id == "" {
		if err := l.settleCreation(s); err != nil {
			return err
		}
	}
	found, err := s.call("GET", l.visitorPath(), nil)
	if err != nil {
		return err
	}
	switch {
	case l.contact != "" && found.status != 404:
		return wrong("%s is a visitor again (%d), though it has become %s", l.userID, found.status, l.contact)
	case !l.asked && found.status != 200:
		return wrong("the visitor %s is lost: %d", l.userID, found.status)
	}
	if found.status == 200 {
		if err := l.settleName(s, found); err != nil {
			return err
		}
	}
	if !l.asked {
		return nil
	}
	return l.settleConversion(s, users, found.status == 404)
}

// settleCreation asks again for a visitor that may be there.
func (l *life) settleCreation(s *server) error {
	found, err := s.call("GET", l.visitorPath(), nil)
	if err != nil {
		return err
	}
	created, err := l.create(s)
	if err != nil {
		return err
	}
	switch {
	case found.status == 404 && created.status == 200:
		l.id = created.ID
	case found.status == 200 && created.status == 409 && len(created.Errors) == 1 && created.Errors[0].ExistingID == found.ID:
		l.id = found.ID
	default:
		return wrong("the visitor %s is neither there nor not: GET answers %d, POST %d", l.userID, found.status, created.status)
	}
	return nil
}

// settleName checks the name of a visitor that is there, and gives it the last that was tried.
func (l *life) settleName(s *server, found person) error {
	if !l.isNamed(found) {
		return wrong("%s is called %q, counter %s, after %d acknowledged names out of %d",
			l.userID, found.Name, found.Custom.Counter, l.known, l.tried)
	}
	if found.ID != l.id {
		return wrong("%s has the id %s and had %s", l.userID, found.ID, l.id)
	}
	if l.known == l.tried {
		return nil
	}
	renamed, err := l.rename(s, l.tried)
	if err != nil {
		return err
	}
	if l.known = l.tried; renamed.status != 200 || !l.isNamed(renamed) {
		return wrong("renaming %s again: %d %q", l.userID, renamed.status, renamed.Name)
	}
	return nil
}

// isNamed says whether somebody has the last name acknowledged or one tried later, and the attribute of the same moment.
func (l *life) isNamed(p person) bool {
	n, err := strconv.Atoi(p.Custom.Counter.String())
	return err == nil && p.Name == name(n) && n >= l.known && n <= l.tried
}

// settleConversion asks for the conversion again, and for the contact by all ways that lead to it.
func (l *life) settleConversion(s *server, users *sync.Map, gone bool) error {
	again, err := l.convert(s)
	if err != nil {
		return err
	}
	if (again.identity == "repeated") != gone {
		return wrong("converting %s again is %q, while the visitor was gone: %v", l.userID, again.identity, gone)
	}
	if err := l.become(again, users); err != nil {
		return err
	}
	contact, err := s.call("GET", "/contacts/"+l.contact, nil)
	if err != nil {
		return err
	}
	role := "user"
	if l.fate == leads {
		role = "lead"
	}
	if contact.status != 200 || contact.ID != l.contact || contact.Role != role {
		return wrong("the contact of %s is %d %s %s", l.userID, contact.status, contact.Role, contact.ID)
	}
	if l.contact == l.id && !l.isNamed(contact) {
		return wrong("%s has lost its name: %q, counter %s", l.userID, contact.Name, contact.Custom.Counter)
	}
	for _, role := range []string{"lead", "user"} {
		found, err := s.call("POST", "/contacts/search", query{"query": query{"operator": "AND", "value": []query{
			{"field": "id", "operator": "=", "value": l.contact}, {"field": "role", "operator": "=", "value": role},
		}}})
		if err != nil {
			return err
		}
		if want := map[bool]int{true: 1}[role == contact.Role]; found.status != 200 || found.Total != want {
			return wrong("a search for %s among those of the role %s is %d and finds %d, not %d", l.contact, role, found.status, found.Total, want)
		}
	}
	for _, id := range []string{l.id, l.userID} {
		resolved, err := s.call("GET", "/lobby/v1/people/"+id, nil)
		if err != nil {
			return err
		}
		if resolved.status != 200 || resolved.ID != l.contact {
			return wrong("%s leads to %d %s, and %s has become %s", id, resolved.status, resolved.ID, l.userID, l.contact)
		}
	}
	return nil
}
