package api

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/openapi"
	"lobby/internal/people"
	"lobby/internal/reference"
	"lobby/internal/wire"
)

// seen is what a rehearsal saw of one route.
type seen struct {
	params, body wire.Asked
	// readsBody is set when the body was read, even if nothing was asked of it.
	readsBody bool
	answers   []openapi.Answer
	examples  []openapi.Example
}

// rehearsal plays the stories of the reference in one version, each in a new workspace of an empty Lobby. What the routes
// then ask and answer is what the description says of them, so that it cannot say anything else. Clock and ids are the same
// every time.
type rehearsal struct {
	api     *API
	version apiversion.Version
	now     time.Time
	seen    map[*route]*seen
	// unexpected are the steps that did not end as their story says.
	unexpected []string
}

// rehearse plays all stories in version v.
func (a *API) rehearse(ctx context.Context, v apiversion.Version) (*rehearsal, error) {
	store, err := a.stage(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Close() //nolint:errcheck // nothing on it is kept
	r := &rehearsal{version: v, now: time.Unix(1_700_000_000, 0), seen: map[*route]*seen{}}
	lobby := people.New(store, a.lobby.Pseudonym)
	made := 0
	lobby.Now = func() time.Time { return r.now }
	lobby.NewID = func(at time.Time) string { made++; return fmt.Sprintf("%08x%016x", at.Unix(), made) }
	lobby.NewUUID = func() string { made++; return fmt.Sprintf("00000000-0000-4000-8000-%012x", made) }
	lobby.Secret = func(n int) string { made++; return fmt.Sprintf("%0*x", n, made) }
	r.api = New(Options{Lobby: lobby, PublicURL: "https://lobby.example.com", Log: slog.New(slog.DiscardHandler)})
	for i, chapter := range reference.Chapters {
		ws, err := lobby.CreateWorkspace(ctx, people.NewWorkspace{
			ID: people.WorkspaceID(fmt.Sprintf("example%d", i+1)), APIVersion: v.String(),
		})
		if err != nil {
			return nil, err
		}
		names := []string{}
		for _, step := range chapter.Story {
			id := r.play(ctx, ws.Token.Secret, step, strings.NewReplacer(names...))
			if step.As != "" {
				names = append(names, "{"+step.As+"}", id)
			}
			r.now = r.now.Add(time.Minute)
		}
	}
	return r, nil
}

// play makes the request of a step, unless the version has no such operation, and answers the id of what is shown.
func (r *rehearsal) play(ctx context.Context, token string, step reference.Step, fill *strings.Replacer) string {
	method, target, _ := strings.Cut(fill.Replace(step.Do), " ")
	body := fill.Replace(step.Body)
	request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		r.unexpected = append(r.unexpected, step.Do+": "+err.Error())
		return ""
	}
	request.Header.Set("Authorization", "Bearer "+token)
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	route, err := r.api.router.match(&call{w: w, r: request})
	if err != nil || route == nil {
		r.unexpected = append(r.unexpected, step.Do+": there is no such route")
		return ""
	}
	if !r.version.AtLeast(max(route.since, step.Since)) {
		return ""
	}
	s := r.seen[route]
	if s == nil {
		s = new(seen)
		r.seen[route] = s
	}
	c := &call{w: w, r: request, requestID: "the-id-of-the-request", watch: s}
	answer, err := r.api.answer(c)
	code := ""
	if err != nil {
		answer = r.api.refuse(c, err)
		code = answer.(wire.Error).Code
	}
	c.write(answer)
	if code != step.Refused {
		r.unexpected = append(r.unexpected, fmt.Sprintf("%s %s: %d %s", step.Do, step.Body, w.status, w.body))
	}
	s.saw(w, answer)
	if step.Says != "" {
		s.examples = append(s.examples, openapi.Example{
			Says: step.Says, Target: target, Body: []byte(body), Status: w.status, Answer: w.body, Headers: w.worded(),
		})
	}
	return idOf(w.body)
}

// saw notes an answer with its shape and its headers.
func (s *seen) saw(w *recorder, answer encoder) {
	i := slices.IndexFunc(s.answers, func(a openapi.Answer) bool { return a.Status == w.status })
	if i < 0 {
		i = len(s.answers)
		s.answers = append(s.answers, openapi.Answer{Status: w.status})
	}
	a := &s.answers[i]
	if len(w.body) > 0 && !slices.Contains(a.Components, wire.Name(answer)) {
		a.Components = append(a.Components, wire.Name(answer))
	}
	for _, header := range w.worded() {
		name, _, _ := strings.Cut(header, ":")
		h := openapi.Header{Name: name, About: reference.Headers[name]}
		if !slices.Contains(a.Headers, h) {
			a.Headers = append(a.Headers, h)
		}
	}
}

// idOf reads the id of what an answer shows, of a list that of the first; "" when there is none.
func idOf(answer []byte) string {
	object, err := wire.Read(answer)
	if err != nil {
		return ""
	}
	if all := object.Objects("data").Or(nil); len(all) > 0 {
		object = all[0]
	}
	return object.ID("id").Or("")
}

// recorder is an answer that goes to nobody.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

// worded are the headers that the reference has words for, as "Name: value".
func (w *recorder) worded() (all []string) {
	for _, name := range slices.Sorted(maps.Keys(reference.Headers)) {
		if value := w.header.Get(name); value != "" {
			all = append(all, name+": "+value)
		}
	}
	return all
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) { w.status = status }

func (w *recorder) Write(b []byte) (int, error) {
	w.body = append(w.body, b...)
	return len(b), nil
}
