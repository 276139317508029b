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

// The names of the baselines of visitors.
const (
	bareHandler    = "bare handler"
	bareForm       = "bare handler of forms"
	oneByOne       = "update, one by one"
	grouped        = "update, grouped"
	groupedInserts = "insert, grouped"
)

// benchmark is what is measured: a scenario or a baseline, and the number of concurrent callers.
type benchmark struct {
	name    string
	callers int
}

// round has the measurements of one round.
type round map[benchmark]measurement

// participants are the processes of a round: the server and the baselines.
type participants struct {
	server, plain, bare, form               *process
	serverAddress, bareAddress, formAddress string
}

// trial is one measurement to make.
type trial struct {
	benchmark
	// warming trials also run for a short time before the round.
	warming bool
	measure func(window time.Duration) (measurement, error)
}

// measure runs trials one after the other.
func measure(trials []trial, window time.Duration) (round, error) {
	for _, t := range trials {
		if t.warming {
			if _, err := t.measure(window / 5); err != nil {
				return nil, fmt.Errorf("warming up %s: %w", t.name, err)
			}
		}
	}
	measured := round{}
	for _, t := range trials {
		m, err := t.measure(window)
		if err != nil {
			return nil, fmt.Errorf("%s with %d connections: %w", t.name, t.callers, err)
		}
		measured[t.benchmark] = m
	}
	return measured, nil
}

// startAll starts all participants, on fresh copies of the database. The caller stops those that were started, also after
// an error.
func (b *bench) startAll(ctx context.Context) (f participants, err error) {
	for _, folder := range []string{b.serverFolder(), b.statementFolder()} {
		if err := copyDatabase(b.seed, folder); err != nil {
			return f, err
		}
	}
	if f.server, f.serverAddress, err = serve(ctx, b.server, inFolder(b.serverFolder())); err != nil {
		return f, err
	}
	if err := prepare(ctx, f.serverAddress, b.data); err != nil {
		return f, err
	}
	if err := f.server.rest(); err != nil {
		return f, err
	}
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	if f.plain, err = start(ctx, self, "plain", b.statementFolder(), strconv.Itoa(b.people)); err != nil {
		return f, err
	}
	regular := b.data.permanentVisitor(1).appendUUID(nil)
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

// startBare starts a bare handler for a page, and returns its address.
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

func (f participants) stop() (err error) {
	for _, p := range []*process{f.server, f.plain, f.bare, f.form} {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
	}
	return err
}

// prepare allows any number of new visitors from one address, and begins the sessions of the familiar ones.
func prepare(ctx context.Context, address string, data dataset) error {
	_, err := fetch(ctx, http.MethodPut, "http://"+address+"/lobby/v1/settings", `{"new_visitors_per_minute":0}`)
	for n := 0; n < min(familiar, data.permanent()) && err == nil; n++ {
		_, err = fetch(ctx, http.MethodPost, "http://"+address+"/messenger/web/ping", ping+string(data.permanentVisitor(n).appendUUID(nil))+"%22%7D")
	}
	return err
}

// fetch makes a request with the same headers as the scenarios. The body of a POST is a form.
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

// trials returns the trials of a round in their order. Trials that are compared follow each other: for each number of
// callers all scenarios, each behind its baselines.
func (b *bench) trials(f participants) []trial {
	var all []trial
	wanted := withNames(scenarios(b.data), b.scenarios)
	server := target{f.server, f.serverAddress, 0, b.data, b.allot(b.data, wanted)}
	maxCallers := slices.Max(b.connections)
	for _, callers := range b.connections {
		for _, s := range wanted {
			switch {
			case s.name == "get":
				all = append(all, b.bareTrial(bareHandler, f.bare, f.bareAddress, s, callers))
			case s.name == "ping":
				all = append(all, b.bareTrial(bareForm, f.form, f.formAddress, s, callers))
			case s.name == "put" && callers == maxCallers:
				all = append(all, plainTrial(f.plain, oneByOne, task{Name: "put", Callers: 1}),
					plainTrial(f.plain, grouped, task{Name: "put", Callers: callers}))
			case s.name == "arrive" && callers == maxCallers:
				all = append(all, plainTrial(f.plain, groupedInserts, task{Name: "arrive", Callers: callers}))
			}
			all = append(all, server.trial(benchmark{s.name, callers}, s, callers == maxCallers))
		}
	}
	return all
}

// target is a server that is measured.
type target struct {
	server   *process
	address  string
	database int // the pid of the database; 0 for an embedded one
	data     dataset
	// shares are the visitors that each measurement may use up.
	shares map[benchmark]*share
}

// trial measures the server with a scenario. Scenarios that use up visitors are not warmed up.
func (t target) trial(as benchmark, s scenario, warming bool) trial {
	mine := t.shares[benchmark{s.name, as.callers}]
	return trial{as, warming && mine == nil, func(window time.Duration) (measurement, error) {
		under := load{as.callers, window, []int{t.server.pid(), t.database}}
		return under.drive(t.address, s.expected, s.writer(t.data, mine))
	}}
}

// allot returns the visitors that each measurement of one server may use up.
func (b *bench) allot(data dataset, wanted []scenario) map[benchmark]*share {
	parts, given, all := map[supply]int{}, map[supply]int{}, map[benchmark]*share{}
	for _, s := range wanted {
		parts[s.from] += len(b.connections)
	}
	for _, callers := range b.connections {
		for _, s := range wanted {
			if visitors := data.usedUp(s.from); visitors > 0 {
				all[benchmark{s.name, callers}] = newShare(visitors, given[s.from], parts[s.from])
				given[s.from]++
			}
		}
	}
	return all
}

// bareTrial measures a bare handler with the requests of a scenario.
func (b *bench) bareTrial(name string, handler *process, address string, s scenario, callers int) trial {
	warming := callers == slices.Max(b.connections)
	return trial{benchmark{name, callers}, warming, func(window time.Duration) (measurement, error) {
		return load{callers, window, []int{handler.pid()}}.drive(address, s.expected, s.writer(b.data, nil))
	}}
}

// plainTrial measures the SQL baseline with a task.
func plainTrial(baseline *process, name string, t task) trial {
	return trial{benchmark{name, t.Callers}, true, func(window time.Duration) (m measurement, err error) {
		t.Window = window
		if err := json.NewEncoder(baseline.in).Encode(t); err != nil {
			return m, err
		}
		line, err := baseline.out.ReadBytes('\n')
		if err != nil {
			return m, err
		}
		return m, json.Unmarshal(line, &m)
	}}
}
