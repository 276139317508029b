package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const user, password = "lobby", "pass word/?#"

// received is a mail that a server took.
type received struct{ from, to, text string }

// mailServer is a real mail server that asks for TLS and a password.
type mailServer struct {
	url   *url.URL
	roots *tls.Config

	mu    sync.Mutex
	mails []received
	// refuse returns how to refuse a recipient, nil for not at all; hold is called before a mail is taken.
	refuse func(to string) error
	hold   func()
}

func serveMail(t *testing.T) *mailServer {
	t.Helper()
	certificate, roots := certify(t)
	m := &mailServer{roots: &tls.Config{RootCAs: roots}}
	server := smtp.NewServer(m)
	server.Domain, server.TLSConfig = "127.0.0.1", &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Close() })
	m.url = &url.URL{Scheme: "smtp", User: url.UserPassword(user, password), Host: listener.Addr().String()}
	return m
}

// certify returns a certificate of 127.0.0.1, and the pool that believes it.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	draft := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// refuses sets how recipients are refused.
func (m *mailServer) refuses(how func(to string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = how
}

// taken returns the mails to an address, "" for all.
func (m *mailServer) taken(to string) (all []received) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range m.mails {
		if to == "" || one.to == to {
			all = append(all, one)
		}
	}
	return all
}

// NewSession implements [smtp.Backend].
func (m *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: m, conn: c}, nil
}

type session struct {
	server *mailServer
	conn   *smtp.Conn
	isIn   bool
	mail   received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, secret string) error {
		if name != user || secret != password {
			return errors.New("wrong password")
		}
		s.isIn = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if _, isEncrypted := s.conn.TLSConnectionState(); !isEncrypted || !s.isIn {
		return smtp.ErrAuthRequired
	}
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	refuse := s.server.refuse
	s.server.mu.Unlock()
	if refuse != nil {
		if err := refuse(to); err != nil {
			return err
		}
	}
	s.mail.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.hold != nil {
		s.server.hold()
	}
	s.mail.text = strings.ReplaceAll(string(text), "\r\n", "\n")
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

func (s *session) Reset() { s.mail = received{} }

func (s *session) Logout() error { return nil }
