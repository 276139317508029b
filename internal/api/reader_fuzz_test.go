package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/deliver"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// What these targets drive is everything before the store: each handler reads the request and asks a use case, whose store
// is closed. Starting a server for each input is left to the tests in corpus_test.go, which run the same bodies.

// operations is an API over a closed store.
type operations struct {
	api    *API
	routes []route
}

func closed(f *testing.F) operations {
	f.Helper()
	store, err := sqlstore.OpenMemory(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	if err := store.Close(); err != nil {
		f.Fatal(err)
	}
	lobby := people.New(store, nil)
	hooks := &webhook.Registry{Registry: lobby.Registry, Store: store.Webhooks()}
	conversations := inbox.New(lobby.Registry, store.Inbox(), nil)
	a := New(Options{Lobby: lobby, Inbox: conversations, Webhooks: hooks, Feed: deliver.Feed, Log: slog.New(slog.DiscardHandler)})
	return operations{a, a.routes()}
}

// asks hands a request to the handler of a route. It must be refused as a client's mistake, or else need the store.
func (o operations) asks(t *testing.T, r *route, v apiversion.Version, id, query, body string) {
	request := &http.Request{
		Method: r.method, URL: &url.URL{Path: r.path, RawQuery: query}, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}
	w := httptest.NewRecorder()
	c := &call{w: w, r: request, token: &workspace.Token{ID: "token"}, workspace: &workspace.Workspace{ID: "fuzz"}, version: v}
	for part := range strings.SplitSeq(r.path, "/") {
		if name, isParam := strings.CutPrefix(part, "{"); isParam {
			c.params = append(c.params, param{strings.TrimSuffix(name, "}"), id})
		}
	}
	_, err := r.handle(c)
	if err == nil || errors.Is(err, workspace.ErrUnavailable) {
		return
	}
	c.write(o.api.refuse(c, err))
	var answer struct {
		Type   string
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code < 400 || w.Code >= 500 ||
		answer.Type != "error.list" || len(answer.Errors) != 1 || answer.Errors[0].Code == "" || answer.Errors[0].Message == "" {
		t.Errorf("%s %s?%s %q: %d %s", r.method, r.path, query, body, w.Code, w.Body)
	}
}

// versionOf picks a version by a number.
func versionOf(n uint8) apiversion.Version {
	all := apiversion.All()
	return all[int(n)%len(all)]
}

func FuzzBody(f *testing.F) {
	for _, body := range slices.Concat(ConvertBodies, ContactBodies, EventBodies, SearchBodies, wrongBodies) {
		f.Add(uint8(0), uint8(9), body)
	}
	o := closed(f)
	var writing []route
	for _, r := range o.routes {
		if r.method != http.MethodGet {
			writing = append(writing, r)
		}
	}
	for i := range writing { // one of each, so that mutations reach all
		f.Add(uint8(i), uint8(i), `{"id":"1","name":"x","email":"a@b.example","query":{"field":"role","operator":"=","value":"user"}}`)
	}
	f.Fuzz(func(t *testing.T, which, version uint8, body string) {
		o.asks(t, &writing[int(which)%len(writing)], versionOf(version), "6657a9246abd0160d35d1f68", "", body)
	})
}

func FuzzQuery(f *testing.F) {
	o := closed(f)
	for i, query := range []string{
		"", "per_page=10&starting_after=6657a9246abd0160d35d1f68", "per_page=-1", "per_page=99999999999999999999&page=2", "starting_after=' OR 1=1 --",
		"starting_after=%00", "a=%ff", "%zz", "user_id=3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3", "type=user&email=a@b&summary=true&since=1&before=2",
		"name=%F0%9F%98%80&tag_id=1", "include_merge_history=true", "created_at_after=1e9&created_at_before=9223372036854775808", "model=contact;x",
	} {
		f.Add(uint8(i), uint8(9), "1", query)
	}
	for i := range o.routes {
		f.Add(uint8(i), uint8(i), "\xff", "page=2&per_page=1")
	}
	f.Fuzz(func(t *testing.T, which, version uint8, id, query string) {
		o.asks(t, &o.routes[int(which)%len(o.routes)], versionOf(version), id, query, "")
	})
}

// FuzzSearchQuery reads a query, checks it, and tries what it means on a person.
func FuzzSearchQuery(f *testing.F) {
	for _, body := range SearchBodies {
		f.Add(body, uint8(0))
		f.Add(body, uint8(7))
	}
	user := &people.Person{Role: people.User, ID: "6657a9246abd0160d35d1f68", Email: "ada@example.com", Name: "Ada", CreatedAt: 1, LastSeenAt: 1}
	f.Fuzz(func(t *testing.T, body string, flags uint8) {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			return
		}
		query := in.Query("query")
		if in.Err() != nil {
			return
		}
		rules := search.Rules{
			Exact: flags&1 > 0, OwnerText: flags&2 > 0, FormattedPhone: flags&4 > 0, DaysAgo: flags&8 > 0, Now: 1_700_000_000,
			Attribute: func(name string) (search.FieldType, bool, error) { return search.Number, name == "seats", nil },
		}
		for _, table := range []*search.Table{people.ContactSearch, people.VisitorSearch, people.CompanySearch} {
			condition, err := query.Check(table, rules)
			var refused *search.Error
			switch {
			case err == nil:
				condition.Matches(search.KeysOf(user, nil))
			case !errors.As(err, &refused) || refused.Reason == "":
				t.Errorf("%s: %#v", body, err)
			}
		}
	})
}

// FuzzSearchCursor holds that a cursor which is accepted is one that is written for the same place.
func FuzzSearchCursor(f *testing.F) {
	for _, text := range SearchCursors {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(text)), "name", true)
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(text)), "", false)
	}
	f.Add("6657a9246abd0160d35d1f68", "", false)
	f.Fuzz(func(t *testing.T, cursor, field string, ascending bool) {
		order := &search.Order{Field: field, Ascending: ascending}
		at := readCursor(order, cursor)
		if at == nil {
			return
		}
		if again := readCursor(order, writeCursor(order, at)); again == nil || *again != *at {
			t.Errorf("%q of %q is %+v, written and read %+v", cursor, field, at, again)
		}
	})
}
