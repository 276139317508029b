package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

func TestWhatIsNotHeededIsTold(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	for _, c := range []struct{ do, body, want string }{
		{"GET /contacts?email=ada@example.com", "", "ignored query parameters: email"},
		{"GET /contacts?email=a&per_page=2&phone=1", "", "ignored query parameters: email, phone"},
		{"GET /contacts?per_page=2", "", ""},
		{"GET /contacts", "", ""},
		{"GET /contacts?", "", ""},
		{"GET /contacts/$ada?include=companies", "", "ignored query parameters: include"},
		{"GET /contacts/$ada?include_merge_history=true", "", "ignored query parameters: include_merge_history"},
		{"GET /tags?page=2", "", "ignored query parameters: page"},
		{"GET /visitors?user_id=$vera.user_id&email=x", "", "ignored query parameters: email"},
		{"GET /segments?include_count=true", "", ""},
		{"GET /admins/activity_logs?created_at_after=1&event_types=x", "", "ignored query parameters: event_types"},
		{"GET /companies?page=1&per_page=3&order=asc&segment_id=&tag_id=&name=", "", ""},
		{"GET /contacts?a%0d%0aX-Evil:1=2&%F0%9F%98%80=1", "", "ignored query parameters: a??X-Evil:1, ????"},
		{"GET /contacts?" + manyParameters(12), "", "ignored query parameters: " + strings.Join(parameterNames(10), ", ") + " and 2 more"},
		{"GET /contacts?" + strings.Repeat("x", 500) + "=1", "", "ignored query parameters: " + strings.Repeat("x", 64)},

		{"POST /contacts", `{"role":"lead","companies":[{"id":"1"}],"tags":[{"name":"VIP"}]}`, "ignored members: companies, tags"},
		{"POST /contacts", `{"role":"lead","companies":[],"tags":null,"notes":{},"location":""}`, ""},
		{"POST /contacts", `{"role":"lead","id":"x","type":"contact","something":1,"contact_id":2}`, ""},
		{"POST /contacts", `{"role":"lead","custom_attributes":{},"name":"L","phone":"+1"}`, ""},
		{"POST /contacts?source=crm", `{"role":"lead","user_id":"17"}`, "ignored query parameters: source; ignored members: user_id"},
		{"PUT /contacts/$ada", `{"name":"A","segments":{"data":[1]},"last_request_at":1}`, "ignored members: last_request_at, segments"},
		{"PUT /contacts/$ada", `{"avatar":{"type":"avatar","image_url":"https://a.example/a.png"}}`, ""},
		{"PUT /contacts/$ada", `{"language_override":"de"}`, "ignored members: language_override"},
		{"PUT /visitors", `{"id":"$vera","name":"V","email":"v@example.com","avatar":{"image_url":""}}`, "ignored members: avatar, email"},
		{
			"POST /visitors/convert", `{"visitor":{"id":"$vera"},"user":{"email":"n@example.com","name":"N","custom_attributes":{"a":1}},"type":"user"}`,
			"ignored members: user.custom_attributes, user.name",
		},
		{"POST /contacts/search", `{"query":{"field":"role","operator":"=","value":"user"},"pagination":{"per_page":2},"tags":["x"]}`, "ignored members: tags"},
		{"POST /contacts/$ada/notes", `{"body":"Hi","contact_id":"$ada","user":{"id":"x"}}`, "ignored members: user"},
		{"POST /contacts/$ada/archive", `{"tags":["x"]}`, ""},
		{"DELETE /contacts/$leo", `{"id":"x","email":"y"}`, ""},
	} {
		method, path, _ := strings.Cut(c.do, " ")
		var body any
		if c.body != "" {
			body = on.fill(c.body)
		}
		r := s.Do(t, method, on.fill(path), body)
		if got := r.Header.Get("Lobby-Warning"); r.Status != 200 || got != c.want {
			t.Errorf("%s %s: %d with %q, want %q\n%s", c.do, c.body, r.Status, got, c.want, r.Text)
		}
	}
	if r := s.Do(t, "GET", "/contacts/x?email=y", nil); r.Status != 404 || r.Header.Get("Lobby-Warning") != "" {
		t.Errorf("a refusal: %d with %q", r.Status, r.Header.Get("Lobby-Warning"))
	}
}

func parameterNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("p%02d", i))
	}
	return names
}

func manyParameters(n int) string { return strings.Join(parameterNames(n), "=1&") + "=1" }
