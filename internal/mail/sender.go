package mail

import (
	"context"
	"crypto/tls"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/ticker"
	"lobby/internal/workspace"
)

// Options are what a [Sender] is made of. All but TLS and Spread are required.
type Options struct {
	Inbox *inbox.Inbox
	// Server is the URL of the mail server, with user and password where it needs them.
	Server *url.URL
	// From is the address of the sender, and PublicURL begins the links.
	From, PublicURL string
	Log             *slog.Logger
	// Failed is told what goes wrong besides single mails.
	Failed func(error)
	// TLS has the certificates to believe; nil believes those of the system.
	TLS *tls.Config
	// Spread returns a random number from 0 up to 1 for the times of retries; nil is the system's.
	Spread func() float64
}

// Sender sends the mails of the queue. Several may work on one database: each mail is taken by one of them at a time.
type Sender struct {
	Options
	server *server
	// turn is held while mails are attempted.
	turn sync.Mutex
	// failures counts how often in a row there was no connection, and restUntil is when there is another try.
	failures  atomic.Int64
	restUntil time.Time
}

// NewSender returns a sender. Nothing is sent before [Sender.Run].
func NewSender(o Options) (*Sender, error) {
	if o.Spread == nil {
		o.Spread = rand.Float64
	}
	s, err := newServer(o.Server, o.TLS)
	return &Sender{Options: o, server: s}, err
}

const (
	// pause is how long a new mail may wait until it is looked for.
	pause = 250 * time.Millisecond
	// maxDue is the max number of mails that are looked for at once, and maxConnections that of connections to the server.
	maxDue         = 100
	maxConnections = 4
	// firstRest and maxRest are how many seconds a server that cannot be reached is left alone.
	firstRest, maxRest = 5, 300
	// settleTime is how long writing down an attempt may take when the server stops.
	settleTime = 10 * time.Second
)

// Run sends until ctx ends. Attempts under way end by themselves, within the timeout of one.
func (s *Sender) Run(ctx context.Context) {
	ticker.Every(ctx, pause, func(ctx context.Context) {
		s.turn.Lock()
		defer s.turn.Unlock()
		if time.Now().Before(s.restUntil) {
			return
		}
		due, err := s.Inbox.DueMails(ctx, maxDue)
		if err != nil {
			s.failed(ctx, err)
			return
		}
		s.send(ctx, due)
	})
}

func (s *Sender) failed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.Failed(err)
	}
}

// Settle attempts all mails that are due now, once. It returns when these attempts, and those of [Sender.Run], have ended.
func (s *Sender) Settle(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	due, err := s.Inbox.DueMails(ctx, math.MaxInt32)
	if err == nil {
		s.attemptAll(ctx, due)
	}
	return err
}

// send attempts mails, and leaves a server alone that cannot be reached.
func (s *Sender) send(ctx context.Context, due []inbox.Address) {
	s.attemptAll(ctx, due)
	if n := s.failures.Load(); n > 0 {
		s.restUntil = time.Now().Add(time.Duration(ticker.Backoff(firstRest, maxRest, n, s.Spread())) * time.Second)
	}
}

// attemptAll attempts mails, several at once.
func (s *Sender) attemptAll(ctx context.Context, due []inbox.Address) {
	queue := make(chan inbox.Address, len(due))
	for _, one := range due {
		queue <- one
	}
	close(queue)
	var all sync.WaitGroup
	for range min(maxConnections, len(due)) {
		all.Go(func() { s.work(ctx, queue) })
	}
	all.Wait()
}

// work attempts the mails of a queue over one connection. Nothing is taken from the database without a connection, so that
// a server that cannot be reached uses up no attempts.
func (s *Sender) work(ctx context.Context, queue <-chan inbox.Address) {
	var open *connection
	defer func() {
		if open != nil {
			open.close()
		}
	}()
	for one := range queue {
		if ctx.Err() != nil {
			return
		}
		if open == nil {
			var err error
			if open, err = s.server.connect(ctx); err != nil {
				s.failures.Add(1)
				s.failed(ctx, err)
				return
			}
			s.failures.Store(0)
		}
		usable, err := s.attempt(ctx, open, one)
		if err != nil {
			s.failed(ctx, err)
		}
		if !usable {
			open.close()
			open = nil
		}
	}
}

// attempt sends one mail, and reports whether the connection can be used again.
func (s *Sender) attempt(ctx context.Context, open *connection, one inbox.Address) (usable bool, err error) {
	ctx = workspace.Within(ctx, one.Workspace)
	ws, err := s.Inbox.Workspace(ctx, one.Workspace)
	if err != nil {
		return true, err
	}
	c := ws.Caller()
	c.Actor = workspace.Actor{Kind: "mail"}
	key, err := s.Inbox.MailKey(ctx, ws.ID, true)
	if err != nil {
		return true, err
	}
	letter, err := s.Inbox.TakeMail(ctx, c, one.ID)
	if err != nil || letter == nil {
		return true, err
	}
	outcome := inbox.Outcome{IsFinal: true, Reason: "the address cannot be written to"}
	usable = true
	if message, err := (envelope{ws, key, s.From, s.PublicURL}).message(letter); err == nil {
		outcome, usable = open.send(message)
	}
	if !outcome.IsSent {
		s.Log.Info("an email was not sent", "workspace", ws.ID, "mail", one.ID, "reason", outcome.Reason, "attempts", letter.Attempts, "given_up", outcome.IsFinal)
	}
	// What was sent is written down even when the server stops meanwhile.
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return usable, s.Inbox.SettleMail(settling, c, letter.Mail, outcome, s.Spread())
}
