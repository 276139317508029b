package sqlstore

import (
	"strconv"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/touch"
)

func TestATouchIsWrittenWhenTheStoreIsClosed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	visitor := &people.Person{
		Workspace: "acme", ID: "6553f1000000000000000001", Role: people.Visitor, AnonymousID: "a", CreatedAt: 1, UpdatedAt: 1, LastSeenAt: 1,
	}
	if err := store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(visitor) }); err != nil {
		t.Fatal(err)
	}
	store.Touch("acme", visitor.ID, 5)
	store.Touch("acme", visitor.ID, 4)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store, err = OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // read only
	err = store.Read(t.Context(), func(r people.Reader) error {
		p, err := r.Person("acme", visitor.ID)
		if p.LastSeenAt != 5 {
			t.Errorf("the visitor was seen at %d, want 5", p.LastSeenAt)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTouchesDoNotWaitForTheirTimeWhenThereAreMany(t *testing.T) {
	t.Parallel()
	store, err := OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the memory is gone anyway
	for i := range touch.MaxWaiting {
		store.Touch("acme", strconv.Itoa(i), 5)
	}
	for end := time.Now().Add(2 * time.Minute); store.touches.Count() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("they still wait")
		}
	}
}
