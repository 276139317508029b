package admin_test

import (
	"strings"
	"sync"
	"testing"
)

// attempts counts what attackers have tried, by kind.
type attempts struct {
	mutex  sync.Mutex
	byKind map[string]int
}

var tried = &attempts{byKind: map[string]int{}}

func (a *attempts) add(kind string, n int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.byKind[kind] += n
}

// tried counts an attempt, once for both databases.
func (f fixture) tried(kind string) {
	if !strings.HasSuffix(f.Name(), "postgres") {
		tried.add(kind, 1)
	}
}

// TestFiveHundredAttempts has attackers try everything on every page: none of it may work, and there are 500 attempts at least.
func TestFiveHundredAttempts(t *testing.T) {
	t.Run("by", func(t *testing.T) {
		for who, try := range map[string]func(*testing.T){
			"outsiders": outsidersWriteText, "foreign_forms": foreignForms, "readers": readers, "other_workspaces": otherWorkspaces, "removed_admins": removedMembers,
		} {
			t.Run(who, try)
		}
	})
	sum := 0
	for kind, n := range tried.byKind {
		t.Logf("%4d  %s", n, kind)
		sum += n
		if n < 20 {
			t.Errorf("only %d attempts of the kind %q", n, kind)
		}
	}
	if kinds := len(tried.byKind); sum < 500 || kinds < 7 {
		t.Errorf("%d attempts of %d kinds, want 500 of 7", sum, kinds)
	}
}
