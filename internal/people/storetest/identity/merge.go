package identity

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
)

func Merges(s fixtures.Suite) {
	s.Test("a visitor of whom all is known goes into a user of whom nothing is", mergedIntoBlank)
	s.Test("a user of whom all is known keeps it", mergedIntoKnown)
	s.Test("a merge finds the user in every way", namedUser)
	s.Test("a merge turns a lead into a user", mergedIntoLead)
	s.Test("a merge fills an identifier that the order gives", filledIdentifiers)
	s.Test("a merge takes up the external id of a contact that the survivor absorbed", absorbedIdentifier)
	s.Test("what is known of an address comes with the address", adoptedAddress)
	s.Test("a merge leaves the visitor's events where they were", mergedEvents)
	s.Test("many visitors go into one user", manyIntoOne)
}

// adoptable are the fields that a survivor which has nothing takes over. Every other field stays its own.
var adoptable = []people.Rule{people.Single, people.Campaign, people.Place, people.Later, people.Either, people.PerKey}

// verdicts answers the outcome on every field of visitor that is not blank, in the order of people.Fields.
func verdicts(visitor *people.Person, adopted func(*people.Field) bool) []people.Outcome {
	var out []people.Outcome
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Rule == people.Own || f.Rule == people.Either || f.IsBlank(visitor) {
			continue
		}
		verdict := people.Discarded
		if adopted(f) {
			verdict = people.Adopted
		}
		if f.Rule != people.PerKey {
			out = append(out, people.Outcome{Field: f.Name, Verdict: verdict})
			continue
		}
		var names []string
		for name := range visitor.CustomAttributes {
			names = append(names, "custom_attributes."+name)
		}
		slices.Sort(names)
		for _, name := range names {
			out = append(out, people.Outcome{Field: name, Verdict: verdict})
		}
	}
	return out
}

func mergedIntoBlank(t *testing.T, w *fixtures.Fixtures) {
	visitor, user := w.Has(t, people.Visitor, fixtures.Known(t)), w.Has(t, people.User, func(p *people.Person) { p.LastSeenAt = 0 })
	w.Clock.Pass(time.Minute)
	result := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))

	want := user.Clone()
	for i := range people.Fields {
		if f := &people.Fields[i]; slices.Contains(adoptable, f.Rule) {
			f.Copy(want, visitor)
		}
	}
	want.UpdatedAt = fixtures.Begin + 60
	w.Converted(t, result, people.DecidedMerged, &people.Change{
		Kind: people.ChangeMerged, Subject: visitor, Survivor: user, Result: want,
		Outcomes: verdicts(visitor, func(f *people.Field) bool { return slices.Contains(adoptable, f.Rule) }),
	})
	fixtures.Expect(t, "what is left of the visitor", fixtures.Forwarding(visitor, user), w.Stored(t, visitor.ID))
	fixtures.Expect(t, "who has the anonymous id", fixtures.Forwarding(visitor, user), fixtures.ByAnonymousID(t, w, visitor.AnonymousID))
}

func mergedIntoKnown(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor, fixtures.Known(t), func(p *people.Person) {
		p.LastSeenAt, p.Android.LastSeenAt = 9_000_000, 9_000_000 // later than the user's
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("free"), "source": search.TextValue("ad")}
	})
	user := w.Has(t, people.User, func(p *people.Person) {
		fixtures.Fill(t, p, 2)
		p.AnonymousID = w.NewUUID()
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("pro")}
	})
	w.Clock.Pass(time.Minute)
	result := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID, UserID: "other", Email: "other@example.com"}))

	want := user.Clone()
	want.LastSeenAt, want.Android.LastSeenAt, want.UpdatedAt = 9_000_000, 9_000_000, fixtures.Begin+60
	want.CustomAttributes["source"] = search.TextValue("ad")
	outcomes := verdicts(visitor, func(f *people.Field) bool { return f.Name == "last_seen_at" || f.Name == "android_last_seen_at" })
	for i := range outcomes {
		if outcomes[i].Field == "custom_attributes.source" {
			outcomes[i].Verdict = people.Adopted
		}
	}
	w.Converted(t, result, people.DecidedMerged, &people.Change{
		Kind: people.ChangeMerged, Subject: visitor, Survivor: user, Result: want, Outcomes: outcomes,
	})
	fixtures.Expect(t, "what is left of the visitor", fixtures.Forwarding(visitor, user), w.Stored(t, visitor.ID))
}

func namedUser(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "Ada", "Ada@example.com" })
	other := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "other@example.com" })
	w.Has(t, people.Lead, func(p *people.Person) { p.Email, p.LastSeenAt = "ada@example.com", fixtures.Begin+1000 })
	for _, state := range []people.State{people.Archived, people.Blocked} { // seen later, and yet not who is meant
		w.Has(t, people.User, func(p *people.Person) { p.Email, p.State, p.LastSeenAt = "ada@example.com", state, fixtures.Begin+1000 })
	}
	former := w.Has(t, people.User, func(p *people.Person) {
		p.ExternalID, p.Email, p.State, p.MergedInto = "former", "former@example.com", people.Merged, user.ID
	})
	for what, ref := range map[string]people.UserRef{
		"id": {ID: user.ID}, "user_id": {UserID: "Ada"}, "email": {Email: "ADA@EXAMPLE.COM"},
		"id before all":        {ID: user.ID, UserID: other.ExternalID, Email: other.Email},
		"user_id before email": {UserID: "Ada", Email: other.Email},
		"a former id":          {ID: former.ID}, "a former user_id": {UserID: "former"}, "a former email": {Email: "former@example.com"},
	} {
		visitor := w.Has(t, people.Visitor)
		result := w.Convert(t, fixtures.ToUser(visitor, ref))
		if result.Decision != people.DecidedMerged || result.Contact.ID != user.ID {
			t.Errorf("by %s: %s %s, want a merge into %s", what, result.Decision, result.Contact.ID, user.ID)
		}
	}
}

func mergedIntoLead(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.ExternalID = "a lead's" })
	visitor := w.Has(t, people.Visitor)
	w.Clock.Pass(time.Minute)
	result := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: lead.ID}))
	want := lead.Clone()
	want.Role, want.UpdatedAt = people.User, fixtures.Begin+60
	w.Converted(t, result, people.DecidedMerged, &people.Change{
		Kind: people.ChangeMerged, Subject: visitor, Survivor: lead, Result: want,
		Outcomes: verdicts(visitor, func(*people.Field) bool { return false }),
	})
}

func filledIdentifiers(t *testing.T, w *fixtures.Fixtures) {
	for what, c := range map[string]struct {
		id, email         string // of the user before
		wantID, wantEmail string
	}{
		"none":    {"", "", "new", "New@example.com"},
		"its id":  {"old", "", "old", "New@example.com"},
		"its all": {"old 2", "old@example.com", "old 2", "old@example.com"},
	} {
		user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = c.id, c.email })
		visitor := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "visitor@example.com" })
		order := fixtures.ToUser(visitor, people.UserRef{ID: user.ID, UserID: "new", Email: "New@example.com"})
		got := w.Convert(t, order).Contact
		if got.ExternalID != c.wantID || got.Email != c.wantEmail {
			t.Errorf("a user that has %s becomes %q, %q, want %q, %q", what, got.ExternalID, got.Email, c.wantID, c.wantEmail)
		}
		w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, user.ID, 0) })
	}
}

func absorbedIdentifier(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.State, p.MergedInto = "former", people.Merged, user.ID })
	visitor := w.Has(t, people.Visitor)
	got := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID, UserID: "former"})).Contact
	if got.ID != user.ID || got.ExternalID != "former" {
		t.Errorf("the contact is %s with the external id %q, want %s with the one it absorbed", got.ID, got.ExternalID, user.ID)
	}
}

func adoptedAddress(t *testing.T, w *fixtures.Fixtures) {
	type flags struct{ unsubscribed, spam, bounced bool }
	for what, c := range map[string]struct {
		userEmail, given string
		user, want       flags
	}{
		"the visitor's address":     {"", "ada@example.com", flags{}, flags{true, true, true}},
		"another address":           {"", "other@example.com", flags{}, flags{}},
		"no address":                {"", "", flags{}, flags{}},
		"an address it has already": {"ADA@example.com", "ada@example.com", flags{}, flags{}},
	} {
		user := w.Has(t, people.User, func(p *people.Person) {
			p.Email = c.userEmail
			p.UnsubscribedFromEmails, p.MarkedEmailAsSpam, p.HasHardBounced = c.user.unsubscribed, c.user.spam, c.user.bounced
		})
		visitor := w.Has(t, people.Visitor, func(p *people.Person) {
			p.Email, p.UnsubscribedFromEmails, p.MarkedEmailAsSpam, p.HasHardBounced = "Ada@example.com", true, true, true
		})
		got := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID, Email: c.given})).Contact
		have := flags{got.UnsubscribedFromEmails, got.MarkedEmailAsSpam, got.HasHardBounced}
		if have != c.want {
			t.Errorf("with %s the flags are %v, want %v", what, have, c.want)
		}
		adopted := c.userEmail == "" && strings.EqualFold(c.given, visitor.Email)
		for _, outcome := range w.Journal(t, visitor.ID)[0].Outcomes {
			name := outcome.Field
			ofAddress := name == "email" || name == "unsubscribed_from_emails" || name == "marked_email_as_spam" || name == "has_hard_bounced"
			if ofAddress && (outcome.Verdict == people.Adopted) != adopted {
				t.Errorf("with %s the journal says that %s was %s", what, name, outcome.Verdict)
			}
		}
		w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, user.ID, 0) })
	}
}

func mergedEvents(t *testing.T, w *fixtures.Fixtures) {
	visitor, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	first, second := fixtures.EventOf(visitor, "saw", fixtures.Begin), fixtures.EventOf(user, "bought", fixtures.Begin+1)
	w.Did(t, first, second)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
	fixtures.Expect(t, "the user's events", []*people.Event{second, first}, w.StoredEvents(t, user.ID))
	if outbox := w.Outbox(t); len(outbox) != 1 {
		t.Errorf("the outbox has %d entries, want that of the conversion only", len(outbox))
	}
}

func manyIntoOne(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	for i, name := range []string{"", "Ada", "Bob"} {
		visitor := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = name })
		w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
		fixtures.Expect(t, "what is left of a visitor", fixtures.Forwarding(visitor, user), w.Stored(t, visitor.ID))
		if n := len(w.Journal(t, user.ID)); n != i+1 {
			t.Errorf("the user's journal has %d entries, want %d", n, i+1)
		}
	}
	if name := w.Stored(t, user.ID).Name; name != "Ada" {
		t.Errorf("the user is called %q, want the first name that it was given", name)
	}
}
