package testkit

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// PostgresWire counts what clients send to a PostgreSQL server.
type PostgresWire struct {
	roundTrips, statements atomic.Int64
}

// Traffic is what was sent: how often a client asked for a result and waited, and how many statements it sent.
type Traffic struct{ RoundTrips, Statements int64 }

// WatchPostgres passes connections on to the database of a DSN until t ends. It returns what counts them, and the DSN that
// leads through it. The connections must not be encrypted.
func WatchPostgres(t testing.TB, dsn string) (*PostgresWire, string) {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := address.Host
	address.Host = listener.Addr().String()
	w := new(PostgresWire)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the listener is closed
			}
			serving.Go(func() { w.pass(client, server) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return w, address.String()
}

// Sent returns what was sent so far.
func (w *PostgresWire) Sent() Traffic {
	return Traffic{w.roundTrips.Load(), w.statements.Load()}
}

// Minus returns what was sent since.
func (t Traffic) Minus(before Traffic) Traffic {
	return Traffic{t.RoundTrips - before.RoundTrips, t.Statements - before.Statements}
}

// pass connects a client with the server until one of them ends.
func (w *PostgresWire) pass(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	var answering sync.WaitGroup
	answering.Go(func() {
		_, _ = io.Copy(client, server) // it ends with the connection
		client.Close()
	})
	_ = w.count(bufio.NewReader(client), server) // it ends with the connection
	server.Close()
	answering.Wait()
}

// count passes on the messages of a client, each of which is counted before the server can answer it. Only the first one has
// no letter before its length.
func (w *PostgresWire) count(from *bufio.Reader, to io.Writer) error {
	for letter := 0; ; letter = 1 {
		head, err := from.Peek(letter + 4)
		if err != nil {
			return err
		}
		length := int64(binary.BigEndian.Uint32(head[letter:]))
		if letter == 1 {
			w.note(head[0])
		}
		if _, err := io.CopyN(to, from, int64(letter)+length); err != nil {
			return err
		}
	}
}

// note counts a message by its letter.
func (w *PostgresWire) note(letter byte) {
	switch letter {
	case 'Q': // a simple query
		w.roundTrips.Add(1)
		w.statements.Add(1)
	case 'S': // the end of a pipeline
		w.roundTrips.Add(1)
	case 'E': // execute
		w.statements.Add(1)
	}
}
