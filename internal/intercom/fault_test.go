package intercom_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/intercom"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

// between serves what a server serves, unless refuse does so.
func between(t *testing.T, s *testkit.Instance, refuse func(n int64, w http.ResponseWriter) bool) *testkit.Client {
	t.Helper()
	var n atomic.Int64
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !refuse(n.Add(1), w) {
			s.Handler.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(listener.Close)
	c := *s.Client
	c.URL = listener.URL
	return &c
}

func exported(t *testing.T, store *sqlstore.Store) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := transfer.Export(t.Context(), store, &out, sqlstore.ExportOptions{Secrets: true}, func() {}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestLimitsAndFailuresAreWaitedFor(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	fill(t, s, 20)
	var refused atomic.Int64
	c := between(t, s, func(n int64, w http.ResponseWriter) bool {
		switch n % 20 {
		case 7:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case 13:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			return false
		}
		refused.Add(1)
		return true
	})
	store := testkit.Open(t)
	result, _, err := bring(t, c, store, intercom.Options{})
	if err != nil || result.Counts["contact"] != 20 || refused.Load() < 5 {
		t.Errorf("%v after %d refusals: %v", result.Counts, refused.Load(), err)
	}
}

func TestAWrongTokenEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	c := *s.Client
	c.Token = "wrong"
	_, _, err := bring(t, &c, testkit.Open(t), intercom.Options{})
	var refused *intercom.StatusError
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || strings.Contains(err.Error(), "wrong") {
		t.Errorf("the error is %v", err)
	}
}

// However often an import is killed, the last run ends with what one run would have brought.
func TestAnImportGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	fill(t, s, 40)
	talk(t, s, 40, 21)
	whole, parts := testkit.Open(t), testkit.Open(t)
	if _, _, err := bring(t, s.Client, whole, intercom.Options{}); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for after := int64(3); ; after += 37 {
		ctx, kill := context.WithCancel(t.Context())
		c := between(t, s, func(n int64, _ http.ResponseWriter) bool {
			if n == after {
				kill()
			}
			return false
		})
		s.Clock.Pass(2 * time.Minute) // the other server has given up the walk through its companies
		client, err := intercom.NewClient(c.URL, c.Token)
		if err != nil {
			t.Fatal(err)
		}
		_, err = intercom.Import(ctx, parts, client, intercom.Options{
			Now: time.Unix(testkit.Began, 0), Parallel: 3, Report: func(intercom.Skipped) {}, Progress: func(string, int, int) {},
		})
		kill()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		kills++
	}
	if kills < 5 || exported(t, parts) != exported(t, whole) {
		t.Errorf("after %d kills the import has brought something else", kills)
	}
	again, _, err := bring(t, s.Client, parts, intercom.Options{})
	if err != nil || again.Counts["contact"] != 0 || again.Counts["conversation"] != 0 || again.Counts["unchanged"] != 60 || exported(t, parts) != exported(t, whole) {
		t.Errorf("once more it brings %v, %v", again.Counts, err)
	}
}

// What cannot be written is left out with a reason, and keeps nothing else back.
func TestConflictsAreReported(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		first, second := testkit.Start(t), testkit.Start(t, on)
		fill(t, first, 12)
		there := second.Workspace
		taken := &people.Person{Workspace: there, ID: id(9, 1), Role: people.User, ExternalID: "user-3", CreatedAt: 5, UpdatedAt: 5}
		newer := &people.Person{Workspace: there, ID: id(3, 4), Role: people.User, ExternalID: "user-4", Name: "Here", CreatedAt: 5, UpdatedAt: 1 << 31}
		tag := &people.Tag{Workspace: there, ID: 77, Name: "tag 5", CreatedAt: 1}
		if _, err := second.Store.Erase(t.Context(), []sqlstore.Erasure{{Workspace: there, PersonID: id(3, 6), At: 1}}); err != nil {
			t.Fatal(err)
		}
		err := second.Store.Write(t.Context(), func(w people.Writer) error {
			return errors.Join(w.InsertPerson(taken), w.InsertPerson(newer), w.PutTag(tag))
		})
		if err != nil {
			t.Fatal(err)
		}
		result, skipped, _ := bring(t, first.Client, second.Store, intercom.Options{Workspace: there})
		why := map[string]string{}
		for _, s := range skipped {
			why[s.Kind+" "+s.ID] = s.Why
		}
		if why["tag 5"] == "" || !strings.Contains(why["contact "+id(3, 3)], id(9, 1)) || why["contact "+id(3, 4)] != string(sqlstore.KeptNewer) ||
			why["contact "+id(3, 6)] != string(sqlstore.KeptErased) || result.Counts["contact"] != 9 {
			t.Errorf("%d contacts came, and these were left out: %v", result.Counts["contact"], why)
		}
	})
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	first, second := testkit.Start(t), testkit.Start(t)
	fill(t, first, 12)
	before := exported(t, second.Store)
	if _, _, err := bring(t, first.Client, second.Store, intercom.Options{DryRun: true}); !errors.Is(err, intercom.ErrNoWorkspace) {
		t.Errorf("a dry run into a workspace that does not exist: %v", err)
	}
	result, _, err := bring(t, first.Client, second.Store, intercom.Options{DryRun: true, Workspace: second.Workspace})
	if err != nil || result.Counts["contact"] != 12 || result.Counts["note"] == 0 || exported(t, second.Store) != before {
		t.Errorf("%v, %v; changed: %t", result.Counts, err, exported(t, second.Store) != before)
	}
}

// Two systems run side by side: what changed there comes, and what hung on it and is gone there goes.
func TestWhatChangedComesAgain(t *testing.T) {
	t.Parallel()
	first, second := testkit.Start(t), testkit.Start(t)
	fill(t, first, 12)
	result, _, err := bring(t, first.Client, second.Store, intercom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first.Clock.Pass(time.Hour)
	first.Do(t, "PUT", "/contacts/"+id(3, 2), object{"name": "Renamed", "phone": nil})
	first.Do(t, "DELETE", "/contacts/"+id(3, 2)+"/tags/1", nil)
	first.Do(t, "DELETE", "/contacts/"+id(3, 4)+"/companies/"+id(2, 0), nil)
	since := first.Clock.Now().Add(-time.Minute).Unix()
	again, _, err := bring(t, first.Client, second.Store, intercom.Options{Since: since})
	if err != nil || again.Counts["contact"] != 2 {
		t.Errorf("%v, %v", again.Counts, err)
	}
	mustReadAlike(t, first, enter(t, second, result.Workspace), 12)
	for n := range 12 {
		p, err := second.Lobby.Resolve(t.Context(), workspace.Caller{Workspace: result.Workspace}, id(3, n))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"name", "email", "custom_attributes.plan"} {
			if s := p.Origins.Of(field); s.Kind != "import" || s.At != testkit.Began {
				t.Errorf("%s of contact %d came from %+v", field, n, s)
			}
		}
	}
}

type object = map[string]any

func TestAddressesOfServers(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "api.intercom.io", "ftp://x", "https://", "https://user:secret@x", "https://x?a=1", "https://x#a", "://"} {
		if _, err := intercom.NewClient(address, "t"); err == nil {
			t.Errorf("%q is taken for the address of a server", address)
		}
	}
}
