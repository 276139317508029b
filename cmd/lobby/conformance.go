package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/app"
	"lobby/internal/conformance"
)

const conformanceCommand = "conformance"

// conformanceVerbs explains lobby conformance.
var conformanceVerbs = []verb{{
	name: "URL", words: "TOKEN [--write] [--version VERSION]",
	summary: "plays the examples of the API's description against a server, and says operation by operation where it differs; " +
		"it only reads, unless --write is given, for which the server must be a Lobby with --test",
	min: 1, max: 1, print: func(*program) error { return nil },
}}

// errDiffers says that a server differs from the description. What differs was printed.
var errDiffers = errors.New("the server differs from the description")

// conformance compares a server with Lobby's description of the API.
func (p *program) conformance(ctx context.Context) error {
	words, given, err := cutOwn(p.args, []ownOption{{name: "--write"}, {name: "--version", value: "VERSION"}})
	if err != nil {
		return err
	}
	for _, word := range words {
		if isHelp(word) {
			fmt.Fprintf(p.stdout, "lobby conformance %s %s\n  %s\n", conformanceVerbs[0].name, conformanceVerbs[0].words, conformanceVerbs[0].summary)
			return nil
		}
	}
	if len(words) != 2 {
		return usage("the command is lobby conformance URL TOKEN")
	}
	if to, err := url.Parse(words[0]); err != nil || to.Host == "" || !strings.HasPrefix(to.Scheme, "http") {
		return usage("the first word must be an http or https URL")
	}
	versions := apiversion.All()
	if text, has := given["--version"]; has {
		v, err := apiversion.Parse(text)
		if err != nil {
			return usage("--version: %s", err)
		}
		versions = []apiversion.Version{v}
	}
	described, err := app.StartTest(ctx, nil, func(string) string { return "" }, buildVersion(), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, write := given["--write"]
	score := score{out: p.stdout, operations: map[string]bool{}}
	err = conformance.Run(ctx, conformance.Options{
		URL: words[0], Token: words[1], Described: described.URL, Versions: versions, Write: write,
		Own: isLobby(ctx, words[0], words[1]), Each: score.add,
	})
	if err = errors.Join(err, described.Stop()); err != nil {
		return err
	}
	return score.end()
}

// isLobby reports whether a server has Lobby's own operations.
func isLobby(ctx context.Context, to, token string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(to, "/")+"/lobby/v1/settings", nil)
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	response.Body.Close() //nolint:errcheck // only the status counts
	return response.StatusCode == http.StatusOK
}

// score counts what was compared, and prints what differs.
type score struct {
	out io.Writer
	// operations has whether each operation of each version is as described.
	operations map[string]bool
	requests   int
}

func (s *score) add(r conformance.Result) {
	s.requests++
	operation := r.Version + " " + r.Operation
	if good, seen := s.operations[operation]; !seen || good {
		s.operations[operation] = len(r.Differences) == 0
	}
	for _, text := range r.Differences {
		fmt.Fprintf(s.out, "%s  %s: %s\n", r.Version, r.Request, text)
	}
}

// end prints the score. Its error is errDiffers when it is not 100 %.
func (s *score) end() error {
	good := 0
	for _, is := range s.operations {
		if is {
			good++
		}
	}
	if len(s.operations) == 0 {
		return errors.New("nothing could be compared")
	}
	fmt.Fprintf(s.out, "%d requests; %d of %d operations are as described, each version by itself: %d %%\n",
		s.requests, good, len(s.operations), good*100/len(s.operations))
	if good < len(s.operations) {
		return errDiffers
	}
	return nil
}
