package sqlstore_test

import (
	"slices"
	"testing"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestOldTokensKeepWhatAllScopesMeant(t *testing.T) {
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
			all, err := people.New(store, nil).Tokens(t.Context(), workspace.Caller{Workspace: "old"})
			if err != nil {
				t.Fatal(err)
			}
			want := [][]workspace.Scope{workspace.AllScopes, {workspace.WriteUsers, workspace.ReadWriteUsers}}
			for i, token := range all {
				if !slices.Equal(slices.Sorted(slices.Values(token.Scopes)), slices.Sorted(slices.Values(want[i]))) || token.ExpiresAt != 0 || token.LastUsedAt != 0 {
					t.Errorf("%+v, want the scopes %v", token, want[i])
				}
			}
			if len(all) != len(want) {
				t.Errorf("%d tokens", len(all))
			}
		})
	}
}
