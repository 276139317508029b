package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Differential does the same at random, lifeSteps steps for each life that rapid draws, in several stores and in a model of
// conversations. What a step says must agree, and so must every conversation after it.
func Differential(t *testing.T, joins ...Join) {
	t.Helper()
	lives := new(atomic.Int64)
	rapid.Check(t, func(rt *rapid.T) {
		l := newLife(t, rt, lives.Add(1), joins)
		for at, seed := range rapid.SliceOfN(rapid.Uint64(), lifeSteps, lifeSteps).Draw(rt, "steps") {
			random := rand.New(rand.NewPCG(seed, uint64(at)))
			if seed == 0 { // rapid shrinks to a step that does little
				l.pass()
				continue
			}
			l.step(random)
		}
		l.compareAll()
	})
}

const lifeSteps = 80

// life is one workspace in each of several stores, and the model of it.
type life struct {
	model
	rt     *rapid.T
	stores []*office
	clock  *atomic.Int64
	serial int
}

func newLife(t *testing.T, rt *rapid.T, number int64, joins []Join) *life {
	l := &life{model: newModel(), rt: rt, clock: new(atomic.Int64)}
	l.clock.Store(began)
	for _, join := range joins {
		o := &office{join: join, clock: l.clock}
		o.Lobby, o.inbox = o.server()
		next := number << 20
		o.NewID = func(at time.Time) string { next++; return fmt.Sprintf("%08x%016x", at.Unix(), next) }
		o.NewEntryID = o.NewID
		o.NewUUID = func() string { next++; return fmt.Sprintf("00000000-0000-4000-8000-%012x", next) }
		o.Secret = func(n int) string { next++; return fmt.Sprintf("%0*d", n, next) }
		o.inbox.SendsMail = true
		created, err := o.CreateWorkspace(t.Context(), workspace.Draft{ID: workspace.ID(fmt.Sprint("life-", number))})
		if err != nil {
			rt.Fatal(err)
		}
		o.caller = created.Workspace.Caller()
		o.caller.AdminID, o.adminID, o.caller.MailsReplies = created.Token.AdminID, created.Token.AdminID, true
		l.admin = o.adminID
		team, err := o.CreateTeam(t.Context(), o.caller, "Support", nil)
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := o.ApplyTagging(t.Context(), o.caller, people.Tagging{Name: "vip"}); err != nil {
			rt.Fatal(err)
		}
		l.team = team.ID
		l.stores = append(l.stores, o)
	}
	l.clock.Add(1_000_000) // what other lives have left asleep
	for _, o := range l.stores {
		if _, err := o.inbox.WakeSnoozed(t.Context()); err != nil {
			rt.Fatal(err)
		}
	}
	l.clock.Store(began)
	for range 4 {
		l.newContact()
	}
	return l
}

// all does one thing in every store, where it must come to the same, and returns what it came to in the first.
func (l *life) all(what string, do func(o *office) (any, error)) (any, error) {
	l.rt.Helper()
	var first any
	var firstErr error
	for i, o := range l.stores {
		got, err := do(o)
		if i == 0 {
			first, firstErr = got, err
			continue
		}
		if fmt.Sprint(firstErr) != fmt.Sprint(err) || firstErr == nil && fmt.Sprint(first) != fmt.Sprint(got) {
			l.rt.Fatalf("%s came to\n%v, %v\nand in another store to\n%v, %v", what, first, firstErr, got, err)
		}
	}
	return first, firstErr
}

// does does one thing in every store. It must succeed exactly when the model says so.
func (l *life) does(what string, succeeds bool, do func(o *office) (any, error)) (any, bool) {
	l.rt.Helper()
	got, err := l.all(what, do)
	if (err == nil) != succeeds {
		l.rt.Fatalf("%s came to %v, and the model says %v", what, err, succeeds)
	}
	return got, err == nil
}

func (l *life) pass() { l.clock.Add(7) }

func (l *life) now() int64 { return l.clock.Load() }

func (l *life) newContact() {
	l.serial++
	role, email := []people.Role{people.User, people.Lead}[l.serial%2], fmt.Sprintf("p%d@example.com", l.serial)
	got, _ := l.does("a contact", true, func(o *office) (any, error) {
		p, err := o.CreateContact(l.rt.Context(), o.caller, people.ContactFields{Role: &role, Email: &email})
		if err != nil {
			return nil, err
		}
		return p.ID, nil
	})
	l.persons = append(l.persons, got.(string))
}

// steps are what may happen, and how likely it is.
var steps = map[string]int{
	"time": 3, "contact": 3, "begin": 4, "reply": 16, "attach": 8, "detach": 6, "tag": 2, "untag": 2, "update": 4, "redact": 3, "delete": 1,
	"message": 4, "answer": 6, "merge": 6, "undo": 3, "erase": 2, "wake": 2, "look": 6, "receipt": 2, "rules": 1,
}

// stepNames has the name of each step as often as it is likely.
var stepNames = func() (all []string) {
	for name, n := range steps {
		for range n {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}()

// step does something.
func (l *life) step(random *rand.Rand) {
	person := l.persons[random.IntN(len(l.persons))]
	c := l.anyTalk(random)
	body := fmt.Sprintf("<p>%d</p>", random.IntN(1000))
	switch name := stepNames[random.IntN(len(stepNames))]; name {
	case "time":
		l.pass()
	case "contact":
		l.newContact()
	case "begin":
		l.begin(person, body)
	case "reply":
		l.replies(random, c, person, body)
	case "answer":
		l.answers(person, body)
	case "attach", "detach":
		l.takesPart(name, c, person)
	case "tag", "untag", "rules":
		l.tags(name, c)
	case "update":
		l.update(random, c)
	case "redact":
		l.redact(random, c)
	case "delete":
		l.delete(c)
	case "message":
		l.message(random, person, body)
	case "merge":
		l.merge(l.anyLead(random), l.anyUser(random))
	case "undo":
		l.undo(random)
	case "erase":
		l.erase(person)
	case "wake":
		l.wake()
	case "receipt":
		l.receipt(random, person)
	default:
		l.look(random, person)
	}
	if c.id != 0 {
		l.agree(c.id)
	}
}

func (l *life) begin(person, body string) {
	got, ok := l.does("a beginning by "+person, l.isThere(person), func(o *office) (any, error) {
		s, err := o.inbox.StartConversation(l.rt.Context(), o.caller, inbox.Start{From: inbox.ContactRef{ID: person}, Body: body})
		if err != nil {
			return nil, err
		}
		return [2]int64{s.ConversationID, s.Message.ID}, nil
	})
	if ok {
		ids := got.([2]int64)
		l.begun(ids[0], ids[1], l.today(person), l.now())
		l.agree(ids[0])
	}
}

// acts are what a reply may do.
var acts = []inbox.Act{
	inbox.ContactComments, inbox.ContactComments, inbox.ContactChooses, inbox.AdminComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminAsks,
	inbox.AdminCloses, inbox.AdminOpens, inbox.AdminSnoozes, inbox.AdminAssigns,
}

func (l *life) replies(random *rand.Rand, c *talk, person, body string) {
	r := inbox.Reply{
		Act: acts[random.IntN(len(acts))], Body: body, AdminID: l.admin, Contact: inbox.ContactRef{ID: person}, Until: l.now() + 5 + random.Int64N(60),
		Options: []inbox.QuickReply{{Text: "Yes", UUID: "a"}},
	}
	r.Assignee = []inbox.Assignee{{Kind: inbox.AdminAssignee, ID: l.admin}, {Kind: inbox.TeamAssignee, ID: l.team}, {Kind: inbox.AdminAssignee}, {Kind: inbox.TeamAssignee, ID: 999}}[random.IntN(4)]
	isContacts := r.Act == inbox.ContactComments || r.Act == inbox.ContactChooses
	switch {
	case isContacts || r.Act == inbox.AdminComments || r.Act == inbox.AdminNotes:
	case random.IntN(2) == 0:
		r.Body = ""
	}
	succeeds := c.id != 0 && (!isContacts || l.isAmong(c, person)) && (r.Act != inbox.AdminAssigns || r.Assignee.ID != 999)
	_, ok := l.does(fmt.Sprintf("%s in %d by %s", r.Act, c.id, person), succeeds, func(o *office) (any, error) {
		return nothing(o.inbox.Reply(l.rt.Context(), o.caller, inbox.Target{ID: c.id}, r))
	})
	if ok {
		l.act(c, r, l.today(person), l.now())
	}
}

// nothing leaves out a conversation, which [life.agree] compares.
func nothing(_ *inbox.Conversation, err error) (any, error) { return nil, err }

func (l *life) answers(person, body string) {
	ref := inbox.ContactRef{ID: person}
	of, begins := l.last(person)
	got, ok := l.does("an answer of "+person, of != nil || begins != nil, func(o *office) (any, error) {
		c, err := o.inbox.Reply(l.rt.Context(), o.caller, inbox.Target{LastOf: ref}, inbox.Reply{Act: inbox.ContactComments, Contact: ref, Body: body})
		if err != nil {
			return nil, err
		}
		return [2]int64{c.ID, c.MessageID}, nil
	})
	if !ok {
		return
	}
	ids := got.([2]int64)
	if begins != nil {
		of = l.answered(begins, ids[0], l.today(person), l.now())
	}
	if of.id != ids[0] || of.message != ids[1] {
		l.rt.Fatalf("%s answers in %d to message %d, and the model says %d to %d", person, ids[0], ids[1], of.id, of.message)
	}
	l.act(of, inbox.Reply{Act: inbox.ContactComments, Body: body}, l.today(person), l.now())
	l.agree(of.id)
}

func (l *life) takesPart(name string, c *talk, person string) {
	by := inbox.Actor{AdminID: l.admin}
	if name == "attach" {
		_, ok := l.does(fmt.Sprintf("%s of %s in %d", name, person, c.id), c.id != 0 && l.isThere(person), func(o *office) (any, error) {
			return nothing(o.inbox.AttachContact(l.rt.Context(), o.caller, c.id, by, inbox.ContactRef{ID: person}))
		})
		if ok {
			l.attach(c, l.today(person), l.now())
		}
		return
	}
	succeeds := c.id != 0 && l.isAmong(c, person) && len(l.who(c)) > 1
	_, ok := l.does(fmt.Sprintf("%s of %s in %d", name, person, c.id), succeeds, func(o *office) (any, error) {
		return nothing(o.inbox.DetachContact(l.rt.Context(), o.caller, c.id, by, person))
	})
	if ok {
		l.detach(c, l.today(person), l.now())
	}
}

func (l *life) tags(name string, c *talk) {
	switch name {
	case "tag":
		if _, ok := l.does("a tag", c.id != 0, func(o *office) (any, error) {
			g, err := o.inbox.TagConversation(l.rt.Context(), o.caller, c.id, l.admin, 1)
			if err != nil {
				return nil, err
			}
			return *g, nil
		}); ok {
			l.touch(c, l.now())
			c.tagged = true
		}
	case "untag":
		if _, ok := l.does("a tag taken off", c.id != 0 && c.tagged, func(o *office) (any, error) {
			g, err := o.inbox.UntagConversation(l.rt.Context(), o.caller, c.id, l.admin, 1)
			if err != nil {
				return nil, err
			}
			return *g, nil
		}); ok {
			l.touch(c, l.now())
			c.tagged = false
		}
	default:
		if _, ok := l.does("assignment by rules", c.id != 0, func(o *office) (any, error) {
			return nothing(o.inbox.RunAssignmentRules(l.rt.Context(), o.caller, c.id))
		}); ok {
			l.act(c, inbox.Reply{Act: inbox.RulesAssign}, "", l.now())
		}
	}
}

func (l *life) update(random *rand.Rand, c *talk) {
	title, isRead, level := fmt.Sprint("T", random.IntN(3)), random.IntN(2) == 0, []inbox.Priority{inbox.HighPriority, inbox.NoPriority}[random.IntN(2)]
	u := inbox.Update{Title: &title, IsRead: &isRead, Priority: &level, CustomAttributes: search.Attributes{"n": search.IntValue(random.Int64N(3))}}
	_, ok := l.does("an update", c.id != 0, func(o *office) (any, error) {
		return nothing(o.inbox.UpdateConversation(l.rt.Context(), o.caller, c.id, u))
	})
	if ok {
		l.updated(c, title, isRead, level, u.CustomAttributes["n"], l.now())
	}
}

func (l *life) redact(random *rand.Rand, c *talk) {
	if random.IntN(4) == 0 {
		_, ok := l.does("a message redacted", c.id != 0 && c.author != "", func(o *office) (any, error) {
			return nothing(o.inbox.RedactSource(l.rt.Context(), o.caller, c.id, c.message))
		})
		if ok {
			c.redacted = true
			l.touch(c, l.now())
		}
		return
	}
	var id int64
	var which *said
	if len(c.parts) > 0 {
		which = c.parts[random.IntN(len(c.parts))]
		id = which.id
	}
	_, ok := l.does("a part redacted", which != nil && which.body != "", func(o *office) (any, error) {
		return nothing(o.inbox.RedactPart(l.rt.Context(), o.caller, c.id, id))
	})
	if ok {
		which.body = redacted
		l.touch(c, l.now())
	}
}

func (l *life) delete(c *talk) {
	if _, ok := l.does("a deletion", c.id != 0, func(o *office) (any, error) {
		return nil, o.inbox.DeleteConversation(l.rt.Context(), o.caller, c.id, true)
	}); ok {
		l.gone(c)
	}
}

func (l *life) message(random *rand.Rand, person, body string) {
	d := inbox.Draft{AdminID: l.admin, Body: body, To: []inbox.ContactRef{{ID: person}}, Begins: random.IntN(3) == 0}
	if random.IntN(2) == 0 {
		d.Channel, d.Subject = inbox.Email, "Hello"
	}
	other := l.persons[random.IntN(len(l.persons))]
	d.CC = append(d.CC, inbox.ContactRef{ID: other})
	got, ok := l.does("a message to "+person, l.isThere(person) && l.isThere(other), func(o *office) (any, error) {
		sent, err := o.inbox.SendMessage(l.rt.Context(), o.caller, d)
		if err != nil {
			return nil, err
		}
		return [2]int64{sent.Message.ID, sent.ConversationID}, nil
	})
	if ok {
		ids := got.([2]int64)
		l.sent(&letter{id: ids[0], at: l.now(), inApp: d.Channel == inbox.InApp}, ids[1], l.today(person), l.today(other))
		if ids[1] != 0 {
			l.agree(ids[1])
		}
	}
}

// Of the persons every other one began as a lead, and the others as users.
func (l *life) anyLead(random *rand.Rand) string {
	return l.persons[random.IntN((len(l.persons)+1)/2)*2]
}

func (l *life) anyUser(random *rand.Rand) string { return l.persons[random.IntN(len(l.persons)/2)*2+1] }

// merge and undo are left to the rules of persons, which have a machine of their own.
func (l *life) merge(from, into string) {
	got, err := l.all("a merge", func(o *office) (any, error) {
		m, err := o.MergeContacts(l.rt.Context(), o.caller, people.MergeOrder{FromID: from, IntoID: into})
		if err != nil {
			return nil, err
		}
		return [2]string{m.ChangeID, m.Contact.ID}, nil
	})
	if err != nil || l.today(from) == l.today(into) { // the second is a repetition
		return
	}
	ids := got.([2]string)
	l.merged = append(l.merged, merged{ids[0], l.today(from), ids[1]})
	l.into[l.today(from)] = ids[1]
}

func (l *life) undo(random *rand.Rand) {
	if len(l.merged) == 0 {
		return
	}
	m := l.merged[random.IntN(len(l.merged))]
	got, err := l.all("an undo", func(o *office) (any, error) {
		_, decision, err := o.UndoChange(l.rt.Context(), o.caller, m.change)
		return decision, err
	})
	if err == nil && got != people.DecidedRepeated {
		delete(l.into, m.from)
	}
}

func (l *life) erase(person string) {
	got, err := l.all("an erasure", func(o *office) (any, error) {
		p, err := o.DeleteContact(l.rt.Context(), o.caller, person)
		if err != nil {
			return nil, err
		}
		return p.ID, nil
	})
	if err == nil && l.into[person] == "" { // of who was merged nothing is deleted
		l.erased(got.(string))
	}
}

func (l *life) wake() {
	got, _ := l.does("the timer", true, func(o *office) (any, error) { return o.inbox.WakeSnoozed(l.rt.Context()) })
	if n := l.woken(l.now()); got != n {
		l.rt.Fatalf("%v snoozes ended, and the model says %d", got, n)
	}
}

func (l *life) receipt(random *rand.Rand, person string) {
	id := fmt.Sprint("r-", random.IntN(20))
	r := inbox.Receipt{ID: id, Kind: inbox.ReceiptKinds[random.IntN(len(inbox.ReceiptKinds))], Contact: inbox.ContactRef{ID: person}}
	want := inbox.Accepted{Accepted: 1}
	switch {
	case !l.isThere(person):
		want = inbox.Accepted{Unknown: []string{id}}
	case l.receipts[id] != "":
		want = inbox.Accepted{Repeated: 1}
	default:
		l.receipts[id] = person
	}
	got, _ := l.does("a receipt", true, func(o *office) (any, error) {
		return o.inbox.AcceptReceipts(l.rt.Context(), o.caller, []inbox.Receipt{r})
	})
	if fmt.Sprint(got) != fmt.Sprint(want) {
		l.rt.Fatalf("a receipt %s about %s came to %v, and the model says %v", id, person, got, want)
	}
}

// look compares a search, and what a person has not read, with the model.
func (l *life) look(random *rand.Rand, person string) {
	ctx := l.rt.Context()
	query, meets := search.Query{}, func(*talk) bool { return true }
	equals := func(field string, v search.Value) {
		query = search.Query{Field: field, Operator: search.Equal, Values: []search.Value{v}}
	}
	switch random.IntN(5) {
	case 0:
		state := []inbox.State{inbox.Open, inbox.Closed, inbox.Snoozed}[random.IntN(3)]
		equals("state", search.TextValue(string(state)))
		meets = func(c *talk) bool { return c.stateAt(l.now()) == state }
	case 1:
		equals("contact_ids", search.TextValue(person))
		meets = func(c *talk) bool { return l.into[person] == "" && l.isAmong(c, person) }
	case 2:
		equals("tag_ids", search.TextValue("1"))
		meets = func(c *talk) bool { return c.tagged }
	case 3:
		equals("custom_attributes.n", search.IntValue(1))
		meets = func(c *talk) bool { return c.n == search.IntValue(1) }
	}
	var want []int64
	for _, c := range l.talks {
		if meets(c) {
			want = append(want, c.id)
		}
	}
	slices.Sort(want)
	got, err := l.all("a search", func(o *office) (any, error) {
		page, err := o.inbox.Search(ctx, o.caller, inbox.ContactRef{}, search.Order{Query: query, Field: "id", Ascending: true, Limit: 150})
		if err != nil {
			return nil, err
		}
		var ids []int64
		for _, c := range page.Found {
			ids = append(ids, c.ID)
		}
		return fmt.Sprint(page.Total, ids), nil
	})
	unknown := new(search.Error)
	if errors.As(err, &unknown) && strings.HasPrefix(query.Field, "custom") {
		return // no conversation ever had the attribute
	}
	if err != nil || got != fmt.Sprint(len(want), want) {
		l.rt.Fatalf("a search of %+v finds %v, %v, and the model says %d", query, got, err, want)
	}
	if !l.isThere(person) || l.into[person] != "" {
		return
	}
	unread, _ := l.does("a count", true, func(o *office) (any, error) { return o.inbox.CountUnread(ctx, o.caller, person) })
	if n := l.unread(person); unread != n {
		l.rt.Fatalf("%s has %v unread, and the model says %d", person, unread, n)
	}
}

// agree holds all stores to what the model knows of a conversation.
func (l *life) agree(id int64) {
	var found *inbox.Conversation
	_, err := l.all(fmt.Sprint("conversation ", id), func(o *office) (any, error) {
		c, err := o.inbox.FindConversation(l.rt.Context(), o.caller, id)
		if err != nil {
			return nil, err
		}
		found = c
		return shown(c) + fmt.Sprintf("%+v %v", c.Statistics, c.CustomAttributes), nil
	})
	c := l.talks[id]
	switch {
	case c == nil && errors.Is(err, inbox.ErrConversationNotFound):
		return
	case c == nil || err != nil:
		l.rt.Fatalf("conversation %d: %v, and the model has %+v", id, err, c)
	}
	if is, want := summary(found), l.summary(c, l.now()); is != want {
		l.rt.Fatalf("conversation %d is\n%s\nand the model says\n%s", id, is, want)
	}
	for i, p := range found.Parts {
		c.parts[i].id = p.ID
	}
}

// compareAll compares all conversations, and what each person may know and gets by mail.
func (l *life) compareAll() {
	for id := range l.talks {
		l.agree(id)
	}
	for _, person := range l.persons {
		l.all("what "+person+" may know", func(o *office) (any, error) {
			return workspace.Read(l.rt.Context(), o.inbox.Store, func(r inbox.Reader) (string, error) {
				known, err := inbox.Personal(r, o.caller.Workspace, person, l.now())
				mails, mailsErr := r.MailsTo(o.caller.Workspace, person)
				to, toErr := r.MessagesTo(o.caller.Workspace, person)
				var b strings.Builder
				for _, c := range known {
					for _, p := range c.Parts {
						fmt.Fprintln(&b, c.ID, p.ID, p.Type, p.Body)
					}
				}
				for _, m := range mails {
					fmt.Fprintf(&b, "%+v\n", *m)
				}
				for _, m := range to {
					fmt.Fprintln(&b, m.ID, m.Body)
				}
				return b.String(), errors.Join(err, mailsErr, toErr)
			})
		})
	}
}
