package deliver

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// told is an entry of the outbox with what its subscribers are told.
type told struct {
	*workspace.OutboxEntry
	notifications []wire.FeedNotification
	// about is the person whose data the items have; "" for none. key is what is kept in order by: one life, or one company.
	about, key string
	// others are further persons whose data the items have.
	others []string
}

// shape says how items are written.
type shape struct {
	version apiversion.Version
	// base begins the URLs of pictures: scheme and host, without a slash at the end.
	base string
}

// tell returns what the subscribers are told of an entry, in the order in which it is sent. It is nothing when the records
// that the entry names are gone, except for the topics that say so.
func (s shape) tell(e *workspace.OutboxEntry, has *records) told {
	t := told{OutboxEntry: e, key: e.SubjectID}
	p := has.people[e.PersonID]
	if p != nil {
		t.about, t.key = p.ID, p.ID
		if p.MergedInto != "" {
			t.key = p.MergedInto
		}
	}
	add := func(topic string, item wire.Shape) {
		t.notifications = append(t.notifications, wire.FeedNotification{Topic: topic, Item: item.AppendJSON(nil)})
	}
	if isOfConversation(e.Topic) {
		s.tellConversation(&t, has, add)
		return t
	}
	switch e.Topic {
	case people.ContactDeleted:
		t.key = e.PersonID
		gone := &people.Person{Workspace: e.Workspace, ID: e.PersonID}
		add(webhook.ContactDeleted, wire.NewContactState(gone, "deleted", true, s.version))
		return t
	case people.CompanyCreated, people.CompanyUpdated, people.CompanyDeleted:
		s.tellCompany(e, has, add)
		return t
	case people.NoteCreated:
		if note := has.notes[e.SubjectID]; note != nil {
			add(webhook.NoteCreated, wire.NewNote(note, s.version))
		}
		return t
	}
	if p == nil {
		return t
	}
	contact := wire.NewContact(p, s.version)
	switch e.Topic {
	case people.VisitorConverted, people.ContactConverted, people.ContactMerged, people.ChangeUndone:
		if change := has.changes[e.SubjectID]; change != nil {
			s.tellChange(change, p, contact, add)
		}
	case people.CompanyContactAttached, people.CompanyContactDetached:
		topic := webhook.CompanyAttached
		if e.Topic == people.CompanyContactDetached {
			topic = webhook.CompanyDetached
		}
		if company := has.companies[e.SubjectID]; company != nil && p.Role.IsContact() {
			add(topic, wire.ContactCompany{Company: wire.NewCompany(company, s.version), Contact: contact, CreatedAt: e.CreatedAt})
		}
	case people.EventCreated:
		if event := has.events[e.SubjectID]; event != nil {
			add(webhook.EventCreated, wire.Event{Event: event, Person: p})
		}
	case people.ContactTagCreated, people.ContactTagDeleted:
		if tag := has.tag(e); tag != nil {
			add(tagTopics[e.Topic].of(e, p), wire.ContactTag{Tag: *tag, Contact: contact, CreatedAt: e.CreatedAt})
		}
	case people.ContactSubscribed, people.ContactUnsubscribed:
		topic := webhook.ContactSubscribed
		if e.Topic == people.ContactUnsubscribed {
			topic = webhook.ContactUnsubscribed
		}
		if kind := has.subscriptions[e.SubjectID]; kind != nil {
			add(topic, wire.SubscribedContact{Contact: contact, Types: wire.SubscriptionList{kind}})
		} else if e.SubjectID == "" { // from all that is sent by email
			add(topic, wire.SubscribedContact{Contact: contact})
		}
	case people.ContactEmailAdded, people.ContactEmailUpdated:
		if e.Topic == people.ContactEmailAdded && roleOf(e, p) == people.Lead {
			add(webhook.LeadAddedEmail, contact)
		}
		add(webhook.ContactEmailUpdated, contact)
	default:
		if topic := contactTopics[e.Topic].of(e, p); topic != "" {
			add(topic, contact)
		}
	}
	return t
}

// topics are the topics of one kind of change: for users and for leads.
type topics struct{ user, lead string }

func (t topics) of(e *workspace.OutboxEntry, p *people.Person) string {
	if roleOf(e, p) == people.Lead {
		return t.lead
	}
	return t.user
}

// roleOf returns the role that a person had when the entry was written, or has by now where the entry does not tell.
func roleOf(e *workspace.OutboxEntry, p *people.Person) people.Role {
	if e.Role != "" {
		return people.Role(e.Role)
	}
	return p.Role
}

var contactTopics = map[workspace.Topic]topics{
	people.ContactCreated:    {webhook.UserCreated, webhook.LeadCreated},
	people.ContactUpdated:    {webhook.UserUpdated, webhook.LeadUpdated},
	people.ContactArchived:   {webhook.ContactArchived, webhook.ContactArchived},
	people.ContactUnarchived: {webhook.ContactUnarchived, webhook.ContactUnarchived},
	people.ContactBlocked:    {webhook.ContactBlocked, webhook.ContactBlocked},
}

var tagTopics = map[workspace.Topic]topics{
	people.ContactTagCreated: {webhook.UserTagCreated, webhook.LeadTagCreated},
	people.ContactTagDeleted: {webhook.UserTagDeleted, webhook.LeadTagDeleted},
}

func (s shape) tellCompany(e *workspace.OutboxEntry, has *records, add func(string, wire.Shape)) {
	if e.Topic == people.CompanyDeleted {
		gone := &people.Company{ID: e.SubjectID}
		if image, is := e.Image.(*people.Company); is {
			gone = image
		}
		add(webhook.CompanyDeleted, wire.GoneCompany{Company: gone})
		return
	}
	topic := webhook.CompanyCreated
	if e.Topic == people.CompanyUpdated {
		topic = webhook.CompanyUpdated
	}
	if company := has.companies[e.SubjectID]; company != nil {
		add(topic, wire.NewCompany(company, s.version))
	}
}

// tellChange tells of an identity change: p is the person who is left, and contact the view of it.
func (s shape) tellChange(c *people.Change, p *people.Person, contact *wire.Contact, add func(string, wire.Shape)) {
	own := webhook.PersonConverted
	switch {
	case c.Kind == people.ChangeReverted:
		own = webhook.ChangeUndone
		if p.Role.IsContact() {
			add(topics{webhook.UserUpdated, webhook.LeadUpdated}.of(&workspace.OutboxEntry{}, p), contact)
		}
	case c.From == people.Visitor:
		isMerge := c.Kind == people.ChangeMerged
		if isMerge {
			own = webhook.PersonMerged
		}
		switch {
		case isMerge && c.To == people.Lead:
			add(webhook.LeadUpdated, contact)
		case c.To == people.Lead:
			add(webhook.LeadCreated, contact)
		case isMerge:
			add(webhook.VisitorSignedUp, wire.Visitor{Person: c.Subject, Base: s.base})
			add(webhook.UserUpdated, contact)
		default:
			add(webhook.VisitorSignedUp, wire.Visitor{Person: c.Subject, Base: s.base})
			add(webhook.UserCreated, contact)
		}
	case c.Kind == people.ChangeMerged:
		own = webhook.PersonMerged
		add(webhook.ContactMerged, wire.MergedContact{Contact: contact, From: c.SubjectID})
	default:
		add(webhook.LeadSignedUp, contact)
	}
	if c.Survivor != nil && c.Result.Email != c.Survivor.Email || c.Survivor == nil && c.From == people.Lead && c.Result.Email != c.Subject.Email {
		add(webhook.ContactEmailUpdated, contact)
	}
	add(own, wire.IdentityChange{Change: c})
}
