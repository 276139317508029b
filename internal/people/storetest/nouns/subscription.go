package nouns

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Subscriptions(s fixtures.Suite) {
	s.Test("a subscription type comes back as it was, each workspace its own", wholeSubscriptionType)
	s.Test("a subscription type changes in all but its consent", changedSubscriptionType)
	s.Test("what no subscription type could be is refused and changes nothing", refusedSubscriptionType)
	s.Test("a new workspace begins with a type of each consent", seededSubscriptionTypes)
	s.Test("a contact chooses once, and is told of with each change only", chosenSubscription)
	s.Test("only live contacts choose, and among their own workspace's types", refusedSubscription)
	s.Test("choices of all lives add up, and are taken back in all of them", mergedSubscriptions)
	s.Test("of many who make one choice at once one tells of it", choosingAtOnce)
	s.Test("the choices of who is deleted are gone", deletedSubscriptions)
}

func wholeSubscriptionType(t *testing.T, w *fixtures.Fixtures) {
	news, text := w.HasType(t, fixtures.Acme, people.OptOut, "News"), w.HasType(t, fixtures.Acme, people.OptIn, "Text 🦊")
	theirs := w.HasType(t, fixtures.Rival, people.OptIn, "Theirs")
	fixtures.Expect(t, "the first", &people.SubscriptionType{
		Workspace: fixtures.Acme, ID: 1, State: people.SubscriptionLive, Consent: people.OptOut, ContentTypes: []people.ContentType{people.EmailContent},
		Translations: []people.Translation{{Name: "News", Locale: "en"}}, CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin,
	}, news)
	fixtures.Expect(t, "acme's types", []*people.SubscriptionType{news, text}, w.TypesOf(t, fixtures.Acme))
	fixtures.Expect(t, "rival's types", []*people.SubscriptionType{theirs}, w.TypesOf(t, fixtures.Rival))
	for id, want := range map[int64]*people.SubscriptionType{0: nil, 1: news, 2: text, 3: nil} {
		got := fixtures.Get(t, w, func(r people.Reader) (*people.SubscriptionType, error) { return r.SubscriptionType(fixtures.Acme, id) })
		fixtures.Expect(t, fmt.Sprintf("type %d", id), want, got)
	}
}

func changedSubscriptionType(t *testing.T, w *fixtures.Fixtures) {
	want := w.HasType(t, fixtures.Acme, people.OptIn, "News")
	theirs := w.HasType(t, fixtures.Rival, people.OptIn, "Theirs")
	change := func(fields people.SubscriptionTypeFields) {
		t.Helper()
		w.Clock.Pass(time.Minute)
		want.UpdatedAt += 60
		got, err := w.ChangeSubscriptionType(t.Context(), fixtures.By(fixtures.Acme), want.ID, fields)
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the answer", want, got)
		fixtures.Expect(t, "the types", []*people.SubscriptionType{want}, w.TypesOf(t, fixtures.Acme))
	}
	change(people.SubscriptionTypeFields{})
	want.State, want.ContentTypes = people.SubscriptionArchived, []people.ContentType{people.SMSContent, people.EmailContent}
	change(people.SubscriptionTypeFields{
		State: new(people.SubscriptionArchived), Consent: new(people.OptIn),
		ContentTypes: &[]people.ContentType{people.SMSContent, people.EmailContent, people.SMSContent},
	})
	english, german := people.Translation{Name: "News", Description: "All\nof it", Locale: "en"}, people.Translation{Name: "Neues", Locale: "de-AT"}
	want.Translations = []people.Translation{english, german}
	change(people.SubscriptionTypeFields{Translations: &[]people.Translation{german, english}})
	english.Description = ""
	want.Translations = []people.Translation{german, english}
	change(people.SubscriptionTypeFields{Locale: new("de-AT"), Translations: &[]people.Translation{english, german}})
	german.Name, german.Description = "Das Neue", "Alles"
	want.Translations = []people.Translation{german, english}
	change(people.SubscriptionTypeFields{Name: &german.Name, Description: &german.Description})
	want.Translations = []people.Translation{german}
	change(people.SubscriptionTypeFields{Translations: &[]people.Translation{}})
	fixtures.Expect(t, "rival's types", []*people.SubscriptionType{theirs}, w.TypesOf(t, fixtures.Rival))
}

func refusedSubscriptionType(t *testing.T, w *fixtures.Fixtures) {
	news := w.HasType(t, fixtures.Acme, people.OptOut, "News")
	for _, c := range []struct {
		field  string
		fields people.SubscriptionTypeFields
	}{
		{"state", people.SubscriptionTypeFields{State: new(people.SubscriptionState("dead"))}},
		{"consent_type", people.SubscriptionTypeFields{Consent: new(people.OptIn)}},
		{"content_types", people.SubscriptionTypeFields{ContentTypes: &[]people.ContentType{}}},
		{"content_types", people.SubscriptionTypeFields{ContentTypes: &[]people.ContentType{people.EmailContent, "fax"}}},
		{"default_translation.name", people.SubscriptionTypeFields{Name: new(" ")}},
		{"default_translation.name", people.SubscriptionTypeFields{Name: new("a\nb")}},
		{"default_translation.locale", people.SubscriptionTypeFields{Locale: new("en_US")}},
		{"translations.locale", people.SubscriptionTypeFields{Translations: &[]people.Translation{{Name: "x", Locale: ""}}}},
		{"translations.name", people.SubscriptionTypeFields{Translations: &[]people.Translation{{Locale: "de"}}}},
		{"translations", people.SubscriptionTypeFields{Translations: &[]people.Translation{{Name: "a", Locale: "de"}, {Name: "b", Locale: "de"}}}},
	} {
		_, err := w.ChangeSubscriptionType(t.Context(), fixtures.By(fixtures.Acme), news.ID, c.fields)
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != c.field {
			t.Errorf("changing the %s: %v", c.field, err)
		}
		if c.fields.Consent == nil {
			c.fields.Consent = new(people.OptOut)
		}
		if c.fields.Name == nil {
			c.fields.Name = new("Another")
		}
		_, err = w.CreateSubscriptionType(t.Context(), fixtures.By(fixtures.Acme), c.fields)
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); c.field != "consent_type" && (!refused || invalid.Field != c.field) {
			t.Errorf("creating with such a %s: %v", c.field, err)
		}
	}
	for _, consent := range []*people.Consent{nil, new(people.Consent("maybe"))} {
		_, err := w.CreateSubscriptionType(t.Context(), fixtures.By(fixtures.Rival), people.SubscriptionTypeFields{Consent: consent, Name: new("x")})
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "consent_type" {
			t.Errorf("a type of no consent: %v", err)
		}
	}
	if _, err := w.ChangeSubscriptionType(t.Context(), fixtures.By(fixtures.Rival), news.ID, people.SubscriptionTypeFields{}); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("changing another workspace's type: %v", err)
	}
	if got := w.TypesOf(t, fixtures.Acme)[0]; fixtures.Diff(news, got) != "" {
		t.Errorf("the type is now %+v", got)
	}
}

func seededSubscriptionTypes(t *testing.T, w *fixtures.Fixtures) {
	if _, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: "third"}); err != nil {
		t.Fatal(err)
	}
	var consents []people.Consent
	for i, s := range w.TypesOf(t, "third") {
		consents = append(consents, s.Consent)
		if s.ID != int64(i+1) || s.State != people.SubscriptionLive || s.CreatedAt != fixtures.Begin {
			t.Errorf("type %d is %+v", i+1, s)
		}
	}
	fixtures.Expect(t, "their consents", []people.Consent{people.OptOut, people.OptIn}, consents)
	if next := w.HasType(t, "third", people.OptIn, "Another"); next.ID != 3 {
		t.Errorf("the next type has the id %d", next.ID)
	}
}

func chosenSubscription(t *testing.T, w *fixtures.Fixtures) {
	news, text := w.HasType(t, fixtures.Acme, people.OptOut, "News"), w.HasType(t, fixtures.Acme, people.OptIn, "Text")
	p := w.Has(t, people.Lead)
	var told []string
	tells := func(topic workspace.Topic, of *people.SubscriptionType) {
		told = append(told, fmt.Sprintf("%s %s %d", topic, p.ID, of.ID))
	}
	for range 2 {
		w.Clock.Pass(time.Minute)
		for _, of := range []*people.SubscriptionType{text, news, text} {
			if err := w.Chooses(t, p, of); err != nil {
				t.Fatal(err)
			}
		}
	}
	tells(people.ContactSubscribed, text)
	tells(people.ContactUnsubscribed, news)
	fixtures.Expect(t, "the choices", []string{"News", "Text"}, w.Choices(t, p.ID)) // of the same second, so by id
	out, in := w.OptedOf(t, p.ID)
	fixtures.Expect(t, "what it left", people.FirstIDs{First: []string{"1"}, Total: 1}, out)
	fixtures.Expect(t, "what it entered", people.FirstIDs{First: []string{"2"}, Total: 1}, in)
	want := p.Clone()
	want.Attached, want.UpdatedAt = true, fixtures.Begin+60
	fixtures.Expect(t, "the contact", want, w.Stored(t, p.ID))

	for _, of := range []*people.SubscriptionType{news, text} {
		if err := w.TakesBack(t, p, of); err != nil {
			t.Fatal(err)
		}
		if err := w.TakesBack(t, p, of); err != nil { // it tells nobody again
			t.Errorf("detaching %d again: %v", of.ID, err)
		}
	}
	tells(people.ContactSubscribed, news)
	tells(people.ContactUnsubscribed, text)
	fixtures.Expect(t, "the choices", []string(nil), w.Choices(t, p.ID))
	var got []string
	for _, e := range w.Outbox(t) {
		got = append(got, string(e.Topic)+" "+e.PersonID+" "+e.SubjectID)
	}
	fixtures.Expect(t, "the outbox", told, got)
}

func refusedSubscription(t *testing.T, w *fixtures.Fixtures) {
	news, p := w.HasType(t, fixtures.Acme, people.OptOut, "News"), w.Has(t, people.User)
	w.HasType(t, fixtures.Rival, people.OptOut, "Theirs")
	theirs := w.HasType(t, fixtures.Rival, people.OptOut, "Theirs too")
	for what, who := range map[string]*people.Person{
		"a visitor":         w.Has(t, people.Visitor),
		"an archived user":  w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived }),
		"a blocked lead":    w.Has(t, people.Lead, func(p *people.Person) { p.State = people.Blocked }),
		"a rival's contact": w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival }),
		"nobody":            w.Person(people.User),
	} {
		for _, of := range []*people.SubscriptionType{news, theirs} {
			if err := w.Chooses(t, who, of); !errors.Is(err, people.ErrUserNotFound) {
				t.Errorf("%s chooses: %v", what, err)
			}
			if err := w.TakesBack(t, who, of); !errors.Is(err, people.ErrUserNotFound) {
				t.Errorf("%s takes a choice back: %v", what, err)
			}
		}
		if _, err := w.Subscriptions(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), who.ID); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("the choices of %s: %v", what, err)
		}
	}
	if err := w.Chooses(t, p, theirs); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("choosing another workspace's type: %v", err)
	}
	if _, err := w.AttachSubscription(t.Context(), w.Caller, p.ID, news.ID, people.OptIn); err != nil {
		t.Errorf("opting into a type that everybody has: %v", err)
	}
	_, err := w.AttachSubscription(t.Context(), w.Caller, p.ID, news.ID, "perhaps")
	if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "consent_type" {
		t.Errorf("a consent that is none: %v", err)
	}
	fixtures.Expect(t, "the contact", p, w.Stored(t, p.ID))
	fixtures.Expect(t, "the outbox", 0, len(w.Outbox(t)))
}

func mergedSubscriptions(t *testing.T, w *fixtures.Fixtures) {
	var all []*people.SubscriptionType
	for _, name := range []string{"lead's", "both", "user's", "nobody's"} {
		all = append(all, w.HasType(t, fixtures.Acme, people.OptOut, name))
	}
	entered := w.HasType(t, fixtures.Acme, people.OptIn, "entered")
	w.HasType(t, fixtures.Rival, people.OptOut, "theirs")
	lead, user, other := w.Has(t, people.Lead), w.Has(t, people.User), w.Has(t, people.User)
	choose := func(p *people.Person, chosen ...*people.SubscriptionType) {
		for _, of := range chosen {
			w.Clock.Pass(time.Minute)
			if err := w.Chooses(t, p, of); err != nil {
				t.Fatal(err)
			}
		}
	}
	choose(user, all[1])
	choose(lead, all[0], all[1], entered)
	choose(user, all[2])
	choose(other, all[3])
	w.Merges(t, lead, user)

	fixtures.Expect(t, "the choices of both", []string{"both", "lead's", "entered", "user's"}, w.Choices(t, user.ID))
	out, in := w.OptedOf(t, user.ID)
	fixtures.Expect(t, "what they left", people.FirstIDs{First: []string{"2", "1", "3"}, Total: 3}, out)
	fixtures.Expect(t, "what they entered", people.FirstIDs{First: []string{"5"}, Total: 1}, in)
	before := len(w.Outbox(t))
	choose(user, all[0], all[1], entered)
	fixtures.Expect(t, "what is told of choosing once more", before, len(w.Outbox(t)))
	for i, left := range [][]string{{"both", "entered", "user's"}, {"entered", "user's"}} {
		if err := w.TakesBack(t, user, all[i]); err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the choices that are left", left, w.Choices(t, user.ID))
	}
	if _, err := w.AttachSubscription(t.Context(), w.Caller, lead.ID, 1, people.OptOut); err == nil {
		t.Error("a merged contact chooses")
	}
	w.Caller.FollowMerged = true
	if err := w.Chooses(t, lead, all[0]); err != nil {
		t.Errorf("a merged contact whose address is followed: %v", err)
	}
	fixtures.Expect(t, "the choices of the survivor", []string{"entered", "user's", "lead's"}, w.Choices(t, user.ID))
	fixtures.Expect(t, "the choices of somebody else", []string{"nobody's"}, w.Choices(t, other.ID))
}

func choosingAtOnce(t *testing.T, w *fixtures.Fixtures) {
	news, p := w.HasType(t, fixtures.Acme, people.OptOut, "News"), w.Has(t, people.User)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := w.Chooses(t, p, news); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	fixtures.Expect(t, "the choices", []string{"News"}, w.Choices(t, p.ID))
	told := w.Outbox(t)
	if len(told) != 1 || told[0].SubjectID != strconv.FormatInt(news.ID, 10) {
		t.Errorf("the outbox has %d events", len(told))
	}
}

func deletedSubscriptions(t *testing.T, w *fixtures.Fixtures) {
	news, p, stays := w.HasType(t, fixtures.Acme, people.OptOut, "News"), w.Has(t, people.User), w.Has(t, people.User)
	for _, who := range []*people.Person{p, stays} {
		if err := w.Chooses(t, who, news); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.DeleteContact(t.Context(), w.Caller, p.ID); err != nil {
		t.Fatal(err)
	}
	all := fixtures.Get(t, w, func(r people.Reader) ([]*people.SubscriptionType, error) { return r.Subscriptions(fixtures.Acme, p.ID) })
	w.Insert(t, p)
	fixtures.Expect(t, "the choices of who was deleted", 0, len(all))
	fixtures.Expect(t, "the choices of who comes with its id", []string(nil), w.Choices(t, p.ID))
	fixtures.Expect(t, "the choices of another", []string{"News"}, w.Choices(t, stays.ID))
	fixtures.Expect(t, "the types", []*people.SubscriptionType{news}, w.TypesOf(t, fixtures.Acme))
}
