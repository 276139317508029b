package httpserver

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificatePause is how long a certificate is used before its files are looked at again.
const certificatePause = time.Second

// certificate is one in two files, which may change at any time.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu         sync.Mutex
	looked     time.Time
	cert, key  []byte // as the files are now, or were when they were no pair
	current    *tls.Certificate
	isUnusable bool // what the files have now
}

// FileTLS returns the configuration of a server whose certificate and key are in PEM files. When they change, new
// connections get the new certificate within a second. Files that are no pair, as while they are being replaced, leave the
// old one in use, which is logged.
func FileTLS(certFile, keyFile string, log *slog.Logger) (*tls.Config, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, looked: time.Now()}
	if err := c.load(); err != nil {
		return nil, err
	}
	return &tls.Config{GetCertificate: c.get}, nil
}

// load reads the files. It leaves everything as it is if they have not changed, and the certificate if they are no pair.
func (c *certificate) load() error {
	cert, err := os.ReadFile(c.certFile)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(c.keyFile)
	if err != nil {
		return err
	}
	if bytes.Equal(cert, c.cert) && bytes.Equal(key, c.key) {
		return nil
	}
	c.cert, c.key = cert, key
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return err
	}
	c.current = &pair
	return nil
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= certificatePause {
		c.looked = now
		before := c.current
		err := c.load()
		switch {
		case err != nil && !c.isUnusable:
			c.log.Warn("the new certificate cannot be used, the old one stays", "error", err)
		case c.current != before:
			c.log.Info("there is a new certificate", "until", c.current.Leaf.NotAfter)
		}
		c.isUnusable = err != nil
	}
	return c.current, nil
}
