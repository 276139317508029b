package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// client is one keep-alive connection. It speaks just enough HTTP/1.1 for a server that sends a Content-Length with every
// response. It costs a fraction of net/http's client, which would take CPU time from the server.
type client struct {
	conn          net.Conn
	body, request []byte // of the current request
	answer        []byte
}

// dial connects. The connection has a deadline after life.
func dial(address string, life time.Duration) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, answer: make([]byte, 1<<20)}, conn.SetDeadline(time.Now().Add(life))
}

// send sends the request, and returns an error unless the response is a 200 that contains all expected texts.
func (c *client) send(expected []string) error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	answer, err := c.read()
	if err != nil {
		return err
	}
	if !isExpected(answer, expected) {
		return fmt.Errorf("%q was answered %q, not 200 with %q", c.request, answer, expected)
	}
	return nil
}

func isExpected(answer []byte, expected []string) bool {
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 200 ")) {
		return false
	}
	for _, text := range expected {
		if !bytes.Contains(answer, []byte(text)) {
			return false
		}
	}
	return true
}

var (
	endOfHeader   = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
	errAnswer     = errors.New("the answer has no Content-Length, or another length, or is too long")
)

func (c *client) read() ([]byte, error) {
	for have, want := 0, 0; ; {
		n, err := c.conn.Read(c.answer[have:])
		if err != nil {
			if err == io.EOF && have > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		have += n
		if head := bytes.Index(c.answer[:have], endOfHeader); want == 0 && head >= 0 {
			_, rest, _ := bytes.Cut(c.answer[:head+2], contentLength)
			digits, _, _ := bytes.Cut(rest, endOfHeader[:2])
			body, err := strconv.Atoi(string(digits))
			if err != nil {
				return nil, errAnswer
			}
			want = head + len(endOfHeader) + body
		}
		switch {
		case want > 0 && have == want:
			return c.answer[:have], nil
		case want > 0 && have > want, have == len(c.answer):
			return nil, errAnswer
		}
	}
}

// drive measures a server under load. Every caller has a connection of its own; write writes each of its requests.
func (l load) drive(address string, expected []string, write func(*client) error) (measurement, error) {
	clients := make([]*client, l.callers)
	for i := range clients {
		c, err := dial(address, l.window+time.Minute)
		if err != nil {
			return measurement{}, err
		}
		defer c.conn.Close() //nolint:errcheck // nothing is under way any more
		clients[i] = c
	}
	return l.run(func(caller int) error {
		if err := write(clients[caller]); err != nil {
			return err
		}
		return clients[caller].send(expected)
	})
}
