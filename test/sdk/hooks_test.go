package sdk

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// deliveryLimit is how long deliveries may take on a machine that is busy with other things.
const deliveryLimit = 2 * time.Minute

// awkward are names that a library which reads the body as anything but the bytes that were sent would get wrong.
var awkward = []string{"Ada", "Zoë 🦀", "a/b <script>&amp;", "line\u2028end", `quote " and \ slash`, "é", "tab\tname"}

func TestReceiversThatOthersWroteAcceptDeliveries(t *testing.T) {
	t.Parallel()
	needNode(t)
	install(t, "hooks")
	receivers := startReceivers(t)
	var names []string
	ask(t, "GET", receivers, "", &names)
	if len(names) < 6 {
		t.Fatalf("only %q", names)
	}
	lobby := start(t, "--allow-private-webhooks")
	defer lobby.stop(t)
	hooks := map[string]string{}
	for _, name := range names {
		var made struct{ ID, Secret string }
		lobby.ask(t, "POST", "/lobby/v1/webhooks", fmt.Sprintf(`{"url":%q,"topics":["*"],"version":"2.11"}`, receivers+"/"+name), &made)
		hooks[name] = made.ID
		ask(t, "PUT", receivers+"/"+name, made.Secret, nil)
	}
	for i, name := range awkward {
		text, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		var made struct{ ID string }
		lobby.ask(t, "POST", "/contacts", fmt.Sprintf(`{"external_id":"user-%d","name":%s}`, i, text), &made)
		lobby.ask(t, "PUT", "/contacts/"+made.ID, fmt.Sprintf(`{"email":"%d@example.com"}`, i), nil)
	}
	want := 3 * len(awkward) // created, updated, the address
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			path := "/lobby/v1/webhooks/" + hooks[name] + "/deliveries?per_page=150"
			for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
				var page struct {
					Data []struct {
						State, Topic string
						Response     struct{ Status, Body, Error any }
					}
				}
				lobby.ask(t, "GET", path, "", &page)
				accepted := 0
				for _, d := range page.Data {
					if d.State == "delivered" {
						accepted++
					} else if d.State == "retrying" {
						t.Fatalf("%s is not accepted: %v", d.Topic, d.Response)
					}
				}
				if accepted == want {
					return
				}
				if time.Since(began) > deliveryLimit {
					t.Fatalf("%d of %d were accepted", accepted, want)
				}
			}
		})
	}
	t.Run("with another secret", func(t *testing.T) {
		for _, name := range names {
			ask(t, "PUT", receivers+"/"+name, "another secret of forty letters and digits", nil)
			var test struct{ ID string }
			lobby.ask(t, "POST", "/lobby/v1/webhooks/"+hooks[name]+"/test", "", &test)
			for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
				var d struct{ State string }
				lobby.ask(t, "GET", "/lobby/v1/webhooks/"+hooks[name]+"/deliveries/"+test.ID, "", &d)
				if d.State == "delivered" {
					t.Errorf("%s accepts what another secret signed", name)
				}
				if d.State != "requested" {
					break
				}
				if time.Since(began) > deliveryLimit {
					t.Fatalf("%s was not tried", name)
				}
			}
		}
	})
}

// startReceivers runs the receivers until the test ends, and returns where they listen.
func startReceivers(t *testing.T) string {
	cmd := exec.CommandContext(t.Context(), "node", "receivers.mjs")
	cmd.Dir = "hooks"
	out, err := cmd.StdoutPipe()
	if err == nil {
		cmd.Stderr = t.Output()
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	url, listening := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !listening {
		t.Fatalf("the receivers began with %q", first)
	}
	go io.Copy(io.Discard, lines) //nolint:errcheck // it ends with the process
	return url
}

// ask makes a request to the API of the server.
func (s *server) ask(t *testing.T, method, path, body string, into any) {
	t.Helper()
	ask(t, method, s.url+path, body, into)
}

// ask makes a request that must succeed, and decodes the response.
func ask(t *testing.T, method, url, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %s (%v)", method, url, response.Status, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatal(err)
		}
	}
}
