package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"lobby/internal/inbox"
)

// timeout is how long it may take to connect, and to send one mail.
const timeout = 20 * time.Second

// server is the mail server that takes all mail.
type server struct{ client *gomail.Client }

// newServer returns the server at a URL: smtps:// encrypts at once, smtp:// by STARTTLS, which is required unless the URL
// ends with ?tls=off. roots may be nil for those of the system.
func newServer(at *url.URL, tlsConfig *tls.Config) (*server, error) {
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithoutNoop()}
	port := 587
	switch {
	case at.Scheme == "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case at.Query().Get("tls") == "off":
		port = 25
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if given, err := strconv.Atoi(at.Port()); err == nil {
		port = given
	}
	options = append(options, gomail.WithPort(port))
	if user := at.User; user != nil {
		password, _ := user.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user.Username()), gomail.WithPassword(password))
	}
	if tlsConfig != nil {
		tlsConfig = tlsConfig.Clone()
		tlsConfig.ServerName = at.Hostname()
		options = append(options, gomail.WithTLSConfig(tlsConfig))
	}
	client, err := gomail.NewClient(at.Hostname(), options...)
	if err != nil {
		return nil, errors.New("the mail server cannot be used") // the reason may hold a secret
	}
	return &server{client}, nil
}

// connection is one to the mail server, which is used for several mails.
type connection struct {
	server *server
	smtp   *smtp.Client
}

func (s *server) connect(ctx context.Context) (*connection, error) {
	opened, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("no connection to the mail server: %w", err)
	}
	return &connection{s, opened}, nil
}

func (c *connection) close() {
	if err := c.server.client.CloseWithSMTPClient(c.smtp); err != nil {
		_ = c.smtp.Close()
	}
}

// send sends a mail, and reports whether the connection can be used again.
func (c *connection) send(m *gomail.Msg) (o inbox.Outcome, usable bool) {
	err := c.server.client.SendWithSMTPClient(c.smtp, m)
	if m.IsDelivered() { // whatever went wrong afterwards
		return inbox.Outcome{IsSent: true}, err == nil
	}
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return inbox.Outcome{Reason: "no connection"}, false
	}
	return outcomeOf(failed.Reason, failed.ErrorCode(), failed.EnhancedStatusCode()), failed.ErrorCode() != 0 && failed.ErrorCode() != 421
}

// outcomeOf returns what a refusal means. One of the address or of the mail is final if its code begins with 5. What the
// server has against this client is not: the operator can change that, and no mail must be lost.
func outcomeOf(at gomail.SendErrReason, code int, enhanced string) inbox.Outcome {
	o := inbox.Outcome{Reason: "no answer"}
	if code == 0 {
		return o
	}
	o.Reason = strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
	isPermanent := code >= 500
	switch at {
	case gomail.ErrSMTPRcptTo:
		o.IsFinal = isPermanent
		o.HasBounced = isPermanent && (isOfAddress(enhanced) || enhanced == "" && (code == 550 || code == 551 || code == 553))
		// A refusal to relay, or by a policy, says nothing of the address.
		if strings.HasPrefix(enhanced, "5.7.") || code == 530 || code == 535 {
			o.IsFinal = false
		}
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		o.IsFinal, o.HasBounced = isPermanent, isPermanent && isOfAddress(enhanced)
	}
	return o
}

// isOfAddress reports whether an enhanced status code (RFC 3463) says that an address, or its mailbox, is there no more.
func isOfAddress(enhanced string) bool {
	return strings.HasPrefix(enhanced, "5.1.") && enhanced != "5.1.7" && enhanced != "5.1.8" || enhanced == "5.2.1"
}
