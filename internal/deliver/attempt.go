package deliver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the documented signature
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lobby/internal/webhook"
	"lobby/internal/wire"
)

// attempt sends a delivery once and records what came of it, except for the state. It reports how long to wait when the
// receiver asked for that, in seconds.
func (d *Deliverer) attempt(ctx context.Context, s *webhook.Subscription, one *job) (accepted bool, wait int64) {
	now := d.Lobby.Unix()
	one.Attempts++
	if one.FirstSentAt == 0 {
		one.FirstSentAt = now
	}
	one.LastSentAt = now
	one.Body = one.envelope()
	one.Status, one.Answer, one.Error = 0, "", ""
	began := time.Now()
	defer func() {
		took := time.Since(began)
		one.Duration = took.Milliseconds()
		d.observe(accepted, took)
	}()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The address was checked when it was set, but the option may have been another one then.
	err := webhook.CheckURL(s.URL, d.Webhooks.AllowPrivate)
	var request *http.Request
	if err == nil {
		request, err = http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(one.Body))
	}
	if err != nil {
		one.Error = "the address is not allowed"
		return false, 0
	}
	sign(request.Header, one.Body, s.Secrets(now), now)
	response, err := d.client.Do(request)
	if err != nil {
		one.Error = reasonOf(err)
		return false, 0
	}
	defer response.Body.Close() //nolint:errcheck // only the status counts
	one.Status = int64(response.StatusCode)
	answer, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) //nolint:errcheck // only the status counts
	one.Answer = kept(answer)
	return response.StatusCode >= 200 && response.StatusCode < 300, retryAfter(response)
}

// sign sets the headers of a delivery. The first two signatures are those of the public API and of its successor
// elsewhere, by the newest secret. Lobby-Signature has one of each valid secret, over the time, a dot and the body.
func sign(header http.Header, body string, secrets []string, now int64) {
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "Lobby-Webhooks/1.0")
	text := []byte(body)
	first := hmac.New(sha1.New, []byte(secrets[0]))
	first.Write(text)
	header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(first.Sum(nil)))
	header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sha256Of(secrets[0], text)))
	at := strconv.FormatInt(now, 10)
	all := "t=" + at
	stamped := append([]byte(at+"."), text...)
	for _, secret := range secrets {
		all += ",v1=" + hex.EncodeToString(sha256Of(secret, stamped))
	}
	header.Set("Lobby-Signature", all)
}

func sha256Of(secret string, text []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(text)
	return mac.Sum(nil)
}

// envelope returns the body of an attempt.
func (one *job) envelope() string {
	return string(wire.Notification{
		ID: one.ID, Workspace: one.Workspace, Topic: one.Topic, Item: one.item,
		Attempts: one.Attempts, FirstSentAt: one.FirstSentAt, CreatedAt: one.CreatedAt,
	}.AppendJSON(make([]byte, 0, len(one.item)+400)))
}

// reasonOf returns why there was no answer, without the address, which may hold a secret.
func reasonOf(err error) string {
	var (
		of   *url.Error
		name *net.DNSError
		op   *net.OpError
	)
	switch {
	case errors.Is(err, errNotPublic):
		return errNotPublic.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return errTimeout.Error()
	case errors.As(err, &of):
		if of.Timeout() {
			return errTimeout.Error()
		}
		err = of.Err
	}
	// Errors of the network name the server's resolver and its own address, which are nobody's business.
	switch {
	case errors.As(err, &name):
		return errNoName.Error()
	case errors.As(err, &op):
		err = fmt.Errorf("%s: %w", op.Op, op.Err)
	}
	return kept([]byte(err.Error()))
}

// kept returns the beginning of an answer as text that every database can hold.
func kept(answer []byte) string {
	return strings.ReplaceAll(string(bytes.ToValidUTF8(answer[:min(len(answer), maxKept)], nil)), "\x00", "")
}

const minWait, maxWait = 1, 2 * 60 * 60

// retryAfter returns how many seconds a receiver that has too much to do wants to be left alone; 0 for any other answer.
func retryAfter(response *http.Response) int64 {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	seconds, err := strconv.ParseInt(response.Header.Get("Retry-After"), 10, 64)
	if err != nil {
		if response.StatusCode == http.StatusTooManyRequests {
			return 60
		}
		return 0
	}
	return min(max(seconds, minWait), maxWait)
}
