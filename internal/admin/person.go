package admin

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// shownMax is how much of the long lists a page shows. Notes and events can be long, so that this also bounds the page.
var shownMax = profile.Max{Notes: 20, Events: 50, Changes: 50, PageViews: 50}

// personPage is what the page person shows.
type personPage struct {
	human
	Subtitle   string
	Unverified bool
	Facts      []fact
	Attributes []fact
	Tags       []tag
	Companies  []fact
	Segments   []string
	Summaries  []fact
	Notes      []note
	NoteCount  int
	Consents   []fact
	Events     []event // and all else that happened, newest first
	IDs        []identifier
	History    []change
	// Conversations are the latest, and ConversationCount is how many there are.
	Conversations     []queueRow
	ConversationCount int
	May               actions
	// NoteText, TagText and Message are what was typed into the forms, and NoteError, TagError and MessageError what is wrong with it.
	NoteText, NoteError, TagText, TagError, MessageError string
	Message                                              struct{ Subject, Text string }
}

// actions says what somebody may do with a person.
type actions struct {
	Write, Attach, Convert, Merge, Archive, Restore, Block, Erase bool
	// Message is whether it can be written to, and Email whether by email.
	Message, Email bool
}

type tag struct {
	ID   int64
	Name string
}

type note struct {
	Author, Text string
	At           *moment
}

// identifier is an id by which a person is or was known.
type identifier struct {
	Kind, Text, Note string
	Origin           *origin
}

// readPerson returns the profile of the person that the path names.
func (r *request) readPerson() (*profile.Profile, error) {
	return profile.Of(r.Context(), r.admin.lobby, r.caller, r.PathValue("id"), shownMax)
}

func (a *admin) showPerson(r *request) error {
	p, err := r.readPerson()
	if err != nil {
		return err
	}
	if p.Person.ID != r.PathValue("id") { // an id from before a merge, or one of the owner's
		return r.redirect(r.in("people/" + p.Person.ID))
	}
	return r.personWith(http.StatusOK, p, "", func(*personPage) {})
}

// personProblem shows a person with what was refused about it.
func (r *request) personProblem(status int, problem string, change func(*personPage)) error {
	p, err := r.readPerson()
	if err != nil {
		return err
	}
	return r.personWith(status, p, problem, change)
}

// personWith shows a person with its latest conversations, after a change of the page.
func (r *request) personWith(status int, p *profile.Profile, problem string, change func(*personPage)) error {
	t, err := r.tracerOf(p)
	if err != nil {
		return err
	}
	page := r.personPage(t)
	if err := r.addConversations(page); err != nil {
		return err
	}
	change(page)
	return r.showWith(status, "person", page, problem)
}

// traced returns a field of a person with where it came from.
func (t *tracer) traced(field string) value {
	v := t.valueOf(t.profile.Person, field)
	v.Origin = t.originOf(field)
	return v
}

func (r *request) personPage(t *tracer) *personPage {
	p := t.profile
	page := &personPage{human: newHuman(p.Person), Unverified: p.Person.Unverified, NoteCount: p.NoteCount, May: r.actions(p.Person)}
	if page.Name != p.Person.Pseudonym {
		page.Subtitle = p.Person.Pseudonym
	}
	for _, name := range shownFields {
		if v := t.traced(name); !v.IsBlank() {
			page.Facts = append(page.Facts, fact{Label: label(name), Value: v})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Person.CustomAttributes)) {
		page.Attributes = append(page.Attributes, fact{Label: name, Value: t.traced(search.CustomPrefix + name)})
	}
	for _, t := range p.Tags {
		page.Tags = append(page.Tags, tag{t.ID, t.Name})
	}
	for _, c := range p.Companies {
		page.Companies = append(page.Companies, fact{Label: cmp.Or(c.Name, c.CompanyID), Value: value{Text: c.CompanyID, Link: r.base + r.in("companies/"+c.ID)}})
	}
	for _, s := range p.Segments {
		page.Segments = append(page.Segments, s.Name)
	}
	for _, t := range p.Subscriptions {
		page.Consents = append(page.Consents, fact{Label: t.Translations[0].Name, Value: value{Text: consentWords[t.Consent]}})
	}
	for _, s := range p.Summaries {
		page.Summaries = append(page.Summaries, fact{Label: s.Name, Value: value{Text: counted(int(s.Count), "time")}})
	}
	for _, n := range p.Notes {
		page.Notes = append(page.Notes, note{cmp.Or(n.Author.Name, "Somebody who left"), plainText(n.Body), r.moment(n.CreatedAt)})
	}
	page.Events = r.timeline(p)
	page.IDs = t.identifiers()
	page.History = t.history()
	return page
}

// actions returns what the member may do with a person, as far as the person's state allows it.
func (r *request) actions(p *people.Person) actions {
	writes, live := r.member.Role.MayWrite(), p.State == people.Active
	return actions{
		Write: writes, Attach: writes && live,
		Convert: writes && p.IsLiveVisitor(), Merge: writes && live && p.Role != people.User,
		Archive: writes && p.IsLiveContact(), Restore: writes && p.State == people.Archived,
		Block: writes && p.Role.IsContact() && p.State != people.Blocked, Erase: r.member.Role.MayManage(),
		Message: writes && p.IsLiveContact(), Email: p.Email != "" && r.admin.inbox.SendsMail,
	}
}

// identifiers are all ids by which a person is or was known, those of today first.
func (t *tracer) identifiers() (all []identifier) {
	p := t.profile
	seen := map[string]bool{}
	add := func(of *people.Person, note string) {
		if of == nil {
			return
		}
		for _, name := range []string{"id", "anonymous_id", "external_id", "email"} {
			text := columnsByName[name].Value(of).Text()
			if text == "" || seen[name+text] {
				continue
			}
			seen[name+text] = true
			shown := identifier{Kind: label(name), Text: text, Note: note}
			if of == p.Person && name == "external_id" { // the email address is among the fields
				shown.Origin = t.originOf(name)
			}
			all = append(all, shown)
		}
	}
	add(p.Person, "")
	for _, absorbed := range p.Absorbed {
		add(absorbed, "of a record that was merged")
	}
	for _, c := range p.Changes {
		if c.Kind == people.ChangeReverted {
			continue
		}
		add(c.Result, "before")
		if isOf(p, c.SubjectID) {
			add(c.Subject, "before")
		}
		if isOf(p, c.SurvivorID) {
			add(c.Survivor, "before")
		}
	}
	return all
}

// isOf reports whether an id is that of the person or of a record that was merged into it.
func isOf(p *profile.Profile, id string) bool {
	return p.Person.ID == id || slices.ContainsFunc(p.Absorbed, func(q *people.Person) bool { return q.ID == id })
}

func (a *admin) writeNote(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	text := strings.TrimSpace(r.PostForm.Get("note"))
	_, err = a.lobby.CreateNote(r.Context(), r.caller, target(p), 0, noteHTML(text))
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		return r.personProblem(http.StatusUnprocessableEntity, "", func(page *personPage) {
			page.NoteText, page.NoteError = text, "The note "+invalid.Reason+"."
		})
	}
	if err != nil {
		return r.refusedPerson(err)
	}
	return r.done(p.ID, "noted")
}

func (a *admin) addTag(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	name := strings.TrimSpace(r.PostForm.Get("tag"))
	wrong := ""
	switch p.Role {
	case people.Visitor:
		wrong = "A visitor gets tags when it is a lead or a user."
	default:
		_, err = a.lobby.ApplyTagging(r.Context(), r.caller, people.Tagging{Name: name, Users: []people.TagTarget{{UserRef: people.UserRef{ID: p.ID}}}})
	}
	invalid, ok := errors.AsType[*workspace.InvalidError](err)
	switch {
	case ok:
		wrong = "The tag's " + invalid.Field + " " + invalid.Reason + "."
	case errors.Is(err, people.ErrTagInvalid):
		wrong = "Write the name of a tag."
	case err != nil:
		return r.refusedPerson(err)
	}
	if wrong != "" {
		return r.personProblem(http.StatusUnprocessableEntity, "", func(page *personPage) { page.TagText, page.TagError = name, wrong })
	}
	return r.done(p.ID, "tagged")
}

func (a *admin) removeTag(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	var id int64
	if _, err := fmt.Sscan(r.PostForm.Get("tag"), &id); err != nil {
		return errNotFound
	}
	if _, err := a.lobby.Untag(r.Context(), r.caller, target(p), id); err != nil {
		return r.refusedPerson(err)
	}
	return r.done(p.ID, "untagged")
}

// done leads back to a person, with a sentence about what was done.
func (r *request) done(id, what string) error {
	return r.redirect(r.in("people/" + url.PathEscape(id) + "?done=" + what))
}

// refusedPerson shows the person with the reason why a change of it was refused. Other errors are returned.
func (r *request) refusedPerson(err error) error {
	problem := refusal(err)
	if problem == "" {
		return err
	}
	return r.personProblem(http.StatusConflict, problem, func(*personPage) {})
}

// refusal says in words why the use cases refuse a change of a person; empty for an error that is no refusal.
func refusal(err error) string {
	conflict, isConflict := errors.AsType[*people.ConflictError](err)
	_, isBlocked := errors.AsType[*people.BlockedError](err)
	_, isMerged := errors.AsType[*people.MergedError](err)
	undo, isUndo := errors.AsType[*people.UndoError](err)
	invalid, isInvalid := errors.AsType[*workspace.InvalidError](err)
	switch {
	case isConflict && conflict.Archived:
		return "Somebody in the archive already has that identifier: " + conflict.ExistingID + "."
	case isConflict:
		return "Somebody else already has that identifier: " + conflict.ExistingID + ". Merge the two instead."
	case isBlocked:
		return "Somebody who is blocked has that identifier."
	case isMerged:
		return "That record was merged into another one meanwhile."
	case isUndo && undo.Reason == people.LaterChange:
		return "A later change of the same people has to be undone first."
	case isUndo:
		return "That cannot be undone any more: " + undo.What + "."
	case isInvalid:
		return label(invalid.Field[strings.LastIndexByte(invalid.Field, '.')+1:]) + " " + invalid.Reason + "."
	case errors.Is(err, people.ErrMergeRoles):
		return "A lead can be merged into a user, and nothing else."
	case errors.Is(err, people.ErrUserNotFound), errors.Is(err, people.ErrVisitorNotFound), errors.Is(err, people.ErrResourceNotFound), errors.Is(err, people.ErrChangeNotFound):
		return "That is not there any more, or not in a state that allows it."
	}
	return ""
}
