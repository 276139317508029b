package people

// FirstIDs is one kind of attachment of a person: the first few ids, and the number of all.
type FirstIDs struct {
	First []string
	Total int
}

// MaxFirstIDs is the max number of ids in a [FirstIDs].
const MaxFirstIDs = 10

// Associations is what is attached to a person, as far as its view shows it. Tags and companies come in the order in which they
// were attached, notes newest first.
type Associations struct {
	// Of a contact.
	Tags, Notes, Companies FirstIDs
	// OptedOut and OptedIn are the subscription types that the contact chose to leave or to enter.
	OptedOut, OptedIn FirstIDs

	// VisitorTags are all tags of a visitor: its view has their names.
	VisitorTags []*AppliedTag
	// VisitorCompanies are all companies of a visitor: its view has the full records.
	VisitorCompanies []*Company
}

// loadAssociations sets the links of each person.
func loadAssociations(r Reader, all ...*Person) error {
	var contacts, visitors []string
	for _, p := range all {
		switch {
		case !p.Attached:
		case p.IsLiveVisitor():
			visitors = append(visitors, p.ID)
		default:
			contacts = append(contacts, p.ID)
		}
	}
	links, carried, companies := map[string]*Associations{}, map[string][]*AppliedTag{}, map[string][]*Company{}
	var err error
	if len(contacts) > 0 {
		if links, err = r.Associations(all[0].Workspace, contacts); err != nil {
			return err
		}
	}
	if len(visitors) > 0 {
		if carried, err = r.PersonTags(all[0].Workspace, visitors); err != nil {
			return err
		}
		if companies, err = r.CompaniesOf(all[0].Workspace, visitors); err != nil {
			return err
		}
	}
	for _, p := range all {
		p.Associations = links[p.ID]
		if tags, belongs := carried[p.ID], companies[p.ID]; tags != nil || belongs != nil {
			p.Associations = &Associations{VisitorTags: tags, VisitorCompanies: belongs}
		}
	}
	return nil
}

// linkAsContacts is link for people shown as contacts, whatever their role.
func linkAsContacts(r Reader, all ...*Person) error {
	var ids []string
	for _, p := range all {
		if p.Attached {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	links, err := r.Associations(all[0].Workspace, ids)
	for _, p := range all {
		p.Associations = links[p.ID]
	}
	return err
}

// MarkUpdated marks p, and its stored record, as updated and as having attachments.
func (l *Lobby) MarkUpdated(w Writer, p *Person) error {
	before := p.Clone()
	p.Attached, p.UpdatedAt = true, l.Unix()
	return w.UpdatePerson(before, p)
}
