package nouns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Tags(s fixtures.Suite) {
	s.Test("a tag comes back as it was, by its id and by its name in any case", wholeTag)
	s.Test("a tag is applied once and taken off once", appliedTag)
	s.Test("what a visitor carries the contact carries on, in place and merged", convertedTags)
	s.Test("a tag that is deleted is carried by nobody", deletedTag)
	s.Test("who is erased takes its tags and notes along", erasedWithTags)
	s.Test("a list of visitors looks for tags only where there may be some", visitorsWithoutTags)
	s.Test("an order tags all of them or nobody", taggedTogether)
	s.Test("a tag that is deleted meanwhile is applied to nobody", deletedMeanwhile)
	s.Test("many orders about the same contacts and tags wait for each other", crowdOfTaggings)
}

func wholeTag(t *testing.T, w *fixtures.Fixtures) {
	vip, beta := w.HasTag(t, fixtures.Acme, " VIP 🦊 "), w.HasTag(t, fixtures.Acme, "Beta")
	theirs := w.HasTag(t, fixtures.Rival, "vip 🦊")
	fixtures.Expect(t, "the first", &people.Tag{Workspace: fixtures.Acme, ID: 1, Name: "VIP 🦊", CreatedAt: fixtures.Begin}, vip)
	fixtures.Expect(t, "the same in another case", vip, w.HasTag(t, fixtures.Acme, "vip 🦊"))
	all := func(ws workspace.ID) []*people.Tag {
		all, err := w.Tags(t.Context(), fixtures.By(ws))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	fixtures.Expect(t, "acme's tags", []*people.Tag{vip, beta}, all(fixtures.Acme))
	fixtures.Expect(t, "rival's tags", []*people.Tag{theirs}, all(fixtures.Rival))

	renamed, err := w.ApplyTagging(t.Context(), w.Caller, people.Tagging{ID: 2, Name: "beta"})
	if err != nil {
		t.Fatal(err)
	}
	beta.Name = "beta"
	fixtures.Expect(t, "the renamed one", beta, renamed.Tag)
	found, err := w.FindTag(t.Context(), fixtures.By(fixtures.Acme), 2)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the renamed one, found", beta, found)
	var invalid *workspace.InvalidError
	if _, err := w.ApplyTagging(t.Context(), w.Caller, people.Tagging{ID: 2, Name: "Vip 🦊"}); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("a name that is taken: %v", err)
	}
	if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), 2); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "acme's tags then", []*people.Tag{vip}, all(fixtures.Acme))
	if again := w.HasTag(t, fixtures.Acme, "Beta"); again.ID != 3 {
		t.Errorf("the id of a deleted tag is given again: %d", again.ID)
	}
	for _, id := range []int64{2, 4} {
		if _, err := w.FindTag(t.Context(), fixtures.By(fixtures.Acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindTag of %d: %v", id, err)
		}
		if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Rival), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("DeleteTag of %d elsewhere: %v", id, err)
		}
	}
}

func appliedTag(t *testing.T, w *fixtures.Fixtures) {
	vip, beta := w.HasTag(t, fixtures.Acme, "VIP"), w.HasTag(t, fixtures.Acme, "Beta")
	for _, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		p := w.Has(t, role)
		w.Clock.Pass(time.Minute)
		now := w.Now().Unix()
		first := w.Puts(t, 7, p, beta)
		fixtures.Expect(t, "what was applied", &people.AppliedTag{Tag: *beta, AppliedAt: now, AdminID: 7}, first)
		if got := w.Stored(t, p.ID); got.UpdatedAt != now || !got.Attached {
			t.Errorf("a tagged %s was updated at %d, attached %v", role, got.UpdatedAt, got.Attached)
		}
		w.Clock.Pass(time.Minute)
		fixtures.Expect(t, "what was applied again", first, w.Puts(t, 8, p, beta))
		if got := w.Stored(t, p.ID); got.UpdatedAt != now {
			t.Errorf("a %s that was tagged twice is as if it had changed", role)
		}
		second := w.Puts(t, 0, p, vip)
		fixtures.Expect(t, "what it carries", []*people.AppliedTag{first, second}, w.AppliedTags(t, p))
		if err := w.TakesOff(t, p, beta); err != nil {
			t.Error(err)
		}
		if err := w.TakesOff(t, p, beta); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("taken off twice: %v", err)
		}
		fixtures.Expect(t, "what it carries then", []*people.AppliedTag{second}, w.AppliedTags(t, p))
		var topics []string
		for _, e := range w.Outbox(t) {
			if e.PersonID == p.ID {
				topics = append(topics, string(e.Topic)+" "+e.SubjectID)
			}
		}
		want := []string{"contact.tag.created 2", "contact.tag.created 1", "contact.tag.deleted 2"}
		if role == people.Visitor {
			want = nil
		}
		fixtures.Expect(t, "what was told of a "+string(role), want, topics)
	}
	nobody := w.Person(people.User)
	if _, err := w.Tag(t.Context(), w.Caller, fixtures.HolderOf(nobody), vip.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("tagging nobody: %v", err)
	}
	elsewhere := w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival })
	if _, err := w.Tag(t.Context(), w.Caller, fixtures.HolderOf(elsewhere), vip.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("tagging somebody elsewhere: %v", err)
	}
	caller := w.Caller
	caller.Workspace = fixtures.Rival
	if _, err := w.Tag(t.Context(), caller, fixtures.HolderOf(elsewhere), vip.ID); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("tagging with a tag from elsewhere: %v", err)
	}
}

func convertedTags(t *testing.T, w *fixtures.Fixtures) {
	vip, beta, old := w.HasTag(t, fixtures.Acme, "VIP"), w.HasTag(t, fixtures.Acme, "Beta"), w.HasTag(t, fixtures.Acme, "Old")
	visitor := w.Has(t, people.Visitor)
	first := w.Puts(t, 1, visitor, vip)
	lead := w.Convert(t, people.ConvertRequest{To: people.Lead, Visitor: people.VisitorRef{ID: visitor.ID}}).Contact
	fixtures.Expect(t, "what the lead carries", []*people.AppliedTag{first}, w.AppliedTags(t, lead))

	user, another := w.Has(t, people.User), w.Has(t, people.Visitor)
	onUser := w.Puts(t, 1, user, old)
	w.Clock.Pass(time.Minute)
	onBoth := w.Puts(t, 2, another, vip)
	onVisitor := w.Puts(t, 2, another, beta)
	w.Clock.Pass(time.Minute)
	w.Puts(t, 3, user, vip)
	merged := w.Convert(t, fixtures.ToUser(another, people.UserRef{ID: user.ID})).Contact
	fixtures.Expect(t, "what the user shows", &people.Associations{
		Tags: people.FirstIDs{First: []string{"3", "1", "2"}, Total: 3},
	}, merged.Associations)
	fixtures.Expect(t, "what the user carries", []*people.AppliedTag{onUser, onBoth, onVisitor}, w.AppliedTags(t, user))
	fixtures.Expect(t, "a tag of both, applied again", onBoth, w.Puts(t, 4, user, vip))

	for _, tag := range []*people.Tag{vip, beta} {
		if err := w.TakesOff(t, user, tag); err != nil {
			t.Error(err)
		}
		if err := w.TakesOff(t, user, tag); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("a tag of the visitor, taken off, is still there: %v", err)
		}
	}
	fixtures.Expect(t, "what the user carries then", []*people.AppliedTag{onUser}, w.AppliedTags(t, user))
	fixtures.Expect(t, "what the lead carries then", []*people.AppliedTag{first}, w.AppliedTags(t, lead))
	if _, err := w.TagsOf(t.Context(), w.Caller, fixtures.HolderOf(another)); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("the tags of who is no visitor any more: %v", err)
	}
}

func deletedTag(t *testing.T, w *fixtures.Fixtures) {
	vip, beta := w.HasTag(t, fixtures.Acme, "VIP"), w.HasTag(t, fixtures.Acme, "Beta")
	visitor, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	w.Puts(t, 1, visitor, vip)
	w.Puts(t, 1, user, vip)
	left := w.Puts(t, 1, user, beta)
	if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), vip.ID); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what the visitor carries", []*people.AppliedTag(nil), w.AppliedTags(t, visitor))
	fixtures.Expect(t, "what the user carries", []*people.AppliedTag{left}, w.AppliedTags(t, user))
	found, err := w.FindContact(t.Context(), fixtures.By(fixtures.Acme), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what the user shows", people.FirstIDs{First: []string{"2"}, Total: 1}, found.Associations.Tags)
}

func erasedWithTags(t *testing.T, w *fixtures.Fixtures) {
	vip := w.HasTag(t, fixtures.Acme, "VIP")
	user, visitor, bystander := w.Has(t, people.User), w.Has(t, people.Visitor), w.Has(t, people.User)
	for _, p := range []*people.Person{user, visitor, bystander} {
		w.Puts(t, 1, p, vip)
	}
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
	if _, err := w.DeleteContact(t.Context(), w.Caller, user.ID); err != nil {
		t.Fatal(err)
	}
	got := fixtures.Get(t, w, func(r people.Reader) (map[string][]*people.AppliedTag, error) {
		return r.PersonTags(fixtures.Acme, []string{user.ID, visitor.ID, bystander.ID})
	})
	if len(got) != 1 || len(got[bystander.ID]) != 1 {
		t.Errorf("then these are tagged: %v", got)
	}
}

// watched is a store that tells when somebody looks for what hangs on persons.
type watched struct {
	people.Store
	looks *int
}

func (s watched) Read(ctx context.Context, fn func(people.Reader) error) error {
	before := *s.looks
	return s.Store.Read(ctx, func(r people.Reader) error {
		*s.looks = before // of a read that runs again, the last run counts
		return fn(watchedReader{r, s.looks})
	})
}

type watchedReader struct {
	people.Reader
	looks *int
}

func (r watchedReader) PersonTags(ws workspace.ID, ids []string) (map[string][]*people.AppliedTag, error) {
	*r.looks += len(ids)
	return r.Reader.PersonTags(ws, ids)
}

func (r watchedReader) Links(ws workspace.ID, ids []string) (map[string]*people.Associations, error) {
	*r.looks += len(ids)
	return r.Reader.Associations(ws, ids)
}

func visitorsWithoutTags(t *testing.T, w *fixtures.Fixtures) {
	tagged := w.Has(t, people.Visitor)
	for range 3 {
		w.Has(t, people.Visitor)
	}
	looks := 0
	w.Store = watched{w.Store, &looks}
	list := func() []*people.Person {
		all, _, err := w.Visitors(t.Context(), fixtures.By(fixtures.Acme), people.VisitorFilter{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if list(); looks != 0 {
		t.Errorf("a list of visitors without tags looked for those of %d", looks)
	}
	vip := w.HasTag(t, fixtures.Acme, "VIP")
	applied := w.Puts(t, 1, tagged, vip)
	for _, p := range list() {
		var want *people.Associations
		if p.ID == tagged.ID {
			want = &people.Associations{VisitorTags: []*people.AppliedTag{applied}}
		}
		fixtures.Expect(t, "what a visitor shows", want, p.Associations)
	}
	if looks != 1 {
		t.Errorf("a list with one visitor with tags looked for those of %d", looks)
	}
}

func taggedTogether(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada-1", "Ada@example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email, p.LastSeenAt = "ada@example.com", fixtures.Begin+1000 })
	visitor, gone := w.Has(t, people.Visitor), w.Absorbed(t, ada)
	vip := w.HasTag(t, fixtures.Acme, "VIP")
	order := func(targets ...people.TagTarget) people.Tagging { return people.Tagging{Name: "vip", Users: targets} }
	target := func(ref people.UserRef) people.TagTarget { return people.TagTarget{UserRef: ref} }
	byID, byUserID := target(people.UserRef{ID: ada.ID}), target(people.UserRef{UserID: "ada-1"})
	byEmail, other := target(people.UserRef{Email: "ADA@example.com"}), target(people.UserRef{ID: lead.ID})
	off := byUserID
	off.Untag = true

	for what, stranger := range map[string]people.UserRef{
		"a visitor": {ID: visitor.ID}, "nobody": {ID: "x"}, "an unknown user_id": {UserID: "x"}, "an unknown address": {Email: "x@example.com"},
		"an absorbed one": {ID: gone.ID},
	} {
		_, err := w.ApplyTagging(t.Context(), w.Caller, order(byID, target(stranger), other))
		var merged *people.MergedError
		if !errors.Is(err, people.ErrUserNotFound) && !errors.As(err, &merged) {
			t.Errorf("%s: %v", what, err)
		}
		if len(w.AppliedTags(t, ada)) != 0 || len(w.AppliedTags(t, lead)) != 0 {
			t.Errorf("with %s among them the others are tagged", what)
		}
		skip := order(other, target(stranger), byID)
		skip.SkipUnknown = true
		result, err := w.ApplyTagging(t.Context(), w.Caller, skip)
		if err != nil {
			t.Fatal(err)
		}
		want := &people.TaggingResult{Tag: vip, Users: []people.Tagged{{ID: lead.ID, On: true}, {ID: ada.ID, On: true}}}
		fixtures.Expect(t, "the result without "+what, want, result)
		untag := order(off, people.TagTarget{UserRef: other.UserRef, Untag: true})
		if result, err = w.ApplyTagging(t.Context(), w.Caller, untag); err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the result of untagging", []people.Tagged{{ID: ada.ID}, {ID: lead.ID}}, result.Users)
	}
	for what, c := range map[string]struct {
		targets []people.TagTarget
		on      bool
	}{
		"on by email":                  {[]people.TagTarget{byEmail}, true},
		"on twice":                     {[]people.TagTarget{byID, byEmail}, true},
		"on and off":                   {[]people.TagTarget{byID, off}, false},
		"off, on, off and on by email": {[]people.TagTarget{off, byID, off, byEmail}, true},
		"off what was not on":          {[]people.TagTarget{off, off}, false},
	} {
		if _, err := w.ApplyTagging(t.Context(), w.Caller, order(c.targets...)); err != nil {
			t.Fatal(err)
		}
		if on := len(w.AppliedTags(t, ada)) == 1; on != c.on {
			t.Errorf("after %s the tag is on: %v", what, on)
		}
	}
	fresh := target(people.UserRef{ID: w.Has(t, people.User).ID})
	away := fresh
	away.Untag = true
	if _, err := w.ApplyTagging(t.Context(), w.Caller, order(fresh, away)); err != nil {
		t.Fatal(err)
	}
	if len(w.AppliedTags(t, w.Stored(t, fresh.ID))) != 0 {
		t.Error("who had no tag keeps the one that was put on and taken off in one order")
	}
	if len(w.AppliedTags(t, lead)) != 0 {
		t.Error("a lead was taken for the user with the same address")
	}
}

func crowdOfTaggings(t *testing.T, w *fixtures.Fixtures) {
	all := make([]*people.Person, 12)
	for i := range all {
		all[i] = w.Has(t, people.User)
	}
	fixtures.Crowded(24, func(i int) {
		order := people.Tagging{Name: fmt.Sprint("tag ", i%2)}
		for _, p := range all {
			order.Users = append(order.Users, people.TagTarget{UserRef: people.UserRef{ID: p.ID}})
		}
		if i%3 == 0 {
			slices.Reverse(order.Users)
		}
		if _, err := w.ApplyTagging(t.Context(), w.Caller, order); err != nil {
			t.Errorf("order %d: %v", i, err)
		}
		_, err := w.Tag(t.Context(), w.Caller, fixtures.HolderOf(all[i%len(all)]), 1)
		if err != nil && !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("tag %d: %v", i, err)
		}
	})
	tags, err := w.Tags(t.Context(), fixtures.By(fixtures.Acme))
	if err != nil || len(tags) != 2 {
		t.Fatalf("there are %d tags: %v", len(tags), err)
	}
	for _, p := range all {
		if n := len(w.AppliedTags(t, p)); n != 2 {
			t.Errorf("%s carries %d tags", p.ID, n)
		}
	}
}

func deletedMeanwhile(t *testing.T, w *fixtures.Fixtures) {
	for round := range 20 {
		tag := w.HasTag(t, fixtures.Acme, fmt.Sprint("tag ", round))
		all := make([]*people.Person, 6)
		for i := range all {
			all[i] = w.Has(t, people.User)
		}
		fixtures.Crowded(len(all)+1, func(i int) {
			if i == len(all) {
				if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), tag.ID); err != nil {
					t.Errorf("DeleteTag: %v", err)
				}
			} else if _, err := w.Tag(t.Context(), w.Caller, fixtures.HolderOf(all[i]), tag.ID); err != nil && !errors.Is(err, people.ErrResourceNotFound) {
				t.Errorf("Tag: %v", err)
			}
		})
		left := fixtures.Get(t, w, func(r people.Reader) (map[string]*people.Associations, error) {
			return r.Associations(fixtures.Acme, fixtures.IDs(all))
		})
		if len(left) != 0 {
			t.Errorf("%d contacts carry a tag that was deleted", len(left))
		}
	}
}
