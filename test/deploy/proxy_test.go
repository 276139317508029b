//go:build unix

package deploy

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// proxies start a proxy with the configuration of deploy/, for a server and on a port of their own.
var proxies = map[string]func(t *testing.T, server, port string) *process{
	"nginx":   nginx,
	"caddy":   caddy,
	"haproxy": haproxy,
}

func nginx(t *testing.T, server, port string) *process {
	program := tool(t, "nginx")
	cert, key, _ := certificate(t)
	folder := t.TempDir()
	site := replaced(t, read(t, "deploy/nginx.conf"), "listen 443 ssl", "listen 127.0.0.1:"+port+" ssl", "127.0.0.1:8080", server,
		"/etc/ssl/lobby.pem", cert, "/etc/ssl/lobby.key", key)
	var temporary strings.Builder
	for _, name := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temporary, "%s_temp_path %s;\n", name, filepath.Join(folder, name))
	}
	file := filepath.Join(folder, "nginx.conf")
	write(t, file, "daemon off;\nmaster_process off;\npid "+folder+"/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n"+temporary.String()+site+"}\n")
	return run(t, exec.Command(program, "-p", folder, "-c", file, "-e", "stderr"))
}

func caddy(t *testing.T, server, port string) *process {
	program := tool(t, "caddy")
	cert, key, _ := certificate(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "Caddyfile")
	write(t, file, "{\n\tadmin off\n\tauto_https off\n\tskip_install_trust\n}\n"+replaced(t, read(t, "deploy/Caddyfile"),
		"lobby.example.com {", "https://lobby.test:"+port+" {\n\tbind 127.0.0.1\n\ttls "+cert+" "+key, "127.0.0.1:8080", server))
	cmd := exec.Command(program, "run", "--adapter", "caddyfile", "--config", file)
	cmd.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder)
	return run(t, cmd)
}

func haproxy(t *testing.T, server, port string) *process {
	program := tool(t, "haproxy")
	_, _, both := certificate(t)
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	write(t, file, replaced(t, read(t, "deploy/haproxy.cfg"), "bind :443", "bind 127.0.0.1:"+port, "127.0.0.1:8080", server, "/etc/ssl/lobby.pem", both))
	return run(t, exec.Command(program, "-db", "-f", file))
}

// client asks a proxy as lobby.test. Its address is one of this machine that no proxy has.
type client struct {
	*http.Client
	base string // where it reaches the server
}

func newClient(base, port, from string) *client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &client{base: base, Client: &http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
		},
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the certificate is of the test's own
		ForceAttemptHTTP2: true,
	}}}
}

// do sends a request with the token, and with headers as "Name: value".
func (c *client) do(t testing.TB, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read to its end
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// json is do for an answer that must be JSON of success.
func (c *client) json(t testing.TB, method, url, body string, into any) {
	t.Helper()
	response, text := c.do(t, method, url, body)
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, url, response.StatusCode, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s %s: %v in %s", method, url, err, text)
	}
}

// walk follows every absolute address that the server hands out.
func (c *client) walk(t *testing.T) {
	t.Helper()
	var list struct {
		Pages struct{ Next string }
		Data  []struct{ ID string }
	}
	var contact, company struct{ ID string }
	c.json(t, http.MethodPost, c.base+"/contacts", `{"role":"lead"}`, &contact)
	for _, id := range []string{"1", "2"} {
		c.json(t, http.MethodPost, c.base+"/companies", `{"company_id":"`+id+`"}`, &company)
		c.json(t, http.MethodPost, c.base+"/contacts/"+contact.ID+"/companies", `{"id":"`+company.ID+`"}`, &struct{}{})
	}
	c.json(t, http.MethodGet, c.base+"/companies?per_page=1", "", &list)
	if !strings.HasPrefix(list.Pages.Next, c.base+"/companies?") || len(list.Data) != 1 {
		t.Fatalf("the next page is %q, want one below %s", list.Pages.Next, c.base)
	}
	first, second := list.Data[0].ID, list
	if c.json(t, http.MethodGet, list.Pages.Next, "", &second); len(second.Data) != 1 || second.Data[0].ID == first {
		t.Errorf("the next page has %v after %s", second.Data, first)
	}

	var visitor struct {
		Avatar struct {
			ImageURL string `json:"image_url"`
		}
	}
	const id = "5b1e7a4c-92d0-4a0b-9d3c-6f2f5b0a7e11"
	if status := c.ping(t, id); status != http.StatusOK {
		t.Fatalf("a ping got %d", status)
	}
	c.json(t, http.MethodGet, c.base+"/visitors?user_id="+id, "", &visitor)
	image := visitor.Avatar.ImageURL
	if response, _ := c.do(t, http.MethodGet, image, ""); !strings.HasPrefix(image, c.base+"/avatars/") || response.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture is %q: %d", image, response.StatusCode)
	}

	_, script := c.do(t, http.MethodGet, c.base+"/widget/"+app, "")
	line, _, _ := strings.Cut(script, "\n")
	if line != `window.__lobby={"app":"`+app+`","api":"`+c.base+`"};` {
		t.Errorf("the script begins %s", line)
	}
	var description struct{ Servers []struct{ URL string } }
	c.json(t, http.MethodGet, c.base+"/openapi.json", "", &description)
	if len(description.Servers) != 1 || description.Servers[0].URL != c.base {
		t.Errorf("the description has the servers %v", description.Servers)
	}
	if _, docs := c.do(t, http.MethodGet, c.base+"/docs", ""); !strings.Contains(docs, "curl &#34;"+c.base+"/visitors") {
		t.Error("the page of the description does not name the server")
	}
	_, page := c.do(t, http.MethodGet, c.base+"/demo", "")
	for _, file := range []string{"demo/demo.css", "demo/demo.js", "widget/" + app} {
		response, _ := c.do(t, http.MethodGet, c.base+"/"+file, "")
		if !strings.Contains(page, `"`+file+`"`) || response.StatusCode != http.StatusOK {
			t.Errorf("the demo page does not lead to %s: %d", file, response.StatusCode)
		}
	}
}

// ping sends what a page of a visitor sends, who is a new one without an id, and returns the status.
func (c *client) ping(t testing.TB, id string, headers ...string) int {
	t.Helper()
	body := url.Values{"app_id": {app}, "user_data": {`{"anonymous_id":"` + id + `"}`}, "source": {"apiBoot"}, "cc": {"1"}}
	headers = append(headers, "Content-Type: application/x-www-form-urlencoded", "Origin: https://shop.example",
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	response, _ := c.do(t, http.MethodPost, c.base+"/messenger/web/ping", body.Encode(), headers...)
	return response.StatusCode
}

func TestEveryAddressIsRightBehindEveryProxy(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, address := serve(t, nil, "--trusted-proxies", "127.0.0.1", "--rate-limit", "100000")
			port := freePort(t)
			start(t, strings.TrimPrefix(address, "http://"), port).awaitPort(t, port)
			for _, prefix := range []string{"", "/people"} {
				newClient("https://lobby.test:"+port+prefix, port, "127.0.0.2").walk(t)
			}
			c := newClient("https://lobby.test:"+port, port, "127.0.0.2")
			c.hearsLive(t)
			countsClients(t, c, newClient(c.base, port, "127.0.0.3"))
			if strings.Contains(server.out.String(), "does not name") {
				t.Error("the log complains of a proxy that was named")
			}
		})
	}
}

// countsClients checks that two clients have a limit each, and that none gets another one by what it invents.
func countsClients(t *testing.T, one, other *client) {
	t.Helper()
	one.json(t, http.MethodPut, one.base+"/lobby/v1/settings", `{"new_visitors_per_minute":1}`, &struct{}{})
	if a, b := one.ping(t, ""), other.ping(t, ""); a != http.StatusOK || b != http.StatusOK {
		t.Fatalf("two clients got %d and %d", a, b)
	}
	for _, invented := range []string{
		"X-Forwarded-For: 8.8.8.8", "Forwarded: for=8.8.8.8", "X-Real-IP: 8.8.8.8", `Forwarded: for="8.8.8.8`, "X-Forwarded-For: 8.8.8.8, 127.0.0.1",
	} {
		if got := one.ping(t, "", invented); got != http.StatusTooManyRequests {
			t.Errorf("with %s the same client got %d", invented, got)
		}
	}
	for _, invented := range []string{
		"X-Forwarded-Host: evil.example", "Forwarded: host=evil.example;proto=http", "X-Forwarded-Prefix: /evil", "X-Forwarded-Port: 666",
	} {
		if _, script := one.do(t, http.MethodGet, one.base+"/widget/"+app, "", invented); !strings.Contains(script, `"api":"`+one.base+`"`) {
			t.Errorf("with %s the script begins %.100s", invented, script)
		}
	}
}

func TestAProxyThatNobodyNamedIsTold(t *testing.T) {
	t.Parallel()
	server, address := serve(t, nil)
	port := freePort(t)
	haproxy(t, strings.TrimPrefix(address, "http://"), port).awaitPort(t, port)
	c := newClient("https://lobby.test:"+port, port, "127.0.0.2")
	for range 3 {
		c.do(t, http.MethodGet, c.base+"/contacts", "")
	}
	if n := strings.Count(server.out.String(), "a proxy that --trusted-proxies does not name"); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, server.out)
	}
}

func TestAPublicURLCountsMoreThanAProxy(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	base := "https://lobby.test:" + port + "/people"
	server, address := serve(t, nil, "--public-url", base)
	for _, printed := range []string{"url              " + base, base + "/demo#token=", base + "/docs\n", `src="` + base + "/widget/" + app + `"`, base + "/visitors/convert"} {
		if !strings.Contains(server.out.String(), printed) {
			t.Errorf("a start does not print %s", printed)
		}
	}
	nginx(t, strings.TrimPrefix(address, "http://"), port).awaitPort(t, port)
	newClient(base, port, "127.0.0.2").walk(t)
}

func TestAProxyReachesASocketFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lobby.sock")
	server, address := serve(t, nil, "--listen", "unix:"+file)
	if address != "unix:"+file {
		t.Errorf("it says that it listens on %s", address)
	}
	port := freePort(t)
	caddy(t, "unix/"+file, port).awaitPort(t, port)
	c := newClient("https://lobby.test:"+port, port, "127.0.0.2")
	c.walk(t)
	countsClients(t, c, newClient(c.base, port, "127.0.0.3"))
	if err := server.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := os.Lstat(file); !os.IsNotExist(err) {
		t.Errorf("the socket file is left behind: %v", err)
	}
}
