package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lobby/internal/workspace"
)

// ReceiptKind says what became of mail to a contact.
type ReceiptKind string

// The kinds of receipts.
const (
	Delivered    ReceiptKind = "delivered"
	Opened       ReceiptKind = "opened"
	Clicked      ReceiptKind = "clicked"
	Bounced      ReceiptKind = "bounced"    // for good: the address does not work
	Complained   ReceiptKind = "complained" // the contact called it spam
	Unsubscribed ReceiptKind = "unsubscribed"
)

// ReceiptKinds are all kinds.
var ReceiptKinds = []ReceiptKind{Delivered, Opened, Clicked, Bounced, Complained, Unsubscribed}

// Receipt is what a provider of mail reports about mail to a contact.
type Receipt struct {
	// ID is the provider's id of the report. What has the same id is the same report.
	ID      string
	Kind    ReceiptKind
	Contact ContactRef
	At      int64 // Unix seconds; 0 for now
}

// ReceiptWriter remembers receipts.
type ReceiptWriter interface {
	// InsertReceipt reports false when the workspace has a receipt of that id already. The Contact has an ID.
	InsertReceipt(ws workspace.ID, r Receipt, at int64) (bool, error)
	// DeleteReceipts deletes at most limit receipts that came before a Unix second, and returns their number.
	DeleteReceipts(ws workspace.ID, before int64, limit int) (int, error)
}

// Accepted is what became of receipts.
type Accepted struct {
	// Accepted were new, and Repeated came before.
	Accepted, Repeated int
	// Unknown are the ids of those about nobody who is there.
	Unknown []string
}

// MaxReceipts is how many receipts may come at once.
const MaxReceipts = 500

// AcceptReceipts changes contacts by receipts, all or none. Errors: workspace.InvalidError.
func (in *Inbox) AcceptReceipts(ctx context.Context, c workspace.Caller, all []Receipt) (Accepted, error) {
	for i, r := range all {
		if err := in.checkReceipt(fmt.Sprintf("receipts.%d.", i), r); err != nil {
			return Accepted{}, err
		}
	}
	return write(ctx, in, func(w Writer) (done Accepted, err error) {
		for _, r := range all {
			contactID, err := in.reported(w, c, r.Contact)
			switch {
			case err != nil:
				return done, err
			case contactID == "":
				done.Unknown = append(done.Unknown, r.ID)
				continue
			}
			r.Contact.ID = contactID
			if r.At == 0 {
				r.At = in.Unix()
			}
			isNew, err := w.InsertReceipt(c.Workspace, r, in.Unix())
			switch {
			case err != nil:
				return done, err
			case !isNew:
				done.Repeated++
				continue
			}
			done.Accepted++
			if err := in.Contacts.Received(w, c, contactID, r.Kind, r.At); err != nil {
				return done, err
			}
		}
		return done, nil
	})
}

// reported returns the id of the contact that a receipt is about; "" for nobody. One that is named by its id may be archived.
func (in *Inbox) reported(w Writer, c workspace.Caller, ref ContactRef) (string, error) {
	if ref.ID != "" {
		today, err := w.Unlocked().ContactsByID(c.Workspace, []string{ref.ID})
		if err != nil || today[ref.ID] == nil {
			return "", err
		}
		return today[ref.ID].ID, nil
	}
	contact, err := in.Contacts.Find(w.Unlocked(), c, ref)
	if err != nil {
		if errors.Is(err, ErrContactUnknown) {
			err = nil
		}
		return "", err
	}
	return contact.ID, nil
}

func (in *Inbox) checkReceipt(path string, r Receipt) error {
	switch {
	case r.ID == "":
		return workspace.Invalid(path+"id", "is blank")
	case !slices.Contains(ReceiptKinds, r.Kind):
		return workspace.Invalid(path+"type", "must be delivered, opened, clicked, bounced, complained or unsubscribed")
	case r.At > in.Unix()+maxFuture:
		return workspace.Invalid(path+"created_at", "must not be in the future")
	}
	return checkLength(path+"id", r.ID)
}

const (
	// receiptLife is how long a receipt is known again, in seconds.
	receiptLife = 30 * 24 * 60 * 60
	// sweepBatch is the max number of rows that one transaction deletes.
	sweepBatch = 500
)

// SweepReceipts deletes the receipts of a workspace that are too old to come again, and returns their number.
func (in *Inbox) SweepReceipts(ctx context.Context, ws workspace.ID) (total int, err error) {
	for {
		n, err := write(ctx, in, func(w Writer) (int, error) { return w.DeleteReceipts(ws, in.Unix()-receiptLife, sweepBatch) })
		if total += n; err != nil || n < sweepBatch {
			return total, err
		}
	}
}
