package people

// Linked is one kind of what hangs on a person: the ids of the first few, and how many there are.
type Linked struct {
	First []string
	Total int
}

// MaxLinked is how many ids a [Linked] has at most.
const MaxLinked = 10

// Links is what hangs on a contact. Tags and companies come in the order in which they were attached, notes newest
// first.
type Links struct {
	Tags, Notes, Companies Linked
	// OptedOut and OptedIn are the subscription types that the contact chose to leave or to enter.
	OptedOut, OptedIn Linked
}

// link gives each person its links.
func link(r Reader, all ...*Person) error {
	var ids []string
	for _, p := range all {
		if p.Attached {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	links, err := r.Links(all[0].Workspace, ids)
	for _, p := range all {
		p.Links = links[p.ID]
	}
	return err
}

// attachTo prepares a person for something to hang on it.
func attachTo(w Writer, p *Person) error {
	if p.Attached {
		return nil
	}
	after := p.Clone()
	after.Attached = true
	return w.UpdatePerson(p, after)
}
