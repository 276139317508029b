package httpserver

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
)

// errorLog takes what net/http itself has to say of a connection.
type errorLog struct{ log *slog.Logger }

// peers are the network addresses and the quoted texts in a line of net/http, which come from the client.
var peers = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\[[0-9a-fA-F:.%\w]+\]:\d+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?`)

// handshakes are what net/http says of connections that did not get as far as a request. Scanners of the internet make
// many; when a certificate is the reason, that is logged where it is fetched.
var handshakes = []byte("http: TLS handshake error")

// Write logs one line as a warning, without the client's address and what it sent.
func (l errorLog) Write(line []byte) (int, error) {
	level := slog.LevelWarn
	if bytes.HasPrefix(line, handshakes) {
		level = slog.LevelDebug
	}
	l.log.Log(context.Background(), level, string(peers.ReplaceAll(bytes.TrimSpace(line), []byte("…"))))
	return len(line), nil
}
