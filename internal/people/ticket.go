package people

// Ticket lets a browser stay the user that its site has proven it to be, for a while, on pages that name nobody. Only a
// hash of its text is kept.
type Ticket struct {
	Workspace WorkspaceID
	Hash      string
	PersonID  string
	// DeviceID is the browser that it was given to: it is worth nothing in another.
	DeviceID string
	// Life is how many seconds it lasts after it was last used.
	Life      int64
	ExpiresAt int64
}

// LongestTicket is the life of a ticket, in seconds, unless a shorter one is asked for.
const LongestTicket = 7 * 24 * 60 * 60

// ticketText is how many letters a ticket has, worth over 128 bits.
const ticketText = 26

// ticketOf answers the ticket that a text is in the hands of a device, or nil when it is none, or not any more.
func (l *Lobby) ticketOf(r Reader, ws WorkspaceID, text, device string) (*Ticket, error) {
	if text == "" || device == "" {
		return nil, nil
	}
	t, err := r.Ticket(ws, HashToken(text))
	if err != nil || t == nil || t.DeviceID != device || t.ExpiresAt <= l.now() {
		return nil, err
	}
	return t, nil
}

// holderOf answers the user that a ticket is for, or nil when that is nobody who could be signed in.
func holderOf(r Reader, t *Ticket) (*Person, error) {
	p, err := r.Person(t.Workspace, t.PersonID)
	if err == nil && p != nil {
		p, err = follow(r, p)
	}
	if err != nil || p == nil || p.Role != User || p.State != Active || p.Unverified {
		return nil, err
	}
	return p, nil
}

// renew answers the ticket by which a browser stays a user: the one that it has, or a new one in place of it. A browser
// that cannot be told from others gets none.
func (l *Lobby) renew(w Writer, s *SignIn, user *Person) (string, error) {
	if s.Ends {
		return "", w.DeleteTicket(user.Workspace, HashToken(s.Ticket))
	}
	held, err := l.ticketOf(w, user.Workspace, s.Ticket, s.Device)
	if err != nil || s.Device == "" {
		return "", err
	}
	life := int64(LongestTicket)
	if s.TicketLife > 0 {
		life = min(life, s.TicketLife)
	}
	if held != nil {
		whose, err := holderOf(w, held)
		if err != nil {
			return "", err
		}
		if whose != nil && whose.ID == user.ID && held.Life == life {
			if left := held.ExpiresAt - l.now(); left > life-life/8 {
				return s.Ticket, nil
			}
			return s.Ticket, w.ExtendTicket(user.Workspace, held.Hash, l.now()+life)
		}
		if err := w.DeleteTicket(user.Workspace, held.Hash); err != nil {
			return "", err
		}
	}
	text := l.Secret(ticketText)
	return text, w.InsertTicket(&Ticket{
		Workspace: user.Workspace, Hash: HashToken(text), PersonID: user.ID, DeviceID: s.Device, Life: life, ExpiresAt: l.now() + life,
	})
}
