package sheet

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/workspace"
)

func (a *pages) admins() noun {
	return noun{
		path: "admins", title: "Admins", counts: [2]string{"admin", "admins"}, heads: []string{"Admin", "Email", "Now", "Teams", "May sign in"},
		intro: "Who writes, is assigned and is named in the API. Who may open these pages is decided under “Who may sign in”, which makes an admin of them, too.",
		read:  account.Role.MayManage, write: account.Role.MayManage,
		all: a.allAdmins, create: a.createAdmin, change: a.changeAdmin, remove: a.deleteAdmin,
		make: func(*Request) (*Form, error) {
			return &Form{Button: "Add an admin", Fields: adminFields(&workspace.Admin{})}, nil
		},
	}
}

func adminFields(of *workspace.Admin) []*Input {
	return []*Input{{Name: "name", Label: "Name", Value: of.Name, Required: true}, {Name: "email", Label: "Email", Kind: "email", Value: of.Email, Required: true}}
}

func (a *pages) allAdmins(r *Request) (all []*record, err error) {
	admins, err := a.lobby.Admins(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	teams, err := a.lobby.Teams(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	members, err := a.accounts.Members(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	reasons, err := a.lobby.AwayReasons(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	for _, one := range admins {
		var of []string
		for _, t := range teams {
			if slices.Contains(t.AdminIDs, one.ID) {
				of = append(of, t.Name)
			}
		}
		signs := "no"
		if at := slices.IndexFunc(members, func(m *account.Membership) bool { return m.AdminID == one.ID }); at >= 0 {
			signs = "as " + string(members[at].Role)
		}
		why := []display.Choice{{Value: "0", Word: "no reason"}}
		for _, reason := range reasons {
			if !reason.Deleted || reason.ID == one.Away.ReasonID {
				why = append(why, display.Choice{Value: numbered(reason.ID), Word: strings.TrimSpace(reason.Emoji + " " + reason.Label)})
			}
		}
		is, state := stateOf(one.Away), ""
		if state = wordsOf(awayChoices, is); one.Away.ReasonID != 0 {
			state += ": " + wordsOf(why, numbered(one.Away.ReasonID))
		}
		all = append(all, &record{
			id: numbered(one.ID), name: one.Name, cells: known(said(one.Email), said(state), said(strings.Join(of, ", ")), r.link(signs, "team")),
			facts: []display.Fact{{Label: "Since", Value: display.Value{Time: r.moment(one.CreatedAt)}}},
			forms: []*Part{
				changing("Change", "", append(adminFields(one),
					&Input{Name: "away", Label: "Now", Kind: "select", Choices: chosen(slices.Clone(awayChoices), is)},
					&Input{Name: "reason", Label: "Why away", Kind: "select", Choices: chosen(why, numbered(one.Away.ReasonID))})...),
				deletion("Delete the admin", "They leave their teams. What they wrote and were assigned stays, without their name. This cannot be undone."),
			},
		})
	}
	return all, nil
}

var awayChoices = []display.Choice{{Value: "here", Word: "here"}, {Value: "away", Word: "away"}, {Value: "reassign", Word: "away, others get new conversations"}}

// stateOf is the value of one of awayChoices.
func stateOf(away workspace.Away) string {
	switch {
	case away.On && away.Reassign:
		return "reassign"
	case away.On:
		return "away"
	}
	return "here"
}

func (a *pages) createAdmin(r *Request) (string, error) {
	made, err := a.lobby.CreateAdmin(r.Context(), r.Caller, r.sent("name"), r.sent("email"))
	if err != nil {
		return "", err
	}
	return "admins/" + numbered(made.ID) + "?done=made", nil
}

func (a *pages) changeAdmin(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	name, email, is := r.sent("name"), r.sent("email"), r.sent("away")
	if _, err := a.lobby.ChangeAdmin(r.Context(), r.Caller, id, workspace.AdminUpdate{Name: &name, Email: &email}); err != nil {
		return "", err
	}
	away := workspace.Away{On: is == "away" || is == "reassign", Reassign: is == "reassign"}
	if away.ReasonID, err = strconv.ParseInt(cmp.Or(r.sent("reason"), "0"), 10, 64); err != nil {
		return "", display.ErrNotFound
	}
	_, err = a.lobby.SetAway(r.Context(), r.Caller, id, away)
	return "admins/" + numbered(id) + "?done=saved", err
}

// errMayEnter refuses to delete an admin who may sign in: the pages must not lose their last owner that way.
var errMayEnter = errors.New("the admin may sign in to the pages")

func (a *pages) deleteAdmin(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	members, err := a.accounts.Members(r.Context(), r.Caller)
	switch {
	case err != nil:
		return "", err
	case slices.ContainsFunc(members, func(m *account.Membership) bool { return m.AdminID == id }):
		return "", errMayEnter
	}
	_, err = a.lobby.DeleteAdmin(r.Context(), r.Caller, id)
	return "admins?done=deleted", err
}

func (a *pages) teams() noun {
	return noun{
		path: "teams", title: "Teams", counts: [2]string{"team", "teams"}, heads: []string{"Team", "Members"}, read: account.Role.MayManage, write: account.Role.MayManage,
		intro: "A team is a group of admins to whom a conversation can be assigned. It says nothing about who may sign in.",
		empty: &display.Message{Title: "No teams yet", Text: "Make one below, such as Support."},
		all:   a.allTeams, create: a.createTeam, change: a.changeTeam, remove: a.deleteTeam,
		make: func(r *Request) (*Form, error) {
			fields, err := a.teamFields(r, &workspace.Team{})
			return &Form{Button: "Make a team", Fields: fields}, err
		},
	}
}

func (a *pages) teamFields(r *Request, t *workspace.Team) ([]*Input, error) {
	admins, err := a.lobby.Admins(r.Context(), r.Caller)
	members := &Input{Name: "admin_ids", Label: "Members", Kind: "checks"}
	for _, one := range admins {
		members.Choices = append(members.Choices, display.Choice{Value: numbered(one.ID), Word: one.Name, Chosen: slices.Contains(t.AdminIDs, one.ID)})
	}
	return []*Input{{Name: "name", Label: "Name", Value: t.Name, Required: true}, members}, err
}

func (a *pages) allTeams(r *Request) (all []*record, err error) {
	teams, err := a.lobby.Teams(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		fields, err := a.teamFields(r, t)
		if err != nil {
			return nil, err
		}
		var members []string
		for _, c := range fields[1].Choices {
			if c.Chosen {
				members = append(members, c.Word)
			}
		}
		all = append(all, &record{
			id: numbered(t.ID), name: t.Name, cells: known(said(strings.Join(members, ", "))), facts: []display.Fact{{Label: "Made", Value: display.Value{Time: r.moment(t.CreatedAt)}}},
			forms: []*Part{changing("Change", "", fields...), deletion("Delete the team", "Its members stay. Conversations that were assigned to it are then assigned to nobody's team. This cannot be undone.")},
		})
	}
	return all, nil
}

// sentTeam reads the fields of [admin.teamFields].
func (r *Request) sentTeam() (name string, adminIDs []int64, err error) {
	for _, text := range r.PostForm["admin_ids"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", nil, display.ErrNotFound
		}
		adminIDs = append(adminIDs, id)
	}
	return r.sent("name"), adminIDs, nil
}

func (a *pages) createTeam(r *Request) (string, error) {
	name, ids, err := r.sentTeam()
	if err != nil {
		return "", err
	}
	made, err := a.lobby.CreateTeam(r.Context(), r.Caller, name, ids)
	if err != nil {
		return "", err
	}
	return "teams/" + numbered(made.ID) + "?done=made", nil
}

func (a *pages) changeTeam(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	name, ids, err := r.sentTeam()
	if err != nil {
		return "", err
	}
	_, err = a.lobby.ChangeTeam(r.Context(), r.Caller, id, workspace.TeamUpdate{Name: &name, AdminIDs: &ids})
	return "teams/" + numbered(id) + "?done=saved", err
}

func (a *pages) deleteTeam(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	_, err = a.lobby.DeleteTeam(r.Context(), r.Caller, id)
	return "teams?done=deleted", err
}
