package deliver_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/webhook"
)

func TestServersShareTheWorkAndOneMayEndAtAnyMoment(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		r := listen(t, nil)
		h.hook(r.URL, webhook.LeadCreated, webhook.LeadUpdated)
		const persons, updates = 20, 5
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var all sync.WaitGroup
		running := map[int]context.CancelFunc{}
		begin := func(i int) {
			on, stop := context.WithCancel(ctx)
			running[i] = stop
			d := deliverer(t, h.Instance, true)
			all.Go(func() { d.Run(on) })
			all.Go(func() {
				for on.Err() == nil {
					_, _ = h.Lobby.StampOutbox(on, fmt.Sprint("server ", i)) //nolint:errcheck // it is cut off in the end
					h.Clock.Pass(time.Second)                                // leases of those that are gone end
					time.Sleep(5 * time.Millisecond)
				}
			})
		}
		begin(0)
		begin(1)
		var ids []string
		for i := range persons {
			ids = append(ids, h.does("POST", "/contacts", fmt.Sprintf(`{"role":"lead","name":"%d"}`, i)))
		}
		for n := range updates {
			running[n]()
			begin(n + 2)
			for _, id := range ids {
				h.does("PUT", "/contacts/"+id, fmt.Sprintf(`{"phone":"%d"}`, n))
			}
		}
		seen := map[string]bool{}
		last := map[string]string{}
		for len(seen) < persons*(updates+1) {
			if ctx.Err() != nil {
				t.Fatalf("%d of %d", len(seen), persons*(updates+1))
			}
			for _, n := range r.take() {
				id := n.Data.Item["id"].(string)
				if !seen[n.ID] && n.ID < last[id] {
					t.Errorf("%s was told of %s after %s", id, n.ID, last[id])
				}
				seen[n.ID], last[id] = true, max(last[id], n.ID)
			}
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
		all.Wait()
	})
}

// A feed and a webhook see exactly what was committed, although transactions end in another order than they began.
func TestHeldTransactionsAreNeitherLostNorRepeated(t *testing.T) {
	t.Parallel()
	h := open(t, testkit.OnPostgres())
	r := listen(t, nil)
	h.hook(r.URL, webhook.EventCreated, webhook.LeadCreated)
	emit := func(between func()) string {
		lead := &people.Person{Workspace: h.Workspace, ID: h.Lobby.NewID(h.Clock.Now()), Role: people.Lead, CreatedAt: 1, UpdatedAt: 1}
		err := h.Store.Write(t.Context(), func(w people.Writer) error {
			if err := w.InsertPerson(lead); err != nil {
				return err
			}
			if err := h.Lobby.EmitContact(w, people.ContactCreated, lead); err != nil {
				return err
			}
			between()
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return lead.ID
	}
	want, seen, cursor := map[string]bool{}, map[string]int{}, "0"
	var mu sync.Mutex
	follow := func() {
		h.settle()
		page := h.Do(t, "GET", "/lobby/v1/changes?per_page=150&after="+cursor, nil)
		cursor = page.Get("cursor").(string)
		for i := range page.Get("data").([]any) {
			seen[page.Get(fmt.Sprintf("data.%d.person_id", i)).(string)]++
		}
	}
	for range 10 {
		release, held := make(chan struct{}), make(chan struct{})
		var slow sync.WaitGroup
		slow.Go(func() {
			var once sync.Once
			id := emit(func() { once.Do(func() { close(held) }); <-release })
			mu.Lock()
			want[id] = true
			mu.Unlock()
		})
		<-held // its entry has the older id
		for range 3 {
			id := emit(func() {})
			mu.Lock()
			want[id] = true
			mu.Unlock()
			follow()
		}
		close(release)
		slow.Wait()
		follow()
	}
	told := map[string]int{}
	for _, n := range r.take() {
		told[n.Data.Item["id"].(string)]++
	}
	for id := range want {
		if seen[id] != 1 || told[id] != 1 {
			t.Errorf("%s: %d times in the feed, %d times told", id, seen[id], told[id])
		}
	}
	if len(seen) != len(want) || len(told) != len(want) || len(want) != 40 {
		t.Errorf("%d in the feed, %d told, %d written", len(seen), len(told), len(want))
	}
}

// A server that ends while a receiver is at work has sent nothing, as far as anybody knows.
func TestWhatWasUnderWayWhenAServerEndedIsSentAgain(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		ctx, end := context.WithCancel(t.Context())
		r := listen(t, func(*notification) int { end(); return 200 })
		h.hook(r.URL, webhook.LeadCreated)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		_ = h.StampAndSettle(ctx) //nolint:errcheck // it is cut off
		first := r.take()
		h.Clock.Pass(time.Minute) // its lease ends
		if err := deliverer(t, h.Instance, true).StampAndSettle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := r.take(); len(first) != 1 || len(again) != 1 || again[0].ID != first[0].ID {
			t.Errorf("sent %s, and then %s, want the same twice", topicsOf(first), topicsOf(again))
		}
	})
}

// A server that was held up until others had taken its lease, gone on and given it back does not set them back.
func TestAServerThatWasHeldUpChangesNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		reached, release := make(chan struct{}), make(chan struct{})
		var posts atomic.Int64
		r := listen(t, func(*notification) int {
			if posts.Add(1) == 1 {
				close(reached)
				<-release
			}
			return 200
		})
		hook := h.hook(r.URL, webhook.LeadCreated)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		var slow sync.WaitGroup
		slow.Go(func() { h.settle() })
		<-reached
		h.Clock.Pass(time.Minute)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		other := deliverer(t, h.Instance, true)
		if err := other.StampAndSettle(t.Context()); err != nil {
			t.Error(err)
		}
		close(release)
		slow.Wait()
		if got := r.take(); len(got) != 3 { // the first of them twice, because nobody knew
			t.Errorf("sent %s", topicsOf(got))
		}
		if err := other.StampAndSettle(t.Context()); err != nil {
			t.Error(err)
		}
		if got := r.take(); len(got) != 0 {
			t.Errorf("sent again: %s", topicsOf(got))
		}
		page, _, err := h.Webhooks.Deliveries(t.Context(), h.caller(), hook.ID, webhook.Filter{State: webhook.Delivered}, 50)
		if err != nil || len(page) != 2 {
			t.Errorf("%d deliveries (%v), want 2", len(page), err)
		}
	})
}
