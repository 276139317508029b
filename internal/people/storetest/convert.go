package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func conversions(s suite) {
	s.test("a visitor becomes a lead in place", becomesLead)
	for how, becoming := range becomings {
		s.test("a visitor becomes a user in place by "+how, becoming.test)
	}
	s.test("a visitor is named in every way", namedVisitor)
	s.test("the same conversion again answers the same contact and writes nothing", repeatedConversion)
	s.test("another conversion of a spent visitor finds no visitor", otherConversion)
	s.test("a repetition needs the contact to be there", repeatedWithout)
	s.test("a repetition is the same through a merged contact's ids", repeatedThroughMerged)
	s.test("what is wrong is told in order", orderOfChecks)
	s.test("a placeholder is nobody's identifier", junkIdentifiers)
	s.test("an archived or blocked contact is in the way", contactInTheWay)
	s.test("an identifier of another contact is in the way", identifierInTheWay)
	s.test("a workspace's people do not count in another", conversionsApart)
}

// toLead and toUser order the conversion of a visitor.
func toLead(visitor *people.Person) people.Conversion {
	return people.Conversion{To: people.Lead, Visitor: people.VisitorRef{ID: visitor.ID}}
}

func toUser(visitor *people.Person, user people.UserRef) people.Conversion {
	return people.Conversion{To: people.User, Visitor: people.VisitorRef{ID: visitor.ID}, User: user}
}

func (w *world) convert(t *testing.T, order people.Conversion) *people.ConversionResult {
	t.Helper()
	result, err := w.ConvertVisitor(t.Context(), w.caller, order)
	if err != nil {
		t.Fatalf("ConvertVisitor(%+v): %v", order, err)
	}
	return result
}

// refuse answers how an order is refused, which must leave everybody and everything as it was.
func (w *world) refuse(t *testing.T, order people.Conversion, all ...*people.Person) error {
	t.Helper()
	before := w.outbox(t)
	result, err := w.ConvertVisitor(t.Context(), w.caller, order)
	if err == nil {
		t.Errorf("ConvertVisitor(%+v) is not refused: %s %+v", order, result.Decision, result.Contact)
	}
	for _, p := range all {
		expect(t, fmt.Sprintf("%s after the refusal of %+v", p.ID, order), p, w.stored(t, p.ID))
	}
	expect(t, "the outbox", before, w.outbox(t))
	return err
}

// converted expects one entry in the journal and one in the outbox, and the answer to be what is stored.
func (w *world) converted(t *testing.T, result *people.ConversionResult, d people.Decision, want *people.Change) {
	t.Helper()
	if result.Decision != d {
		t.Errorf("the decision is %s, want %s", result.Decision, d)
	}
	expect(t, "the answer", want.Result, result.Contact)
	expect(t, "the contact", want.Result, w.stored(t, want.Result.ID))
	want.Workspace, want.ID, want.CreatedAt = acme, result.ChangeID, w.Now().Unix()
	want.Actor, want.RequestID, want.From, want.To = w.caller.Actor, w.caller.RequestID, people.Visitor, want.Result.Role
	want.SubjectID, want.SurvivorID = want.Subject.ID, want.Result.ID
	expect(t, "the journal", []*people.Change{want}, w.journal(t, want.Subject.ID))
	outbox := w.outbox(t)
	if len(outbox) != 1 {
		t.Fatalf("the outbox has %d entries, want 1", len(outbox))
	}
	expect(t, "the outbox", &workspace.OutboxEntry{
		Workspace: acme, ID: outbox[0].ID, Topic: people.VisitorConverted, PersonID: want.SurvivorID, SubjectID: want.ID,
		CreatedAt: w.Now().Unix(),
	}, outbox[0])
}

// known is a visitor of whom everything is known that can be.
func known(t *testing.T) func(*people.Person) {
	return func(p *people.Person) {
		id := p.AnonymousID
		fill(t, p, 1)
		p.AnonymousID, p.ExternalID, p.Email = id, "", "ada@example.com"
	}
}

func becomesLead(t *testing.T, w *world) {
	visitor := w.has(t, people.Visitor, known(t))
	w.clock.pass(time.Minute)
	order := toLead(visitor)
	order.User = people.UserRef{ID: "unknown", UserID: "null", Email: "undefined"} // is not read
	result := w.convert(t, order)

	lead := visitor.Clone()
	lead.Role, lead.ExternalID, lead.UpdatedAt = people.Lead, visitor.AnonymousID, begin+60
	w.converted(t, result, people.DecidedConverted, &people.Change{
		Kind: people.ChangeConverted, Subject: visitor, Result: lead,
		Outcomes: []people.Outcome{{Field: "anonymous_id", Verdict: people.Adopted}},
	})
	expect(t, "who has the anonymous id", lead, byAnonymousID(t, w, visitor.AnonymousID))
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

func (b becoming) test(t *testing.T, w *world) {
	visitor := w.has(t, people.Visitor, known(t), func(p *people.Person) { p.Email = b.visitorEmail })
	w.clock.pass(time.Minute)
	result := w.convert(t, toUser(visitor, b.ref))

	user := visitor.Clone()
	user.Role, user.ExternalID, user.Email = people.User, b.wantID, b.wantEmail
	user.UpdatedAt, user.SignedUpAt = begin+60, visitor.CreatedAt
	outcomes := []people.Outcome{{Field: "anonymous_id", Verdict: people.Discarded}}
	if b.wantVerdict != "" {
		outcomes = append(outcomes, people.Outcome{Field: "email", Verdict: b.wantVerdict})
	}
	w.converted(t, result, people.DecidedConverted, &people.Change{
		Kind: people.ChangeConverted, Subject: visitor, Result: user, Outcomes: outcomes,
	})
}

func namedVisitor(t *testing.T, w *world) {
	taken := w.has(t, people.Visitor)
	contact := w.has(t, people.User, func(p *people.Person) { p.Email = "other@example.com" })
	for what, ref := range map[string]func(*people.Person) (id, userID, email string){
		"id":                       func(p *people.Person) (string, string, string) { return p.ID, "", "" },
		"user_id":                  func(p *people.Person) (string, string, string) { return "", p.AnonymousID, "" },
		"email":                    func(p *people.Person) (string, string, string) { return "", "", " " + p.Email },
		"a user_id in both":        func(p *people.Person) (string, string, string) { return p.AnonymousID, p.AnonymousID, "" },
		"an unknown id":            func(p *people.Person) (string, string, string) { return "unknown", p.AnonymousID, "" },
		"another's user_id behind": func(p *people.Person) (string, string, string) { return p.ID, taken.AnonymousID, "" },
		"a contact's email behind": func(p *people.Person) (string, string, string) { return "", p.AnonymousID, contact.Email },
	} {
		p := w.has(t, people.Visitor, func(p *people.Person) { p.Email = p.ID + "@example.com" })
		id, userID, email := ref(p)
		named := people.VisitorRef{ID: id, UserID: userID, Email: email}
		result := w.convert(t, people.Conversion{To: people.Lead, Visitor: named})
		if result.Contact.ID != p.ID {
			t.Errorf("by %s: %s was converted, want %s", what, result.Contact.ID, p.ID)
		}
	}
	shared := func(p *people.Person) { p.Email = "shared@example.com" }
	two := []*people.Person{w.has(t, people.Visitor, shared), w.has(t, people.Visitor, shared)}
	err := w.refuse(t, people.Conversion{To: people.Lead, Visitor: people.VisitorRef{Email: "shared@example.com"}}, two...)
	if !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("by an email of two: %v", err)
	}
	w.convert(t, toLead(two[0]))
	result := w.convert(t, people.Conversion{To: people.Lead, Visitor: people.VisitorRef{Email: "shared@example.com"}})
	if result.Contact.ID != two[1].ID || result.Decision != people.DecidedConverted {
		t.Errorf("by an email of one visitor and a lead: %s %s", result.Decision, result.Contact.ID)
	}
}
