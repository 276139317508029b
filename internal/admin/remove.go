package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lobby/internal/people"
	"lobby/internal/profile"
)

// removal is something that takes a person away from where others see it.
type removal struct {
	// name is that of the path.
	name string
	// may says whether it can be done with the person, by the role of the member.
	may func(actions) bool
	do  func(*admin, *request, *people.Person) error
	// done is the notice after it.
	done string
}

var removals = []removal{
	{"archive", func(a actions) bool { return a.Archive }, (*admin).archive, "archived"},
	{"restore", func(a actions) bool { return a.Restore }, (*admin).restore, "restored"},
	{"block", func(a actions) bool { return a.Block }, (*admin).block, "blocked"},
	{"erase", func(a actions) bool { return a.Erase }, (*admin).erase, "erased"},
}

// purgePatience is how long an erasure waits for its bytes to go.
const purgePatience = 100 * time.Millisecond

// removalPage is what the page remove shows.
type removalPage struct {
	human
	Action, Title string
	Sentences     []string
	// Counted says how many of what go; nil where nothing goes.
	Counted []string
	Confirm string
	Danger  bool
	// Typed is what has to be typed before an erasure.
	Typed, Error string
}

func removalNamed(name string) *removal {
	for i := range removals {
		if removals[i].name == name {
			return &removals[i]
		}
	}
	return nil
}

// removal returns the removal and the person that a request names. Errors: errNotFound, errForbidden, those of [profile.Of].
func (a *admin) removal(r *request) (*removal, *profile.Profile, error) {
	removal := removalNamed(r.PathValue("action"))
	if removal == nil {
		return nil, nil, errNotFound
	}
	p, err := profile.Of(r.Context(), a.lobby, r.caller, r.PathValue("id"), profile.Max{Notes: 1})
	if err != nil {
		return nil, nil, err
	}
	if !removal.may(r.actions(p.Person)) {
		return nil, nil, errForbidden
	}
	return removal, p, nil
}

// askRemoval says what a removal means, and asks whether it is meant.
func (a *admin) askRemoval(r *request) error {
	removal, p, err := a.removal(r)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "remove", newRemovalPage(removal.name, p))
}

func newRemovalPage(action string, p *profile.Profile) *removalPage {
	page := &removalPage{human: newHuman(p.Person), Action: action}
	name := page.Name
	switch action {
	case "archive":
		page.Title, page.Confirm = "Archive "+name, "Archive 1 person"
		page.Sentences = []string{"Nobody finds an archived person in lists any more. All data stays, and so do the identifiers: nobody else can have them.", "You can take them out of the archive again."}
	case "restore":
		page.Title, page.Confirm = "Take "+name+" out of the archive", "Restore 1 person"
		page.Sentences = []string{"Lists show them again, with all they had."}
	case "block":
		page.Title, page.Confirm, page.Danger = "Block "+name, "Block 1 person", true
		page.Sentences = []string{"A blocked person is in no list, cannot write, and cannot be created again with the same identifiers.", "This cannot be undone."}
	case "erase":
		page.Title, page.Danger = "Erase "+name, true
		page.Sentences = []string{
			"Everything that Lobby knows about this person goes: the record and those that were merged into it, with their notes, events, messages and history. Only the bare ids stay on a list, so that no older copy brings anybody back.",
			"This cannot be undone. It does not reach what other programs have read.",
		}
		page.Counted = erasedCounts(p)
		page.Confirm = "Erase " + counted(1+len(p.Absorbed), "record") + " for good"
		page.Typed = strconv.Itoa(1 + len(p.Absorbed))
	}
	return page
}

// erasedCounts says how much goes with a person.
func erasedCounts(p *profile.Profile) []string {
	events := 0
	for _, s := range p.Summaries {
		events += int(s.Count)
	}
	all := []string{counted(1+len(p.Absorbed), "record")}
	for _, kind := range []struct {
		n    int
		noun string
	}{{p.NoteCount, "note"}, {events, "event"}, {len(p.Tags), "tag"}} {
		if kind.n > 0 {
			all = append(all, counted(kind.n, kind.noun))
		}
	}
	return all
}

// remove does what was confirmed.
func (a *admin) remove(r *request) error {
	removal, p, err := a.removal(r)
	if err != nil {
		return err
	}
	page := newRemovalPage(removal.name, p)
	if page.Typed != "" && r.PostForm.Get("count") != page.Typed {
		page.Error = fmt.Sprintf("Write %s to confirm: so many records go.", page.Typed)
		return r.show(http.StatusUnprocessableEntity, "remove", page)
	}
	if err := removal.do(a, r, p.Person); err != nil {
		return r.refusedPerson(err)
	}
	if removal.name == "erase" {
		a.lobby.Store.Purge(r.Context(), purgePatience) // what is left then goes soon after
		return r.redirect(r.in("people?done=" + removal.done))
	}
	return r.done(p.Person.ID, removal.done)
}

func (a *admin) archive(r *request, p *people.Person) error {
	_, err := a.lobby.ArchiveContact(r.Context(), r.caller, p.ID)
	return err
}

func (a *admin) restore(r *request, p *people.Person) error {
	_, err := a.lobby.UnarchiveContact(r.Context(), r.caller, p.ID)
	return err
}

func (a *admin) block(r *request, p *people.Person) error {
	_, err := a.lobby.BlockContact(r.Context(), r.caller, p.ID)
	return err
}

func (a *admin) erase(r *request, p *people.Person) (err error) {
	if p.Role == people.Visitor {
		_, err = a.lobby.DeleteVisitor(r.Context(), r.caller, people.VisitorRef{ID: p.ID})
	} else {
		_, err = a.lobby.DeleteContact(r.Context(), r.caller, p.ID)
	}
	return err
}
