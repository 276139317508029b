package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func subscriptions(s suite) {
	s.test("a subscription type comes back as it was, each workspace its own", wholeSubscriptionType)
	s.test("a subscription type changes in all but its consent", changedSubscriptionType)
	s.test("what no subscription type could be is refused and changes nothing", refusedSubscriptionType)
	s.test("a new workspace begins with a type of each consent", seededSubscriptionTypes)
	s.test("a contact chooses once, and is told of with each change only", chosenSubscription)
	s.test("only live contacts choose, and among their own workspace's types", refusedSubscription)
	s.test("choices of all lives add up, and are taken back in all of them", mergedSubscriptions)
	s.test("of many who make one choice at once one tells of it", choosingAtOnce)
	s.test("the choices of who is deleted are gone", deletedSubscriptions)
}

// hasType makes a subscription type in a workspace.
func (w *world) hasType(t *testing.T, ws workspace.ID, consent people.Consent, name string) *people.SubscriptionType {
	t.Helper()
	made, err := w.CreateSubscriptionType(t.Context(), by(ws), people.SubscriptionTypeFields{Consent: &consent, Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (w *world) typesOf(t *testing.T, ws workspace.ID) []*people.SubscriptionType {
	t.Helper()
	all, err := w.SubscriptionTypes(t.Context(), by(ws))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// chooses and takesBack answer the error alone; the type that is answered must be the one that was meant.
func (w *world) chooses(t *testing.T, p *people.Person, of *people.SubscriptionType) error {
	t.Helper()
	got, err := w.AttachSubscription(t.Context(), w.caller, p.ID, of.ID, of.Consent)
	if err == nil {
		expect(t, "the type that was attached", of, got)
	}
	return err
}

func (w *world) takesBack(t *testing.T, p *people.Person, of *people.SubscriptionType) error {
	t.Helper()
	got, err := w.DetachSubscription(t.Context(), w.caller, p.ID, of.ID)
	if err == nil {
		expect(t, "the type that was detached", of, got)
	}
	return err
}

// choices answers the names of the types about which a contact of acme chose.
func (w *world) choices(t *testing.T, id string) []string {
	t.Helper()
	all, err := w.Subscriptions(t.Context(), w.workspace(t, acme).Caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Translations[0].Name)
	}
	return names
}

// optedOf answers the ids of the types that a contact shows to have left, and to have entered.
func (w *world) optedOf(t *testing.T, id string) (out, in people.Linked) {
	t.Helper()
	p, err := w.FindContact(t.Context(), w.workspace(t, acme).Caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	if p.Links == nil {
		return people.Linked{}, people.Linked{}
	}
	return p.Links.OptedOut, p.Links.OptedIn
}

func wholeSubscriptionType(t *testing.T, w *world) {
	news, text := w.hasType(t, acme, people.OptOut, "News"), w.hasType(t, acme, people.OptIn, "Text 🦊")
	theirs := w.hasType(t, rival, people.OptIn, "Theirs")
	expect(t, "the first", &people.SubscriptionType{
		Workspace: acme, ID: 1, State: people.SubscriptionLive, Consent: people.OptOut, ContentTypes: []people.ContentType{people.EmailContent},
		Translations: []people.Translation{{Name: "News", Locale: "en"}}, CreatedAt: begin, UpdatedAt: begin,
	}, news)
	expect(t, "acme's types", []*people.SubscriptionType{news, text}, w.typesOf(t, acme))
	expect(t, "rival's types", []*people.SubscriptionType{theirs}, w.typesOf(t, rival))
	for id, want := range map[int64]*people.SubscriptionType{0: nil, 1: news, 2: text, 3: nil} {
		got := get(t, w, func(r people.Reader) (*people.SubscriptionType, error) { return r.SubscriptionType(acme, id) })
		expect(t, fmt.Sprintf("type %d", id), want, got)
	}
}

func changedSubscriptionType(t *testing.T, w *world) {
	want := w.hasType(t, acme, people.OptIn, "News")
	theirs := w.hasType(t, rival, people.OptIn, "Theirs")
	change := func(fields people.SubscriptionTypeFields) {
		t.Helper()
		w.clock.pass(time.Minute)
		want.UpdatedAt += 60
		got, err := w.ChangeSubscriptionType(t.Context(), by(acme), want.ID, fields)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the answer", want, got)
		expect(t, "the types", []*people.SubscriptionType{want}, w.typesOf(t, acme))
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
	expect(t, "rival's types", []*people.SubscriptionType{theirs}, w.typesOf(t, rival))
}

func refusedSubscriptionType(t *testing.T, w *world) {
	news := w.hasType(t, acme, people.OptOut, "News")
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
		_, err := w.ChangeSubscriptionType(t.Context(), by(acme), news.ID, c.fields)
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != c.field {
			t.Errorf("changing the %s: %v", c.field, err)
		}
		if c.fields.Consent == nil {
			c.fields.Consent = new(people.OptOut)
		}
		if c.fields.Name == nil {
			c.fields.Name = new("Another")
		}
		_, err = w.CreateSubscriptionType(t.Context(), by(acme), c.fields)
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); c.field != "consent_type" && (!refused || invalid.Field != c.field) {
			t.Errorf("creating with such a %s: %v", c.field, err)
		}
	}
	for _, consent := range []*people.Consent{nil, new(people.Consent("maybe"))} {
		_, err := w.CreateSubscriptionType(t.Context(), by(rival), people.SubscriptionTypeFields{Consent: consent, Name: new("x")})
		if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "consent_type" {
			t.Errorf("a type of no consent: %v", err)
		}
	}
	if _, err := w.ChangeSubscriptionType(t.Context(), by(rival), news.ID, people.SubscriptionTypeFields{}); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("changing another workspace's type: %v", err)
	}
	if got := w.typesOf(t, acme)[0]; diff(news, got) != "" {
		t.Errorf("the type is now %+v", got)
	}
}

func seededSubscriptionTypes(t *testing.T, w *world) {
	if _, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: "third"}); err != nil {
		t.Fatal(err)
	}
	var consents []people.Consent
	for i, s := range w.typesOf(t, "third") {
		consents = append(consents, s.Consent)
		if s.ID != int64(i+1) || s.State != people.SubscriptionLive || s.CreatedAt != begin {
			t.Errorf("type %d is %+v", i+1, s)
		}
	}
	expect(t, "their consents", []people.Consent{people.OptOut, people.OptIn}, consents)
	if next := w.hasType(t, "third", people.OptIn, "Another"); next.ID != 3 {
		t.Errorf("the next type has the id %d", next.ID)
	}
}

func chosenSubscription(t *testing.T, w *world) {
	news, text := w.hasType(t, acme, people.OptOut, "News"), w.hasType(t, acme, people.OptIn, "Text")
	p := w.has(t, people.Lead)
	var told []string
	tells := func(topic workspace.Topic, of *people.SubscriptionType) {
		told = append(told, fmt.Sprintf("%s %s %d", topic, p.ID, of.ID))
	}
	for range 2 {
		w.clock.pass(time.Minute)
		for _, of := range []*people.SubscriptionType{text, news, text} {
			if err := w.chooses(t, p, of); err != nil {
				t.Fatal(err)
			}
		}
	}
	tells(people.ContactSubscribed, text)
	tells(people.ContactUnsubscribed, news)
	expect(t, "the choices", []string{"News", "Text"}, w.choices(t, p.ID)) // of the same second, so by id
	out, in := w.optedOf(t, p.ID)
	expect(t, "what it left", people.Linked{First: []string{"1"}, Total: 1}, out)
	expect(t, "what it entered", people.Linked{First: []string{"2"}, Total: 1}, in)
	want := p.Clone()
	want.Attached, want.UpdatedAt = true, begin+60
	expect(t, "the contact", want, w.stored(t, p.ID))

	for _, of := range []*people.SubscriptionType{news, text} {
		if err := w.takesBack(t, p, of); err != nil {
			t.Fatal(err)
		}
		if err := w.takesBack(t, p, of); err != nil { // it tells nobody again
			t.Errorf("detaching %d again: %v", of.ID, err)
		}
	}
	tells(people.ContactSubscribed, news)
	tells(people.ContactUnsubscribed, text)
	expect(t, "the choices", []string(nil), w.choices(t, p.ID))
	var got []string
	for _, e := range w.outbox(t) {
		got = append(got, string(e.Topic)+" "+e.PersonID+" "+e.SubjectID)
	}
	expect(t, "the outbox", told, got)
}

func refusedSubscription(t *testing.T, w *world) {
	news, p := w.hasType(t, acme, people.OptOut, "News"), w.has(t, people.User)
	w.hasType(t, rival, people.OptOut, "Theirs")
	theirs := w.hasType(t, rival, people.OptOut, "Theirs too")
	for what, who := range map[string]*people.Person{
		"a visitor":         w.has(t, people.Visitor),
		"an archived user":  w.has(t, people.User, func(p *people.Person) { p.State = people.Archived }),
		"a blocked lead":    w.has(t, people.Lead, func(p *people.Person) { p.State = people.Blocked }),
		"a rival's contact": w.has(t, people.User, func(p *people.Person) { p.Workspace = rival }),
		"nobody":            w.person(people.User),
	} {
		for _, of := range []*people.SubscriptionType{news, theirs} {
			if err := w.chooses(t, who, of); !errors.Is(err, people.ErrUserNotFound) {
				t.Errorf("%s chooses: %v", what, err)
			}
			if err := w.takesBack(t, who, of); !errors.Is(err, people.ErrUserNotFound) {
				t.Errorf("%s takes a choice back: %v", what, err)
			}
		}
		if _, err := w.Subscriptions(t.Context(), w.workspace(t, acme).Caller(), who.ID); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("the choices of %s: %v", what, err)
		}
	}
	if err := w.chooses(t, p, theirs); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("choosing another workspace's type: %v", err)
	}
	if _, err := w.AttachSubscription(t.Context(), w.caller, p.ID, news.ID, people.OptIn); err != nil {
		t.Errorf("opting into a type that everybody has: %v", err)
	}
	_, err := w.AttachSubscription(t.Context(), w.caller, p.ID, news.ID, "perhaps")
	if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "consent_type" {
		t.Errorf("a consent that is none: %v", err)
	}
	expect(t, "the contact", p, w.stored(t, p.ID))
	expect(t, "the outbox", 0, len(w.outbox(t)))
}

// merges makes a contact the forwarding address of another, as a merge of them does.
func (w *world) merges(t *testing.T, from, into *people.Person) {
	t.Helper()
	w.write(t, func(tx people.Writer) error {
		before, err := tx.Person(acme, from.ID)
		if err != nil {
			return err
		}
		survivor, err := tx.Person(acme, into.ID)
		if err != nil {
			return err
		}
		spent, after := before.Clone(), survivor.Clone()
		spent.State, spent.MergedInto = people.Merged, into.ID
		after.Attached = before.Attached || survivor.Attached
		return errors.Join(tx.UpdatePerson(before, spent), tx.UpdatePerson(survivor, after))
	})
}

func mergedSubscriptions(t *testing.T, w *world) {
	var all []*people.SubscriptionType
	for _, name := range []string{"lead's", "both", "user's", "nobody's"} {
		all = append(all, w.hasType(t, acme, people.OptOut, name))
	}
	entered := w.hasType(t, acme, people.OptIn, "entered")
	w.hasType(t, rival, people.OptOut, "theirs")
	lead, user, other := w.has(t, people.Lead), w.has(t, people.User), w.has(t, people.User)
	choose := func(p *people.Person, chosen ...*people.SubscriptionType) {
		for _, of := range chosen {
			w.clock.pass(time.Minute)
			if err := w.chooses(t, p, of); err != nil {
				t.Fatal(err)
			}
		}
	}
	choose(user, all[1])
	choose(lead, all[0], all[1], entered)
	choose(user, all[2])
	choose(other, all[3])
	w.merges(t, lead, user)

	expect(t, "the choices of both", []string{"both", "lead's", "entered", "user's"}, w.choices(t, user.ID))
	out, in := w.optedOf(t, user.ID)
	expect(t, "what they left", people.Linked{First: []string{"2", "1", "3"}, Total: 3}, out)
	expect(t, "what they entered", people.Linked{First: []string{"5"}, Total: 1}, in)
	before := len(w.outbox(t))
	choose(user, all[0], all[1], entered)
	expect(t, "what is told of choosing once more", before, len(w.outbox(t)))
	for i, left := range [][]string{{"both", "entered", "user's"}, {"entered", "user's"}} {
		if err := w.takesBack(t, user, all[i]); err != nil {
			t.Fatal(err)
		}
		expect(t, "the choices that are left", left, w.choices(t, user.ID))
	}
	if _, err := w.AttachSubscription(t.Context(), w.caller, lead.ID, 1, people.OptOut); err == nil {
		t.Error("a merged contact chooses")
	}
	w.caller.FollowMerged = true
	if err := w.chooses(t, lead, all[0]); err != nil {
		t.Errorf("a merged contact whose address is followed: %v", err)
	}
	expect(t, "the choices of the survivor", []string{"entered", "user's", "lead's"}, w.choices(t, user.ID))
	expect(t, "the choices of somebody else", []string{"nobody's"}, w.choices(t, other.ID))
}

func choosingAtOnce(t *testing.T, w *world) {
	news, p := w.hasType(t, acme, people.OptOut, "News"), w.has(t, people.User)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := w.chooses(t, p, news); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	expect(t, "the choices", []string{"News"}, w.choices(t, p.ID))
	told := w.outbox(t)
	if len(told) != 1 || told[0].SubjectID != strconv.FormatInt(news.ID, 10) {
		t.Errorf("the outbox has %d events", len(told))
	}
}

func deletedSubscriptions(t *testing.T, w *world) {
	news, p, stays := w.hasType(t, acme, people.OptOut, "News"), w.has(t, people.User), w.has(t, people.User)
	for _, who := range []*people.Person{p, stays} {
		if err := w.chooses(t, who, news); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.DeleteContact(t.Context(), w.caller, p.ID); err != nil {
		t.Fatal(err)
	}
	all := get(t, w, func(r people.Reader) ([]*people.SubscriptionType, error) { return r.Subscriptions(acme, p.ID) })
	w.insert(t, p)
	expect(t, "the choices of who was deleted", 0, len(all))
	expect(t, "the choices of who comes with its id", []string(nil), w.choices(t, p.ID))
	expect(t, "the choices of another", []string{"News"}, w.choices(t, stays.ID))
	expect(t, "the types", []*people.SubscriptionType{news}, w.typesOf(t, acme))
}
