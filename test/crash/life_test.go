package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// person is what of an answer matters here, whether it is a visitor, a contact, Lobby's own view or an error.
type person struct {
	status   int
	identity string // the decision, by the header

	Type   string
	ID     string
	Role   string
	Name   string
	Email  string
	Custom struct{ Counter json.Number } `json:"custom_attributes"`
	Errors []struct {
		ExistingID string `json:"existing_id"`
	}
	Total int `json:"total_count"` // of a search
}

// send sends one request with the token, and returns the response, whose body the caller closes.
func (s *server) send(method, path, body string) (*http.Response, error) {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	return s.client.Do(r)
}

// call sends one request. Its error means that no complete answer came.
func (s *server) call(method, path string, body any) (person, error) {
	text := new(strings.Builder)
	if body != nil {
		if err := json.NewEncoder(text).Encode(body); err != nil {
			return person{}, err
		}
	}
	answer, err := s.send(method, path, text.String())
	if err != nil {
		return person{}, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read to its end
	got := person{status: answer.StatusCode}
	got.identity, _, _ = strings.Cut(answer.Header.Get("Lobby-Identity"), ";")
	encoded, err := io.ReadAll(answer.Body)
	if err != nil {
		return person{}, err
	}
	if answer.StatusCode == http.StatusServiceUnavailable {
		return got, errUnavailable
	}
	if err := json.Unmarshal(encoded, &got); err != nil {
		return got, fmt.Errorf("%d is answered by what is no JSON: %w", answer.StatusCode, err)
	}
	return got, nil
}

// fate is what is to become of a visitor.
type fate int

const (
	stays  fate = iota // a visitor
	joins              // as a user in place, with an address of its own
	merges             // into the user of an address that many share
	leads              // as a lead
	fates
)

// life is what one client knows about one visitor that it alone has to do with: what it has tried, and what of that
// was acknowledged.
type life struct {
	userID  string
	fate    fate
	shares  int    // which shared address it is merged by
	id      string // known once the creation is acknowledged
	tried   int    // how often it was renamed; each name says the number, and so does an attribute
	known   int    // how often that was acknowledged
	asked   bool   // to convert it
	contact string // what it has become, once that is acknowledged
}

// sharedAddresses is how many users there are to merge into.
const sharedAddresses = 12

func newLife(userID string) *life {
	return &life{userID: userID, fate: fate(rand.IntN(int(fates))), shares: rand.IntN(sharedAddresses)}
}

func (l *life) email() string {
	if l.fate == merges {
		return fmt.Sprintf("shared-%d@example.com", l.shares)
	}
	return l.userID + "@example.com"
}

func name(n int) string { return fmt.Sprintf("Name %d", n) }

func (l *life) visitorPath() string { return "/visitors?user_id=" + url.QueryEscape(l.userID) }

func (l *life) create(s *server) (person, error) {
	return s.call("POST", "/lobby/v1/visitors", map[string]any{
		"user_id": l.userID, "name": name(0), "custom_attributes": map[string]int{"counter": 0},
	})
}

func (l *life) rename(s *server, n int) (person, error) {
	return s.call("PUT", "/visitors", map[string]any{
		"user_id": l.userID, "name": name(n), "custom_attributes": map[string]int{"counter": n},
	})
}

func (l *life) convert(s *server) (person, error) {
	order := map[string]any{"type": "user", "visitor": map[string]string{"user_id": l.userID}}
	if l.fate == leads {
		order["type"] = "lead"
	} else {
		order["user"] = map[string]string{"email": l.email()}
	}
	return s.call("POST", "/visitors/convert", order)
}

// errUnavailable is an answer that leaves open whether the request was carried out.
var errUnavailable = errors.New("the server cannot say")

// errWrong marks an answer that is not just missing but wrong.
var errWrong = errors.New("wrong")

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errWrong, fmt.Sprintf(format, args...))
}

// live leads the life from its beginning to its end, or to the first request that is not answered.
func (l *life) live(s *server, users *sync.Map) error {
	created, err := l.create(s)
	if err != nil {
		return err
	}
	if created.status != 200 {
		return wrong("creating %s: %d", l.userID, created.status)
	}
	l.id = created.ID
	for range rand.IntN(4) {
		l.tried++
		renamed, err := l.rename(s, l.tried)
		if err != nil {
			return err
		}
		if renamed.status != 200 || renamed.Name != name(l.tried) {
			return wrong("renaming %s: %d %q", l.userID, renamed.status, renamed.Name)
		}
		l.known = l.tried
	}
	if l.fate == stays {
		return nil
	}
	for range 1 + rand.IntN(2) { // the second is a repetition
		l.asked = true
		converted, err := l.convert(s)
		if err != nil {
			return err
		}
		if err := l.become(converted, users); err != nil {
			return err
		}
	}
	return nil
}

// become takes note of the answer to a conversion: the contact must be the visitor itself, or the one user of the address.
func (l *life) become(converted person, users *sync.Map) error {
	if converted.status != 200 || converted.Type != "contact" {
		return wrong("converting %s: %d", l.userID, converted.status)
	}
	want := l.id
	if l.fate == merges {
		user, _ := users.LoadOrStore(l.email(), converted.ID)
		want = user.(string)
	}
	if l.contact != "" {
		want = l.contact
	}
	if converted.ID != want {
		return wrong("%s has become %s and not %s", l.userID, converted.ID, want)
	}
	l.contact = converted.ID
	return nil
}
