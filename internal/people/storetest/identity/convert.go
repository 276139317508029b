package identity

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func Conversions(s fixtures.Suite) {
	s.Test("a visitor becomes a lead in place", becomesLead)
	for how, becoming := range becomings {
		s.Test("a visitor becomes a user in place by "+how, becoming.test)
	}
	s.Test("a visitor is named in every way", namedVisitor)
	s.Test("the same conversion again answers the same contact and writes nothing", repeatedConversion)
	s.Test("another conversion of a spent visitor finds no visitor", otherConversion)
	s.Test("a repetition needs the contact to be there", repeatedWithout)
	s.Test("a repetition is the same through a merged contact's ids", repeatedThroughMerged)
	s.Test("what is wrong is told in order", orderOfChecks)
	s.Test("a placeholder is nobody's identifier", junkIdentifiers)
	s.Test("an archived or blocked contact is in the way", contactInTheWay)
	s.Test("an identifier of another contact is in the way", identifierInTheWay)
	s.Test("a workspace's people do not count in another", conversionsApart)
}

func becomesLead(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor, fixtures.Known(t))
	w.Clock.Pass(time.Minute)
	order := fixtures.ToLead(visitor)
	order.User = people.UserRef{ID: "unknown", UserID: "null", Email: "undefined"} // is not read
	result := w.Convert(t, order)

	lead := visitor.Clone()
	lead.Role, lead.ExternalID, lead.UpdatedAt = people.Lead, visitor.AnonymousID, fixtures.Begin+60
	w.Converted(t, result, people.DecidedConverted, &people.Change{
		Kind: people.ChangeConverted, Subject: visitor, Result: lead,
		Outcomes: []people.Outcome{{Field: "anonymous_id", Verdict: people.Adopted}},
	})
	fixtures.Expect(t, "who has the anonymous id", lead, fixtures.ByAnonymousID(t, w, visitor.AnonymousID))
}

// becoming is one way to become a user in place.
type becoming struct {
	visitorEmail string
	ref          people.UserRef
	wantID       string
	wantEmail    string
	wantVerdict  people.Verdict // on the visitor's email, empty when it had none
}

var becomings = map[string]becoming{
	"user_id":                          {"", people.UserRef{UserID: "ada"}, "ada", "", ""},
	"email":                            {"", people.UserRef{Email: "Ada@example.com"}, "", "Ada@example.com", ""},
	"user_id and keeps its email":      {"v@example.com", people.UserRef{UserID: "ada"}, "ada", "v@example.com", people.Kept},
	"email instead of its own":         {"v@example.com", people.UserRef{Email: "a@example.com"}, "", "a@example.com", people.Discarded},
	"user_id and email and loses both": {"v@example.com", people.UserRef{UserID: "ada", Email: "a@example.com"}, "ada", "a@example.com", people.Discarded},
}

func (b becoming) test(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor, fixtures.Known(t), func(p *people.Person) { p.Email = b.visitorEmail })
	w.Clock.Pass(time.Minute)
	result := w.Convert(t, fixtures.ToUser(visitor, b.ref))

	user := visitor.Clone()
	user.Role, user.ExternalID, user.Email = people.User, b.wantID, b.wantEmail
	user.UpdatedAt, user.SignedUpAt = fixtures.Begin+60, visitor.CreatedAt
	outcomes := []people.Outcome{{Field: "anonymous_id", Verdict: people.Discarded}}
	if b.wantVerdict != "" {
		outcomes = append(outcomes, people.Outcome{Field: "email", Verdict: b.wantVerdict})
	}
	w.Converted(t, result, people.DecidedConverted, &people.Change{
		Kind: people.ChangeConverted, Subject: visitor, Result: user, Outcomes: outcomes,
	})
}

func namedVisitor(t *testing.T, w *fixtures.Fixtures) {
	taken := w.Has(t, people.Visitor)
	contact := w.Has(t, people.User, func(p *people.Person) { p.Email = "other@example.com" })
	for what, ref := range map[string]func(*people.Person) (id, userID, email string){
		"id":                       func(p *people.Person) (string, string, string) { return p.ID, "", "" },
		"user_id":                  func(p *people.Person) (string, string, string) { return "", p.AnonymousID, "" },
		"email":                    func(p *people.Person) (string, string, string) { return "", "", " " + p.Email },
		"a user_id in both":        func(p *people.Person) (string, string, string) { return p.AnonymousID, p.AnonymousID, "" },
		"an unknown id":            func(p *people.Person) (string, string, string) { return "unknown", p.AnonymousID, "" },
		"another's user_id behind": func(p *people.Person) (string, string, string) { return p.ID, taken.AnonymousID, "" },
		"a contact's email behind": func(p *people.Person) (string, string, string) { return "", p.AnonymousID, contact.Email },
	} {
		p := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = p.ID + "@example.com" })
		id, userID, email := ref(p)
		named := people.VisitorRef{ID: id, UserID: userID, Email: email}
		result := w.Convert(t, people.ConvertRequest{To: people.Lead, Visitor: named})
		if result.Contact.ID != p.ID {
			t.Errorf("by %s: %s was converted, want %s", what, result.Contact.ID, p.ID)
		}
	}
	shared := func(p *people.Person) { p.Email = "shared@example.com" }
	two := []*people.Person{w.Has(t, people.Visitor, shared), w.Has(t, people.Visitor, shared)}
	err := w.Refuse(t, people.ConvertRequest{To: people.Lead, Visitor: people.VisitorRef{Email: "shared@example.com"}}, two...)
	if !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("by an email of two: %v", err)
	}
	w.Convert(t, fixtures.ToLead(two[0]))
	result := w.Convert(t, people.ConvertRequest{To: people.Lead, Visitor: people.VisitorRef{Email: "shared@example.com"}})
	if result.Contact.ID != two[1].ID || result.Decision != people.DecidedConverted {
		t.Errorf("by an email of one visitor and a lead: %s %s", result.Decision, result.Contact.ID)
	}
}
