package httpserver

import (
	"crypto/tls"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME says how certificates are fetched from an authority (RFC 8555).
type ACME struct {
	// Domains are the names to have certificates for, in lower case; nobody gets one for another name.
	Domains []string
	// Email is where the authority may write to; it may be empty.
	Email string
	// Folder keeps the account, the certificates and their keys. It is made with mode 0700.
	Folder string
	// Directory is the address of the authority; empty is Let's Encrypt.
	Directory string
	// Log is told, at most once a minute, that there is no certificate for one of the names.
	Log *slog.Logger
}

// acmePause is how long nothing more is logged of certificates that are not there.
const acmePause = time.Minute

// TLS returns the configuration of a server that fetches its certificates when a client first asks for a name, and
// renews them a month before their end. The authority proves the name by a TLS connection to port 443 (RFC 8737), so
// no other port is needed. Servers that share a name must share the folder.
func (a ACME) TLS() *tls.Config {
	manager := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(a.Domains...),
		Cache:      autocert.DirCache(a.Folder),
		Email:      a.Email,
	}
	if a.Directory != "" {
		manager.Client = &acme.Client{DirectoryURL: a.Directory}
	}
	config := manager.TLSConfig()
	var logged atomic.Int64 // Unix nanoseconds
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		certificate, err := manager.GetCertificate(hello)
		last, now := logged.Load(), time.Now()
		isOurs := slices.Contains(a.Domains, strings.ToLower(strings.TrimSuffix(hello.ServerName, ".")))
		if err != nil && isOurs && now.Sub(time.Unix(0, last)) >= acmePause && logged.CompareAndSwap(last, now.UnixNano()) {
			a.Log.Error("there is no certificate, clients cannot connect", "domain", hello.ServerName, "error", err)
		}
		return certificate, err
	}
	return config
}
