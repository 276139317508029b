package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names of the yardsticks beside those of the scenarios.
const (
	bareHandler    = "bare handler"
	bareForm       = "bare handler of forms"
	oneByOne       = "update, one by one"
	grouped        = "update, grouped"
	groupedInserts = "insert, grouped"
)

// contest is what is measured: a scenario or yardstick, and how many call at once.
type contest struct {
	name    string
	callers int
}

// round has what was measured in one round.
type round map[contest]measurement

// field is who takes part in a round: the server and the yardsticks, each a process.
type field struct {
	server, plain, bare, form               *process
	serverAddress, bareAddress, formAddress string
}

// heat is one measurement to be made.
type heat struct {
	contest
	// warming heats are also run shortly before the first one counts.
	warming bool
	measure func(window time.Duration) (measurement, error)
}

// measure runs heats one after the other.
func measure(heats []heat, window time.Duration) (round, error) {
	for _, h := range heats {
		if h.warming {
			if _, err := h.measure(window / 5); err != nil {
				return nil, fmt.Errorf("warming up %s: %w", h.name, err)
			}
		}
	}
	measured := round{}
	for _, h := range heats {
		m, err := h.measure(window)
		if err != nil {
			return nil, fmt.Errorf("%s with %d connections: %w", h.name, h.callers, err)
		}
		measured[h.contest] = m
	}
	return measured, nil
}

// field starts everybody, on fresh copies of the database. Also where it fails, what was started has to be stopped.
func (b *bench) field(ctx context.Context) (f field, err error) {
	for _, folder := range []string{b.serverFolder(), b.statementFolder()} {
		if err := copyDatabase(b.seed, folder); err != nil {
			return f, err
		}
	}
	if f.server, f.serverAddress, err = serve(ctx, b.server, inFolder(b.serverFolder())); err != nil {
		return f, err
	}
	if err := liftLimits(ctx, f.serverAddress); err != nil {
		return f, err
	}
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	if f.plain, err = start(ctx, self, "plain", b.statementFolder(), strconv.Itoa(b.people)); err != nil {
		return f, err
	}
	regular := b.crowd.lastingVisitor(1).appendUUID(nil)
	p, err := fetch(ctx, http.MethodGet, "http://"+f.serverAddress+"/visitors?user_id="+string(regular), "")
	if err != nil {
		return f, err
	}
	if f.bare, f.bareAddress, err = startBare(ctx, self, p); err != nil {
		return f, err
	}
	p, err = fetch(ctx, http.MethodPost, "http://"+f.serverAddress+"/messenger/web/ping", ping+string(regular)+"%22%7D")
	if err != nil {
		return f, err
	}
	f.form, f.formAddress, err = startBare(ctx, self, p)
	return f, err
}

// startBare starts a bare handler for a page.
func startBare(ctx context.Context, self string, p page) (*process, string, error) {
	bare, err := start(ctx, self, "bare")
	if err != nil {
		return nil, "", err
	}
	if err := json.NewEncoder(bare.in).Encode(p); err != nil {
		return bare, "", err
	}
	address, err := bare.address()
	return bare, address, err
}

func (f field) stop() (err error) {
	for _, p := range []*process{f.server, f.plain, f.bare, f.form} {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
	}
	return err
}

// liftLimits lets any number of visitors come from one address.
func liftLimits(ctx context.Context, address string) error {
	_, err := fetch(ctx, http.MethodPut, "http://"+address+"/lobby/v1/settings", `{"new_visitors_per_minute":0}`)
	return err
}

// fetch asks the server as everybody will; a body that is posted is a form.
func fetch(ctx context.Context, method, url, body string) (page, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept-Encoding", "identity")
	if request.Header.Set("Content-Type", "application/json"); method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://shop.example")
		request.Header.Set("User-Agent", browser)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s was answered %d: %s", method, url, answer.StatusCode, said)
	}
	answer.Header.Del("Date") // every server adds its own
	return page{answer.Header, said}, err
}

// heats puts next to each other in time what is compared: the numbers of callers one after the other, and in each the
// scenarios behind their yardsticks.
func (b *bench) heats(f field) []heat {
	var all []heat
	wanted := chosen(scenarios(b.crowd), b.scenarios)
	parts, part := 0, 0
	for _, s := range wanted {
		if s.fresh {
			parts += len(b.connections)
		}
	}
	most := slices.Max(b.connections)
	for _, callers := range b.connections {
		for _, s := range wanted {
			switch {
			case s.name == "get":
				all = append(all, b.bareHeat(bareHandler, f.bare, f.bareAddress, s, callers))
			case s.name == "ping":
				all = append(all, b.bareHeat(bareForm, f.form, f.formAddress, s, callers))
			case s.name == "put" && callers == most:
				all = append(all, plainHeat(f.plain, oneByOne, task{Name: "put", Callers: 1}),
					plainHeat(f.plain, grouped, task{Name: "put", Callers: callers}))
			case s.name == "arrive" && callers == most:
				all = append(all, plainHeat(f.plain, groupedInserts, task{Name: "arrive", Callers: callers}))
			}
			mine := b.crowd.share(part, parts)
			if s.fresh {
				part++
			}
			all = append(all, heat{contest{s.name, callers}, callers == most && !s.fresh, func(window time.Duration) (measurement, error) {
				return load{callers, window, []int{f.server.pid()}}.drive(f.serverAddress, s.proof, s.writer(b.crowd, mine))
			}})
		}
	}
	return all
}

// bareHeat puts a bare handler under the load of a scenario.
func (b *bench) bareHeat(name string, handler *process, address string, s scenario, callers int) heat {
	warming := callers == slices.Max(b.connections)
	return heat{contest{name, callers}, warming, func(window time.Duration) (measurement, error) {
		return load{callers, window, []int{handler.pid()}}.drive(address, s.proof, s.writer(b.crowd, nil))
	}}
}

// plainHeat lets the plain yardstick do a task.
func plainHeat(yardstick *process, name string, t task) heat {
	return heat{contest{name, t.Callers}, true, func(window time.Duration) (m measurement, err error) {
		t.Window = window
		if err := json.NewEncoder(yardstick.in).Encode(t); err != nil {
			return m, err
		}
		line, err := yardstick.out.ReadBytes('\n')
		if err != nil {
			return m, err
		}
		return m, json.Unmarshal(line, &m)
	}}
}
