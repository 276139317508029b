package sheet

import (
	"cmp"
	"strconv"
	"strings"

	"lobby/internal/display"
	"lobby/internal/workspace"
)

// Subjects are the words for what is changed, by the path of its pages.
var Subjects = map[string]string{
	"people": "person", "companies": "company", "tags": "tag", "segments": "segment", "attributes": "attribute", "subscriptions": "subscription_type",
	"admins": "admin", "teams": "team", "webhooks": "webhook",
}

func (a *pages) showActivity(r *Request) (*Page, error) {
	number, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("page"), "1"))
	if err != nil || number < 1 || number > 1<<20 {
		return nil, display.ErrNotFound
	}
	found, err := a.lobby.Activities(r.Context(), r.Caller, workspace.ActivityFilter{Before: 1 << 40}, workspace.Page{Number: number, Size: display.ListSize})
	if err != nil {
		return nil, err
	}
	t := &Table{Label: "Activity log", Heads: []string{"What", "About", "When"}, Empty: &display.Message{Title: "Nothing yet", Text: "What you and your team change here is listed from now on."}}
	for _, did := range found.Activities {
		t.Rows = append(t.Rows, []display.Value{said(found.Sentence(did)), r.subject(did), {Time: r.moment(did.CreatedAt)}})
	}
	if number > 1 {
		t.First = "?"
	}
	if number*display.ListSize < found.Total {
		t.Next = "?page=" + strconv.Itoa(number+1)
	}
	return &Page{
		Title: "Activity log", Count: display.CountedAs(found.Total, "entry", "entries"), Parts: []*Part{{Table: t}},
		Intro: "What was changed in these pages, and who changed it. Entries name records by their ids only, nobody can change them, and they are kept for " +
			display.Counted(int(workspace.ActivityLife.Number(r.Workspace)), "day") + ", as a setting says. What is done in a conversation stands in the conversation.",
	}, nil
}

// subject is a cell that leads to what an activity is about.
func (r *Request) subject(did *workspace.Activity) display.Value {
	kind, id, _ := strings.Cut(did.Subject, "/")
	switch did.Kind {
	case workspace.AwayModeChanged, workspace.AdminDeleted, workspace.AdminJoined:
		kind, id = "admin", numbered(did.AboutID)
	case workspace.TeamCreated, workspace.TeamDeleted, workspace.MembershipChanged:
		kind, id = "team", numbered(did.AboutID)
	}
	for path, word := range Subjects {
		if word == kind {
			return r.link(strings.ReplaceAll(kind, "_", " ")+" "+id, path+"/"+id)
		}
	}
	return display.Value{}
}
