package workspace

import (
	"context"
	"strconv"
	"strings"
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

// ActivityKinds are all kinds, in the order of their names.
var ActivityKinds = []ActivityKind{
	AwayModeChanged, AdminDeleted, AdminJoined, AppNameChanged, TeamCreated, TeamDeleted, MembershipChanged, TimezoneChanged,
}

// Activity is one entry of the log of what admins did. It holds ids of admins, not their names, so that nothing has to
// be forgotten when one goes.
type Activity struct {
	Workspace ID
	ID        string
	Kind      ActivityKind
	AdminID   int64 // who did it
	CreatedAt int64
	// AboutID is the admin or team that it was done to; 0 for the workspace.
	AboutID int64
	// Before and After are what the kind is about: the workspace's name or time zone, the name of a team that is made or
	// deleted, the ids of a team's admins with commas between them.
	Before, After string
	// Away is what an admin's away mode became.
	Away Away
}

// ActivityFilter chooses activities; both bounds belong to what they bound, in Unix seconds.
type ActivityFilter struct {
	After, Before int64
	// Kinds are those wanted; none for all.
	Kinds []ActivityKind
}

// ActivityPage is one page of the log, newest first.
type ActivityPage struct {
	Activities []*Activity
	Total      int
	// Admins are those that there are now, and Reasons why they may be away, by their ids.
	Admins  map[int64]*Admin
	Reasons map[int64]*AwayReason
}

// Activities reads the log.
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

// log enters what a caller did. What is done for no admin in particular, on the command line, the workspace's first
// admin has done, for whom its tokens act too.
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

// idsText is how the log writes ids.
func idsText(ids []int64) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(all, ",")
}
