package sqlstore_test

import (
	"reflect"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

func TestAnOldWorkspaceGetsWhatANewOneBeginsWith(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) (*sqlstore.Store, error){
		"sqlite": func(t *testing.T) (*sqlstore.Store, error) { return sqlstore.OpenGrownMemory(t.Context()) },
		"postgres": func(t *testing.T) (*sqlstore.Store, error) {
			return sqlstore.OpenGrownPostgres(t.Context(), testkit.Postgres(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, err := open(t)
			store = opened(t, store, err).(*sqlstore.Store)
			t.Cleanup(func() { store.Close() }) //nolint:errcheck // the test is over
			lobby := people.New(store, nil)
			lobby.Now = func() time.Time { return time.Unix(1_700_000_000, 0) }
			if _, err := lobby.CreateWorkspace(t.Context(), people.NewWorkspace{ID: "new"}); err != nil {
				t.Fatal(err)
			}
			begin := func(ws people.WorkspaceID) []*people.SubscriptionType {
				all, err := lobby.SubscriptionTypes(t.Context(), ws)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range all {
					s.Workspace = ""
				}
				return all
			}
			if old, fresh := begin("old"), begin("new"); len(old) == 0 || !reflect.DeepEqual(old, fresh) {
				t.Errorf("the old workspace has %+v, a new one %+v", old, fresh)
			}
			consent, title := people.OptIn, "Another"
			for _, ws := range []people.WorkspaceID{"old", "new"} {
				made, err := lobby.CreateSubscriptionType(t.Context(), ws, people.SubscriptionTypeFields{Consent: &consent, Name: &title})
				if err != nil || made.ID != 3 {
					t.Errorf("the next type in %s: %+v, %v", ws, made, err)
				}
			}
		})
	}
}
