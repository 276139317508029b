package api_test

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/api"
	"lobby/internal/apiversion"
	"lobby/internal/testkit"
)

// surface is all that is served: since when, and a body by which it succeeds, "" where it reads none. {id} is somebody
// or something that the route is about.
var surface = map[string]struct {
	since apiversion.Version
	body  string
}{
	"GET /lobby/v1/settings":                                          {apiversion.V2_0, ""},
	"PUT /lobby/v1/settings":                                          {apiversion.V2_0, `{"timezone":"UTC"}`},
	"GET /lobby/v1/identity_secrets":                                  {apiversion.V2_0, ""},
	"POST /lobby/v1/identity_secrets":                                 {apiversion.V2_0, `{}`},
	"DELETE /lobby/v1/identity_secrets/{id}":                          {apiversion.V2_0, ""},
	"GET /lobby/v1/changes":                                           {apiversion.V2_0, ""},
	"GET /lobby/v1/webhooks":                                          {apiversion.V2_0, ""},
	"POST /lobby/v1/webhooks":                                         {apiversion.V2_0, `{"url":"https://example.com/hook","topics":["*"]}`},
	"GET /lobby/v1/webhooks/{id}":                                     {apiversion.V2_0, ""},
	"PUT /lobby/v1/webhooks/{id}":                                     {apiversion.V2_0, `{"paused":true}`},
	"DELETE /lobby/v1/webhooks/{id}":                                  {apiversion.V2_0, ""},
	"POST /lobby/v1/webhooks/{id}/rotate":                             {apiversion.V2_0, `{}`},
	"POST /lobby/v1/webhooks/{id}/test":                               {apiversion.V2_0, ""},
	"GET /lobby/v1/webhooks/{id}/deliveries":                          {apiversion.V2_0, ""},
	"GET /lobby/v1/webhooks/{id}/deliveries/{delivery_id}":            {apiversion.V2_0, ""},
	"POST /lobby/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver": {apiversion.V2_0, ""},
	"GET /visitors":                                                   {apiversion.V2_0, ""},
	"PUT /visitors":                                                   {apiversion.V2_0, `{"id":"{id}"}`},
	"POST /visitors/convert":                                          {apiversion.V2_0, `{"type":"lead","visitor":{"id":"{id}"}}`},
	"POST /visitors":                                                  {apiversion.V2_0, `{"id":"{id}"}`},
	"GET /visitors/{id}":                                              {apiversion.V2_0, ""},
	"PUT /visitors/{id}":                                              {apiversion.V2_0, `{}`},
	"DELETE /visitors/{id}":                                           {apiversion.V2_0, ""},
	"GET /contacts":                                                   {apiversion.V2_0, ""},
	"POST /contacts":                                                  {apiversion.V2_0, `{"role":"lead"}`},
	"GET /contacts/find_by_external_id/{external_id}":                 {apiversion.V2_13, ""},
	"GET /contacts/{id}":                                              {apiversion.V2_0, ""},
	"PUT /contacts/{id}":                                              {apiversion.V2_0, `{}`},
	"DELETE /contacts/{id}":                                           {apiversion.V2_0, ""},
	"POST /contacts/merge":                                            {apiversion.V2_0, merging},
	"POST /contacts/merge/preview":                                    {apiversion.Preview, merging},
	"GET /contacts/{id}/merge_history":                                {apiversion.V2_16, ""},
	"POST /lobby/v1/contacts/merge/preview":                           {apiversion.V2_0, merging},
	"POST /lobby/v1/visitors/convert/preview":                         {apiversion.V2_0, `{"type":"lead","visitor":{"id":"{id}"}}`},
	"GET /lobby/v1/duplicates":                                        {apiversion.V2_0, ""},
	"GET /lobby/v1/duplicates/{id}":                                   {apiversion.V2_0, ""},
	"POST /lobby/v1/duplicates/preview":                               {apiversion.V2_0, joining},
	"POST /lobby/v1/duplicates/merge":                                 {apiversion.V2_0, joining},
	"GET /lobby/v1/duplicates/distinct":                               {apiversion.V2_0, ""},
	"POST /lobby/v1/duplicates/distinct":                              {apiversion.V2_0, `{"people":["{id}","{user}"],"distinct":false}`},
	"GET /lobby/v1/people/{id}/export":                                {apiversion.V2_0, ""},
	"GET /lobby/v1/people/{id}/history":                               {apiversion.V2_0, ""},
	"GET /lobby/v1/people/{id}/page_views":                            {apiversion.V2_0, ""},
	"GET /lobby/v1/people/{id}/events":                                {apiversion.V2_0, ""},
	"POST /lobby/v1/changes/{id}/undo":                                {apiversion.V2_0, ""},
	"POST /contacts/{id}/archive":                                     {apiversion.V2_0, ""},
	"POST /contacts/{id}/unarchive":                                   {apiversion.V2_0, ""},
	"POST /contacts/{id}/block":                                       {apiversion.V2_13, ""},
	"POST /contacts/search":                                           {apiversion.V2_0, `{"query":{"field":"id","operator":"=","value":"{id}"}}`},
	"POST /lobby/v1/visitors/search":                                  {apiversion.V2_0, `{"query":{"field":"id","operator":"=","value":"{id}"}}`},
	"POST /lobby/v1/visitors":                                         {apiversion.V2_0, `{}`},
	"POST /lobby/v1/receipts":                                         {apiversion.V2_0, `{"receipts":[{"id":"x","type":"opened","contact_id":"{contact}"}]}`},
	"GET /lobby/v1/visitors":                                          {apiversion.V2_0, ""},
	"GET /lobby/v1/people/{id}":                                       {apiversion.V2_0, ""},
	"POST /events":                                                    {apiversion.V2_0, `{"id":"{id}","event_name":"x","created_at":1700000000}`},
	"GET /events":                                                     {apiversion.V2_0, ""},
	"POST /events/summaries":                                          {apiversion.V2_0, `{"id":"{id}","event_summaries":{"event_name":"x","count":1,"first":1,"last":2}}`},
	"GET /data_attributes":                                            {apiversion.V2_0, ""},
	"POST /data_attributes":                                           {apiversion.V2_0, `{"name":"{id}","model":"company","data_type":"string"}`},
	"PUT /data_attributes/{id}":                                       {apiversion.V2_0, `{"archived":false}`},

	"GET /contacts/{contact_id}/tags":                  {apiversion.V2_0, ""},
	"POST /contacts/{contact_id}/tags":                 {apiversion.V2_0, `{"id":"{tag}"}`},
	"DELETE /contacts/{contact_id}/tags/{id}":          {apiversion.V2_0, ""},
	"GET /contacts/{contact_id}/notes":                 {apiversion.V2_0, ""},
	"POST /contacts/{contact_id}/notes":                {apiversion.V2_0, `{"body":"Hello"}`},
	"GET /notes/{id}":                                  {apiversion.V2_0, ""},
	"GET /tags":                                        {apiversion.V2_0, ""},
	"POST /tags":                                       {apiversion.V2_0, `{"name":"VIP"}`},
	"GET /tags/{id}":                                   {apiversion.V2_0, ""},
	"DELETE /tags/{id}":                                {apiversion.V2_0, ""},
	"GET /lobby/v1/visitors/{visitor_id}/tags":         {apiversion.V2_0, ""},
	"POST /lobby/v1/visitors/{visitor_id}/tags":        {apiversion.V2_0, `{"id":"{tag}"}`},
	"DELETE /lobby/v1/visitors/{visitor_id}/tags/{id}": {apiversion.V2_0, ""},
	"GET /lobby/v1/visitors/{visitor_id}/notes":        {apiversion.V2_0, ""},
	"POST /lobby/v1/visitors/{visitor_id}/notes":       {apiversion.V2_0, `{"body":"Hello"}`},

	"POST /companies":                 {apiversion.V2_0, `{"company_id":"{id}","name":"Acme"}`},
	"GET /companies":                  {apiversion.V2_0, ""},
	"POST /companies/list":            {apiversion.V2_0, ""},
	"GET /companies/scroll":           {apiversion.V2_0, ""},
	"GET /companies/{id}":             {apiversion.V2_0, ""},
	"POST /companies/search":          {apiversion.Preview, `{"query":{"field":"name","operator":"=","value":"x"}}`},
	"POST /lobby/v1/companies/search": {apiversion.V2_0, `{"query":{"field":"name","operator":"=","value":"x"}}`},
	"PUT /companies/{id}":             {apiversion.V2_0, `{"name":"Acme"}`},
	"DELETE /companies/{id}":          {apiversion.V2_0, ""},
	"GET /companies/{id}/contacts":    {apiversion.V2_0, ""},
	"GET /companies/{id}/segments":    {apiversion.V2_0, ""},

	"GET /companies/{company_id}/notes":  {apiversion.V2_15, ""},
	"POST /companies/{company_id}/notes": {apiversion.V2_16, `{"body":"Hello"}`},

	"GET /contacts/{contact_id}/companies":                  {apiversion.V2_0, ""},
	"POST /contacts/{contact_id}/companies":                 {apiversion.V2_0, `{"id":"{company}"}`},
	"DELETE /contacts/{contact_id}/companies/{id}":          {apiversion.V2_0, ""},
	"GET /lobby/v1/visitors/{visitor_id}/companies":         {apiversion.V2_0, ""},
	"POST /lobby/v1/visitors/{visitor_id}/companies":        {apiversion.V2_0, `{"id":"{company}"}`},
	"DELETE /lobby/v1/visitors/{visitor_id}/companies/{id}": {apiversion.V2_0, ""},

	"GET /conversations":                                  {apiversion.V2_0, ""},
	"POST /messages":                                      {apiversion.V2_0, `{"from":{"type":"contact","id":"{contact}"},"body":"Hi"}`},
	"POST /conversations":                                 {apiversion.V2_0, `{"from":{"type":"contact","id":"{contact}"},"body":"Hi"}`},
	"GET /conversations/deleted":                          {apiversion.V2_16, ""},
	"GET /counts":                                         {apiversion.V2_0, ""},
	"POST /conversations/search":                          {apiversion.V2_0, `{"query":{"field":"state","operator":"=","value":"open"}}`},
	"POST /conversations/redact":                          {apiversion.V2_0, `{"type":"source","conversation_id":"{conversation}","source_id":"{conversation}"}`},
	"GET /conversations/{id}":                             {apiversion.V2_0, ""},
	"PUT /conversations/{id}":                             {apiversion.V2_0, `{"read":false}`},
	"POST /conversations/{id}":                            {apiversion.V2_0, `{"read":false}`},
	"DELETE /conversations/{id}":                          {apiversion.V2_13, ""},
	"POST /conversations/{id}/reply":                      {apiversion.V2_0, closes},
	"POST /conversations/{id}/parts":                      {apiversion.V2_0, closes},
	"POST /conversations/{id}/run_assignment_rules":       {apiversion.V2_0, ""},
	"POST /conversations/{id}/run_assignment_rules/parts": {apiversion.V2_0, ""},
	"POST /conversations/{id}/customers":                  {apiversion.V2_0, `{"admin_id":"1","customer":{"email":"{conversation}@example.com"}}`},
	"DELETE /conversations/{id}/customers/{contact_id}":   {apiversion.V2_0, `{"admin_id":"1"}`},
	"POST /conversations/{conversation_id}/tags":          {apiversion.V2_0, `{"id":"{tag}","admin_id":"1"}`},
	"DELETE /conversations/{conversation_id}/tags/{id}":   {apiversion.V2_0, `{"admin_id":"1"}`},

	"GET /me":                                   {apiversion.V2_0, ""},
	"GET /admins":                               {apiversion.V2_0, ""},
	"GET /admins/{id}":                          {apiversion.V2_0, ""},
	"PUT /admins/{id}/away":                     {apiversion.V2_0, `{"away_mode_enabled":true,"away_mode_reassign":false}`},
	"GET /teams":                                {apiversion.V2_0, ""},
	"PUT /teams/{id}":                           {apiversion.Preview, `{"admin_ids":[1]}`},
	"GET /teams/{id}":                           {apiversion.V2_0, ""},
	"GET /lobby/v1/admins":                      {apiversion.V2_0, ""},
	"POST /lobby/v1/admins":                     {apiversion.V2_0, `{"name":"Ada","email":"ada@example.com"}`},
	"PUT /lobby/v1/admins/{id}":                 {apiversion.V2_0, `{}`},
	"DELETE /lobby/v1/admins/{id}":              {apiversion.V2_0, ""},
	"GET /lobby/v1/teams":                       {apiversion.V2_0, ""},
	"POST /lobby/v1/teams":                      {apiversion.V2_0, `{"name":"Sales","admin_ids":[1]}`},
	"PUT /lobby/v1/teams/{id}":                  {apiversion.V2_0, `{}`},
	"DELETE /lobby/v1/teams/{id}":               {apiversion.V2_0, ""},
	"GET /admins/activity_logs":                 {apiversion.V2_0, ""},
	"POST /admins/activity_logs/search":         {apiversion.V2_16, `{}`},
	"GET /admins/activity_log_event_types":      {apiversion.V2_16, ""},
	"GET /away_status_reasons":                  {apiversion.V2_14, ""},
	"GET /lobby/v1/away_status_reasons":         {apiversion.V2_0, ""},
	"POST /lobby/v1/away_status_reasons":        {apiversion.V2_0, `{"label":"Lunch"}`},
	"PUT /lobby/v1/away_status_reasons/{id}":    {apiversion.V2_0, `{}`},
	"DELETE /lobby/v1/away_status_reasons/{id}": {apiversion.V2_0, ""},

	"GET /subscription_types":                          {apiversion.V2_0, ""},
	"GET /contacts/{contact_id}/subscriptions":         {apiversion.V2_0, ""},
	"POST /contacts/{contact_id}/subscriptions":        {apiversion.V2_0, `{"id":1,"consent_type":"opt_out"}`},
	"DELETE /contacts/{contact_id}/subscriptions/{id}": {apiversion.V2_0, ""},
	"GET /lobby/v1/subscription_types":                 {apiversion.V2_0, ""},
	"POST /lobby/v1/subscription_types":                {apiversion.V2_0, `{"consent_type":"opt_in","default_translation":{"name":"X"}}`},
	"PUT /lobby/v1/subscription_types/{id}":            {apiversion.V2_0, `{}`},

	"GET /segments":                       {apiversion.V2_0, ""},
	"GET /segments/{id}":                  {apiversion.V2_0, ""},
	"GET /contacts/{contact_id}/segments": {apiversion.V2_0, ""},
	"GET /lobby/v1/segments":              {apiversion.V2_0, ""},
	"POST /lobby/v1/segments":             {apiversion.V2_0, makeAdas},
	"GET /lobby/v1/segments/{id}":         {apiversion.V2_0, ""},
	"PUT /lobby/v1/segments/{id}":         {apiversion.V2_0, `{}`},
	"DELETE /lobby/v1/segments/{id}":      {apiversion.V2_0, ""},
}

// joining merges a visitor as a duplicate.
const joining = `{"into":"{user}","from":["{id}"]}`

const merging = `{"from":"{id}","into":"{user}","skip_duplicate_validation":true}`

// succeeds sends the request by which a route succeeds on a person just made.
func succeeds(t *testing.T, s *testkit.Instance, c *testkit.Client, r api.Route, headers ...string) *testkit.Response {
	t.Helper()
	name := r.Method + " " + r.Path
	served, known := surface[name]
	if !known {
		t.Fatalf("%s is not in the table of what is served", name)
	}
	noun := "visitors"
	for _, other := range []string{"admins", "teams", "away_status_reasons", "identity_secrets"} {
		if strings.Contains(r.Path, "/"+other+"/") {
			noun = other
		}
	}
	made := s.Do(t, "POST", "/lobby/v1/"+noun, `{"name":"X","email":"x@example.com","label":"X"}`)
	id := made.Get("id").(string)
	userID, _ := made.Get("user_id").(string)
	if strings.Contains(r.Path, "/contacts/") || strings.Contains(r.Path, "/changes/") || strings.HasPrefix(r.Path, "/events") {
		lead := s.Do(t, "POST", "/visitors/convert", `{"type":"lead","visitor":{"id":"`+id+`"}}`)
		if strings.Contains(r.Path, "/changes/") {
			_, id, _ = strings.Cut(lead.Header.Get("Lobby-Identity"), "entry=")
		}
	}
	user := ""
	if served.body == merging || strings.HasPrefix(r.Path, "/lobby/v1/duplicates/") || strings.HasSuffix(r.Path, "/merge_history") {
		user = s.Do(t, "POST", "/contacts", `{"external_id":"of `+id+`"}`).Get("id").(string)
	}
	if served.body == "" && user != "" {
		id = user
	}
	if r.Path == "/lobby/v1/duplicates/{id}" {
		s.Do(t, "PUT", "/contacts/"+user, `{"email":"`+user+`@example.com"}`)
		s.Do(t, "POST", "/contacts", `{"role":"lead","email":"`+user+`@example.com"}`)
	}
	if r.Path == "/data_attributes/{id}" {
		made := s.Do(t, "POST", "/data_attributes", `{"name":"`+id+`","model":"company","data_type":"string"}`)
		id = fmt.Sprint(made.Get("id"))
	}
	company := ""
	if strings.Contains(r.Path, "companies") {
		company = s.Do(t, "POST", "/companies", `{"company_id":"of-`+id+`"}`).Get("id").(string)
	}
	tag := ""
	if strings.Contains(r.Path, "tags") {
		tag = s.Do(t, "POST", "/tags", `{"name":"`+id+`"}`).Get("id").(string)
	}
	conversation, holder, delivery := "", id, ""
	if strings.HasPrefix(r.Path, "/conversations") {
		conversation = s.Do(t, "POST", "/conversations", `{"from":{"type":"contact","id":"`+id+`"},"body":"Hi"}`).Get("conversation_id").(string)
		id = conversation
	}
	if strings.Contains(r.Path, "/webhooks") {
		var remove func()
		id, delivery, remove = freshWebhook(t, s)
		defer remove()
	}
	switch r.Path {
	case "/conversations/{id}/customers/{contact_id}":
		other := s.Do(t, "POST", "/conversations/"+id+"/customers", `{"admin_id":"1","customer":{"email":"other-`+id+`@example.com"}}`)
		holder = other.Get("customers.1.id").(string)
	case "/conversations/{conversation_id}/tags/{id}":
		s.Do(t, "POST", "/conversations/"+id+"/tags", `{"id":"`+tag+`","admin_id":"1"}`)
		id = tag
	case "/tags/{id}":
		id = tag
	case "/notes/{id}":
		id = s.Do(t, "POST", "/lobby/v1/visitors/"+holder+"/notes", `{"body":"X"}`).Get("id").(string)
	case "/contacts/{contact_id}/tags/{id}", "/lobby/v1/visitors/{visitor_id}/tags/{id}":
		s.Do(t, "POST", strings.TrimSuffix(strings.NewReplacer("{contact_id}", id, "{visitor_id}", id).Replace(r.Path), "/{id}"), `{"id":"`+tag+`"}`)
		id = tag
	case "/contacts/{contact_id}/subscriptions/{id}":
		s.Do(t, "POST", "/contacts/"+holder+"/subscriptions", `{"id":"1","consent_type":"opt_out"}`)
		id = "1"
	case "/segments/{id}", "/lobby/v1/segments/{id}":
		id = s.Do(t, "POST", "/lobby/v1/segments", makeAdas).Get("id").(string)
	case "/lobby/v1/subscription_types/{id}":
		id = "1"
	case "/companies/scroll":
		s.Clock.Pass(61 * time.Second) // a workspace has one open at a time
	case "/companies/{id}", "/companies/{id}/contacts", "/companies/{id}/segments":
		id = company
	case "/contacts/{contact_id}/companies/{id}", "/lobby/v1/visitors/{visitor_id}/companies/{id}":
		s.Do(t, "POST", strings.TrimSuffix(strings.NewReplacer("{contact_id}", id, "{visitor_id}", id).Replace(r.Path), "/{id}"), `{"id":"`+company+`"}`)
		id = company
	}
	path := strings.NewReplacer(
		"{id}", id, "{external_id}", userID, "{contact_id}", holder, "{visitor_id}", holder, "{company_id}", company, "{delivery_id}", delivery,
		"{conversation_id}", conversation,
	).Replace(r.Path)
	switch name {
	case "GET /visitors":
		path += "?id=" + id
	case "GET /admins/activity_logs":
		path += "?created_at_after=1"
	case "GET /events":
		path += "?type=user&intercom_user_id=" + id
	}
	if served.body == "" {
		return c.Do(t, r.Method, path, nil, headers...)
	}
	answer := c.Do(t, r.Method, path, strings.NewReplacer(
		"{id}", id, "{tag}", tag, "{user}", user, "{company}", company, "{contact}", holder, "{conversation}", conversation,
	).Replace(served.body), headers...)
	if name == "POST /lobby/v1/webhooks" && answer.Status == 200 {
		s.Do(t, "DELETE", "/lobby/v1/webhooks/"+answer.Get("id").(string), nil)
	}
	return answer
}

// freshWebhook makes a webhook that is there until remove is called, and a delivery to it. Tests that run at once share the
// workspace, which has room for few.
func freshWebhook(t *testing.T, s *testkit.Instance) (id, delivery string, remove func()) {
	t.Helper()
	made := s.Do(t, "POST", "/lobby/v1/webhooks", `{"url":"https://example.com","topics":["*"]}`)
	id, _ = made.Get("id").(string)
	delivery, _ = s.Do(t, "POST", "/lobby/v1/webhooks/"+id+"/test", nil).Get("id").(string)
	return id, delivery, func() { s.Do(t, "DELETE", "/lobby/v1/webhooks/"+id, nil) }
}

const notInVersion = "intercom_version_invalid: Requested resource is not available in current API version."

func TestEveryRouteAnswersInEveryVersionThatHasIt(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	if len(api.Routes()) != len(surface) {
		t.Errorf("there are %d routes, and %d in the table", len(api.Routes()), len(surface))
	}
	for _, r := range api.Routes() {
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			t.Parallel()
			since := surface[r.Method+" "+r.Path].since
			for _, version := range apiversion.All() {
				answer := succeeds(t, s, s.Client, r, "Intercom-Version: "+version.String())
				switch has := version.AtLeast(since); {
				case has && answer.Status/100 != 2:
					t.Errorf("at %v: %d %s", version, answer.Status, answer.Text)
				case !has && (answer.Status != 400 || answer.Refusal() != notInVersion):
					t.Errorf("before %v, at %v: %d %s", since, version, answer.Status, answer.Text)
				}
			}
		})
	}
}

func TestAnOperationIsNotThereBeforeItsVersion(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, since := range apiversion.All() {
		handler := api.NewSince(api.Options{Lobby: s.Lobby, Log: slog.New(slog.DiscardHandler)}, since)
		for _, version := range apiversion.All() {
			r := httptest.NewRequest("GET", "/since", nil)
			r.Header.Set("Authorization", "Bearer "+s.Token)
			r.Header.Set("Intercom-Version", version.String())
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			want := 200
			if version < since {
				want = 400
			}
			_, text, _ := strings.Cut(notInVersion, ": ")
			if w.Code != want || (want == 400) != strings.Contains(w.Body.String(), text) {
				t.Errorf("since %v, at %v: %d %s", since, version, w.Code, w.Body)
			}
		}
	}
}

const (
	noSuchPath = "not_found: The requested resource does not exist; check your path and try again"
	noMethod   = "client_error: The requested resource does not support this method"
)

func TestWhatHasNoRouteIsRefusedAsEveryClientUnderstands(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, c := range []struct {
		method, path string
		status       int
		refused      string
		allow        string
	}{
		{"GET", "/", 404, noSuchPath, ""},
		{"GET", "//", 404, noSuchPath, ""},
		{"GET", "/nowhere", 404, noSuchPath, ""},
		{"POST", "/nowhere/at/all", 404, noSuchPath, ""},
		{"GET", "/Visitors", 404, noSuchPath, ""},
		{"GET", "/visitors//", 404, noSuchPath, ""},
		{"GET", "/visitors/a/b", 404, noSuchPath, ""},
		{"GET", "/contacts/a/b", 404, noSuchPath, ""},
		{"OPTIONS", "/nowhere", 404, noSuchPath, ""},
		{"HEAD", "/nowhere", 404, "", ""},
		{"GET", "/visitors/%00", 404, noSuchPath, ""},
		{"GET", "/visitors/%ff", 404, noSuchPath, ""},
		{"GET", "/lobby/v1/people/a%ED%A0%80", 404, noSuchPath, ""},
		{"GET", "/contacts/%00%00", 404, noSuchPath, ""},
		{"DELETE", "/visitors/%C0%AF", 404, noSuchPath, ""},
		{"DELETE", "/visitors", 405, noMethod, "GET, POST, PUT, HEAD, OPTIONS"},
		{"PATCH", "/visitors/x", 405, noMethod, "GET, PUT, DELETE, HEAD, OPTIONS"},
		{"POST", "/contacts/x", 405, noMethod, "GET, PUT, DELETE, HEAD, OPTIONS"},
		{"GET", "/contacts/x/archive", 405, noMethod, "POST, OPTIONS"},
		{"PUT", "/lobby/v1/visitors", 405, noMethod, "GET, POST, HEAD, OPTIONS"},
		{"TRACE", "/visitors", 405, noMethod, "GET, POST, PUT, HEAD, OPTIONS"},
		{"BREW", "/visitors", 405, noMethod, "GET, POST, PUT, HEAD, OPTIONS"},
		{"POST", "/livez", 404, noSuchPath, ""},
	} {
		// Whether there is an operation is no secret, so it is told before the token is looked at.
		for _, header := range []string{"Authorization:", "X-Token: as it is"} {
			r := s.Do(t, c.method, c.path, nil, header)
			if r.Status != c.status || r.Refusal() != c.refused || r.Header.Get("Allow") != c.allow {
				t.Errorf("%s %s: %d %q, Allow %q", c.method, c.path, r.Status, r.Refusal(), r.Header.Get("Allow"))
			}
		}
	}
}

func TestOptionsNeedNoToken(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for path, allow := range map[string]string{
		"/visitors": "GET, POST, PUT, HEAD, OPTIONS", "/visitors/convert": "GET, POST, PUT, DELETE, HEAD, OPTIONS",
		"/contacts/x/": "GET, PUT, DELETE, HEAD, OPTIONS",
	} {
		r := s.Do(t, "OPTIONS", path, nil, "Authorization:", "Intercom-Version: nonsense")
		if r.Status != 204 || r.Text != "" || r.Header.Get("Allow") != allow {
			t.Errorf("%s: %d %s, Allow %q", path, r.Status, r.Text, r.Header.Get("Allow"))
		}
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	path := "/visitors/" + s.Do(t, "POST", "/lobby/v1/visitors", `{}`).Get("id").(string)
	for _, path := range []string{path, path + "/", "/visitors/nobody"} {
		get, head := s.Do(t, "GET", path, nil), s.Do(t, "HEAD", path, nil)
		if head.Status != get.Status || head.Text != "" {
			t.Errorf("HEAD %s: %d %s", path, head.Status, head.Text)
		}
		for _, name := range []string{"Content-Type", "Content-Length"} {
			if !slices.Equal(head.Header[name], get.Header[name]) {
				t.Errorf("HEAD %s: %s is %q, of GET %q", path, name, head.Header[name], get.Header[name])
			}
		}
	}
}

func TestAnEscapedSlashBelongsToTheIdentifier(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for escaped, plain := range map[string]string{"a%2Fb": "a/b", "%25": "%", "a%20b": "a b", "%C3%A9": "é", "a+b": "a+b", "convert%2F": "convert/"} {
		made := s.Do(t, "POST", "/lobby/v1/visitors", map[string]string{"user_id": plain})
		for _, path := range []string{"/visitors/", "/lobby/v1/people/"} {
			if r := s.Do(t, "GET", path+escaped, nil); r.Status != 200 || r.Get("id") != made.Get("id") {
				t.Errorf("GET %s%s: %d %s", path, escaped, r.Status, r.Text)
			}
		}
	}
}

func TestAnEmptyIDDoesNotReadTheCollection(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	for _, version := range []string{"2.7", "2.16"} {
		for path, status := range map[string]int{
			"/contacts/": 404, "/contacts//": 404, "/visitors/": 404, "/companies/": 404, "/tags/": 404, "/segments/": 404, "/admins/": 404,
			"/teams/": 404, "/lobby/v1/segments/": 404, "/notes/": 404, "/lobby/v1/people/": 404, "/contacts/?": 404,

			"/contacts": 200, "/contacts/?per_page=1": 200, "/visitors/?user_id=$vera.user_id": 200, "/contacts/$ada/": 200,
			"/contacts/$ada/tags/": 200, "/data_attributes/": 200, "/me/": 200, "/subscription_types/": 200, "/companies/?page=1": 200,
			"//contacts//$ada//tags": 200, "/contacts/%2F": 404, "/companies/scroll/": 200,
		} {
			for _, method := range []string{"GET", "HEAD"} {
				if r := s.Do(t, method, on.fill(path), nil, "Intercom-Version: "+version); r.Status != status {
					t.Errorf("%s %s at %s: %d, want %d", method, path, version, r.Status, status)
				}
			}
			if path == "/companies/scroll/" {
				s.Clock.Pass(time.Hour) // only one may be open
			}
		}
	}
	for do, body := range map[string]string{"PUT /visitors/": `{"id":"$vera"}`, "POST /visitors/": `{"id":"$vera"}`, "POST /contacts/": `{"role":"lead"}`, "POST /tags/": `{"name":"x"}`} {
		method, path, _ := strings.Cut(do, " ")
		if r := s.Do(t, method, path, on.fill(body)); r.Status != 200 {
			t.Errorf("%s: %d %s", do, r.Status, r.Text)
		}
	}
}

func TestCompressedBodiesAreRefusedAsSuch(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	const refused = "unsupported: The request body must not be compressed"
	for coding, body := range map[string]string{"gzip": "\x1f\x8b\x08\x00\x00", "br": "\x0b\x02", "deflate": "x\x9c", "zstd": "("} {
		if r := s.Do(t, "POST", "/contacts", body, "Content-Encoding: "+coding); r.Status != 415 || r.Refusal() != refused {
			t.Errorf("%s: %d %s", coding, r.Status, r.Text)
		}
	}
	for _, coding := range []string{"utf-8", "identity", "gzip"} { // JSON all the same
		if r := s.Do(t, "POST", "/contacts", `{"role":"lead"}`, "Content-Encoding: "+coding); r.Status != 200 {
			t.Errorf("%s: %d %s", coding, r.Status, r.Text)
		}
	}
}
