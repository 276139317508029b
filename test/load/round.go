package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"
)

// The names of the yardsticks beside those of the scenarios.
const (
	bareHandler = "bare handler"
	oneByOne    = "update, one by one"
	grouped     = "update, grouped"
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
	server, bare, statement    *process
	serverAddress, bareAddress string
}

// heat is one measurement to be made.
type heat struct {
	contest
	// warming heats are also run shortly before the first one counts.
	warming bool
	measure func(window time.Duration) (measurement, error)
}

// field starts everybody, on fresh copies of the database. Also where it fails, what was started has to be stopped.
func (b *bench) field(ctx context.Context) (f field, err error) {
	for _, folder := range []string{b.serverFolder(), b.statementFolder()} {
		if err := copyDatabase(b.seed, folder); err != nil {
			return f, err
		}
	}
	if f.server, f.serverAddress, err = serve(ctx, b.server, b.serverFolder()); err != nil {
		return f, err
	}
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	if f.statement, err = start(ctx, self, "statement", b.statementFolder(), strconv.Itoa(b.people)); err != nil {
		return f, err
	}
	if f.bare, err = start(ctx, self, "bare"); err != nil {
		return f, err
	}
	p, err := b.fetch(ctx, f.serverAddress)
	if err != nil {
		return f, err
	}
	if err := json.NewEncoder(f.bare.in).Encode(p); err != nil {
		return f, err
	}
	f.bareAddress, err = f.bare.address()
	return f, err
}

func (f field) stop() (err error) {
	for _, p := range []*process{f.server, f.bare, f.statement} {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
	}
	return err
}

// fetch asks the server for a visitor as everybody will.
func (b *bench) fetch(ctx context.Context, address string) (page, error) {
	url := "http://" + address + "/visitors?user_id=" + string(b.crowd.lastingVisitor(1).appendUUID(nil))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(answer.Body)
	answer.Header.Del("Date") // every server adds its own
	return page{answer.Header, body}, err
}

// heats puts next to each other in time what is compared: the numbers of callers one after the other, and in each the
// scenarios behind their yardsticks.
func (b *bench) heats(f field) []heat {
	var all []heat
	var chosen []scenario
	parts, part := 0, 0
	for _, s := range scenarios(b.crowd) {
		if slices.Contains(b.scenarios, s.name) {
			chosen = append(chosen, s)
			if s.fresh {
				parts += len(b.connections)
			}
		}
	}
	for _, callers := range b.connections {
		most := callers == slices.Max(b.connections)
		for _, s := range chosen {
			switch {
			case s.name == "get":
				all = append(all, f.bareHeat(s, b.crowd, callers, most))
			case s.name == "put" && most:
				all = append(all, f.statementHeat(oneByOne, 1), f.statementHeat(grouped, callers))
			}
			mine := b.crowd.share(part, parts)
			if s.fresh {
				part++
			}
			all = append(all, heat{contest{s.name, callers}, most && !s.fresh, func(window time.Duration) (measurement, error) {
				return load{callers, window, f.server.pid()}.drive(f.serverAddress, s.proof, s.writer(b.crowd, mine))
			}})
		}
	}
	return all
}

func (f field) bareHeat(get scenario, c crowd, callers int, warming bool) heat {
	return heat{contest{bareHandler, callers}, warming, func(window time.Duration) (measurement, error) {
		return load{callers, window, f.bare.pid()}.drive(f.bareAddress, get.proof, get.writer(c, nil))
	}}
}

func (f field) statementHeat(name string, callers int) heat {
	return heat{contest{name, callers}, true, func(window time.Duration) (m measurement, err error) {
		if err := json.NewEncoder(f.statement.in).Encode(task{callers, window}); err != nil {
			return m, err
		}
		line, err := f.statement.out.ReadBytes('\n')
		if err != nil {
			return m, err
		}
		return m, json.Unmarshal(line, &m)
	}}
}
