package workspace

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The errors of use cases on admins.
var (
	ErrAdminNotFound = errors.New("no such admin")
	ErrLastAdmin     = errors.New("the workspace has no other admin")
)

// Admin is a teammate of the workspace.
type Admin struct {
	Workspace ID
	ID        int64 // unique within the workspace and never reused; a string of decimal digits in JSON
	Name      string
	Email     string
	Away      Away
	// TeamIDs are the ids of the admin's teams, ascending. A store returns them but never writes them: [Team.AdminIDs] are
	// their source.
	TeamIDs   []int64
	CreatedAt int64
}

// Away is the away mode of an admin.
type Away struct {
	On bool
	// Reassign says that others get the admin's new conversations meanwhile.
	Reassign bool
	// ReasonID is the id of an [AwayReason]; 0 for none.
	ReasonID int64
}

// AdminUpdate is a change of an admin; nil keeps the value.
type AdminUpdate struct{ Name, Email *string }

// OwnerError says that an admin cannot be deleted, because a valid access token acts for it.
type OwnerError struct{ AdminID, TokenID string }

func (e *OwnerError) Error() string {
	return "the admin " + e.AdminID + " owns the access token " + e.TokenID
}

// Admins returns a workspace's admins, sorted by id.
func (g *Registry) Admins(ctx context.Context, c Caller) ([]*Admin, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*Admin, error) { return r.Admins(c.Workspace) })
}

// FindAdmin returns one admin. Errors: ErrAdminNotFound.
func (g *Registry) FindAdmin(ctx context.Context, c Caller, id int64) (*Admin, error) {
	return Read(ctx, g.Store, func(r Reader) (found *Admin, err error) {
		if found, err = r.Admin(c.Workspace, id); err == nil && found == nil {
			err = ErrAdminNotFound
		}
		return found, err
	})
}

// CreateAdmin adds an admin to a workspace. Errors: InvalidError.
func (g *Registry) CreateAdmin(ctx context.Context, c Caller, name, email string) (*Admin, error) {
	return Write(ctx, g.Store, func(w Writer) (*Admin, error) { return g.AddAdmin(w, c, name, email) })
}

// AddAdmin is [Registry.CreateAdmin] within a transaction.
func (g *Registry) AddAdmin(w Writer, c Caller, name, email string) (*Admin, error) {
	admin := &Admin{Workspace: c.Workspace, Name: name, Email: strings.TrimSpace(email), CreatedAt: g.Unix()}
	if err := admin.check(); err != nil {
		return nil, err
	}
	var err error
	if admin.ID, err = w.NextAssigneeID(c.Workspace); err != nil {
		return nil, err
	}
	if err := w.InsertAdmin(admin); err != nil {
		return nil, err
	}
	return admin, g.log(w, c, Activity{Kind: AdminJoined, AboutID: admin.ID})
}

// firstAdmin returns the admin that a new workspace has, until somebody is known by name.
func firstAdmin(ws *Workspace) *Admin {
	return &Admin{Workspace: ws.ID, ID: 1, Name: "Lobby", Email: "admin@" + string(ws.ID) + ".invalid", CreatedAt: ws.CreatedAt}
}

// IsPlaceholder reports whether the admin is the one that the workspace was created with, and whom nobody has changed.
func (a *Admin) IsPlaceholder() bool {
	first := firstAdmin(&Workspace{ID: a.Workspace})
	return a.ID == first.ID && a.Name == first.Name && a.Email == first.Email
}

// ChangeAdmin changes an admin's name or address. Errors: ErrAdminNotFound, InvalidError.
func (g *Registry) ChangeAdmin(ctx context.Context, c Caller, id int64, update AdminUpdate) (*Admin, error) {
	return g.changeAdmin(ctx, c.Workspace, id, func(_ Writer, admin *Admin) error {
		if update.Name != nil {
			admin.Name = *update.Name
		}
		if update.Email != nil {
			admin.Email = strings.TrimSpace(*update.Email)
		}
		return admin.check()
	})
}

// SetAway sets the away mode of an admin. It drops the reason when away is off. Errors: ErrAdminNotFound,
// ErrAwayReasonDeleted, InvalidError.
func (g *Registry) SetAway(ctx context.Context, c Caller, id int64, away Away) (*Admin, error) {
	if !away.On {
		away.ReasonID = 0
	}
	return g.changeAdmin(ctx, c.Workspace, id, func(w Writer, admin *Admin) error {
		if err := checkAwayReason(w, c.Workspace, away.ReasonID); err != nil || admin.Away == away {
			return err
		}
		admin.Away = away
		return g.log(w, c, Activity{Kind: AwayModeChanged, AboutID: id, Away: away})
	})
}

// changeAdmin reads an admin, applies change and writes it back, in one transaction.
func (g *Registry) changeAdmin(ctx context.Context, ws ID, id int64, change func(Writer, *Admin) error) (*Admin, error) {
	return Write(ctx, g.Store, func(w Writer) (changed *Admin, err error) {
		_, admin, err := adminAmong(w, ws, id)
		if err != nil {
			return nil, err
		}
		if err := change(w, admin); err != nil {
			return nil, err
		}
		changed = admin
		return changed, w.UpdateAdmin(admin)
	})
}

// DeleteAdmin deletes an admin, removes it from its teams, and returns it as it was. What it owns keeps its id, which is
// never reused. Errors: ErrAdminNotFound, OwnerError, ErrLastAdmin.
func (g *Registry) DeleteAdmin(ctx context.Context, c Caller, id int64) (*Admin, error) {
	return Write(ctx, g.Store, func(w Writer) (deleted *Admin, err error) {
		all, admin, err := adminAmong(w, c.Workspace, id)
		if err != nil {
			return nil, err
		}
		tokens, err := w.Tokens(c.Workspace)
		if err != nil {
			return nil, err
		}
		for _, t := range tokens {
			if t.AdminID == id && t.Works(g.Unix()) {
				return nil, &OwnerError{strconv.FormatInt(id, 10), t.ID}
			}
		}
		if len(all) == 1 {
			return nil, ErrLastAdmin
		}
		deleted = admin
		if err := w.DeleteAdmin(c.Workspace, id, g.Unix()); err != nil {
			return nil, err
		}
		return deleted, g.log(w, c, Activity{Kind: AdminDeleted, AboutID: id})
	})
}

// adminAmong returns all admins of a workspace and the one with an id, or ErrAdminNotFound.
func adminAmong(w Writer, ws ID, id int64) ([]*Admin, *Admin, error) {
	all, err := w.Admins(ws)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(a *Admin) bool { return a.ID == id })
	if i < 0 {
		return nil, nil, ErrAdminNotFound
	}
	return all, all[i], nil
}

func (a *Admin) check() error {
	if err := CheckName(a.Name); err != nil {
		return err
	}
	if a.Email == "" {
		return Invalid("email", "is blank")
	}
	return CheckEmail("email", a.Email)
}

// CheckName returns an InvalidError of the field name for a blank name and one with control characters.
func CheckName(name string) error {
	if strings.TrimSpace(name) == "" {
		return Invalid("name", "is blank")
	}
	return CheckLine("name", name)
}

// CheckLine returns an InvalidError of a field for a text with control characters, such as a line break.
func CheckLine(field, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return Invalid(field, "must be one line")
	}
	return nil
}

// BotID is the id of the bot, which no admin and no team ever gets: theirs count from 1.
const BotID int64 = 2_000_000_000

// Bot returns the author of what a workspace does by itself. It is no admin: nobody can act in its name.
func Bot(ws ID) *Admin {
	return &Admin{Workspace: ws, ID: BotID, Name: "Operator", Email: "operator+" + string(ws) + "@lobby.invalid"}
}
