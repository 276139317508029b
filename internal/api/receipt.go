package api

import (
	"lobby/internal/inbox"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// POST /lobby/v1/receipts
func (a *API) acceptReceipts(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	var all []inbox.Receipt
	given := in.Objects("receipts")
	for _, one := range given.Or(nil) {
		r := inbox.Receipt{
			ID: one.ID("id").Or(""), Kind: inbox.ReceiptKind(one.Text("type").Or("")), At: one.Time("created_at").Or(0),
			Contact: inbox.ContactRef{ID: one.ID("contact_id").Or(""), UserID: one.ID("external_id").Or(""), Email: one.Text("email").Or("")},
		}
		if r.Contact.IsZero() {
			one.Fail("contact_id", "parameter_not_found", "is a required parameter, unless external_id or email is there")
		}
		all = append(all, r)
	}
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !given.Present():
		return nil, required("receipts")
	case len(all) > inbox.MaxReceipts:
		return nil, &workspace.InvalidError{Field: "receipts", Reason: "must be at most 500"}
	}
	accepted, err := a.inbox.AcceptReceipts(c.r.Context(), c.caller(), all)
	return wire.AcceptedReceipts{Accepted: accepted}, err
}
