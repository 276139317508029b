package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"lobby/internal/apiversion"
	"lobby/internal/workspace"
)

// The errors of a subscription.
var (
	ErrNotFound = errors.New("no such webhook")
	ErrTooMany  = fmt.Errorf("a workspace has at most %d webhooks", maxSubscriptions)
)

const (
	// maxSubscriptions is the max number of subscriptions of a workspace.
	maxSubscriptions = 20
	// maxURL is the max length of an address in bytes.
	maxURL = 2000
	// secretLength is the number of letters and digits of a secret.
	secretLength = 40
	// DefaultOverlap and MaxOverlap are how long an old secret signs beside the new one, in seconds.
	DefaultOverlap, MaxOverlap = 24 * 60 * 60, 30 * 24 * 60 * 60
)

// Reason says why a subscription is paused.
type Reason string

// The reasons for a pause.
const (
	NotPaused Reason = ""
	Requested Reason = "requested" // the owner asked for it
	Failing   Reason = "failing"   // no delivery succeeded for a day
	Gone      Reason = "gone"      // the receiver answered 410
)

// Subscription is an address outside that is told what happens in a workspace. All times are Unix seconds.
type Subscription struct {
	Workspace workspace.ID
	ID        string
	URL       string
	Topics    []string // of [Topics], or [Every] alone
	Version   string   // of the public API, in which items are written
	// Secret signs every delivery. OldSecret signs too until OldSecretUntil; it is "" when there is none.
	Secret, OldSecret string
	OldSecretUntil    int64
	Paused            Reason
	PausedAt          int64 // 0 while it is not paused
	CreatedAt         int64
	UpdatedAt         int64

	Progress
}

// Progress is how far the deliveries of a subscription have come. Only the server that delivers writes it.
type Progress struct {
	// Cursor is the sequence of the last outbox entry that became deliveries.
	Cursor int64
	// Failures counts the attempts that failed since the last success, and FailingSince is the time of the first of them.
	Failures, FailingSince int64
	// RetryAt is when the receiver is tried again after it failed several times in a row; 0 for at once.
	RetryAt int64
}

// Secrets are the secrets that sign at a time, the newest first.
func (s *Subscription) Secrets(now int64) []string {
	if s.OldSecret != "" && now < s.OldSecretUntil {
		return []string{s.Secret, s.OldSecret}
	}
	return []string{s.Secret}
}

// Registry has the use cases on subscriptions and deliveries. It is safe for concurrent use.
type Registry struct {
	*workspace.Registry
	Store Store
	// AllowPrivate permits receivers that are not on the public internet, and plain HTTP.
	AllowPrivate bool

	created atomic.Int64
}

// Created returns how many subscriptions were made with this registry.
func (g *Registry) Created() int64 { return g.created.Load() }

// Draft is what may be decided about a subscription. Nil leaves a member of an existing one unchanged.
type Draft struct {
	URL     *string
	Topics  []string
	Version *string
	Paused  *bool
}

// Create adds a subscription with a new secret. It is told what happens from now on. Errors: workspace.InvalidError,
// ErrTooMany.
func (g *Registry) Create(ctx context.Context, c workspace.Caller, d Draft) (*Subscription, error) {
	if d.URL == nil {
		return nil, workspace.Invalid("url", "is required")
	}
	if d.Topics == nil {
		return nil, workspace.Invalid("topics", "is required")
	}
	now := g.Unix()
	s := &Subscription{Workspace: c.Workspace, ID: g.IDAt(now), Secret: g.Secret(secretLength), CreatedAt: now}
	if err := g.apply(s, d); err != nil {
		return nil, err
	}
	err := g.Store.Write(ctx, func(w Writer) error {
		all, err := w.Webhooks(c.Workspace)
		if err != nil {
			return err
		}
		if len(all) >= maxSubscriptions {
			return ErrTooMany
		}
		if s.Cursor, err = w.LastSequence(c.Workspace); err != nil {
			return err
		}
		return w.InsertWebhook(s)
	})
	g.created.Add(1)
	return s, err
}

// apply writes a draft to a subscription, or says what is wrong with it.
func (g *Registry) apply(s *Subscription, d Draft) (err error) {
	now := g.Unix()
	s.UpdatedAt = now
	if d.URL != nil {
		if err := CheckURL(*d.URL, g.AllowPrivate); err != nil {
			return err
		}
		s.URL = *d.URL
	}
	if d.Topics != nil {
		if s.Topics, err = checkTopics(d.Topics); err != nil {
			return err
		}
	}
	if d.Version != nil || s.Version == "" {
		if s.Version, err = checkVersion(d.Version); err != nil {
			return err
		}
	}
	switch {
	case d.Paused == nil:
	case *d.Paused && s.Paused == NotPaused:
		s.Paused, s.PausedAt = Requested, now
	case !*d.Paused:
		s.Paused, s.PausedAt = NotPaused, 0
	}
	return nil
}

// CheckURL refuses an address that no delivery may go to. The name of a host is looked up only when a delivery is sent.
func CheckURL(text string, allowPrivate bool) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" || len(text) > maxURL || !isPrintable(text):
		return workspace.Invalid("url", "must be an absolute https URL of at most 2000 bytes")
	case u.Scheme != "https" && (u.Scheme != "http" || !allowPrivate):
		return workspace.Invalid("url", "must begin with https://")
	case u.User != nil:
		return workspace.Invalid("url", "must not have a user name or a password")
	case u.Fragment != "":
		return workspace.Invalid("url", "must not have a fragment")
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil && !allowPrivate && !IsPublic(addr) {
		return workspace.Invalid("url", "is not an address of the public internet")
	}
	return nil
}

// isPrintable reports whether a text has printable ASCII characters only.
func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// checkTopics returns topics without repetitions, in the order of [Topics].
func checkTopics(given []string) (kept []string, err error) {
	if slices.Contains(given, Every) {
		return []string{Every}, nil
	}
	for _, topic := range given {
		if !slices.Contains(Topics, topic) {
			return nil, workspace.Invalid("topics", fmt.Sprintf("has the unknown topic %q", topic))
		}
	}
	for _, topic := range Topics {
		if slices.Contains(given, topic) {
			kept = append(kept, topic)
		}
	}
	if kept == nil {
		return nil, workspace.Invalid("topics", "must not be empty")
	}
	return kept, nil
}

func checkVersion(given *string) (string, error) {
	if given == nil {
		return apiversion.Default.String(), nil
	}
	v, err := apiversion.Parse(*given)
	if err != nil {
		return "", workspace.Invalid("version", "is no version of the API")
	}
	return v.String(), nil
}

// Webhooks lists the subscriptions of a workspace, oldest first.
func (g *Registry) Webhooks(ctx context.Context, c workspace.Caller) ([]*Subscription, error) {
	return workspace.Read(ctx, g.Store, func(r Reader) ([]*Subscription, error) { return r.Webhooks(c.Workspace) })
}

// Webhook returns one subscription. Errors: ErrNotFound.
func (g *Registry) Webhook(ctx context.Context, c workspace.Caller, id string) (*Subscription, error) {
	return workspace.Read(ctx, g.Store, func(r Reader) (*Subscription, error) { return find(r, c, id) })
}

func find(r Reader, c workspace.Caller, id string) (*Subscription, error) {
	s, err := r.Webhook(c.Workspace, id)
	if err == nil && s == nil {
		err = ErrNotFound
	}
	return s, err
}

// Update changes a subscription. One that is no longer paused goes on where it stopped, as far as the outbox still
// reaches. Errors: ErrNotFound, workspace.InvalidError.
func (g *Registry) Update(ctx context.Context, c workspace.Caller, id string, d Draft) (*Subscription, error) {
	return workspace.Write(ctx, g.Store, func(w Writer) (*Subscription, error) {
		s, err := find(w, c, id)
		if err != nil {
			return nil, err
		}
		was := s.Paused
		if err := g.apply(s, d); err != nil {
			return nil, err
		}
		if was != NotPaused && s.Paused == NotPaused {
			s.Progress = Progress{Cursor: s.Cursor}
			if err := w.UpdateProgress(s); err != nil {
				return nil, err
			}
		}
		return s, w.UpdateWebhook(s)
	})
}

// Rotate gives a subscription a new secret. The old one signs too for overlap seconds. Errors: ErrNotFound,
// workspace.InvalidError.
func (g *Registry) Rotate(ctx context.Context, c workspace.Caller, id string, overlap int64) (*Subscription, error) {
	if overlap < 0 || overlap > MaxOverlap {
		return nil, workspace.Invalid("overlap", fmt.Sprintf("must be between 0 and %d seconds", MaxOverlap))
	}
	secret := g.Secret(secretLength)
	return workspace.Write(ctx, g.Store, func(w Writer) (*Subscription, error) {
		s, err := find(w, c, id)
		if err != nil {
			return nil, err
		}
		now := g.Unix()
		s.OldSecret, s.OldSecretUntil = s.Secret, now+overlap
		if overlap == 0 {
			s.OldSecret, s.OldSecretUntil = "", 0
		}
		s.Secret, s.UpdatedAt = secret, now
		return s, w.UpdateWebhook(s)
	})
}

// Delete removes a subscription with its deliveries. Errors: ErrNotFound.
func (g *Registry) Delete(ctx context.Context, c workspace.Caller, id string) error {
	return g.Store.Write(ctx, func(w Writer) error {
		if _, err := find(w, c, id); err != nil {
			return err
		}
		return w.DeleteWebhook(c.Workspace, id)
	})
}
