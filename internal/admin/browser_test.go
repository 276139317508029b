package admin_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lobby/internal/account"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// fixture is a server with an owner, and a browser in which that owner is signed in.
type fixture struct {
	*testing.T
	*browser
	server *testkit.Instance
}

const (
	owner    = "ada@shop.example"
	password = "correct horse battery"
)

func start(t *testing.T, options ...testkit.Option) fixture {
	t.Helper()
	server := testkit.Start(t, options...)
	f := fixture{T: t, server: server, browser: newBrowser(t, server)}
	f.signIn(f.login(account.Owner, owner))
	return f
}

func eachDatabase(t *testing.T, test func(f fixture)) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) { test(start(t, on)) })
}

// login lets somebody into the server's first workspace, and returns the secret of a link.
func (f fixture) login(role account.Role, email string) string {
	f.Helper()
	link, err := f.server.App.Accounts.Invite(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, account.Invitation{Email: email, Role: role})
	if err != nil {
		f.Fatal(err)
	}
	return link
}

// as returns another browser, in which somebody with a role is signed in.
func (f fixture) as(role account.Role, email string) fixture {
	f.Helper()
	link := f.login(role, email)
	f.browser = newBrowser(f.T, f.server)
	f.signIn(link)
	return f
}

// at is the path of a page in the first workspace.
func (f fixture) at(path string) string { return "/pages/" + string(f.server.Workspace) + "/" + path }

// create makes a contact through the API and returns its id.
func (f fixture) create(fields map[string]any) string {
	f.Helper()
	return f.api("/contacts", fields)["id"].(string)
}

// api posts to the API.
func (f fixture) api(path string, body map[string]any) map[string]any {
	f.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		f.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(f.Context(), http.MethodPost, f.server.URL+path, strings.NewReader(string(text)))
	req.Header.Set("Authorization", "Bearer "+f.server.Token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read
	raw, _ := io.ReadAll(res.Body)
	if res.StatusCode >= 300 {
		f.Fatalf("POST %s: %d %s", path, res.StatusCode, raw)
	}
	var answer map[string]any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &answer); err != nil {
			f.Fatal(err)
		}
	}
	return answer
}

// dump is all that the database has of a workspace.
func (f fixture) dump(ws workspace.ID) map[string][]string {
	f.Helper()
	rows, err := f.server.Store.Dump(context.Background(), ws)
	if err != nil {
		f.Fatal(err)
	}
	return rows
}

// browser keeps cookies, follows no redirect and fails the test when a page is not as every page must be.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
	// header is sent with each request.
	header http.Header
}

func newBrowser(t *testing.T, server *testkit.Instance) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t: t, base: server.URL, header: http.Header{}, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is what the browser got.
type page struct {
	status   int
	body     string
	location string
	header   http.Header
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

// post sends a form with the token that a form of this browser has.
func (b *browser) post(path string, form url.Values) page {
	b.t.Helper()
	sent := url.Values{"token": {b.token()}}
	for name, values := range form {
		sent[name] = values
	}
	return b.do(http.MethodPost, path, sent)
}

func (b *browser) do(method, path string, form url.Values) page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	for name, values := range b.header {
		req.Header[name] = values
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := page{res.StatusCode, string(body), res.Header.Get("Location"), res.Header}
	if strings.HasPrefix(path, "/pages") {
		p.mustBeSafe(b.t, method+" "+path)
	}
	return p
}

// mustBeSafe fails the test for a page that a browser would not keep to itself, that is too long, or that the server failed to make.
func (p page) mustBeSafe(t *testing.T, what string) {
	t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	isFile := strings.HasSuffix(what, ".css") || strings.HasSuffix(what, ".js")
	switch {
	case p.status >= 500:
		t.Errorf("%s: %d", what, p.status)
	case len(p.body) > 100_000:
		t.Errorf("%s has %d bytes", what, len(p.body))
	case isFile:
	case !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || p.header.Get("X-Content-Type-Options") != "nosniff":
		t.Errorf("%s has the headers %v", what, p.header)
	case p.header.Get("Cache-Control") != "no-store":
		t.Errorf("%s may be kept: %q", what, p.header.Get("Cache-Control"))
	case inline.MatchString(quoted.ReplaceAllString(p.body, "")) || address.MatchString(p.body):
		t.Errorf("%s has a script or a style of its own", what)
	}
}

// These are what the policy would not let run, and what a page of ours never has. Values of attributes are texts.
var (
	quoted  = regexp.MustCompile(`"[^"]*"`)
	inline  = regexp.MustCompile(`(?i)<script>|<style|<[^>]* (style|on[a-z]+)=`)
	address = regexp.MustCompile(`(?i)(href|src|action)="\s*(javascript|data:text)`)
)

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is that of a form, which every page has for who is signed in, and the login for others.
func (b *browser) token() string {
	b.t.Helper()
	for _, path := range []string{"/pages/account", "/pages/login"} {
		if found := tokenField.FindStringSubmatch(b.get(path).body); found != nil {
			return found[1]
		}
	}
	return "" // nobody can sign in: the setup has a form, and its test reads it
}

// signIn uses a link.
func (b *browser) signIn(link string) {
	b.t.Helper()
	b.must(b.post("/pages/enter", url.Values{"link": {link}}), http.StatusSeeOther)
}

// must fails the test unless a page has a status.
func (b *browser) must(p page, status int) page {
	b.t.Helper()
	if p.status != status {
		b.t.Fatalf("the status is %d, want %d: %s", p.status, status, text(p.body))
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<head>.*</head>|<[^>]*>|\s+`)

// text is what one reads on a page.
func text(body string) string {
	return html.UnescapeString(strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " "))
}

// shows fails the test unless a page says all of these, or none of those with a leading "!".
func (p page) shows(t *testing.T, words ...string) page {
	t.Helper()
	read := text(p.body)
	for _, word := range words {
		plain, not := strings.CutPrefix(word, "!")
		if strings.Contains(read, plain) == not {
			t.Errorf("%q: %v, want %v, on the page: %s", plain, not, !not, read)
		}
	}
	return p
}
