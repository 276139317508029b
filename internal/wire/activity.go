package wire

import (
	"cmp"
	"strconv"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// ActivityList is one page of the activity log, newest first.
type ActivityList struct {
	Page  *workspace.ActivityPage
	Pages NumberedPages
}

// AppendJSON appends the page.
func (l ActivityList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "activity_log.list")
	l.Pages.write(&o)
	o.OpenList("activity_logs")
	for _, a := range l.Page.Activities {
		o.Item()
		o.Text("id", a.ID)
		o.Open("performed_by")
		o.Text("type", "admin")
		o.Text("id", strconv.FormatInt(a.AdminID, 10))
		if admin := l.Page.Admins[a.AdminID]; admin != nil {
			o.Text("email", admin.Email)
		}
		o.Close()
		o.Open("metadata")
		l.metadata(&o, a)
		o.Close()
		o.Int("created_at", a.CreatedAt)
		o.Text("activity_type", string(a.Kind))
		o.Text("activity_description", l.Page.Sentence(a))
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// metadata writes the members that depend on the kind of an activity.
func (l ActivityList) metadata(o *jsonio.Writer, a *workspace.Activity) {
	switch a.Kind {
	case workspace.AwayModeChanged:
		o.Bool("away_mode", a.Away.On)
		if reason := l.Page.Reasons[a.Away.ReasonID]; reason != nil {
			o.Text("away_status_reason", strings.TrimSpace(reason.Emoji+" "+reason.Label))
		} else {
			o.Null("away_status_reason")
		}
		o.Bool("reassign_conversations", a.Away.Reassign)
		o.Text("auto_changed", "false")
		o.Int("update_by", a.AdminID)
		o.Text("update_by_name", l.Page.Name(a.AdminID))
	case workspace.AdminDeleted, workspace.AdminJoined:
		o.Open("admin")
		o.Int("id", a.AboutID)
		o.Close()
	case workspace.AppNameChanged, workspace.TimezoneChanged:
		o.Text("before", cmp.Or(a.Before, "UTC")) // names are never blank
		o.Text("after", cmp.Or(a.After, "UTC"))
	case workspace.TeamCreated, workspace.TeamDeleted, workspace.MembershipChanged:
		o.Open("team")
		o.Int("id", a.AboutID)
		if a.Kind != workspace.MembershipChanged {
			o.Text("name", a.Before+a.After)
		}
		o.Close()
		if a.Kind == workspace.MembershipChanged {
			o.Raw("before", `{"admin_ids":[`+a.Before+`]}`)
			o.Raw("after", `{"admin_ids":[`+a.After+`]}`)
		}
	default:
		if kind, id, is := strings.Cut(a.Subject, "/"); is {
			o.Open("subject")
			o.Text("type", kind)
			o.Text("id", id)
			o.Close()
		}
		if a.After != "" {
			o.Text("after", a.After)
		}
	}
}

// ActivityKindList is the list of all kinds of activities.
type ActivityKindList []workspace.ActivityKind

// AppendJSON appends the list.
func (l ActivityKindList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "activity_log_event_type.list")
	o.OpenList("event_types")
	for _, kind := range l {
		o.Next()
		o.Buf = jsonio.AppendText(o.Buf, string(kind))
	}
	o.CloseList()
	return o.End()
}

func activitySamples(apiversion.Version) []Shape {
	page := &workspace.ActivityPage{
		Admins: map[int64]*workspace.Admin{1: full[workspace.Admin]()}, Reasons: map[int64]*workspace.AwayReason{1: full[workspace.AwayReason]()},
	}
	for _, kind := range workspace.ActivityKinds {
		page.Activities = append(page.Activities,
			&workspace.Activity{Kind: kind, AdminID: 1, Before: "1", After: "1", Subject: "person/1", Away: workspace.Away{ReasonID: 1}}, &workspace.Activity{Kind: kind})
	}
	return []Shape{
		ActivityList{page, pageSample}, ActivityList{new(workspace.ActivityPage), lastPageSample}, ActivityKindList(workspace.ActivityKinds),
	}
}
