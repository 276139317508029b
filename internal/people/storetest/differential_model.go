package storetest

import (
	"slices"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// model is what is known of a workspace, in the simplest words.
type model struct {
	now    int64
	people map[string]*being
	known  []string // all ids there ever were, oldest first
	deeds  map[string]*deed
	order  []string // the ids of all entries about deeds
	notes  []string // whom each was meant for
	things []thing
}

// being is a person, or what is left of one that went into another.
type being struct {
	id       string
	role     people.Role
	state    people.State
	external string
	into     string
	// userID is what its browser holds, of who came as a visitor, and became what that ended as.
	userID string
	became people.Role
	// updated is when what is shown of it last changed.
	updated int64
}

// thing hangs on somebody.
type thing struct {
	kind string
	n    int64
	on   string
}

// deed is a change that may be taken back, and done again.
type deed struct {
	subject, survivor string
	before, after     being // of the subject
	made              bool  // a user of the survivor, who was a lead
	undone            bool
	led               []string // who went into the subject before, and leads to the survivor with it
	entries           []string
}

func (p *being) isLiveVisitor() bool { return p.role == people.Visitor && p.state == people.Active }

func (p *being) isLiveContact() bool { return p.role.IsContact() && p.state == people.Active }

// id answers one of the latest ids, or one that never was.
func (m *model) id(n int) string {
	if n %= len(m.known) + 1; n > 0 {
		return m.known[len(m.known)-n]
	}
	return "000000000000000000000000"
}

// choose answers whom a step is about. Every third is about anybody, the others about those who can do it.
func (m *model) choose(s *step) (id, other string) {
	id, other = m.id(s.Who), m.id(s.Other)
	if s.What%3 == 0 {
		return id, other
	}
	one := func(n int, role people.Role, otherwise string) string {
		var all []string
		for _, known := range m.known {
			if p := m.people[known]; p != nil && p.role == role && p.state == people.Active {
				all = append(all, known)
			}
		}
		if len(all) == 0 {
			return otherwise
		}
		return all[n%len(all)]
	}
	kind := map[string]string{"untag": "tag", "detach": "company", "unsubscribe": "type"}[s.Do]
	switch {
	case s.Do == "into" || s.Do == "to lead" || s.Do == "to user":
		return one(s.Who, people.Visitor, id), one(s.Other, people.User, other)
	case s.Do == "join":
		roles := [][2]people.Role{{people.User, people.User}, {people.Lead, people.Lead}, {people.Lead, people.User}, {people.Visitor, people.Lead}}[s.What%4]
		return one(s.Who, roles[0], id), one(s.Other, roles[1], other)
	case s.Do == "merge":
		return one(s.Who, people.Lead, id), one(s.Other, people.User, other)
	case kind != "":
		for _, t := range m.things {
			if p := m.people[t.on]; t.kind == kind && p != nil {
				s.What, id = int(t.n)-1, p.id
				if p.into != "" {
					return p.into, other
				}
			}
		}
	}
	return id, other
}

func (m *model) born(p *people.Person) {
	m.people[p.ID] = &being{id: p.ID, role: p.Role, external: p.ExternalID, userID: p.AnonymousID, updated: p.UpdatedAt}
	m.known = append(m.known, p.ID)
}

// contact answers who can be reached as a contact in one of the states.
func (m *model) contact(id string, states ...people.State) (*being, error) {
	p := m.people[id]
	switch {
	case p != nil && p.into != "":
		return nil, &people.MergedError{IntoID: p.into, Role: p.role}
	case p == nil || !p.role.IsContact() || !slices.Contains(states, p.state):
		return nil, people.ErrUserNotFound
	}
	return p, nil
}

// unique refuses an external id that another contact has, or one that it absorbed.
func (m *model) unique(id, external string) error {
	for _, known := range m.known {
		p := m.people[known]
		if p == nil || external == "" || p.external != external || p.id == id {
			continue
		}
		if p.into != "" {
			p = m.people[p.into]
		}
		if p.id != id {
			return p.inTheWay()
		}
	}
	return nil
}

func (p *being) inTheWay() error {
	if p.state == people.Blocked {
		return &people.BlockedError{ID: p.id}
	}
	return &people.ConflictError{ExistingID: p.id, Archived: p.state == people.Archived}
}

func (m *model) update(id, external string) error {
	p, err := m.contact(id, people.Active)
	if err == nil && p.external != external {
		err = m.unique(id, external)
	}
	if err == nil {
		p.external, p.updated = external, m.now
	}
	return err
}

func (m *model) move(id string, to people.State) error {
	p, err := m.contact(id, people.Active, people.Archived, people.Blocked)
	switch {
	case err != nil || p.state == to:
		return err
	case p.state == people.Blocked && to == people.Active:
		return &people.BlockedError{ID: id}
	case p.state == people.Blocked:
		return people.ErrUserNotFound
	}
	p.state, p.updated = to, m.now
	return nil
}

func (m *model) erase(id string) error {
	if p := m.people[id]; p != nil && p.into != "" && p.role.IsContact() {
		return nil // it is gone already, and who stayed stays
	}
	if _, err := m.contact(id, people.Active, people.Archived, people.Blocked); err != nil {
		return err
	}
	m.forget(id)
	return nil
}

func (m *model) eraseVisitor(id string) error {
	if p := m.people[id]; p == nil || !p.isLiveVisitor() {
		return people.ErrVisitorNotFound
	}
	m.forget(id)
	return nil
}

func (m *model) forget(id string) {
	gone := m.lives(id)
	m.things = slices.DeleteFunc(m.things, func(t thing) bool { return slices.Contains(gone, t.on) })
	for _, id := range gone {
		delete(m.people, id)
	}
}

// lives are a person and all that went into it.
func (m *model) lives(id string) []string {
	all := []string{id}
	for _, known := range m.known {
		if p := m.people[known]; p != nil && p.into == id {
			all = append(all, known)
		}
	}
	return all
}

// convert answers what a conversion changes, nil when it was done before.
func (m *model) convert(order people.ConvertRequest) (*deed, error) {
	visitor := m.people[order.Visitor.ID]
	if visitor == nil || visitor.userID == "" {
		return nil, people.ErrVisitorNotFound
	}
	if !visitor.isLiveVisitor() {
		return nil, m.repeated(visitor, order)
	}
	if order.To == people.Lead {
		return m.become(visitor, people.Lead, visitor.userID)
	}
	target, err := m.user(order.User)
	switch {
	case err != nil:
		return nil, err
	case target == nil:
		return m.become(visitor, people.User, order.User.UserID)
	}
	made := target.role == people.Lead
	target.role = people.User
	return m.absorb(visitor, target, people.User, made), nil
}

func (m *model) become(p *being, role people.Role, external string) (*deed, error) {
	if err := m.unique(p.id, external); err != nil {
		return nil, err
	}
	d := &deed{subject: p.id, before: *p}
	p.role, p.external, p.became, p.updated = role, external, role, m.now
	d.after = *p
	return d, nil
}

func (m *model) absorb(p, into *being, became people.Role, made bool) *deed {
	d := &deed{subject: p.id, survivor: into.id, before: *p, made: made}
	p.state, p.into, p.became = people.Merged, into.id, became
	into.updated = m.now
	for _, id := range m.lives(p.id)[1:] {
		d.led, m.people[id].into = append(d.led, id), into.id
	}
	d.after = *p
	return d
}

// repeated refuses to convert somebody again who became something else.
func (m *model) repeated(spent *being, order people.ConvertRequest) error {
	now := spent
	if spent.into != "" {
		now = m.people[spent.into]
	}
	if now == nil || !now.isLiveContact() || spent.became != order.To {
		return people.ErrVisitorNotFound
	}
	if order.To == people.Lead {
		return nil
	}
	meant, err := m.user(order.User)
	if err != nil || meant != now {
		return people.ErrVisitorNotFound
	}
	return nil
}

// user answers whom a reference means, nil for nobody yet.
func (m *model) user(ref people.UserRef) (*being, error) {
	var found *being
	if ref.ID != "" {
		if found = m.people[ref.ID]; found == nil || !found.role.IsContact() {
			return nil, people.ErrUserNotFound
		}
	} else {
		for _, known := range m.known {
			if p := m.people[known]; p != nil && p.role == people.User && p.external == ref.UserID {
				found = p
			}
		}
	}
	if found == nil {
		return nil, nil
	}
	if found.into != "" {
		found = m.people[found.into]
	}
	if found.state != people.Active {
		return nil, found.inTheWay()
	}
	return found, nil
}

func (m *model) merge(fromID, intoID string) (*deed, error) {
	from := m.people[fromID]
	if from == nil {
		return nil, people.ErrUserNotFound
	}
	into, err := m.contact(intoID, people.Active)
	if err != nil {
		return nil, err
	}
	if from.into == into.id && from.role.IsContact() {
		return nil, nil
	}
	if _, err := m.contact(fromID, people.Active); err != nil {
		return nil, err
	}
	if from.role != people.Lead || into.role != people.User {
		return nil, people.ErrMergeRoles
	}
	return m.absorb(from, into, from.became, false), nil
}

// join is a merge of duplicates: an id of somebody who was merged stands for the survivor.
func (m *model) join(fromID, intoID string) (*deed, error) {
	if fromID == intoID {
		return nil, workspace.Invalid("from", "names who is to stay")
	}
	from, into := m.today(fromID), m.today(intoID)
	switch {
	case from == nil || into == nil:
		return nil, people.ErrPersonNotFound
	case from == into && from.id == fromID:
		return nil, workspace.Invalid("from", "names "+fromID+", which is who stays by now")
	case from == into:
		return nil, nil
	case from.state != people.Active || into.state != people.Active:
		return nil, duplicate.ErrHidden
	case from.rank() > into.rank() || into.role == people.Visitor:
		return nil, &duplicate.RankError{ID: from.id, IntoID: into.id}
	}
	became := from.became
	if from.role == people.Visitor {
		became = into.role
	}
	return m.absorb(from, into, became, false), nil
}

// today answers to whom an id leads.
func (m *model) today(id string) *being {
	p := m.people[id]
	if p != nil && p.into != "" {
		p = m.people[p.into]
	}
	return p
}

// rank orders people by how much is known of who they are.
func (p *being) rank() int {
	switch {
	case p.role == people.Visitor:
		return 0
	case p.role == people.Lead:
		return 1
	case p.external == "":
		return 2
	}
	return 3
}

// turn takes a deed back, or does it again.
func (m *model) turn(d *deed) {
	p := m.people[d.subject]
	to := d.before
	if d.undone {
		to = d.after
	}
	p.role, p.state, p.into, p.became, p.updated = to.role, to.state, to.into, to.became, m.now
	if d.survivor != "" {
		m.people[d.survivor].updated = m.now
	}
	for _, id := range d.led {
		m.people[id].into = d.subject
		if d.undone {
			m.people[id].into = d.survivor
		}
	}
	if d.survivor == "" {
		p.external = to.external
	} else if d.made {
		m.people[d.survivor].role = people.Lead
		if d.undone {
			m.people[d.survivor].role = people.User
		}
	}
	d.undone = !d.undone
}

// holder refuses on whom nothing can hang.
func (m *model) holder(id string, h people.Target) error {
	if h.VisitorID != "" {
		return nil
	}
	_, err := m.contact(id, people.Active)
	return err
}

func (m *model) put(id string, h people.Target, kind string, n int64, unknown error) error {
	if err := m.holder(id, h); err != nil {
		return err
	}
	if n > 2 && unknown != nil {
		return unknown
	}
	if !m.has(id, kind, n) {
		m.things = append(m.things, thing{kind, n, id})
		m.people[id].updated = m.now
	}
	return nil
}

func (m *model) take(id string, h people.Target, kind string, n int64, unknown error) error {
	if err := m.holder(id, h); err != nil {
		return err
	}
	if !m.has(id, kind, n) {
		return unknown
	}
	lives := m.lives(id)
	m.people[id].updated = m.now
	m.things = slices.DeleteFunc(m.things, func(t thing) bool { return t.kind == kind && t.n == n && slices.Contains(lives, t.on) })
	return nil
}

func (m *model) has(id, kind string, n int64) bool {
	lives := m.lives(id)
	return slices.ContainsFunc(m.things, func(t thing) bool { return t.kind == kind && t.n == n && slices.Contains(lives, t.on) })
}

// count answers how many different things of a kind hang on a person.
func (m *model) count(id, kind string) int {
	lives, seen := m.lives(id), map[int64]bool{}
	for _, t := range m.things {
		if t.kind == kind && slices.Contains(lives, t.on) {
			seen[t.n] = true
		}
	}
	return len(seen)
}
