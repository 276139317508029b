package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lobby/internal/config"
	"lobby/internal/httpserver"
)

// maxHealth is how long the server may take to say whether it is ready; it gives up after two seconds itself.
const maxHealth = 3 * time.Second

// health asks the server that runs with the same options whether it is ready. It fails when the server is not, or is not
// there.
func (p *program) health(ctx context.Context) error {
	cfg, _, err := p.options(config.Serve, 0)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, maxHealth)
	defer cancel()
	address, scheme := cfg.AdminListen, "http"
	if address == "" {
		address, scheme = cfg.Listen, schemeOf(cfg)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://localhost/readyz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx, address) },
		// The server is asked by its address, which no certificate has. Nothing of the answer is believed but its status.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: certifiedName(cfg)},
	}}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the server on %s does not answer: %w", address, causeOf(err))
	}
	defer response.Body.Close()                                 //nolint:errcheck // nothing follows
	text, err := io.ReadAll(io.LimitReader(response.Body, 100)) // it is a word or two
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server on %s answers %d: %s", address, response.StatusCode, bytes.TrimSpace(text))
	}
	_, err = fmt.Fprintln(p.stdout, "ready")
	return err
}

// dial connects to the listener that an option names.
func dial(ctx context.Context, address string) (net.Conn, error) {
	var dialer net.Dialer
	if path, isFile := strings.CutPrefix(address, httpserver.SocketFile); isFile {
		return dialer.DialContext(ctx, "unix", path)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return dialer.DialContext(ctx, "tcp", net.JoinHostPort(reachable(host), port))
}

// certifiedName is a name for which the server has a certificate, where it must be asked by name.
func certifiedName(cfg config.Config) string {
	if len(cfg.ACMEDomains) > 0 {
		return cfg.ACMEDomains[0]
	}
	return "localhost"
}

// causeOf strips what an operator knows already from the error of a request.
func causeOf(err error) error {
	if failed, ok := err.(*url.Error); ok {
		err = failed.Err
	}
	return cause(err)
}
