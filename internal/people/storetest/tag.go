package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func tags(s suite) {
	s.test("a tag comes back as it was, by its id and by its name in any case", wholeTag)
	s.test("a tag is applied once and taken off once", appliedTag)
	s.test("what a visitor carries the contact carries on, in place and merged", convertedTags)
	s.test("a tag that is deleted is carried by nobody", deletedTag)
	s.test("who is erased takes its tags and notes along", erasedWithTags)
	s.test("a list of visitors looks for tags only where there may be some", visitorsWithoutTags)
	s.test("an order tags all of them or nobody", taggedTogether)
	s.test("a tag that is deleted meanwhile is applied to nobody", deletedMeanwhile)
	s.test("many orders about the same contacts and tags wait for each other", crowdOfTaggings)
}

// hasTag makes a tag of a workspace.
func (w *world) hasTag(t *testing.T, ws workspace.ID, name string) *people.Tag {
	t.Helper()
	caller := w.caller
	caller.Workspace = ws
	result, err := w.ApplyTagging(t.Context(), caller, people.Tagging{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return result.Tag
}

// holderOf names a person as it is.
func holderOf(p *people.Person) people.Holder {
	if p.Role == people.Visitor {
		return people.Holder{VisitorID: p.AnonymousID}
	}
	return people.Holder{ContactID: p.ID}
}

// puts applies a tag as an admin.
func (w *world) puts(t *testing.T, adminID int64, on *people.Person, tag *people.Tag) *people.AppliedTag {
	t.Helper()
	caller := w.caller
	caller.AdminID = adminID
	applied, err := w.Tag(t.Context(), caller, holderOf(on), tag.ID)
	if err != nil {
		t.Fatal(err)
	}
	return applied
}

func (w *world) takesOff(t *testing.T, from *people.Person, tag *people.Tag) error {
	t.Helper()
	_, err := w.Untag(t.Context(), w.caller, holderOf(from), tag.ID)
	return err
}

func (w *world) tagsOf(t *testing.T, p *people.Person) []*people.AppliedTag {
	t.Helper()
	all, err := w.TagsOf(t.Context(), w.caller, holderOf(p))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wholeTag(t *testing.T, w *world) {
	vip, beta := w.hasTag(t, acme, " VIP 🦊 "), w.hasTag(t, acme, "Beta")
	theirs := w.hasTag(t, rival, "vip 🦊")
	expect(t, "the first", &people.Tag{Workspace: acme, ID: 1, Name: "VIP 🦊", CreatedAt: begin}, vip)
	expect(t, "the same in another case", vip, w.hasTag(t, acme, "vip 🦊"))
	all := func(ws workspace.ID) []*people.Tag {
		all, err := w.Tags(t.Context(), by(ws))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	expect(t, "acme's tags", []*people.Tag{vip, beta}, all(acme))
	expect(t, "rival's tags", []*people.Tag{theirs}, all(rival))

	renamed, err := w.ApplyTagging(t.Context(), w.caller, people.Tagging{ID: 2, Name: "beta"})
	if err != nil {
		t.Fatal(err)
	}
	beta.Name = "beta"
	expect(t, "the renamed one", beta, renamed.Tag)
	found, err := w.FindTag(t.Context(), by(acme), 2)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the renamed one, found", beta, found)
	var invalid *workspace.InvalidError
	if _, err := w.ApplyTagging(t.Context(), w.caller, people.Tagging{ID: 2, Name: "Vip 🦊"}); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("a name that is taken: %v", err)
	}
	if err := w.DeleteTag(t.Context(), by(acme), 2); err != nil {
		t.Fatal(err)
	}
	expect(t, "acme's tags then", []*people.Tag{vip}, all(acme))
	if again := w.hasTag(t, acme, "Beta"); again.ID != 3 {
		t.Errorf("the id of a deleted tag is given again: %d", again.ID)
	}
	for _, id := range []int64{2, 4} {
		if _, err := w.FindTag(t.Context(), by(acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindTag of %d: %v", id, err)
		}
		if err := w.DeleteTag(t.Context(), by(rival), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("DeleteTag of %d elsewhere: %v", id, err)
		}
	}
}

func appliedTag(t *testing.T, w *world) {
	vip, beta := w.hasTag(t, acme, "VIP"), w.hasTag(t, acme, "Beta")
	for _, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		p := w.has(t, role)
		w.clock.pass(time.Minute)
		now := w.Now().Unix()
		first := w.puts(t, 7, p, beta)
		expect(t, "what was applied", &people.AppliedTag{Tag: *beta, AppliedAt: now, AdminID: 7}, first)
		if got := w.stored(t, p.ID); got.UpdatedAt != now || !got.Attached {
			t.Errorf("a tagged %s was updated at %d, attached %v", role, got.UpdatedAt, got.Attached)
		}
		w.clock.pass(time.Minute)
		expect(t, "what was applied again", first, w.puts(t, 8, p, beta))
		if got := w.stored(t, p.ID); got.UpdatedAt != now {
			t.Errorf("a %s that was tagged twice is as if it had changed", role)
		}
		second := w.puts(t, 0, p, vip)
		expect(t, "what it carries", []*people.AppliedTag{first, second}, w.tagsOf(t, p))
		if err := w.takesOff(t, p, beta); err != nil {
			t.Error(err)
		}
		if err := w.takesOff(t, p, beta); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("taken off twice: %v", err)
		}
		expect(t, "what it carries then", []*people.AppliedTag{second}, w.tagsOf(t, p))
		var topics []string
		for _, e := range w.outbox(t) {
			if e.PersonID == p.ID {
				topics = append(topics, string(e.Topic)+" "+e.SubjectID)
			}
		}
		want := []string{"contact.tag.created 2", "contact.tag.created 1", "contact.tag.deleted 2"}
		if role == people.Visitor {
			want = nil
		}
		expect(t, "what was told of a "+string(role), want, topics)
	}
	nobody := w.person(people.User)
	if _, err := w.Tag(t.Context(), w.caller, holderOf(nobody), vip.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("tagging nobody: %v", err)
	}
	elsewhere := w.has(t, people.User, func(p *people.Person) { p.Workspace = rival })
	if _, err := w.Tag(t.Context(), w.caller, holderOf(elsewhere), vip.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("tagging somebody elsewhere: %v", err)
	}
	caller := w.caller
	caller.Workspace = rival
	if _, err := w.Tag(t.Context(), caller, holderOf(elsewhere), vip.ID); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("tagging with a tag from elsewhere: %v", err)
	}
}

func convertedTags(t *testing.T, w *world) {
	vip, beta, old := w.hasTag(t, acme, "VIP"), w.hasTag(t, acme, "Beta"), w.hasTag(t, acme, "Old")
	visitor := w.has(t, people.Visitor)
	first := w.puts(t, 1, visitor, vip)
	lead := w.convert(t, people.Conversion{To: people.Lead, Visitor: people.VisitorRef{ID: visitor.ID}}).Contact
	expect(t, "what the lead carries", []*people.AppliedTag{first}, w.tagsOf(t, lead))

	user, another := w.has(t, people.User), w.has(t, people.Visitor)
	onUser := w.puts(t, 1, user, old)
	w.clock.pass(time.Minute)
	onBoth := w.puts(t, 2, another, vip)
	onVisitor := w.puts(t, 2, another, beta)
	w.clock.pass(time.Minute)
	w.puts(t, 3, user, vip)
	merged := w.convert(t, toUser(another, people.UserRef{ID: user.ID})).Contact
	expect(t, "what the user shows", &people.Links{
		Tags: people.Linked{First: []string{"3", "1", "2"}, Total: 3},
	}, merged.Links)
	expect(t, "what the user carries", []*people.AppliedTag{onUser, onBoth, onVisitor}, w.tagsOf(t, user))
	expect(t, "a tag of both, applied again", onBoth, w.puts(t, 4, user, vip))

	for _, tag := range []*people.Tag{vip, beta} {
		if err := w.takesOff(t, user, tag); err != nil {
			t.Error(err)
		}
		if err := w.takesOff(t, user, tag); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("a tag of the visitor, taken off, is still there: %v", err)
		}
	}
	expect(t, "what the user carries then", []*people.AppliedTag{onUser}, w.tagsOf(t, user))
	expect(t, "what the lead carries then", []*people.AppliedTag{first}, w.tagsOf(t, lead))
	if _, err := w.TagsOf(t.Context(), w.caller, holderOf(another)); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("the tags of who is no visitor any more: %v", err)
	}
}

func deletedTag(t *testing.T, w *world) {
	vip, beta := w.hasTag(t, acme, "VIP"), w.hasTag(t, acme, "Beta")
	visitor, user := w.has(t, people.Visitor), w.has(t, people.User)
	w.puts(t, 1, visitor, vip)
	w.puts(t, 1, user, vip)
	left := w.puts(t, 1, user, beta)
	if err := w.DeleteTag(t.Context(), by(acme), vip.ID); err != nil {
		t.Fatal(err)
	}
	expect(t, "what the visitor carries", []*people.AppliedTag(nil), w.tagsOf(t, visitor))
	expect(t, "what the user carries", []*people.AppliedTag{left}, w.tagsOf(t, user))
	found, err := w.FindContact(t.Context(), by(acme), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "what the user shows", people.Linked{First: []string{"2"}, Total: 1}, found.Links.Tags)
}

func erasedWithTags(t *testing.T, w *world) {
	vip := w.hasTag(t, acme, "VIP")
	user, visitor, bystander := w.has(t, people.User), w.has(t, people.Visitor), w.has(t, people.User)
	for _, p := range []*people.Person{user, visitor, bystander} {
		w.puts(t, 1, p, vip)
	}
	w.convert(t, toUser(visitor, people.UserRef{ID: user.ID}))
	if _, err := w.DeleteContact(t.Context(), w.caller, user.ID); err != nil {
		t.Fatal(err)
	}
	got := get(t, w, func(r people.Reader) (map[string][]*people.AppliedTag, error) {
		return r.PersonTags(acme, []string{user.ID, visitor.ID, bystander.ID})
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
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(watchedReader{r, s.looks}) })
}

type watchedReader struct {
	people.Reader
	looks *int
}

func (r watchedReader) PersonTags(ws workspace.ID, ids []string) (map[string][]*people.AppliedTag, error) {
	*r.looks += len(ids)
	return r.Reader.PersonTags(ws, ids)
}

func (r watchedReader) Links(ws workspace.ID, ids []string) (map[string]*people.Links, error) {
	*r.looks += len(ids)
	return r.Reader.Links(ws, ids)
}

func visitorsWithoutTags(t *testing.T, w *world) {
	tagged := w.has(t, people.Visitor)
	for range 3 {
		w.has(t, people.Visitor)
	}
	looks := 0
	w.Store = watched{w.Store, &looks}
	list := func() []*people.Person {
		all, _, err := w.Visitors(t.Context(), by(acme), people.VisitorFilter{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if list(); looks != 0 {
		t.Errorf("a list of visitors without tags looked for those of %d", looks)
	}
	vip := w.hasTag(t, acme, "VIP")
	applied := w.puts(t, 1, tagged, vip)
	for _, p := range list() {
		var want *people.Links
		if p.ID == tagged.ID {
			want = &people.Links{Carried: []*people.AppliedTag{applied}}
		}
		expect(t, "what a visitor shows", want, p.Links)
	}
	if looks != 1 {
		t.Errorf("a list with one visitor with tags looked for those of %d", looks)
	}
}

func taggedTogether(t *testing.T, w *world) {
	ada := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada-1", "Ada@example.com" })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.Email, p.LastSeenAt = "ada@example.com", begin+1000 })
	visitor, gone := w.has(t, people.Visitor), w.absorbed(t, ada)
	vip := w.hasTag(t, acme, "VIP")
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
		_, err := w.ApplyTagging(t.Context(), w.caller, order(byID, target(stranger), other))
		var merged *people.MergedError
		if !errors.Is(err, people.ErrUserNotFound) && !errors.As(err, &merged) {
			t.Errorf("%s: %v", what, err)
		}
		if len(w.tagsOf(t, ada)) != 0 || len(w.tagsOf(t, lead)) != 0 {
			t.Errorf("with %s among them the others are tagged", what)
		}
		skip := order(other, target(stranger), byID)
		skip.SkipUnknown = true
		result, err := w.ApplyTagging(t.Context(), w.caller, skip)
		if err != nil {
			t.Fatal(err)
		}
		want := &people.TaggingResult{Tag: vip, Users: []people.Tagged{{ID: lead.ID, On: true}, {ID: ada.ID, On: true}}}
		expect(t, "the result without "+what, want, result)
		untag := order(off, people.TagTarget{UserRef: other.UserRef, Untag: true})
		if result, err = w.ApplyTagging(t.Context(), w.caller, untag); err != nil {
			t.Fatal(err)
		}
		expect(t, "the result of untagging", []people.Tagged{{ID: ada.ID}, {ID: lead.ID}}, result.Users)
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
		if _, err := w.ApplyTagging(t.Context(), w.caller, order(c.targets...)); err != nil {
			t.Fatal(err)
		}
		if on := len(w.tagsOf(t, ada)) == 1; on != c.on {
			t.Errorf("after %s the tag is on: %v", what, on)
		}
	}
	fresh := target(people.UserRef{ID: w.has(t, people.User).ID})
	away := fresh
	away.Untag = true
	if _, err := w.ApplyTagging(t.Context(), w.caller, order(fresh, away)); err != nil {
		t.Fatal(err)
	}
	if len(w.tagsOf(t, w.stored(t, fresh.ID))) != 0 {
		t.Error("who had no tag keeps the one that was put on and taken off in one order")
	}
	if len(w.tagsOf(t, lead)) != 0 {
		t.Error("a lead was taken for the user with the same address")
	}
}

func crowdOfTaggings(t *testing.T, w *world) {
	all := make([]*people.Person, 12)
	for i := range all {
		all[i] = w.has(t, people.User)
	}
	crowded(24, func(i int) {
		order := people.Tagging{Name: fmt.Sprint("tag ", i%2)}
		for _, p := range all {
			order.Users = append(order.Users, people.TagTarget{UserRef: people.UserRef{ID: p.ID}})
		}
		if i%3 == 0 {
			slices.Reverse(order.Users)
		}
		if _, err := w.ApplyTagging(t.Context(), w.caller, order); err != nil {
			t.Errorf("order %d: %v", i, err)
		}
		_, err := w.Tag(t.Context(), w.caller, holderOf(all[i%len(all)]), 1)
		if err != nil && !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("tag %d: %v", i, err)
		}
	})
	tags, err := w.Tags(t.Context(), by(acme))
	if err != nil || len(tags) != 2 {
		t.Fatalf("there are %d tags: %v", len(tags), err)
	}
	for _, p := range all {
		if n := len(w.tagsOf(t, p)); n != 2 {
			t.Errorf("%s carries %d tags", p.ID, n)
		}
	}
}

func deletedMeanwhile(t *testing.T, w *world) {
	for round := range 20 {
		tag := w.hasTag(t, acme, fmt.Sprint("tag ", round))
		all := make([]*people.Person, 6)
		for i := range all {
			all[i] = w.has(t, people.User)
		}
		crowded(len(all)+1, func(i int) {
			if i == len(all) {
				if err := w.DeleteTag(t.Context(), by(acme), tag.ID); err != nil {
					t.Errorf("DeleteTag: %v", err)
				}
			} else if _, err := w.Tag(t.Context(), w.caller, holderOf(all[i]), tag.ID); err != nil && !errors.Is(err, people.ErrResourceNotFound) {
				t.Errorf("Tag: %v", err)
			}
		})
		left := get(t, w, func(r people.Reader) (map[string]*people.Links, error) { return r.Links(acme, ids(all)) })
		if len(left) != 0 {
			t.Errorf("%d contacts carry a tag that was deleted", len(left))
		}
	}
}
