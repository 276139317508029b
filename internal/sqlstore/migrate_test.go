package sqlstore_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
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
			store = opened(t, store, err).(checked).Store
			t.Cleanup(func() { store.Close() }) //nolint:errcheck // the test is over
			lobby := people.New(store, nil)
			lobby.Now = func() time.Time { return time.Unix(1_700_000_000, 0) }
			if _, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: "new"}); err != nil {
				t.Fatal(err)
			}
			begin := func(ws workspace.ID) (types []people.SubscriptionType, segments []people.Segment) {
				err := store.Read(t.Context(), func(r people.Reader) error {
					types, segments = nil, nil // it may run again
					allTypes, err := r.SubscriptionTypes(ws)
					if err != nil {
						return err
					}
					for _, s := range allTypes {
						s.Workspace = ""
						types = append(types, *s)
					}
					allSegments, err := r.Segments(ws)
					for _, s := range allSegments {
						if s.Workspace = ""; !strings.HasPrefix(s.ID, "6553f100") || len(s.ID) != 24 {
							t.Errorf("a segment has the id %s", s.ID)
						}
						s.ID = ""
						segments = append(segments, *s)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return types, segments
			}
			oldTypes, oldSegments := begin("old")
			newTypes, newSegments := begin("new")
			if len(oldTypes) == 0 || !reflect.DeepEqual(oldTypes, newTypes) {
				t.Errorf("the old workspace has the types %+v, a new one %+v", oldTypes, newTypes)
			}
			if len(oldSegments) == 0 || !reflect.DeepEqual(oldSegments, newSegments) {
				t.Errorf("the old workspace has the segments %+v, a new one %+v", oldSegments, newSegments)
			}
			consent, title := people.OptIn, "Another"
			for _, ws := range []workspace.ID{"old", "new"} {
				made, err := lobby.CreateSubscriptionType(t.Context(), workspace.Caller{Workspace: ws}, people.SubscriptionTypeFields{Consent: &consent, Name: &title})
				if err != nil || made.ID != 3 {
					t.Errorf("the next type in %s: %+v, %v", ws, made, err)
				}
			}
		})
	}
}
