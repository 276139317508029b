package workspace

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
)

// ActivityKind is what an admin, or a token that acts for one, did to the workspace.
type ActivityKind string

// The kinds, with the names that the public API uses for them.
const (
	AwayModeChanged   ActivityKind = "admin_away_mode_change"
	AdminDeleted      ActivityKind = "admin_deletion"
	AdminJoined       ActivityKind = "app_admin_join"
	AppNameChanged    ActivityKind = "app_name_change"
	TeamCreated       ActivityKind = "app_team_creation"
	TeamDeleted       ActivityKind = "app_team_deletion"
	MembershipChanged ActivityKind = "app_team_membership_modification"
	TimezoneChanged   ActivityKind = "app_timezone_change"
)

// Activity is one entry of the activity log. It holds ids of admins, not their names, so that nothing has to be erased
// when an admin is deleted.
type Activity struct {
	Workspace ID
	ID        string
	Kind      ActivityKind
	AdminID   int64 // who did it
	CreatedAt int64 // Unix seconds
	// AboutID is the admin or team that was changed; 0 for the workspace.
	AboutID int64
	// Subject is what was changed in the pages: what it is and its id, as in person/5f1b…; empty when it is not one thing.
	// The id of a person is Lobby's own, which leads on after a merge.
	Subject string
	// Before and After are the values before and after the change. They are the workspace's name or time zone, the name of
	// a created or deleted team, or the ids of a team's admins, separated by commas.
	Before, After string
	// Away is the new away mode of an admin.
	Away Away
}

// ActivityFilter selects activities.
type ActivityFilter struct {
	After, Before int64 // Unix seconds, both inclusive
	// Kinds are the kinds to include; empty for all.
	Kinds []ActivityKind
}

// ActivityPage is one page of the log, newest first.
type ActivityPage struct {
	Activities []*Activity
	Total      int // activities on all pages
	// Admins and Reasons are all admins and away reasons of the workspace now, by id.
	Admins  map[int64]*Admin
	Reasons map[int64]*AwayReason
}

// Activities returns one page of the activity log.
func (g *Registry) Activities(ctx context.Context, c Caller, filter ActivityFilter, page Page) (*ActivityPage, error) {
	found := &ActivityPage{Admins: map[int64]*Admin{}, Reasons: map[int64]*AwayReason{}}
	err := g.Store.Read(ctx, func(r Reader) (err error) {
		if found.Activities, err = r.Activities(c.Workspace, filter, page); err != nil {
			return err
		}
		if found.Total, err = r.CountActivities(c.Workspace, filter); err != nil {
			return err
		}
		admins, err := r.Admins(c.Workspace)
		if err != nil {
			return err
		}
		for _, admin := range admins {
			found.Admins[admin.ID] = admin
		}
		reasons, err := r.AwayReasons(c.Workspace)
		for _, reason := range reasons {
			found.Reasons[reason.ID] = reason
		}
		return err
	})
	return found, err
}

// Did returns a context in which the first write that is committed also logs what an admin did, in the same transaction.
func Did(ctx context.Context, did *Activity) context.Context {
	return context.WithValue(ctx, didKey{}, &PendingActivity{Activity: did})
}

// PendingActivity is an activity that a write logs. Several writes of one action may each try to, at once: the store keeps
// one of an id.
type PendingActivity struct {
	*Activity
	isLogged atomic.Bool
}

// Committed tells that a write has logged it, and was committed.
func (p *PendingActivity) Committed() { p.isLogged.Store(true) }

type didKey struct{}

// ToLog returns what a write with this context has to log; nil for nothing.
func ToLog(ctx context.Context) *PendingActivity {
	if p, _ := ctx.Value(didKey{}).(*PendingActivity); p != nil && !p.isLogged.Load() {
		return p
	}
	return nil
}

// LogDone logs what the context of [Did] has, of an action that writes nothing else.
func (g *Registry) LogDone(ctx context.Context) error {
	return g.Store.Write(ctx, func(Writer) error { return nil })
}

// activityBatch is how many activities one transaction deletes.
const activityBatch = 1000

// SweepActivities deletes the activities of a workspace that are older than [ActivityLife].
func (g *Registry) SweepActivities(ctx context.Context, ws *Workspace) error {
	before := g.Unix() - ActivityLife.Number(ws)*24*60*60
	for {
		n, err := Write(ctx, g.Store, func(w Writer) (int, error) { return w.DeleteActivities(ws.ID, before, activityBatch) })
		if err != nil || n < activityBatch {
			return err
		}
	}
}

// log adds an activity of a caller to the log. A caller without an admin, such as the command line, is logged as the
// workspace's first admin; without any admin nothing is logged.
func (g *Registry) log(w Writer, c Caller, did Activity) error {
	did.Workspace, did.AdminID, did.CreatedAt = c.Workspace, c.AdminID, g.Unix()
	if did.AdminID == 0 {
		all, err := w.Admins(c.Workspace)
		if err != nil || len(all) == 0 {
			return err
		}
		did.AdminID = all[0].ID
	}
	did.ID = g.IDAt(did.CreatedAt)
	return w.InsertActivity(&did)
}

// idsText returns ids as the log stores them, separated by commas.
func idsText(ids []int64) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(all, ",")
}
