package deliver_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// stamp gives the outbox its order.
func (h *house) stamp() {
	h.t.Helper()
	if _, err := h.Lobby.StampOutbox(h.t.Context(), "test"); err != nil {
		h.t.Fatal(err)
	}
}

func TestTheFeedIsReadToItsEndWithoutAGap(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		h.NewWorkspace(t).Do(t, "POST", "/contacts", `{"external_id":"theirs"}`)
		var want, got []string
		for i := range 7 {
			want = append(want, h.does("POST", "/contacts", fmt.Sprintf(`{"role":"lead","name":"%d"}`, i)))
		}
		h.stamp()
		cursor := "0"
		for more := true; more; {
			page := h.Do(t, "GET", "/lobby/v1/changes?per_page=3&after="+cursor, nil)
			for i := range page.Get("data").([]any) {
				if topic := page.Get(fmt.Sprintf("data.%d.notifications.0.topic", i)); topic != "contact.lead.created" {
					t.Errorf("topic %v", topic)
				}
				got = append(got, page.Get(fmt.Sprintf("data.%d.person_id", i)).(string))
			}
			more, cursor = page.Get("has_more").(bool), page.Get("cursor").(string)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || cursor != "7" {
			t.Errorf("%v, want %v, cursor %s", got, want, cursor)
		}
		if page := h.Do(t, "GET", "/lobby/v1/changes?after=7", nil); len(page.Get("data").([]any)) != 0 || page.Get("cursor") != "7" {
			t.Errorf("at the end: %s", page.Text)
		}
	})
}

func TestACursorThatIsTooOldIsRefusedWithTheEarliest(t *testing.T) {
	t.Parallel()
	h := open(t)
	for range 3 {
		h.does("POST", "/contacts", `{"role":"lead"}`)
	}
	h.Clock.Pass(40 * 24 * time.Hour)
	h.does("POST", "/contacts", `{"role":"lead"}`)
	h.stamp()
	ws, err := h.Lobby.Workspace(t.Context(), h.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := h.Lobby.SweepOutbox(t.Context(), ws); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	for _, cursor := range []string{"0", "2"} {
		r := h.Do(t, "GET", "/lobby/v1/changes?after="+cursor, nil)
		if r.Status != http.StatusGone || r.Get("errors.0.code") != "cursor_expired" || r.Header.Get("Lobby-Earliest-Cursor") != "3" {
			t.Errorf("after %s: %d %s", cursor, r.Status, r.Text)
		}
	}
	for _, query := range []string{"", "?after=3"} {
		if r := h.Do(t, "GET", "/lobby/v1/changes"+query, nil); r.Get("data.0.cursor") != "4" {
			t.Errorf("%q: %s", query, r.Text)
		}
	}
	h.Clock.Pass(40 * 24 * time.Hour)
	if _, err := h.Lobby.SweepOutbox(t.Context(), ws); err != nil {
		t.Fatal(err)
	}
	if r := h.Do(t, "GET", "/lobby/v1/changes?after=3", nil); r.Status != http.StatusGone || r.Header.Get("Lobby-Earliest-Cursor") != "4" {
		t.Errorf("of an empty outbox: %d %s", r.Status, r.Text)
	}
	for _, bad := range []string{"after=-1", "after=x", "after=99", "wait=61", "wait=-1", "wait=x"} {
		if r := h.Do(t, "GET", "/lobby/v1/changes?"+bad, nil); r.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, r.Status)
		}
	}
}

func TestALongPollEndsWithTheFirstChange(t *testing.T) {
	t.Parallel()
	h := open(t)
	answer := make(chan *testkit.Response)
	go func() { answer <- h.Do(t, "GET", "/lobby/v1/changes?wait=60", nil) }()
	time.Sleep(50 * time.Millisecond)
	h.does("POST", "/contacts", `{"role":"lead"}`)
	h.stamp()
	if r := <-answer; r.Get("data.0.cursor") != "1" {
		t.Errorf("%s", r.Text)
	}
}

// streamed reads events of a stream until there are so many, as "id topic".
func (h *house) streamed(t *testing.T, last string, want int) (events []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+"/lobby/v1/changes", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+h.Token)
	request.Header.Set("Accept", "text/event-stream")
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s %s", response.Status, response.Header)
	}
	id := ""
	for lines := bufio.NewScanner(response.Body); len(events) < want && lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "data":
			events = append(events, id)
		}
	}
	return events
}

func TestAStreamGoesOnAfterItsLastEvent(t *testing.T) {
	t.Parallel()
	h := open(t)
	for range 3 {
		h.does("POST", "/contacts", `{"role":"lead"}`)
	}
	h.stamp()
	if got := h.streamed(t, "", 3); fmt.Sprint(got) != "[1 2 3]" {
		t.Errorf("%v", got)
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		h.stamp()
	}()
	if got := h.streamed(t, "1", 3); fmt.Sprint(got) != "[2 3 4]" {
		t.Errorf("%v", got)
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := h.NewToken(t, workspace.ReadUsers)
	h.Token = other.Token
	done := make(chan []string)
	go func() { done <- h.streamed(t, "latest", 1) }()
	time.Sleep(50 * time.Millisecond)
	if err := h.Lobby.RevokeToken(t.Context(), h.caller(), other.TokenID); err != nil {
		t.Fatal(err)
	}
	if got := <-done; len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestOnlySoManyWaitInOneWorkspace(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	refused := make(chan int, 60)
	for range 60 {
		go func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+"/lobby/v1/changes?wait=60", nil)
			if err != nil {
				return
			}
			request.Header.Set("Authorization", "Bearer "+h.Token)
			if response, err := http.DefaultClient.Do(request); err == nil {
				_ = response.Body.Close()
				refused <- response.StatusCode
			}
		}()
	}
	for range 10 {
		if status := <-refused; status != http.StatusTooManyRequests {
			t.Errorf("%d", status)
		}
	}
}
