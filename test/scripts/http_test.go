package scripts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// shownHeaders are the headers that are printed if a response has them.
var shownHeaders = []string{"Content-Type", "Allow", "Link", "Lobby-Identity"}

// response is a response of the server.
type response struct {
	status int
	header http.Header
	body   []byte
}

func request(ts *testscript.TestScript, neg bool, args []string) {
	s := sessionOf(ts)
	until := ""
	if len(args) > 1 && args[0] == "-until" {
		until, args = args[1], args[2:]
	}
	if len(args) < 2 {
		ts.Fatalf("usage: [!] http [-until STATUS] METHOD PATH [-H HEADER]… [BODY]")
	}
	for end := time.Now().Add(maxWait); ; time.Sleep(20 * time.Millisecond) {
		err := s.send(ts, args[0], args[1], args[2:])
		if (err != nil) != neg {
			ts.Fatalf("%s %s: %v", args[0], args[1], err)
		}
		if neg || until == "" || strconv.Itoa(s.last.status) == until {
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("the status is still %d", s.last.status)
		}
	}
	if !neg {
		s.last.print(ts.Stdout())
	}
}

// send sends a request and keeps its response.
func (s *session) send(ts *testscript.TestScript, method, path string, args []string) error {
	header := http.Header{"Authorization": {"Bearer " + ts.Getenv("TOKEN")}}
	for len(args) > 1 && args[0] == "-H" {
		name, value, _ := strings.Cut(args[1], ":")
		if value = strings.TrimSpace(value); value == "" {
			header.Del(name)
		} else {
			header.Set(name, value)
		}
		args = args[2:]
	}
	body := strings.Join(args, "")
	if body != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	r, err := http.NewRequest(method, ts.Getenv("URL")+path, strings.NewReader(body))
	ts.Check(err)
	r.Header = header
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close() //nolint:errcheck // it was read to its end
	text, err := io.ReadAll(got.Body)
	s.last = response{got.StatusCode, got.Header, text}
	return err
}

func (a response) print(to io.Writer) {
	fmt.Fprintf(to, "%d %s\n", a.status, http.StatusText(a.status))
	for _, name := range shownHeaders {
		for _, value := range a.header.Values(name) {
			fmt.Fprintf(to, "%s: %s\n", name, value)
		}
	}
	var indented bytes.Buffer
	if json.Indent(&indented, a.body, "", "  ") != nil {
		indented = *bytes.NewBuffer(a.body)
	}
	fmt.Fprintf(to, "\n%s\n", indented.Bytes())
}

// find returns the value at a path such as errors.0.message in the response.
func (a response) find(path string) (value any, ok bool) {
	decode := json.NewDecoder(bytes.NewReader(a.body))
	decode.UseNumber()
	if decode.Decode(&value) != nil {
		return nil, false
	}
	for step := range strings.SplitSeq(path, ".") {
		switch in := value.(type) {
		case map[string]any:
			value, ok = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if ok = err == nil && i >= 0 && i < len(in); ok {
				value = in[i]
			}
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

// plain returns a text unchanged, and everything else as JSON.
func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

func inspect(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: [!] json PATH [VALUE]")
	}
	value, ok := sessionOf(ts).last.find(args[0])
	got := "nothing"
	if ok {
		encoded, err := json.Marshal(value)
		ts.Check(err)
		got = string(encoded)
	}
	if len(args) == 2 {
		want := new(bytes.Buffer)
		if json.Compact(want, []byte(args[1])) != nil {
			quoted, err := json.Marshal(args[1])
			ts.Check(err)
			want = bytes.NewBuffer(quoted)
		}
		ok = got == want.String()
	}
	if ok == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}
