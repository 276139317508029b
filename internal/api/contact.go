package api

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
)

func (a *API) contact(c *call, p *people.Person, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewContact(p, c.version), nil
}

// contactState answers what was done with a contact.
func (a *API) contactState(c *call, p *people.Person, flag string, on bool, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewContactState(p, flag, on, c.version), nil
}

// GET /contacts/{id}
func (a *API) getContact(c *call) (encoder, error) {
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	p, err := a.lobby.FindContact(c.r.Context(), c.caller(), c.param("id"), extra...)
	return a.contact(c, p, err)
}

// GET /contacts/find_by_external_id/{external_id}
func (a *API) getContactByExternalID(c *call) (encoder, error) {
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	p, err := a.lobby.FindContactByExternalID(c.r.Context(), c.caller(), c.param("external_id"), extra...)
	return a.contact(c, p, err)
}

// GET /contacts
func (a *API) listContacts(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.perPage(), query.listCursor()
	if query.err != nil {
		return nil, query.err
	}
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	page, err := a.lobby.Contacts(c.r.Context(), c.caller(), after, perPage, extra...)
	if err != nil {
		return nil, err
	}
	return wire.ContactList{Page: page, PerPage: perPage, NullAtEnd: true, Version: c.version}, nil
}

// contactFields reads what a request writes to a contact. What it does not know is ignored.
func (c *call) contactFields() (people.ContactFields, error) {
	in, err := c.body()
	if err != nil {
		return people.ContactFields{}, err
	}
	fields := people.ContactFields{
		ExternalID: in.ID("external_id").Given(),
		Email:      in.Text("email").Given(),
		Phone:      in.Text("phone").Given(),
		Name:       in.Text("name").Given(),
		Avatar:     in.Picture("avatar").Given(),
		SignedUpAt: in.Time("signed_up_at").Given(),
		LastSeenAt: in.Time("last_seen_at").Given(),
		OwnerID:    in.Int("owner_id").Given(),

		UnsubscribedFromEmails: in.Bool("unsubscribed_from_emails").Given(),
		CustomAttributes:       in.Scalars("custom_attributes"),
	}
	if role := in.Text("role").Given(); role != nil {
		fields.Role = (*people.Role)(role)
	}
	if c.version.AtLeast(apiversion.Preview) {
		fields.LanguageOverride = in.Text("language_override").Given()
	}
	return fields, in.Err()
}

// POST /contacts
func (a *API) createContact(c *call) (encoder, error) {
	fields, err := c.contactFields()
	if err != nil {
		return nil, err
	}
	p, err := a.lobby.CreateContact(c.r.Context(), c.caller(), fields)
	return a.contact(c, p, err)
}

// PUT /contacts/{id}
func (a *API) updateContact(c *call) (encoder, error) {
	fields, err := c.contactFields()
	if err != nil {
		return nil, err
	}
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	p, changeID, err := a.lobby.UpdateContact(c.r.Context(), c.caller(), c.param("id"), fields, extra...)
	if changeID != "" && err == nil {
		c.decided(people.DecidedConverted, changeID)
	}
	return a.contact(c, p, err)
}

// DELETE /contacts/{id}
func (a *API) deleteContact(c *call) (encoder, error) {
	p, err := a.lobby.DeleteContact(c.r.Context(), c.caller(), c.param("id"))
	answer, err := a.contactState(c, p, "deleted", true, err)
	return a.erased(c, answer, err)
}

// POST /contacts/{id}/archive
func (a *API) archiveContact(c *call) (encoder, error) {
	p, err := a.lobby.ArchiveContact(c.r.Context(), c.caller(), c.param("id"))
	return a.contactState(c, p, "archived", true, err)
}

// POST /contacts/{id}/unarchive
func (a *API) unarchiveContact(c *call) (encoder, error) {
	p, err := a.lobby.UnarchiveContact(c.r.Context(), c.caller(), c.param("id"))
	return a.contactState(c, p, "archived", false, err)
}

// POST /contacts/{id}/block
func (a *API) blockContact(c *call) (encoder, error) {
	p, err := a.lobby.BlockContact(c.r.Context(), c.caller(), c.param("id"))
	return a.contactState(c, p, "blocked", true, err)
}
