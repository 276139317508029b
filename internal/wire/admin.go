package wire

import (
	"cmp"
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// Admin is an admin in the shape of a version. The exported fields say which members the shape has; the versions' changes
// set them.
type Admin struct {
	admin *workspace.Admin
	// Avatar says whether to write avatar. Lobby has no pictures of admins, so its image_url is null.
	Avatar                                    bool
	TeamPriorityLevel, AwayStatusReason, Role bool
}

// NewAdmin returns an admin in the shape of version v, without avatar.
func NewAdmin(a *workspace.Admin, v apiversion.Version) *Admin {
	shown := &Admin{admin: a, TeamPriorityLevel: true, AwayStatusReason: true, Role: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the admin.
func (a *Admin) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "admin")
	o.Text("id", strconv.FormatInt(a.admin.ID, 10))
	o.Text("name", a.admin.Name)
	o.Text("email", a.admin.Email)
	o.Bool("away_mode_enabled", a.admin.Away.On)
	o.Bool("away_mode_reassign", a.admin.Away.Reassign)
	if a.AwayStatusReason {
		o.IntOrNull("away_status_reason_id", a.admin.Away.ReasonID)
	}
	o.Bool("has_inbox_seat", true)
	o.Ints("team_ids", a.admin.TeamIDs)
	if a.TeamPriorityLevel {
		// Lobby's teams have no levels: every team is a primary one.
		o.Open("team_priority_level")
		o.Ints("primary_team_ids", a.admin.TeamIDs)
		o.Ints("secondary_team_ids", nil)
		o.Close()
	}
	if a.Avatar {
		noPicture(&o)
	}
	if a.Role {
		o.Null("role")
	}
	return o.End()
}

// noPicture writes the avatar of an admin without a picture.
func noPicture(o *jsonio.Writer) { o.Raw("avatar", `{"type":"avatar","image_url":null}`) }

// AdminList is the list of all admins of a workspace.
type AdminList struct {
	Admins  []*workspace.Admin
	Version apiversion.Version
	// Avatars says whether to write the avatar of each admin.
	Avatars bool
}

// AppendJSON appends the list.
func (l AdminList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "admin.list")
	o.OpenList("admins")
	for _, a := range l.Admins {
		shown := NewAdmin(a, l.Version)
		shown.Avatar = l.Avatars
		o.Next()
		o.Buf = shown.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// Me is the admin for whom a token acts, with its workspace. Its shape is not that of [Admin] with one more member.
type Me struct {
	admin     *workspace.Admin
	workspace *workspace.Workspace
	Role      bool
}

// NewMe returns the admin of a token in the shape of version v.
func NewMe(a *workspace.Admin, ws *workspace.Workspace, v apiversion.Version) *Me {
	me := &Me{admin: a, workspace: ws, Role: true}
	changes.StepDown(v, me)
	return me
}

// AppendJSON appends the admin and the workspace.
func (m *Me) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "admin")
	o.Text("id", strconv.FormatInt(m.admin.ID, 10))
	o.Text("email", m.admin.Email)
	o.Text("name", m.admin.Name)
	o.Bool("email_verified", true)
	o.Open("app")
	o.Text("type", "app")
	o.Text("id_code", string(m.workspace.ID))
	o.Text("name", m.workspace.Name)
	o.Int("created_at", m.workspace.CreatedAt)
	// Both members mean the same: pages must prove which user they name.
	isEnforced := workspace.IdentityWeb.Of(m.workspace) == "enforce"
	o.Bool("secure", isEnforced)
	o.Bool("identity_verification", isEnforced)
	o.Text("timezone", cmp.Or(m.workspace.Timezone, "UTC"))
	o.Text("region", "US") // of US, EU and AU, the region whose address clients call by default
	o.Close()
	noPicture(&o)
	o.Bool("has_inbox_seat", true)
	if m.Role {
		o.Null("role")
	}
	return o.End()
}

func adminSamples(v apiversion.Version) []Shape {
	a, bare, ws := full[workspace.Admin](), new(workspace.Admin), full[workspace.Workspace]()
	pictured := NewAdmin(a, v)
	pictured.Avatar = true
	return []Shape{
		NewMe(a, ws, v), NewMe(bare, new(workspace.Workspace), v),
		pictured, NewAdmin(a, v), NewAdmin(bare, v),
		AdminList{Admins: []*workspace.Admin{a, bare}, Version: v, Avatars: true},
		AdminList{Admins: []*workspace.Admin{a, bare}, Version: v},
	}
}
