package messenger

import (
	"encoding/json"
	"errors"
	"net/http"

	"lobby/internal/inbox"
	"lobby/internal/live"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// refusal is an error as the page reads it.
type refusal struct {
	status        int
	code, message string
}

func (e *refusal) Error() string { return e.message }

// warning is the reason for which a request, or a part of one, was left out, in the JSON of a response.
type warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e refusal) warning() warning { return warning{e.code, e.message} }

func invalid(message string) error {
	return &refusal{http.StatusBadRequest, "parameter_invalid", message}
}

var refusals = []struct {
	err error
	refusal
}{
	{workspace.ErrWorkspaceNotFound, refusal{http.StatusNotFound, "not_found", "There is no such app"}},
	{people.ErrTooManyCompanies, refusal{http.StatusBadRequest, "parameter_invalid", "The user belongs to too many companies"}},
	{inbox.ErrNobody, refusal{http.StatusForbidden, "forbidden", "Nobody is here who can have conversations"}},
	{inbox.ErrConversationNotFound, refusal{http.StatusNotFound, "not_found", "There is no such conversation"}},
	{live.ErrTooMany, refusal{http.StatusTooManyRequests, "rate_limit_exceeded", "Too many pages wait for changes"}},
	{workspace.ErrUnavailable, unavailable},
	{workspace.ErrUnknownOutcome, unavailable},
}

var (
	unavailable = refusal{http.StatusServiceUnavailable, "service_unavailable", "Please try again"}
	tooLarge    = refusal{http.StatusRequestEntityTooLarge, "payload_too_large", "The request is too large"}
	missing     = refusal{http.StatusForbidden, "signature_mismatch", "Missing user_hash or intercom_user_jwt"}
	unproven    = refusal{http.StatusForbidden, "signature_mismatch", "Incorrect user_hash"}
	badToken    = refusal{http.StatusUnauthorized, "unauthorized", "The intercom_user_jwt cannot be verified"}
	broken      = refusal{http.StatusInternalServerError, "server_error", "Something went wrong"}
)

// refusalOf returns what a page may know of an error. With whom a request conflicts is not among it.
func refusalOf(err error) refusal {
	var own *refusal
	var wrong *workspace.InvalidError
	var conflict *people.ConflictError
	var blocked *people.BlockedError
	var size *http.MaxBytesError
	var many *errTooManyRequests
	switch {
	case errors.As(err, &many):
		return refusal{http.StatusTooManyRequests, "rate_limit_exceeded", many.Error()}
	case errors.As(err, &own):
		return *own
	case errors.As(err, &wrong):
		return refusal{http.StatusBadRequest, "parameter_invalid", wrong.Error()}
	case errors.As(err, &conflict), errors.As(err, &blocked), errors.Is(err, people.ErrUserNotFound):
		return refusal{http.StatusConflict, "conflict", "This user cannot be signed in"}
	case errors.As(err, &size):
		return tooLarge
	}
	for _, known := range refusals {
		if errors.Is(err, known.err) {
			return known.refusal
		}
	}
	return broken
}

// endpoint handles a request, or returns an error before it has written anything of the response.
type endpoint func(w http.ResponseWriter, r *http.Request) error

// serve makes a handler of an endpoint, which answers its errors as an error.list.
func (m *messenger) serve(handle endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := handle(w, r)
		if err == nil || r.Context().Err() != nil {
			return
		}
		refusal := refusalOf(err)
		id := m.requestID(w)
		if refusal.status >= http.StatusInternalServerError {
			m.log.ErrorContext(r.Context(), "browser request failed", "path", r.Pattern, "request_id", id, "error", err)
		}
		var many *errTooManyRequests
		switch {
		case errors.As(err, &many):
			w.Header().Set("Retry-After", many.seconds())
		case refusal.status == http.StatusServiceUnavailable:
			w.Header().Set("Retry-After", "1")
		}
		writeJSON(w, refusal.status, map[string]any{
			"type": "error.list", "request_id": id, "errors": []warning{refusal.warning()},
		})
	})
}

// requestID returns the id that the server around us gave the request.
func (m *messenger) requestID(w http.ResponseWriter) string {
	const header = "X-Request-Id"
	id := w.Header().Get(header)
	if id == "" {
		id = m.lobby.NewUUID()
		w.Header().Set(header, id)
	}
	return id
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that is gone needs no response
}

func wrongPath(http.ResponseWriter, *http.Request) error {
	return &refusal{http.StatusNotFound, "not_found", "There is nothing here"}
}

// only refuses every method but those that are allowed, which have a handler of their own.
func only(allowed string) endpoint {
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allowed)
		return &refusal{http.StatusMethodNotAllowed, "method_not_allowed", "The only methods here are " + allowed}
	}
}

// whole serves a file whatever part of it is asked for, and whatever it was before: [http.ServeContent] would refuse some
// of these requests as plain text.
func whole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range [...]string{"Range", "If-Match", "If-Unmodified-Since"} {
			r.Header.Del(name)
		}
		next.ServeHTTP(w, r)
	})
}
