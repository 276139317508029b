package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/api"
)

// requests are, of each operation, bodies and queries that together name all that it reads. $names stand for what lives
// in the workspace, each in a place where an id is read.
var requests = map[string][]string{
	"PUT /admins/{id}/away": {`{"away_mode_enabled":true,"away_mode_reassign":false,"away_status_reason_id":"$reason"}`},
	"POST /admins/activity_logs/search": {
		`{"created_at_after":"1","created_at_before":"1800000000","event_types":["app_name_change",{"value":"x"}],"page":1,"per_page":5}`,
	},
	"PUT /teams/{id}": {`{"name":"Team","admin_ids":["$admin"],"admin_priority_level":{"secondary_admin_ids":[]}}`},

	"GET /visitors": {`?id=$visitor`, `?user_id=$visitor.user_id`},
	"PUT /visitors": {
		`{"id":"$visitor","name":"X","custom_attributes":{"seats":1}}`, `{"user_id":"$visitor.user_id"}`,
	},
	"POST /visitors":     {`{"id":"$visitor","name":"X","custom_attributes":{"seats":1}}`, `{"user_id":"$visitor.user_id"}`},
	"PUT /visitors/{id}": {`{"id":"$visitor","user_id":"$visitor.user_id","name":"X","custom_attributes":{"seats":1}}`},
	convert:              conversions,
	"POST /lobby/v1/visitors/convert/preview": conversions,

	"GET /contacts":      {`?starting_after=$contact`},
	create:               {visitorOfAll},
	"POST /contacts":     {contactOfAll},
	"PUT /contacts/{id}": {contactOfAll},
	"POST /contacts/search": {
		`{"query":{"operator":"OR","value":[{"field":"id","operator":"=","value":"$contact"},{"field":"id","operator":"IN","value":["$contact"]},
		{"field":"external_id","operator":"=","value":"$user.external_id"},{"field":"email","operator":"=","value":"$user.email"},
		{"field":"owner_id","operator":"=","value":"$admin"},{"field":"tag_id","operator":"=","value":"$tag"},
		{"field":"segment_id","operator":"=","value":"$segment"},{"field":"created_at","operator":">","value":{"days_ago":2}}]},
		"pagination":{"per_page":5},"sort":{"field":"created_at","order":"ascending","sort_field":"name","sort_order":"descending"},
		"sort_field":"created_at","sort_order":"ascending"}`,
		`{"query":{"field":"id","operator":"!=","value":"$contact"},"pagination":{"starting_after":"$contact"}}`,
	},
	"POST /lobby/v1/visitors/search": {
		`{"query":{"operator":"OR","value":[{"field":"id","operator":"=","value":"$visitor"},{"field":"user_id","operator":"=","value":"$visitor.user_id"},
		{"field":"tag_id","operator":"=","value":"$tag"}]},"pagination":{"per_page":5}}`,
	},
	"POST /contacts/merge":                       {mergeOfAll},
	"POST /contacts/merge/preview":               {mergeOfAll},
	"POST /lobby/v1/contacts/merge/preview":      {mergeOfAll},
	"GET /contacts/{id}/merge_history":           {`?cursor=$visitor`},
	"GET /lobby/v1/duplicates":                   {`?starting_after=2-$contact`},
	"GET /lobby/v1/duplicates/{id}":              {``},
	"POST /lobby/v1/duplicates/preview":          {joinOfAll},
	"POST /lobby/v1/duplicates/merge":            {joinOfAll},
	"GET /lobby/v1/duplicates/distinct":          {`?starting_after=$contact-$visitor`},
	"POST /lobby/v1/duplicates/distinct":         {`{"people":["$contact","$user"],"distinct":true}`},
	"GET /lobby/v1/people/{id}/export":           {``},
	"GET /lobby/v1/people/{id}/history":          {`?starting_after=$visitor`},
	"GET /lobby/v1/people/{id}/page_views":       {`?starting_after=$visitor`},
	"GET /lobby/v1/people/{id}/events":           {`?starting_after=$visitor`},
	"GET /lobby/v1/visitors":                     {`?starting_after=$visitor`, `?email=$user.email`},
	"POST /contacts/{contact_id}/tags":           {`{"id":"$tag"}`},
	"POST /contacts/{contact_id}/notes":          {`{"admin_id":"$admin","body":"Hello"}`},
	"POST /lobby/v1/visitors/{visitor_id}/tags":  {`{"id":"$tag"}`},
	"POST /lobby/v1/visitors/{visitor_id}/notes": {`{"admin_id":"$admin","body":"Hello"}`},
	"POST /companies/{company_id}/notes":         {`{"admin_id":"$admin","body":"Hello"}`},
	"POST /tags": {
		`{"id":"$tag","name":"Renamed"}`,
		`{"name":"VIP","users":[{"id":"$user"},{"user_id":"$user.external_id"},{"email":"$user.email","untag":true}]}`,
		`{"name":"VIP","companies":[{"id":"$company"},{"company_id":"$company.company_id","untag":true}]}`,
	},
	"POST /contacts/{contact_id}/subscriptions": {`{"id":"$type","consent_type":"opt_out"}`},
	"POST /data_attributes": {
		`{"name":"color","model":"contact","data_type":"string","description":"X","options":["a",{"value":"b"}],"messenger_writable":true}`,
	},
	"PUT /data_attributes/{id}": {`{"archived":false,"description":"X","options":["a",{"value":"b"}],"messenger_writable":true}`},

	"POST /events": {
		`{"id":"$user","event_name":"x","created_at":1700000000,"metadata":{"n":1,"price":{"amount":1,"currency":"eur"},"link":{"url":"u","value":"v"}}}`,
		`{"user_id":"$user.external_id","event_name":"x","created_at":1700000000}`, `{"email":"$user.email","event_name":"x","created_at":1700000000}`,
	},
	"GET /events": {`?type=user&intercom_user_id=$user`, `?type=user&user_id=$user.external_id`, `?type=user&summary=true&email=$user.email`},
	"POST /events/summaries": {
		`{"id":"$user","event_summaries":{"event_name":"x","count":1,"first":1,"last":2}}`,
		`{"user_id":"$user.external_id","event_summaries":[{"event_name":"x","count":1,"first":1,"last":2}]}`,
		`{"email":"$user.email","event_summaries":{"event_name":"x","count":1,"first":1,"last":2}}`,
	},

	"POST /companies": {
		`{"company_id":"$company.company_id","id":"$company","name":"Acme","plan":"Pro","size":3,"website":"https://example.com","industry":"X",
		"custom_attributes":{"n":1},"remote_created_at":1,"monthly_spend":1.5,"update_last_request_at":true}`,
	},
	"PUT /companies/{id}": {
		`{"name":"Acme","plan":"Pro","size":3,"website":"https://example.com","industry":"X","custom_attributes":{"n":1},"remote_created_at":1,
		"monthly_spend":1.5,"update_last_request_at":true}`,
	},
	"POST /companies/search":                         {companySearch},
	"POST /lobby/v1/companies/search":                {companySearch},
	"GET /companies":                                 {`?company_id=$company.company_id`, `?tag_id=$tag`, `?segment_id=$segment`},
	"POST /companies/list":                           {`{"page":1,"per_page":5,"order":"asc"}`},
	"GET /companies/{id}/contacts":                   {`?starting_after=$contact`},
	"POST /contacts/{contact_id}/companies":          {`{"id":"$company"}`, `{"company_id":"$company"}`},
	"POST /lobby/v1/visitors/{visitor_id}/companies": {`{"id":"$company"}`, `{"company_id":"$company"}`},

	"PUT /lobby/v1/settings": {
		`{"name":"X","api_version":"2.7","merged_ids":"gone","timezone":"UTC","origins":["example.com"],"lead_from_email":true,"search_lag":0}`,
	},
	"POST /lobby/v1/identity_secrets":                                 {`{"platform":"web","secret":"a secret of at least thirty-two characters"}`},
	"POST /lobby/v1/webhooks":                                         {`{"url":"https://example.com","topics":["*"],"version":"2.11","paused":false}`},
	"PUT /lobby/v1/webhooks/{id}":                                     {`{"url":"https://example.com","topics":["ping"],"version":"2.11","paused":true}`},
	"POST /lobby/v1/webhooks/{id}/rotate":                             {`{"overlap":5}`},
	"POST /lobby/v1/webhooks/{id}/test":                               {""},
	"GET /lobby/v1/webhooks/{id}/deliveries":                          {`?starting_after=$delivery`},
	"POST /lobby/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver": {""},
	"POST /lobby/v1/admins":                                           {`{"name":"Ada","email":"ada@example.com"}`},
	"PUT /lobby/v1/admins/{id}":                                       {`{"name":"Ada","email":"ada@example.com"}`},
	"POST /lobby/v1/teams":                                            {`{"name":"Sales","admin_ids":["$admin"]}`},
	"PUT /lobby/v1/teams/{id}":                                        {`{"name":"Sales","admin_ids":["$admin"]}`},
	"POST /lobby/v1/away_status_reasons":                              {`{"label":"Lunch","emoji":"🥪","order":1}`},
	"PUT /lobby/v1/away_status_reasons/{id}":                          {`{"label":"Lunch","emoji":"🥪","order":1}`},
	"POST /lobby/v1/subscription_types":                               {subscriptionTypeOfAll},
	"PUT /lobby/v1/subscription_types/{id}":                           {subscriptionTypeOfAll},
	"POST /lobby/v1/segments":                                         {segmentOfAll},
	"PUT /lobby/v1/segments/{id}":                                     {segmentOfAll},
	"GET /conversations":                                              {`?sort=created_at&order=asc&display_as=html`},
	"GET /counts":                                                     {`?type=conversation&count=admin`, `?type=user&count=tag`},
	"POST /conversations/search": {
		`{"query":{"operator":"OR","value":[{"field":"id","operator":"=","value":"$conversation"},{"field":"contact_ids","operator":"=","value":"$contact"},
		{"field":"source.id","operator":"=","value":"$source"},{"field":"tag_ids","operator":"=","value":"$tag"},
		{"field":"source.author.id","operator":"=","value":"$user"}]},"pagination":{"per_page":5},"sort":{"field":"id","order":"ascending"}}`,
	},
	"POST /conversations": {
		`{"from":{"type":"contact","id":"$visitor"},"body":"Hi","subject":"X","created_at":1,"attachment_urls":["https://example.com/x"]}`,
		`{"from":{"type":"contact","user_id":"$user.external_id"},"body":"Hi","attachment_files":[{"name":"x","content_type":"image/png","data":"eA=="}]}`,
		`{"from":{"type":"contact","email":"$user.email"},"body":"Hi"}`,
	},
	"POST /lobby/v1/receipts": {
		`{"receipts":[{"id":"r-1","type":"opened","contact_id":"$contact","created_at":1},{"id":2,"type":"unsubscribed","external_id":"$user.external_id"},
			{"id":"r-3","type":"bounced","email":"$user.email"}]}`,
		`{"receipts":[{"id":"r-4","type":"clicked","contact_id":"$user"}]}`,
	},
	"POST /messages": {
		`{"from":{"type":"admin","id":"$admin"},"to":{"type":"user","id":"$user"},"body":"Hi","create_conversation_without_contact_reply":true,"attachment_urls":["https://example.com/x"]}`,
		`{"message_type":"email","subject":"X","template":"plain","from":{"type":"admin","id":"1"},"to":[{"type":"user","user_id":"$user.external_id"}],"cc":{"type":"user","email":"$user.email"},"bcc":[],"body":"Hi","created_at":1}`,
		`{"from":{"type":"admin","id":"1"},"to":{"type":"lead","id":"$contact"},"bcc":{"type":"user","id":"$user"},"body":"Hi"}`,
		`{"from":{"type":"contact","id":"$visitor"},"body":"Hi","referer":"https://example.com"}`,
		`{"from":{"type":"user","user_id":"$user.external_id"},"body":"Hi"}`,
		`{"from":{"type":"user","email":"$user.email"},"body":"Hi"}`,
	},
	"PUT /conversations/{id}":                             {conversationOfAll},
	"POST /conversations/{id}":                            {conversationOfAll},
	"POST /conversations/{id}/reply":                      repliesOfAll,
	"POST /conversations/{id}/parts":                      repliesOfAll,
	"POST /conversations/{id}/run_assignment_rules":       nil,
	"POST /conversations/{id}/run_assignment_rules/parts": nil,
	"POST /conversations/{id}/customers": {
		`{"admin_id":"$admin","customer":{"intercom_user_id":"$contact"}}`, `{"admin_id":"$admin","customer":{"user_id":"$user.external_id"}}`,
		`{"intercom_user_id":"$user","customer":{"email":"$user.email"}}`, `{"customer":{"user_id":"$user.external_id","customer":{"intercom_user_id":"$contact"}}}`,
	},
	"DELETE /conversations/{id}/customers/{contact_id}": {`{"admin_id":"$admin"}`, `{"user_id":"$user.external_id"}`, `{"email":"$user.email"}`},
	"POST /conversations/redact": {
		`{"type":"conversation_part","conversation_id":"$conversation","conversation_part_id":"$part"}`,
		`{"type":"source","conversation_id":"$conversation","source_id":"$source"}`,
	},
	"POST /conversations/{conversation_id}/tags":        {`{"id":"$tag","admin_id":"$admin"}`},
	"DELETE /conversations/{conversation_id}/tags/{id}": {`{"admin_id":"$admin"}`},
	"POST /contacts/{id}/archive":                       nil,
	"POST /contacts/{id}/unarchive":                     nil,
	"POST /contacts/{id}/block":                         nil,
	"POST /lobby/v1/changes/{id}/undo":                  nil,
}

const joinOfAll = `{"into":"$user","from":["$contact","$visitor"]}`

const conversationOfAll = `{"read":false,"title":"X","priority":"high","admin_id":"$admin","custom_attributes":{"n":1}}`

var repliesOfAll = []string{
	`{"message_type":"comment","type":"admin","admin_id":"$admin","body":"Hi","created_at":1,"skip_unsnooze":true}`,
	`{"message_type":"comment","type":"user","intercom_user_id":"$user","body":"Hi","attachment_urls":["https://example.com/x"]}`,
	`{"message_type":"comment","type":"user","user_id":"$user.external_id","body":"Hi"}`,
	`{"message_type":"comment","type":"user","email":"$user.email","body":"Hi"}`,
	`{"message_type":"quick_reply","type":"admin","admin_id":"$admin","reply_options":[{"text":"X","uuid":"u"}]}`,
	`{"message_type":"snoozed","admin_id":"$admin","snoozed_until":1800000000}`,
	`{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"$admin"}`,
	`{"message_type":"assignment","type":"team","admin_id":"1","assignee_id":"$team"}`,
}

var conversions = []string{
	`{"type":"user","visitor":{"id":"$visitor"},"user":{"id":"$user"}}`,
	`{"type":"user","visitor":{"user_id":"$visitor.user_id"},"user":{"user_id":"$user.external_id"}}`,
	`{"type":"user","visitor":{"email":"$visitor.email"},"user":{"email":"$user.email"}}`,
	`{"type":"lead","visitor":{"id":"$visitor"}}`,
}

const (
	companySearch = `{"query":{"operator":"OR","value":[{"field":"company_id","operator":"=","value":"$company.company_id"},
		{"field":"name","operator":"=","value":"x"},{"field":"tag_id","operator":"=","value":"$tag"}]},"pagination":{"per_page":5}}`
	mergeOfAll   = `{"from":"$contact","into":"$user","skip_duplicate_validation":true}`
	segmentOfAll = `{"name":"Some","model":"contact","person_type":"user","query":{"operator":"OR","value":[{"field":"id","operator":"=","value":"$contact"},
		{"field":"tag_id","operator":"=","value":"$tag"}]}}`
	subscriptionTypeOfAll = `{"consent_type":"opt_out","state":"live","default_translation":{"name":"X","description":"Y","locale":"en"},
		"content_types":["email"],"translations":[{"name":"X","description":"Y","locale":"de"}]}`
	contactOfAll = `{"role":"user","external_id":"$user.external_id","email":"new@example.com","phone":"+1 123 456 789","name":"X","avatar":{"image_url":"u"},
		"signed_up_at":1,"last_seen_at":"1","owner_id":"$admin","unsubscribed_from_emails":true,"language_override":"fr","custom_attributes":{"seats":1}}`
	visitorOfAll = `{"user_id":"$visitor.user_id","email":"v@example.com","phone":"1","name":"X","pseudonym":"Teal Whale","avatar":{"image_url":"u"},
		"owner_id":"$admin","unsubscribed_from_emails":true,"marked_email_as_spam":true,"has_hard_bounced":true,"created_at":1,"updated_at":2,
		"last_request_at":3,"browser":"X","browser_version":"1","browser_language":"en","os":"X","referrer":"X","utm_campaign":"X","utm_content":"X",
		"utm_medium":"X","utm_source":"X","utm_term":"X","session_count":1,"custom_attributes":{"seats":1},"do_not_track":true,
		"location_data":{"city_name":"X","region_name":"X","country_name":"X","country_code":"X","continent_code":"X","postal_code":"X","timezone":"X"}}`
)

// version is one in which an operation is there, and reads most.
func version(r api.Route) string { return max(surface[r.Method+" "+r.Path].since, newest).String() }

func TestEveryMemberOfABodyIsInTheTableOfRequests(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	for _, r := range api.Routes() {
		all, known := requests[r.Method+" "+r.Path]
		if !known && (r.Method == "POST" || r.Method == "PUT") {
			t.Errorf("%s %s is missing", r.Method, r.Path)
		}
		table.WriteString(strings.Join(all, ""))
	}
	packages, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range packages {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			if name := memberRead(n); name != "" && !strings.Contains(table.String(), `"`+name+`"`) {
				t.Errorf("%s reads %q, which no request has", file.Name(), name)
			}
			return true
		})
	}
}

var readers = regexp.MustCompile(`^(Text|Texts|ID|Int|Ints|Time|Bool|Object|Objects|OneOrMore|Picture|Scalars|HTML|Metadata|Truncated|Query)$`)

// memberRead is the name of the member that a call takes from a body, or "".
func memberRead(n ast.Node) string {
	call, is := n.(*ast.CallExpr)
	if !is || len(call.Args) != 1 {
		return ""
	}
	method, is := call.Fun.(*ast.SelectorExpr)
	if !is || !readers.MatchString(method.Sel.Name) {
		return ""
	}
	name, is := call.Args[0].(*ast.BasicLit)
	if !is {
		return ""
	}
	text, _ := strconv.Unquote(name.Value)
	return text
}
