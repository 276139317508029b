//go:build unix

package scripts

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// documentedMailServer is the host and port that documents name, with this user and password.
const (
	documentedMailServer = "smtp.example.com:465"
	mailUser, mailSecret = "USER", "PASSWORD"
)

// postOffice is a mail server that asks for TLS and a password.
type postOffice struct {
	server      *smtp.Server
	address     string
	certificate string // file in PEM
	letters     chan *mail.Message
}

// openPostOffice starts a mail server on a free port, with its certificate in a folder.
func openPostOffice(folder string) (*postOffice, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	draft := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	p := &postOffice{certificate: filepath.Join(folder, "mail-server.pem"), letters: make(chan *mail.Message, 10)}
	if err := os.WriteFile(p.certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return nil, err
	}
	p.server = smtp.NewServer(p)
	p.server.Domain, p.server.ReadTimeout, p.server.WriteTimeout = "127.0.0.1", maxWait, maxWait
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12,
	})
	if err != nil {
		return nil, err
	}
	p.address = listener.Addr().String()
	go p.server.Serve(listener) //nolint:errcheck // it ends when the server is closed
	return p, nil
}

// arrived returns an error when no email arrives that is from the sender and to the contact of the documents.
func (p *postOffice) arrived() error {
	select {
	case letter := <-p.letters:
		for name, want := range map[string]string{
			"From": "<hello@example.com>", "Reply-To": "help@example.com", "To": "ada@example.com", "Subject": "Hello",
			"List-Unsubscribe": "<https://lobby.example.com/", "List-Unsubscribe-Post": "One-Click",
		} {
			if got := letter.Header.Get(name); !strings.Contains(got, want) {
				return fmt.Errorf("the email has %s: %q, want %q in it", name, got, want)
			}
		}
		return nil
	case <-time.After(maxWait):
		return errors.New("no email arrived")
	}
}

// NewSession implements [smtp.Backend].
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &letterBox{office: p}, nil }

type letterBox struct {
	office *postOffice
	isIn   bool
}

func (*letterBox) AuthMechanisms() []string { return []string{sasl.Plain} }

func (b *letterBox) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, secret string) error {
		if name != mailUser || secret != mailSecret {
			return smtp.ErrAuthFailed
		}
		b.isIn = true
		return nil
	}), nil
}

func (b *letterBox) Mail(string, *smtp.MailOptions) error {
	if !b.isIn {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (*letterBox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*letterBox) Reset()                               {}
func (*letterBox) Logout() error                        { return nil }

func (b *letterBox) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, letter.Body); err != nil {
		return err
	}
	b.office.letters <- letter
	return nil
}
