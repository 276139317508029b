package testkit

import (
	"encoding/binary"
	"errors"
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
	_ = w.count(io.TeeReader(client, server)) // it ends with the connection
	server.Close()
	answering.Wait()
}

// count reads the messages of a client. Only the first one has no letter before its length.
func (w *PostgresWire) count(from io.Reader) error {
	var head [5]byte
	if _, err := io.ReadFull(from, head[:4]); err != nil {
		return err
	}
	for {
		length := int64(binary.BigEndian.Uint32(head[len(head)-4:]))
		if head[0] == 0 { // the first one
			length = int64(binary.BigEndian.Uint32(head[:4]))
		}
		if length < 4 {
			return errors.New("a message without its own length")
		}
		switch head[0] {
		case 'Q': // a simple query
			w.roundTrips.Add(1)
			w.statements.Add(1)
		case 'S': // the end of a pipeline
			w.roundTrips.Add(1)
		case 'E': // execute
			w.statements.Add(1)
		}
		if _, err := io.CopyN(io.Discard, from, length-4); err != nil {
			return err
		}
		if _, err := io.ReadFull(from, head[:]); err != nil {
			return err
		}
	}
}
