package wire

import (
	"cmp"
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Admin is an admin as the newest version shows it. Whether the members are shown that some version introduced stands
// here, where the version's change can reach it.
type Admin struct {
	admin *people.Admin
	// Avatar shows the picture, which Lobby has none of.
	Avatar                                    bool
	TeamPriorityLevel, AwayStatusReason, Role bool
}

// NewAdmin answers an admin in the shape of version v.
func NewAdmin(a *people.Admin, v apiversion.Version) *Admin {
	shown := &Admin{admin: a, TeamPriorityLevel: true, AwayStatusReason: true, Role: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the admin.
func (a *Admin) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "admin")
	o.text("id", strconv.FormatInt(a.admin.ID, 10))
	o.text("name", a.admin.Name)
	o.text("email", a.admin.Email)
	o.bool("away_mode_enabled", a.admin.Away.On)
	o.bool("away_mode_reassign", a.admin.Away.Reassign)
	if a.AwayStatusReason {
		o.intOrNull("away_status_reason_id", a.admin.Away.ReasonID)
	}
	o.bool("has_inbox_seat", true)
	o.ints("team_ids", a.admin.TeamIDs)
	if a.TeamPriorityLevel {
		// Lobby's teams have one rank: whoever belongs to one belongs to it first.
		o.open("team_priority_level")
		o.ints("primary_team_ids", a.admin.TeamIDs)
		o.ints("secondary_team_ids", nil)
		o.close()
	}
	if a.Avatar {
		noPicture(&o)
	}
	if a.Role {
		o.null("role")
	}
	return o.end()
}

func noPicture(o *object) { o.raw("avatar", `{"type":"avatar","image_url":null}`) }

// AdminList is all admins of a workspace.
type AdminList struct {
	Admins  []*people.Admin
	Version apiversion.Version
	// Avatars shows the picture of each.
	Avatars bool
}

// AppendJSON appends the list.
func (l AdminList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "admin.list")
	o.openList("admins")
	for _, a := range l.Admins {
		shown := NewAdmin(a, l.Version)
		shown.Avatar = l.Avatars
		o.next()
		o.buf = shown.AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

// Me is the admin for whom a token acts, with the workspace: a shape of its own, and not that of an admin with a member
// more.
type Me struct {
	admin     *people.Admin
	workspace *people.Workspace
	Role      bool
}

// NewMe answers the admin of a token in the shape of version v.
func NewMe(a *people.Admin, ws *people.Workspace, v apiversion.Version) *Me {
	me := &Me{admin: a, workspace: ws, Role: true}
	changes.StepDown(v, me)
	return me
}

// AppendJSON appends the admin and the workspace.
func (m *Me) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "admin")
	o.text("id", strconv.FormatInt(m.admin.ID, 10))
	o.text("email", m.admin.Email)
	o.text("name", m.admin.Name)
	o.bool("email_verified", true)
	o.open("app")
	o.text("type", "app")
	o.text("id_code", string(m.workspace.ID))
	o.text("name", m.workspace.Name)
	o.int("created_at", m.workspace.CreatedAt)
	// Both say one thing: no page may name a user without proof.
	isEnforced := people.IdentityWeb.Of(m.workspace) == "enforce"
	o.bool("secure", isEnforced)
	o.bool("identity_verification", isEnforced)
	o.text("timezone", cmp.Or(m.workspace.Timezone, "UTC"))
	o.text("region", "US") // of the three that there are, the one of the address that clients call by default
	o.close()
	noPicture(&o)
	o.bool("has_inbox_seat", true)
	if m.Role {
		o.null("role")
	}
	return o.end()
}

func adminSamples(v apiversion.Version) []Shape {
	a, bare, ws := full[people.Admin](), new(people.Admin), full[people.Workspace]()
	pictured := NewAdmin(a, v)
	pictured.Avatar = true
	return []Shape{
		NewMe(a, ws, v), NewMe(bare, new(people.Workspace), v),
		pictured, NewAdmin(a, v), NewAdmin(bare, v),
		AdminList{Admins: []*people.Admin{a, bare}, Version: v, Avatars: true},
		AdminList{Admins: []*people.Admin{a, bare}, Version: v},
	}
}
