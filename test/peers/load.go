package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// operations are what is measured, by name: with each peer those that it can do.
var operations = []string{getOne, putOne, convertOne, searchMany, getVisitor, putVisitor, convertVisitor}

const (
	getOne         = "GET a contact"
	putOne         = "PUT a contact"
	convertOne     = "convert to a user"
	searchMany     = "search, half, total"
	getVisitor     = "GET a visitor"
	putVisitor     = "PUT a visitor"
	convertVisitor = "convert, email and id"
)

// request is what a server is asked about the n-th of something; it returns the method, the path and the body.
type request struct {
	of func(n int) (method, path, body string)
	// usesUp says that each of these may be asked once.
	usesUp bool
	// expected is in every response.
	expected string
}

// server is a process that is measured.
type server struct {
	name, url, token string
	process          *exec.Cmd
	requests         map[string]request
}

func (s *server) stop() {
	s.process.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
	s.process.Wait()                       //nolint:errcheck // it is not needed any more
}

// ask makes a request and returns the body of the response. Its status must be in the 200s.
func (s *server) ask(client *http.Client, method, path, body string) ([]byte, error) {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s was answered %d: %s", method, path, answer.StatusCode, text)
	}
	return text, err
}

// await waits until a path is answered.
func (s *server) await(path string) error {
	var err error
	for range 1200 {
		if _, err = s.ask(http.DefaultClient, http.MethodGet, path, ""); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// load is a number of callers for some time.
type load struct {
	callers int
	window  time.Duration
}

// measure returns the CPU time of a server a request, in seconds. Requests that use something up take from first to end.
func (l load) measure(s *server, r request, first, end int) (float64, error) {
	var next, done atomic.Int64
	next.Store(int64(first))
	before, err := cpu(s.process.Process.Pid)
	if err != nil {
		return 0, err
	}
	until := time.Now().Add(l.window)
	failures := make([]error, l.callers)
	var callers sync.WaitGroup
	for i := range l.callers {
		callers.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			for time.Now().Before(until) {
				n := next.Add(1) - 1
				if r.usesUp && n >= int64(end) {
					return
				}
				answer, err := s.ask(client, r.method(int(n)), r.path(int(n)), r.body(int(n)))
				if err == nil && !bytes.Contains(answer, []byte(r.expected)) {
					err = fmt.Errorf("there is no %s in %s", r.expected, answer)
				}
				if err != nil {
					failures[i] = err
					return
				}
				done.Add(1)
			}
		})
	}
	callers.Wait()
	after, err := cpu(s.process.Process.Pid)
	return (after - before) / float64(max(1, done.Load())), errors.Join(append(failures, err)...)
}

func (r request) method(n int) string { m, _, _ := r.of(n); return m }

func (r request) path(n int) string { _, p, _ := r.of(n); return p }

func (r request) body(n int) string { _, _, b := r.of(n); return b }

// cpu returns the CPU time of a process in seconds.
func cpu(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	system, alsoErr := strconv.Atoi(fields[12])
	return float64(user+system) / 100, errors.Join(err, alsoErr)
}
