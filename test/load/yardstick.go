package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
)

// yardsticks are programs that do one thing and nothing else, each in a process of its own so that its CPU time can be
// told from everybody's. They live as long as their input.
var yardsticks = map[string]func(args []string, in io.Reader, out io.Writer) error{
	"bare":  bare,
	"plain": plain,
}

// page is an answer of the server, for the bare handler to repeat.
type page struct {
	Header http.Header
	Body   []byte
}

// bare serves the page that its input begins with, to everybody. It reads the form of who posts one.
func bare(_ []string, in io.Reader, out io.Writer) error {
	input := bufio.NewReader(in)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return err
	}
	var p page
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", l.Addr())
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		maps.Copy(w.Header(), p.Header)
		w.Write(p.Body) //nolint:errcheck // the caller notices
	})}
	go server.Serve(l) //nolint:errcheck // the callers notice
	_, err = io.Copy(io.Discard, input)
	return err
}
