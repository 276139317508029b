package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// talk is a conversation that one client alone writes in: what it has tried there, in order, and how much of that was acknowledged.
type talk struct {
	contact string // the external id of a contact
	id      string // "" until the beginning is acknowledged
	tried   []string
	known   map[string]bool
	tagged  bool
	receipt bool
}

// thread is what of a conversation matters here.
type thread struct {
	ID           string
	State        string
	Conversation string `json:"conversation_id"` // in the answer to a beginning or a message
	Source       struct{ Body string }
	Tags         struct{ Tags []struct{ ID string } }
	Parts        struct {
		Total int `json:"total_count"`
		All   []struct {
			Body        string
			Attachments []struct{ URL string }
		} `json:"conversation_parts"`
	} `json:"conversation_parts"`
	Statistics struct {
		Parts int `json:"count_conversation_parts"`
	}
	Conversations []struct{ ID string }
	Accepted      int
	Repeated      int
}

// ask sends a request, which must succeed. Its error means that no complete answer came.
func (s *server) ask(method, path string, body any) (got thread, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return got, err
	}
	answer, err := s.send(method, path, string(text))
	if err != nil {
		return got, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read to its end
	encoded, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return got, err
	case answer.StatusCode == http.StatusServiceUnavailable:
		return got, errUnavailable
	case answer.StatusCode != http.StatusOK:
		return got, wrong("%s %s %s: %d %s", method, path, text, answer.StatusCode, encoded)
	}
	return got, json.Unmarshal(encoded, &got)
}

type fields = map[string]any

// live writes in a conversation, up to some words or the first request that is not answered.
func (k *talk) live(s *server) error {
	if _, err := s.ask("POST", "/contacts", fields{"role": "user", "external_id": k.contact}); err != nil {
		return err
	}
	begun, err := s.ask("POST", "/conversations", fields{"from": fields{"type": "user", "user_id": k.contact}, "body": "first"})
	if err != nil {
		return err
	}
	k.id = begun.Conversation
	for n := range 3 + rand.IntN(6) {
		body := fmt.Sprintf("%s %d", k.contact, n)
		k.tried = append(k.tried, body)
		if err := k.say(s, n, body); err != nil {
			return err
		}
		k.known[body] = true
	}
	if _, err := s.ask("POST", "/conversations/"+k.id+"/tags", fields{"id": "1", "admin_id": "1"}); err != nil {
		return err
	}
	k.tagged = true
	_, err = s.report(k)
	k.receipt = err == nil
	return err
}

// say adds words in one of several ways.
func (k *talk) say(s *server, n int, body string) error {
	reply := []fields{
		{"message_type": "comment", "type": "user", "user_id": k.contact},
		{"message_type": "comment", "type": "admin", "admin_id": "1", "attachment_files": []fields{{"name": "x.txt", "content_type": "text/plain", "data": "aGk="}}},
		{"message_type": "note", "type": "admin", "admin_id": "1"},
		{"message_type": "close", "type": "admin", "admin_id": "1"},
	}[n%4]
	reply["body"] = body
	_, err := s.ask("POST", "/conversations/"+k.id+"/reply", reply)
	return err
}

// report tells of a mail to the contact, always under the same id.
func (s *server) report(k *talk) (thread, error) {
	return s.ask("POST", "/lobby/v1/receipts", fields{"receipts": []fields{{"id": "r-" + k.contact, "type": "opened", "external_id": k.contact}}})
}

// settle looks for a conversation after a crash: all that was acknowledged is there once and in its order, and what was not is
// there wholly or not at all.
func (k *talk) settle(s *server) error {
	if k.id == "" {
		return nil
	}
	found, err := s.ask("GET", "/conversations/"+k.id, nil)
	if err != nil {
		return err
	}
	var bodies []string
	for i, p := range found.Parts.All {
		bodies = append(bodies, strings.TrimSuffix(strings.TrimPrefix(p.Body, "<p>"), "</p>"))
		if i%4 == 1 {
			if err := s.hasFile(p.Attachments); err != nil {
				return err
			}
		}
	}
	if len(bodies) > len(k.tried) || len(bodies) < len(k.known) || !slices.Equal(bodies, k.tried[:len(bodies)]) {
		return wrong("conversation %s has %q, of %q tried and %d acknowledged", k.id, bodies, k.tried, len(k.known))
	}
	if n := len(bodies); found.Parts.Total != n || found.Statistics.Parts != n+1 || found.Source.Body != "<p>first</p>" {
		return wrong("conversation %s with %d parts is %+v", k.id, n, found)
	}
	if k.tagged && len(found.Tags.Tags) != 1 {
		return wrong("conversation %s has lost its tag", k.id)
	}
	again, err := s.report(k)
	if err == nil && k.receipt && again.Repeated != 1 {
		return wrong("a receipt that was acknowledged is taken again")
	}
	k.receipt = err == nil
	if err != nil {
		return err
	}
	listed, err := s.ask("POST", "/conversations/search", fields{"query": fields{"field": "id", "operator": "=", "value": k.id}})
	if err == nil && len(listed.Conversations) != 1 {
		return wrong("a search for conversation %s finds %d", k.id, len(listed.Conversations))
	}
	return err
}

func (s *server) hasFile(files []struct{ URL string }) error {
	if len(files) != 1 {
		return wrong("there are %d files", len(files))
	}
	_, path, _ := strings.Cut(files[0].URL, "/uploads/")
	if status := statusOf(s, "/uploads/"+path); status != http.StatusOK {
		return wrong("the file at %s: %d", files[0].URL, status)
	}
	return nil
}

func TestConversationsOutliveKillNine(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	s := start(t, folder, "")
	if _, err := s.ask("POST", "/tags", fields{"name": "vip"}); err != nil {
		t.Fatal(err)
	}
	var all []*talk
	acknowledged := 0
	for cycle := range max(3, cycles/5) {
		begun := make([][]*talk, clients)
		var busy sync.WaitGroup
		for c := range clients {
			busy.Go(func() {
				for n := 0; ; n++ {
					k := &talk{contact: fmt.Sprintf("k%d-%d-%d", cycle, c, n), known: map[string]bool{}}
					begun[c] = append(begun[c], k)
					if err := k.live(s); errors.Is(err, errWrong) {
						t.Error(err)
					} else if err != nil {
						return // the server is gone
					}
				}
			})
		}
		time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond)
		s.kill()
		busy.Wait()
		s = start(t, folder, "")
		all = append(all, slices.Concat(begun...)...)
	}
	next := make(chan *talk)
	var busy sync.WaitGroup
	for range clients {
		busy.Go(func() {
			for k := range next {
				if err := k.settle(s); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, k := range all {
		acknowledged += len(k.known)
		next <- k
	}
	close(next)
	busy.Wait()
	s.stop()
	fsck(t, folder)
	t.Logf("%d conversations with %d acknowledged parts", len(all), acknowledged)
}
