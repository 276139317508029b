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

// baselines are minimal programs to compare the server with. Each runs in a process of its own, so that its CPU time can be
// measured. They end with their input.
var baselines = map[string]func(args []string, in io.Reader, out io.Writer) error{
	"bare":  bare,
	"plain": plain,
}

// page is a response of the server that the bare handler repeats.
type page struct {
	Header http.Header
	Body   []byte
}

// bare reads a page from the first line of its input and serves it for every request. It parses the form of a POST.
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
