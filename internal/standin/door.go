package standin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// Prefix begins the paths of the control door.
const Prefix = "/lobby/v1/test/"

// Door returns the handler of all paths below [Prefix]: what tests control the server by, and the sink of webhooks.
func (s *Standin) Door() http.Handler {
	door := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"POST reset": s.postReset, "POST seed": s.postSeed, "POST snapshot": s.postSnapshot, "POST restore": s.postRestore,
		"POST workspaces": s.postWorkspace, "DELETE workspaces/{id}": s.deleteWorkspace,
		"GET clock": s.getClock, "POST clock": s.postClock,
		"GET faults": s.getFaults, "POST faults": s.postFault, "DELETE faults": s.deleteFaults, "DELETE faults/{id}": s.deleteFault,
		"GET requests": s.getRequests, "DELETE requests": s.deleteRequests,
		"GET deliveries": s.getDeliveries, "DELETE deliveries": s.deleteDeliveries,
		"GET mails": s.getMails, "DELETE mails": s.deleteMails,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		door.Handle(method+" "+Prefix+path, s.locked(answering(handle)))
	}
	door.Handle("GET "+Prefix+"requests/page", s.locked(http.HandlerFunc(s.getRequestsPage)))
	door.Handle("POST "+Prefix+"sink/{name...}", s.sink())
	door.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			if _, pattern := door.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host}); pattern != "/" {
				w.Header().Set("Allow", method)
				refuse(w, errMethod)
				return
			}
		}
		refuse(w, errNoPath)
	})
	return door
}

// refusal is an error of the door, with its response.
type refusal struct {
	status               int
	code, message, field string
}

func (e *refusal) Error() string { return e.message }

func invalid(field, reason string) error {
	return &refusal{http.StatusBadRequest, "parameter_invalid", field + " " + reason, field}
}

var (
	errToken  = &refusal{status: 401, code: "unauthorized", message: "Only an access token of the first workspace opens this"}
	errNoPath = &refusal{status: 404, code: "not_found", message: "The requested resource does not exist; check your path and try again"}
	errMethod = &refusal{status: 405, code: "client_error", message: "The requested resource does not support this method"}
)

// refuse writes what an error is for the client.
func refuse(w http.ResponseWriter, err error) {
	status, e := http.StatusInternalServerError, wire.Error{Code: "server_error", Message: "Something went wrong on our side"}
	var (
		own     *refusal
		field   *jsonio.FieldError
		tooLong *http.MaxBytesError
	)
	switch {
	case errors.As(err, &own):
		status, e = own.status, wire.Error{Code: own.code, Message: own.message, Field: own.field}
	case errors.As(err, &field):
		status, e = http.StatusBadRequest, wire.Error{Code: field.Code, Message: field.Message, Field: field.Field}
	case errors.As(err, &tooLong):
		status, e = http.StatusRequestEntityTooLarge, wire.Error{Code: "client_error", Message: "The request body is too large"}
	case errors.Is(err, errNoSnapshot), errors.Is(err, errNoWorkspace):
		status, e = http.StatusNotFound, wire.Error{Code: "not_found", Message: err.Error()}
	case errors.Is(err, errFirst), errors.Is(err, errNoImages), errors.Is(err, workspace.ErrWorkspaceExists):
		status, e = http.StatusConflict, wire.Error{Code: "conflict", Message: err.Error()}
	case errors.Is(err, workspace.ErrUnavailable):
		status, e = http.StatusServiceUnavailable, wire.Error{Code: "service_unavailable", Message: "The database is not available; nothing was changed"}
	}
	writeError(w, status, e)
}

func writeError(w http.ResponseWriter, status int, e wire.Error) {
	e.RequestID = w.Header().Get("X-Request-Id")
	writeJSON(w, status, e.AppendJSON(nil))
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the client is gone
}

// locked opens the door for tokens of the first workspace.
func (s *Standin) locked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isFirst(s.WorkspaceOf(r)) {
			refuse(w, errToken)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// answering writes what a function returns as JSON; nothing for nil.
func answering(handle func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := handle(r)
		if err != nil {
			refuse(w, err)
			return
		}
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		body, err := json.Marshal(answer)
		if err != nil {
			refuse(w, err)
			return
		}
		writeJSON(w, http.StatusOK, body)
	})
}

// bodyOf reads the JSON object of a request; an empty body is an empty object.
func bodyOf(r *http.Request) (*jsonio.Object, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		data = []byte("{}")
	}
	in, err := jsonio.Read(data)
	if err == nil {
		in.RecordReads(new(jsonio.Recorder))
		in.Strict()
	}
	return in, err
}

// list is a response with several records.
type list[T any] struct {
	Type  string `json:"type"`
	Data  []T    `json:"data"`
	Total int    `json:"total_count"`
}

func listOf[T any](all []T) list[T] { return list[T]{"list", all, len(all)} }

func (s *Standin) postReset(r *http.Request) (any, error) {
	in, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	ws := in.Text("workspace").Or("")
	if err := in.Err(); err != nil {
		return nil, err
	}
	if ws != "" {
		return nil, s.ResetWorkspace(r.Context(), workspace.ID(ws))
	}
	return nil, s.Reset(r.Context())
}

func (s *Standin) postSeed(r *http.Request) (any, error) {
	into := workspace.ID(r.URL.Query().Get("workspace"))
	if into == "" {
		into = s.WorkspaceOf(r)
	}
	count, err := s.Sow(r.Context(), into, r.Body)
	if err != nil && !errors.Is(err, workspace.ErrUnavailable) {
		err = &refusal{status: http.StatusBadRequest, code: "parameter_invalid", message: "nothing was added: " + err.Error()}
	}
	return map[string]int{"records": count}, err
}

// nameIn reads the name of a snapshot.
func nameIn(r *http.Request) (string, error) {
	in, err := bodyOf(r)
	if err != nil {
		return "", err
	}
	name := in.Text("name").Or("")
	if err := in.Err(); err != nil {
		return "", err
	}
	if name == "" {
		return "", invalid("name", "must be given")
	}
	return name, nil
}

func (s *Standin) postSnapshot(r *http.Request) (any, error) {
	name, err := nameIn(r)
	if err != nil {
		return nil, err
	}
	has, err := s.Snapshot(r.Context(), name)
	if err == nil && !has {
		err = invalid("name", fmt.Sprintf("is one too many: there are %d snapshots", maxSnapshots))
	}
	return nil, err
}

func (s *Standin) postRestore(r *http.Request) (any, error) {
	name, err := nameIn(r)
	if err != nil {
		return nil, err
	}
	return nil, s.Restore(r.Context(), name)
}

func (s *Standin) postWorkspace(r *http.Request) (any, error) {
	in, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	draft := workspace.Draft{
		ID: workspace.ID(in.Text("id").Or("")), Name: in.Text("name").Or(""), APIVersion: in.Text("api_version").Or(""),
		AccessToken: in.Text("access_token").Or(""),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if field, reason := s.CheckDraft(draft); reason != "" {
		return nil, invalid(field, reason)
	}
	created, err := s.Create(r.Context(), draft)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"type": "workspace", "id": string(created.Workspace.ID), "access_token": created.Token.Secret,
		"identity_secret": created.Workspace.IdentitySecrets[0].Secret,
	}, nil
}

func (s *Standin) deleteWorkspace(r *http.Request) (any, error) {
	return nil, s.Drop(r.Context(), workspace.ID(r.PathValue("id")))
}

func (s *Standin) getClock(*http.Request) (any, error) {
	return map[string]any{"now": s.Clock.Now().Unix(), "frozen": s.Clock.IsFrozen()}, nil
}

// postClock sets the clock, has everything ask for it anew, and does what is due by then.
func (s *Standin) postClock(r *http.Request) (any, error) {
	in, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	freeze, set, advance := in.Bool("freeze"), in.Instant("set"), in.Text("advance")
	if err := in.Err(); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	at, isSet := set.Value()
	if isSet {
		now = time.Unix(at, 0)
	}
	text, isAdvanced := advance.Value()
	if isAdvanced {
		by, ok := parseSpan(text)
		if !ok {
			return nil, invalid("advance", `must be a length of time, as "10 months", "1 day 2 hours" or "90s"`)
		}
		now = by.after(now)
	}
	if now.Unix() < 0 || now.Unix() > jsonio.MaxTime {
		return nil, invalid("advance", "must lead to a time from 1970 to 2038")
	}
	if err := s.keepPast(r.Context(), ""); err != nil {
		return nil, err
	}
	if is, given := freeze.Value(); given {
		s.Clock.Freeze(is)
	}
	if isSet || isAdvanced {
		s.Clock.Set(now)
		s.Registry.Replaced()
	}
	if err := s.Work(r.Context()); err != nil {
		return nil, err
	}
	return s.getClock(r)
}
