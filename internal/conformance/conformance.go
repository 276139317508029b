// Package conformance plays the examples of the reference against a server, and finds where its responses differ from Lobby's
// description of the API. The program's sub-command prints what it finds. It knows the server by HTTP only, and the description
// as the document that a Lobby serves.
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/reference"
)

// Options say what is compared.
type Options struct {
	// URL and Token are those of the server.
	URL, Token string
	// Described is the URL of a Lobby whose description counts.
	Described string
	Versions  []apiversion.Version
	// Write plays all examples. The server must then have the control door of Lobby, to give each chapter a workspace. Without
	// it only operations that read are played, on what the workspace has.
	Write bool
	// Own plays Lobby's own operations, too.
	Own bool
	// Each is called with every request that was compared.
	Each func(Result)
}

// Result is what one request found.
type Result struct {
	Version string
	// Operation is the method and the described path.
	Operation string
	// Request is the method and the path as they were sent.
	Request     string
	Differences []string
}

// ownPrefix begins the paths of Lobby's own operations, and doorPrefix those of the control door.
const ownPrefix, doorPrefix = "/lobby/", "/lobby/v1/test/"

// player plays the reference in one version.
type player struct {
	Options
	version apiversion.Version
	about   description
	// newest is the description of the newest version, which has all routes.
	newest description
}

// Run plays the reference in all versions. Its error says that the server or the description cannot be reached.
func Run(ctx context.Context, o Options) error {
	p := player{Options: o}
	var err error
	if p.newest, err = p.describe(ctx, apiversion.Preview); err != nil {
		return err
	}
	for _, v := range o.Versions {
		p.version = v
		if p.about, err = p.describe(ctx, v); err != nil {
			return err
		}
		for _, chapter := range reference.Chapters {
			if err := p.play(ctx, chapter); err != nil {
				return err
			}
		}
	}
	return nil
}

// describe reads the description of a version.
func (p *player) describe(ctx context.Context, v apiversion.Version) (d description, err error) {
	_, body, err := p.send(ctx, p.Described, "", "GET", "/openapi.json?version="+v.String(), "")
	if err == nil {
		err = json.Unmarshal(body, &d)
	}
	return d, err
}

// play makes the requests of a chapter.
func (p *player) play(ctx context.Context, chapter reference.Chapter) error {
	token, drop, err := p.workspace(ctx)
	if err != nil {
		return err
	}
	defer drop()
	ids := []string{}
	for _, example := range chapter.Examples {
		method, target, _ := strings.Cut(strings.NewReplacer(ids...).Replace(example.Do), " ")
		body := strings.NewReplacer(ids...).Replace(example.Body)
		path, _, _ := strings.Cut(target, "?")
		route := p.newest.route(method, path)
		if !p.version.AtLeast(example.Since) || !p.about.has(method, route) || !p.isWanted(method, target, route) {
			continue
		}
		status, response, err := p.send(ctx, p.URL, token, method, target, body)
		if err != nil {
			return err
		}
		if !p.Write && status == http.StatusNotFound && example.Refused == "" {
			continue // the workspace has no such record
		}
		found := p.about.differences(method, route, status, response)
		if code := codeIn(response); p.Write && code != example.Refused {
			found = append(found, fmt.Sprintf("the code of the error is %q, not %q", code, example.Refused))
		}
		p.Each(Result{Version: p.version.String(), Operation: method + " " + route, Request: method + " " + target, Differences: found})
		if example.As != "" {
			ids = append(ids, "{"+example.As+"}", idIn(response))
		}
		if err := p.pass(ctx); err != nil {
			return err
		}
	}
	return nil
}

// readingPosts are the operations that read although their method is POST.
var readingPosts = []string{"/contacts/search", "/companies/list", "/companies/search", "/admins/activity_logs/search"}

// isWanted reports whether a request may be made: one that reads names no record of the reference's own story.
func (p *player) isWanted(method, target, route string) bool {
	if strings.HasPrefix(route, ownPrefix) && !p.Own {
		return false
	}
	if p.Write {
		return true
	}
	reads := method == "GET" && !strings.Contains(route, "/scroll") || method == "POST" && slices.Contains(readingPosts, route)
	return reads && !strings.ContainsAny(route, "{") && !strings.Contains(target, "{")
}

// workspace returns the token with which a chapter is played: of a workspace of its own, where the chapter writes. Drop ends the
// workspace.
func (p *player) workspace(ctx context.Context) (token string, drop func(), err error) {
	if !p.Write {
		return p.Token, func() {}, nil
	}
	status, body, err := p.send(ctx, p.URL, p.Token, "POST", doorPrefix+"workspaces", `{"api_version":"`+p.version.String()+`"}`)
	var made struct {
		ID    string `json:"id"`
		Token string `json:"access_token"`
	}
	if err == nil && (status != http.StatusOK || json.Unmarshal(body, &made) != nil) {
		err = fmt.Errorf("%s has no control door, which makes a workspace for each chapter: %d", p.URL, status)
	}
	return made.Token, func() {
		p.send(ctx, p.URL, p.Token, "DELETE", doorPrefix+"workspaces/"+made.ID, "") //nolint:errcheck // it is one too many then
	}, err
}

// pass lets a minute pass between the requests of a story.
func (p *player) pass(ctx context.Context) error {
	if !p.Write {
		return nil
	}
	_, _, err := p.send(ctx, p.URL, p.Token, "POST", doorPrefix+"clock", `{"freeze":true,"advance":"1 minute"}`)
	return err
}

const (
	// maxResponse is the max length of a response in bytes, and requestTimeout how long one may take.
	maxResponse    = 64 << 20
	requestTimeout = time.Minute
)

// send makes a request, and returns the status and the body of the response.
func (p *player) send(ctx context.Context, to, token, method, target, body string) (status int, response []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(to, "/")+target, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0, nil, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Intercom-Version", p.version.String())
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	response, err = io.ReadAll(io.LimitReader(answer.Body, maxResponse))
	return answer.StatusCode, response, err
}

// codeIn returns the code of an error response; "" for any other.
func codeIn(response []byte) string {
	var e struct {
		Type   string `json:"type"`
		Errors []struct {
			Code string `json:"code"`
		} `json:"errors"`
	}
	if json.Unmarshal(response, &e) != nil || e.Type != "error.list" || len(e.Errors) == 0 {
		return ""
	}
	return e.Errors[0].Code
}

// idIn returns the id of the object in a response, or of the first object in a list; "" when there is none.
func idIn(response []byte) string {
	var object struct {
		ID   json.RawMessage `json:"id"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(response, &object) != nil {
		return ""
	}
	var all []struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(object.Data, &all) == nil && len(all) > 0 {
		object.ID = all[0].ID
	}
	return strings.Trim(string(object.ID), `"`)
}
