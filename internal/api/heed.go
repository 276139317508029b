package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lobby/internal/spelling"
	"lobby/internal/workspace"
)

// warningHeader tells what a request had that its operation did not heed.
const warningHeader = "Lobby-Warning"

// vocabulary has the members that mean something in some operation of the public API, of any version. Where one of them is
// not heeded, the caller may believe that it was; every other unknown member is ignored in silence, so that clients may
// send records back as they got them.
var vocabulary = words(`
	role external_id user_id email phone name avatar pseudonym signed_up_at remote_created_at created_at last_seen_at last_request_at
	owner_id unsubscribed_from_emails unsubscribed_from_sms language_override custom_attributes custom_data social_profiles
	location location_data last_seen_ip last_seen_user_agent user_agent_data update_last_request_at new_session do_not_track
	marked_email_as_spam has_hard_bounced referrer utm_campaign utm_content utm_medium utm_source utm_term
	companies company tags tag notes note segments segment subscriptions opted_in_subscription_types opted_out_subscription_types
	company_id plan size website industry monthly_spend user users contacts
	event_name metadata event_summaries consent_type admin_id body model data_type options archived blocked
	query pagination sort sort_field sort_order page per_page order starting_after`)

func words(text string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		all[word] = true
	}
	return all
}

// warn says in a header what the request had that was not heeded. Requests without query and body cost nothing.
func (c *call) warn() {
	said := list(nil, "query parameters", c.unheeded())
	if c.in != nil {
		var ignored []string
		c.in.Unread(func(path, name string) {
			if vocabulary[name] {
				ignored = append(ignored, path)
			}
		})
		said = list(said, "members", ignored)
	}
	if said != nil {
		c.w.Header().Set(warningHeader, strings.Join(said, "; "))
	}
}

// unheeded returns the query parameters that the handler did not read, sorted.
func (c *call) unheeded() (ignored []string) {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	query, _ := c.parseQuery() // what is not well-formed is told as far as it is
	for name := range query {
		if !slices.Contains(c.heeded, name) {
			ignored = append(ignored, name)
		}
	}
	slices.Sort(ignored)
	return ignored
}

// Handled is what became of a request, for tests of programs that use the API.
type Handled struct {
	RequestID string
	// Workspace is that of the token; empty when there is no valid token.
	Workspace workspace.ID
	// Version is empty when the request did not come so far.
	Version string
	// Ignored are the members of the body and the query parameters that had no effect, and Coerced the members that were
	// read although they had another type.
	Ignored []Ignored
	Coerced []string
}

// Ignored is a member, by its path, or a query parameter, by its name with a question mark before it.
type Ignored struct {
	Name string
	// Nearest is the name that was probably meant; empty when none is near.
	Nearest string
}

// handled returns what became of the request.
func (c *call) handled() Handled {
	h := Handled{RequestID: c.requestID}
	if c.workspace != nil {
		h.Workspace = c.workspace.ID
	}
	if c.version != 0 {
		h.Version = c.version.String()
	}
	for _, name := range c.unheeded() {
		h.Ignored = append(h.Ignored, Ignored{"?" + name, spelling.Nearest(name, c.heeded)})
	}
	if c.in != nil {
		c.in.Unread(func(path, _ string) { h.Ignored = append(h.Ignored, Ignored{path, c.reads.Nearest(path)}) })
	}
	for _, m := range c.reads.Coerced {
		h.Coerced = append(h.Coerced, m.Path)
	}
	return h
}

// refuseUnheeded returns an error when the query of a reading request has parameters that the handler did not read.
func (c *call) refuseUnheeded() error {
	if !c.isStrict || c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return nil
	}
	ignored := c.unheeded()
	if len(ignored) == 0 {
		return nil
	}
	reason := "is no parameter of this operation"
	if near := spelling.Nearest(ignored[0], c.heeded); near != "" {
		reason += ": did you mean " + near + "?"
	}
	return &workspace.InvalidError{Field: headerText(ignored[0]), Reason: reason}
}

// maxListed is how many names the header has of each kind.
const maxListed = 10

func list(said []string, of string, names []string) []string {
	if len(names) == 0 {
		return said
	}
	slices.Sort(names)
	more := ""
	if len(names) > maxListed {
		more = fmt.Sprintf(" and %d more", len(names)-maxListed)
		names = names[:maxListed]
	}
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = headerText(name)
	}
	return append(said, "ignored "+of+": "+strings.Join(shown, ", ")+more)
}

// headerText is a name as far as a header can show it.
func headerText(name string) string {
	const maxBytes = 64
	shown := []byte(name[:min(len(name), maxBytes)])
	for i, b := range shown {
		if b <= ' ' || b >= 0x7f || b == ',' || b == ';' {
			shown[i] = '?'
		}
	}
	return string(shown)
}
