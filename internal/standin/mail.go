package standin

import (
	"net/http"
	"strings"
)

// Mail is an email that was caught instead of sent.
type Mail struct {
	At        int64  `json:"at"`
	Workspace string `json:"workspace"`
	// From and To are addresses with names.
	From    string `json:"from"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
	// Message is all of it, as MIME.
	Message string `json:"message"`
}

// Catch keeps a mail.
func (s *Standin) Catch(m Mail) {
	m.At = s.Clock.Now().Unix()
	s.mails.add(m, 500+len(m.Text)+len(m.HTML)+len(m.Message))
}

// getMails sends what is due, and returns the mails that were caught.
func (s *Standin) getMails(r *http.Request) (any, error) {
	f, err := readFilter(r, "to", "subject", "workspace")
	if err != nil {
		return nil, err
	}
	if err := s.Work(r.Context()); err != nil {
		return nil, err
	}
	return listOf(s.mails.await(r.Context(), func(m *Mail) bool {
		return strings.Contains(m.To, f.values.Get("to")) && f.is("subject", m.Subject) && f.is("workspace", m.Workspace)
	}, f.count, f.wait)), nil
}

func (s *Standin) deleteMails(*http.Request) (any, error) {
	s.mails.drop(func(*Mail) bool { return true })
	return nil, nil
}
