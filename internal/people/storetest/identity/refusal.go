package identity

import (
	"errors"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func orderOfChecks(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor)
	live, dead := people.VisitorRef{ID: visitor.ID}, people.VisitorRef{ID: "unknown"}
	for i, c := range []struct {
		order people.ConvertRequest
		want  error
	}{
		{people.ConvertRequest{}, people.ErrTypeMissing},
		{people.ConvertRequest{Visitor: live}, people.ErrTypeMissing},
		{people.ConvertRequest{To: "admin"}, people.ErrTypeInvalid},
		{people.ConvertRequest{To: people.Visitor, Visitor: live}, people.ErrTypeInvalid},
		{people.ConvertRequest{To: "User", Visitor: live}, people.ErrTypeInvalid},
		{people.ConvertRequest{To: people.Lead}, people.ErrVisitorNotNamed},
		{people.ConvertRequest{To: people.User}, people.ErrVisitorNotNamed},
		{people.ConvertRequest{To: people.User, Visitor: dead}, people.ErrVisitorNotFound},
		{people.ConvertRequest{To: people.User, Visitor: dead, User: people.UserRef{UserID: "null"}}, people.ErrVisitorNotFound},
		{people.ConvertRequest{To: people.User, Visitor: live}, people.ErrUserNotNamed},
		{people.ConvertRequest{To: people.User, Visitor: live, User: people.UserRef{ID: "unknown"}}, people.ErrUserNotFound},
		{people.ConvertRequest{To: people.User, Visitor: live, User: people.UserRef{ID: "unknown", UserID: "new", Email: "new@example.com"}}, people.ErrUserNotFound},
		{people.ConvertRequest{To: people.User, Visitor: live, User: people.UserRef{ID: visitor.ID}}, people.ErrUserNotFound},
	} {
		if err := w.Refuse(t, c.order, visitor); !errors.Is(err, c.want) {
			t.Errorf("%d: ConvertVisitor(%+v): %v, want %v", i, c.order, err, c.want)
		}
	}
}

func junkIdentifiers(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor)
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "ada" })
	for field, refs := range map[string][]people.UserRef{
		"user.id":      {{ID: "null"}, {ID: "undefined", UserID: "ada"}},
		"user.user_id": {{UserID: "[object Object]"}, {UserID: `"NaN"`}, {UserID: " \t"}, {ID: user.ID, UserID: "-1"}, {UserID: strings.Repeat("x", 513)}},
		"user.email":   {{Email: "anonymous"}, {Email: "ada"}, {Email: "@example.com"}, {Email: "ada@"}, {UserID: "ada", Email: "None"}, {Email: "a@b\r\nBcc: c@d"}},
	} {
		for _, ref := range refs {
			err := w.Refuse(t, fixtures.ToUser(visitor, ref), visitor, user)
			if invalid, ok := errors.AsType[*workspace.InvalidError](err); !ok || invalid.Field != field || invalid.Reason == "" {
				t.Errorf("by %+v: %v, want a word about %s", ref, err, field)
			}
		}
	}
}

func contactInTheWay(t *testing.T, w *fixtures.Fixtures) {
	for i, state := range []people.State{people.Archived, people.Blocked} {
		user := w.Has(t, people.User, func(p *people.Person) {
			p.State, p.ExternalID, p.Email = state, []string{"ada", "bob"}[i], []string{"a@example.com", "b@example.com"}[i]
		})
		lead := w.Has(t, people.Lead, func(p *people.Person) { p.State = state })
		merged := w.Has(t, people.User, func(p *people.Person) { p.State, p.MergedInto = people.Merged, user.ID })
		visitor := w.Has(t, people.Visitor)
		for _, ref := range []people.UserRef{
			{ID: user.ID},
			{UserID: user.ExternalID},
			{Email: strings.ToUpper(user.Email)},
			{ID: merged.ID},
		} {
			if err := w.Refuse(t, fixtures.ToUser(visitor, ref), visitor, user, merged); !fixtures.InTheWay(err, user) {
				t.Errorf("by %+v: %v, want that the %s user is in the way", ref, err, state)
			}
		}
		if err := w.Refuse(t, fixtures.ToUser(visitor, people.UserRef{ID: lead.ID}), visitor, lead); !fixtures.InTheWay(err, lead) {
			t.Errorf("by the id of a lead: %v, want that the %s lead is in the way", err, state)
		}
	}
}

func identifierInTheWay(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.ExternalID, p.Email = "lead", "lead@example.com" })
	bare := w.Has(t, people.User)
	visitor := w.Has(t, people.Visitor)
	withEmail := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "ADA@example.com" })
	likeLead := w.Has(t, people.Visitor, func(p *people.Person) { p.AnonymousID = "lead" })
	all := []*people.Person{user, lead, bare, visitor, withEmail, likeLead}
	for what, c := range map[string]struct {
		order people.ConvertRequest
		want  *people.Person
	}{
		"a user_id of a lead":                          {fixtures.ToUser(visitor, people.UserRef{UserID: "lead"}), lead},
		"a visitor's user_id that is a lead's":         {fixtures.ToLead(likeLead), lead},
		"an email to adopt that is another user's":     {fixtures.ToUser(visitor, people.UserRef{ID: bare.ID, Email: "ada@example.com"}), user},
		"a user_id to adopt that is another contact's": {fixtures.ToUser(visitor, people.UserRef{ID: bare.ID, UserID: "lead"}), lead},
	} {
		if err := w.Refuse(t, c.order, all...); !fixtures.InTheWay(err, c.want) {
			t.Errorf("%s: %v, want that %s is in the way", what, err, c.want.ID)
		}
	}
	// The email of a lead is no user's, and a visitor that says it becomes a user of its own.
	if result := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{Email: "lead@example.com"})); result.Contact.ID != visitor.ID {
		t.Errorf("the visitor went into %s, want that it became a user itself", result.Contact.ID)
	}
}

func conversionsApart(t *testing.T, w *fixtures.Fixtures) {
	theirs := w.Has(t, people.User, func(p *people.Person) {
		p.Workspace, p.ExternalID, p.Email = fixtures.Rival, "ada", "ada@example.com"
	})
	their := w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	visitor := w.Has(t, people.Visitor)
	if err := w.Refuse(t, fixtures.ToLead(their), visitor); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("another workspace's visitor: %v", err)
	}
	if err := w.Refuse(t, fixtures.ToUser(visitor, people.UserRef{ID: theirs.ID}), visitor); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("another workspace's user: %v", err)
	}
	result := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{UserID: "ada", Email: "ada@example.com"}))
	if result.Contact.ID != visitor.ID || result.Decision != people.DecidedConverted {
		t.Errorf("%s %s, want that the visitor became a user itself", result.Decision, result.Contact.ID)
	}
	untouched := fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.ContactsByExternalID(fixtures.Rival, "ada") })
	fixtures.Expect(t, "the other workspace's user", []*people.Person{theirs}, untouched)
}
