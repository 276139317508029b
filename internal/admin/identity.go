package admin

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// identityPage is what the page identity shows: what is to become of a person, and what would.
type identityPage struct {
	human
	Action       string // lead, user or merge
	Title        string
	Email        string // of the user that a visitor becomes
	UserID       string
	Into         string // whom to merge into, as it was typed
	Error        string
	Preview      *preview
	HasChanged   bool // since the preview that was shown before
	ConfirmWords string
}

// preview is two people side by side, and what comes of them.
type preview struct {
	From, Into *human // Into is nil for a change in place
	Rows       []previewRow
	// Seen stands for all of it: who confirms has seen just this.
	Seen string
}

type previewRow struct {
	Label             string
	From, Into, After value
	Verdict           string
	IsNew             bool // whether the survivor gets something that it had not
}

// askIdentity shows the form, or with the parameters of the form also what would happen.
func (a *admin) askIdentity(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	page := &identityPage{
		human: newHuman(p), Action: q.Get("to"), Email: strings.TrimSpace(q.Get("email")), UserID: strings.TrimSpace(q.Get("user_id")),
		Into: strings.TrimSpace(q.Get("into")),
	}
	return a.identityWith(r, http.StatusOK, p, page)
}

// identityWith shows the page with a preview, if enough is known for one.
func (a *admin) identityWith(r *request, status int, p *people.Person, page *identityPage) error {
	switch page.Action {
	case "lead":
		page.Title, page.ConfirmWords = "Make "+page.Name+" a lead", "Make a lead"
	case "user":
		page.Title, page.ConfirmWords = "Make "+page.Name+" a user", "Make a user"
	case "merge":
		page.Title, page.ConfirmWords = "Merge "+page.Name+" into somebody else", "Merge"
	default:
		return errNotFound
	}
	if !page.isComplete() {
		return r.show(status, "identity", page)
	}
	plan, err := a.planIdentity(r, p, page)
	if err != nil {
		if page.Error = refusal(err); page.Error == "" {
			return err
		}
		return r.show(http.StatusUnprocessableEntity, "identity", page)
	}
	page.Preview = r.preview(plan)
	return r.show(status, "identity", page)
}

func (page *identityPage) isComplete() bool {
	return page.Action == "lead" || page.Action == "user" && page.Email+page.UserID != "" || page.Action == "merge" && page.Into != ""
}

// refuse is a refusal of the page itself.
func refuse(field, reason string) error { return workspace.Invalid(field, reason) }

// conversion returns the request that turns a visitor into what the page says.
func (page *identityPage) conversion(p, into *people.Person) people.ConvertRequest {
	order := people.ConvertRequest{To: people.User, Visitor: people.VisitorRef{ID: p.ID}}
	switch {
	case page.Action == "lead":
		order.To = people.Lead
	case into != nil:
		order.User.ID = into.ID
	default:
		order.User = people.UserRef{UserID: page.UserID, Email: page.Email}
	}
	return order
}

// survivor returns whom the page names to merge into; nil for an action without one.
func (a *admin) survivor(r *request, p *people.Person, page *identityPage) (*people.Person, error) {
	if page.Action != "merge" {
		return nil, nil
	}
	if !workspace.IsText(page.Into) {
		return nil, refuse("into", "names nobody")
	}
	into, err := a.lobby.Resolve(r.Context(), r.caller, page.Into)
	if errors.Is(err, people.ErrPersonNotFound) && strings.Contains(page.Into, "@") {
		into, err = a.userByEmail(r, page.Into)
	}
	switch {
	case errors.Is(err, people.ErrPersonNotFound):
		return nil, refuse("into", "names nobody here: write an id, an email address, or your own id of a user")
	case err != nil:
		return nil, err
	case into.ID == p.ID:
		return nil, refuse("into", "names the same person")
	case into.Role != people.User:
		return nil, refuse("into", "names a "+string(into.Role)+"; only a user can take others in")
	}
	return into, nil
}

// userByEmail returns the only user with an address.
func (a *admin) userByEmail(r *request, email string) (*people.Person, error) {
	found, err := a.lobby.SearchContacts(r.Context(), r.caller, people.SearchOrder{
		Query: search.Query{Combine: search.And, Queries: []search.Query{roster.Equal("email", email), roster.Equal("role", "user")}}, Limit: 2,
	})
	switch {
	case err != nil:
		return nil, err
	case len(found.Found) == 0:
		return nil, people.ErrPersonNotFound
	case len(found.Found) > 1:
		return nil, refuse("into", fmt.Sprintf("names %d users: write the id of the one you mean", found.Total))
	}
	return found.Found[0], nil
}

// planIdentity returns what the page's action would do now.
func (a *admin) planIdentity(r *request, p *people.Person, page *identityPage) (*people.Plan, error) {
	into, err := a.survivor(r, p, page)
	if err != nil {
		return nil, err
	}
	if p.Role == people.Visitor {
		return a.lobby.PreviewConversion(r.Context(), r.caller, page.conversion(p, into))
	}
	if into == nil {
		return nil, people.ErrVisitorNotFound
	}
	return a.lobby.PreviewMerge(r.Context(), r.caller, people.MergeOrder{FromID: p.ID, IntoID: into.ID})
}

// changeIdentity does what the preview has shown, or shows what it would be by now.
func (a *admin) changeIdentity(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := &identityPage{
		human: newHuman(p), Action: r.PostForm.Get("to"), Email: strings.TrimSpace(r.PostForm.Get("email")),
		UserID: strings.TrimSpace(r.PostForm.Get("user_id")), Into: strings.TrimSpace(r.PostForm.Get("into")),
	}
	if !page.isComplete() {
		return a.identityWith(r, http.StatusUnprocessableEntity, p, page)
	}
	plan, err := a.planIdentity(r, p, page)
	if err == nil && r.preview(plan).Seen != r.PostForm.Get("seen") {
		page.HasChanged = true
		return a.identityWith(r, http.StatusConflict, p, page)
	}
	if err != nil {
		return a.identityWith(r, http.StatusConflict, p, page)
	}
	var result *people.ConversionResult
	if p.Role == people.Visitor {
		into, intoErr := a.survivor(r, p, page)
		if intoErr != nil {
			return intoErr
		}
		result, err = a.lobby.ConvertVisitor(r.Context(), r.caller, page.conversion(p, into))
	} else {
		result, err = a.lobby.MergeContacts(r.Context(), r.caller, people.MergeOrder{FromID: p.ID, IntoID: plan.Contact.ID})
	}
	if err != nil {
		return r.refusedPerson(err)
	}
	return r.done(result.Contact.ID, string(result.Decision))
}

func (a *admin) undo(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	id := r.PostForm.Get("change")
	if !workspace.IsID(id) {
		return errNotFound
	}
	if _, _, err := a.lobby.UndoChange(r.Context(), r.caller, id); err != nil {
		return r.refusedPerson(err)
	}
	return r.done(p.ID, "undone")
}

// preview returns the people of a plan side by side: every field that one of them has, and what becomes of it.
func (r *request) preview(plan *people.Plan) *preview {
	c := plan.Change
	from := newHuman(c.Subject)
	shown := &preview{From: &from}
	if c.Survivor != nil {
		into := newHuman(c.Survivor)
		shown.Into = &into
	}
	verdicts := map[string]people.Verdict{}
	for _, o := range c.Outcomes {
		verdicts[o.Field] = o.Verdict
	}
	for _, name := range previewFields(c) {
		row := previewRow{Label: label(name), From: r.valueOf(c.Subject, name), After: r.valueOf(c.Result, name), Verdict: verdictWords[verdicts[name]]}
		if c.Survivor != nil {
			row.Into = r.valueOf(c.Survivor, name)
		}
		if name == "updated_at" || row.From.IsBlank() && row.Into.IsBlank() && row.After.IsBlank() {
			continue
		}
		before := row.Into
		if c.Survivor == nil {
			before = row.From
		}
		row.IsNew = before.Exact() != row.After.Exact()
		shown.Rows = append(shown.Rows, row)
	}
	for _, name := range []string{"tags", "companies", "subscriptions", "notes"} {
		if v, is := verdicts[name]; is {
			shown.Rows = append(shown.Rows, previewRow{Label: label(name), Verdict: verdictWords[v]})
		}
	}
	sum := sha256.New()
	fmt.Fprint(sum, c.Kind, c.Subject.ID, c.Result.ID) //nolint:errcheck // it never fails
	for _, row := range shown.Rows {
		fmt.Fprintf(sum, "\n%s\x00%s\x00%s\x00%s\x00%s", row.Label, row.From.Exact(), row.Into.Exact(), row.After.Exact(), row.Verdict) //nolint:errcheck // as above
	}
	shown.Seen = hex.EncodeToString(sum.Sum(nil)[:16])
	return shown
}

// previewFields are the fields that a change shows, with all custom attributes of its people.
func previewFields(c *people.Change) []string {
	all := append([]string{"role", "email", "external_id", "anonymous_id"}, shownFields...)
	names := map[string]bool{}
	for _, p := range []*people.Person{c.Subject, c.Survivor, c.Result} {
		if p != nil {
			for name := range p.CustomAttributes {
				names[search.CustomPrefix+name] = true
			}
		}
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(name string) bool {
		twice := seen[name]
		seen[name] = true
		return twice
	})
	return append(all, slices.Sorted(maps.Keys(names))...)
}
