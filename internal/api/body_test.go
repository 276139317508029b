package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lobby/internal/api"
	"lobby/internal/people"
	"lobby/internal/testkit"
)

const (
	notUTF8 = " must be valid UTF-8 without NUL"
	put     = "PUT /visitors"
)

// malformed is a body that no operation can read.
func malformed(says, body, refused string) scenario {
	return one(says, step{do: put, body: body, status: 400, refused: refused})
}

var hostileBodies = []scenario{
	malformed("no JSON", `name=x`, "client_error: The request body must be a JSON object"),
	malformed("half an object", `{"id":"$vera"`, "client_error: The request body ends before its JSON does, at line 1, column 33"),
	malformed("a list", `[{"id":"$vera"}]`, "client_error: The request body must be a JSON object"),
	malformed("a null", `null`, "client_error: The request body must be a JSON object"),
	malformed("a string", `"$vera"`, "client_error: The request body must be a JSON object"),
	malformed("two objects", `{}{}`, "client_error: The request body must have nothing after its JSON object, which ends at line 1, column 3"),
	malformed("a member given twice", `{"id":"$vera","id":"$victor"}`, "client_error: id is given twice, the second time at line 1, column 34"),
	malformed("bytes that are no UTF-8", "{\"id\":\"$vera\",\"name\":\"\xff\"}", "client_error: The request body is not valid UTF-8 at line 1, column 42, in name"),
	malformed("a member too deep",
		`{"id":"$vera","x":`+strings.Repeat(`[`, 32)+strings.Repeat(`]`, 32)+`}`, "client_error: The request body must not be nested deeper than 32 levels"),
	malformed("a comma too many", "{\n  \"id\": \"$vera\",\n}", "client_error: The request body is not valid JSON at line 2, column 35"),
	malformed("a word that is none", "{\"id\":\"x\",\n\"custom_attributes\":{\"plan\":pro}}",
		"client_error: The request body is not valid JSON at line 2, column 29, in custom_attributes.plan"),
	malformed("an escaped NUL", `{"id":"$vera","name":"a\u0000b"}`, "parameter_invalid: name must not contain a NUL character"),
	malformed("an escaped NUL where nobody looks",
		`{"id":"$vera","x":{"y":"\u0000"}}`, "parameter_invalid: x.y must not contain a NUL character"),
	malformed("an escaped NUL in a name",
		`{"id":"$vera","custom_attributes":{"a\u0000":1}}`, `parameter_invalid: custom_attributes.a\u0000 must not contain a NUL character`),
}

var hostileQueries = []scenario{
	one("a NUL in a query", step{do: "GET /visitors?user_id=%00", status: 400, refused: "parameter_invalid: user_id" + notUTF8}),
	one("no UTF-8 in a query", step{do: "GET /visitors?user_id=a%ff", status: 400, refused: "parameter_invalid: user_id" + notUTF8}),
	one("half a surrogate in a query", step{do: "GET /visitors?id=%ED%A0%80", status: 400, refused: "parameter_invalid: id" + notUTF8}),
	one("a NUL in a parameter nobody reads", step{do: "GET /visitors?x=%00", status: 400, refused: "parameter_invalid: x" + notUTF8}),
	one("a NUL in the name of a parameter", step{do: "GET /visitors?%00=1", status: 400, refused: visitorUnnamed}),
	one("no UTF-8 in the name of a parameter", step{do: "GET /visitors?%ff=%ff", status: 400, refused: "parameter_invalid: ?" + notUTF8}),
	one("several bad parameters: the first by name is told", step{
		do: "GET /visitors?g=%00&c=%00&f=%00&b=%ff&e=%00&d=%00&h=%00&a=1", status: 400, refused: "parameter_invalid: b" + notUTF8,
	}),
	one("half an escape in a query", step{
		do: "GET /visitors?user_id=%zz", status: 400, refused: "parameter_invalid: query is not well-formed",
	}),
	one("a semicolon in a query", step{
		do: "GET /visitors?user_id=a;id=b", status: 400, refused: "parameter_invalid: query is not well-formed",
	}),
	one("a NUL in a filter", step{do: "GET /lobby/v1/visitors?name=%00", status: 400, refused: "parameter_invalid: name" + notUTF8}),
	one("no UTF-8 in a cursor", step{
		do: "GET /lobby/v1/visitors?starting_after=%ff", status: 400, refused: "parameter_invalid: starting_after" + notUTF8,
	}),
	one("what looks like SQL", step{do: "GET /visitors?user_id=%27%20OR%201%3D1%20--", status: 404, refused: noVisitor}),
	one("what looks like a pattern", step{do: "GET /lobby/v1/visitors?email=%25", has: `{"data":[]}`}),
	one("a very long user_id", step{do: "GET /visitors?user_id=" + strings.Repeat("x", 20_000), status: 404, refused: noVisitor}),
	one("a very long id in a path", step{
		do: "GET /lobby/v1/people/" + strings.Repeat("x", 20_000), status: 404, refused: "not_found: Person Not Found",
	}),
	one("a very long name", step{do: put, body: `{"id":"$vera","name":"` + strings.Repeat("é", 100_000) + `"}`}),
	one("a name of odd characters", step{
		do: put, body: `{"id":"$vera","name":"\u001b[31m\u202e😀 <script>"}`, has: `{"name":"\u001b[31m\u202e😀 <script>"}`,
	}),
	one("a junk id in a path", step{do: "GET /contacts/null", status: 404, refused: noUser}),
	one("a junk user_id in a query", step{do: "GET /visitors?user_id=undefined", status: 404, refused: noVisitor}),
	one("a junk user_id in an update", step{do: put, body: `{"user_id":"null","name":"X"}`, status: 404, refused: noVisitor}),
	one("a junk user_id of a visitor to convert", step{
		do: convert, body: `{"type":"lead","visitor":{"user_id":"undefined"}}`, status: 404, refused: noVisitor, identity: "refused; reason=not_found",
	}),
}

func TestHostileInputIsRefusedAlikeOnEveryDatabase(t *testing.T) {
	t.Parallel()
	play(t, groups{"body": hostileBodies, "query": hostileQueries})
}

// hostile are bodies that say nothing sensible to any operation.
var hostile = []string{
	``, ` `, "\ufeff", "\ufeff{}", `{`, `}`, `{}{}`, `{} x`, `{},`, `null`, `true`, `false`, `"text"`, `0`, `-1.5e3`, `[]`, `[1]`, `[{}]`, `[[]]`, `{"a":1,"a":2}`,
	`{"a":{"b":1,"b":2}}`, `{"a"}`, `{"a":}`, `{a:1}`, `{'a':1}`, `{"a":1,}`, `{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":1.}`, `{"a":NaN}`, `{"a":Infinity}`,
	`{"a":1e400}`, `{"a":-1e-400}`, `{"a":` + strings.Repeat("9", 5000) + `}`, `{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, `{"\ud800":1}`, `{"a":"\u0000"}`,
	`{"\u0000":1}`, "{\"a\":\"\x00\"}", "{\"a\":\"\xff\"}", "{\"\xc0\xaf\":1}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\n\"}", `{"a":"\x"}`, `{"a":"\u12"}`, "\x00", "\xff\xfe{}",
	`{"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`, `{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`,
	strings.Repeat(`{"a":`, 33) + `1` + strings.Repeat("}", 33), strings.Repeat("[", 100_000), `{"` + strings.Repeat("x", 100_000) + `":1}`,
	`{"":1}`, `{"__proto__":{"a":1}}`, `/**/{}`, `{"a":"` + strings.Repeat("é", 100_000) + `"}`, "a=1&b=2", "<a/>",
}

// odd are values that stand in place of each member that an operation knows.
var odd = []string{
	`null`, `true`, `0`, `-1`, `1.5`, `1e400`, `1e308`, `9223372036854775808`, `""`, `" "`, `"x"`, `"-1"`, `"\ud83d\ude00\u202e"`, `"` + strings.Repeat("x", 70_000) + `"`,
	`[]`, `[null]`, `[[]]`, `[{}]`, `{}`, `{"":{}}`, `{"x":[{"y":null}]}`,
}

// oddly are variants of a body: one for each value that is odd in place of each of its members and elements, and one
// for each that is left out.
func oddly(t *testing.T, body string) (all []string) {
	t.Helper()
	var root any
	if err := json.Unmarshal([]byte(body), &root); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	write := func() {
		text, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	var walk func(any)
	vary := func(was any, set func(any)) {
		for _, value := range odd {
			set(raw(value))
			write()
		}
		set(was)
		walk(was)
	}
	walk = func(in any) {
		switch in := in.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(in)) {
				was := in[name]
				vary(was, func(value any) { in[name] = value })
				delete(in, name)
				write()
				in[name] = was
			}
		case []any:
			for i, was := range in {
				vary(was, func(value any) { in[i] = value })
			}
		}
	}
	walk(root)
	return all
}

// raw is JSON that is written as it is, however odd.
type raw string

// MarshalJSON answers the text.
func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func TestNoBodyBreaksAnOperationOrIsReadOtherwiseOnAnotherDatabase(t *testing.T) {
	t.Parallel()
	onSQLite, onPostgres, again := foretold(testkit.Start(t, mails)), foretold(testkit.Start(t, mails, testkit.OnPostgres())), testkit.Start(t, mails)
	for _, r := range api.Routes() {
		bodies := slices.Clone(hostile)
		for _, request := range requests[r.Method+" "+r.Path] {
			if strings.HasPrefix(request, "{") {
				bodies = append(bodies, oddly(t, request)...)
			}
		}
		if len(bodies) == len(hostile) {
			continue
		}
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			sqlite := furnished(t, onSQLite, onSQLite.NewWorkspace(t), 1001)
			postgres := furnished(t, onPostgres, onPostgres.NewWorkspace(t), 1001)
			path := pathOf(t, r)
			var refused []string
			for i, body := range bodies {
				status, answer := sqlite.sends(t, r, path, body)
				otherStatus, other := postgres.sends(t, r, path, body)
				if status != otherStatus || answer != other {
					t.Errorf("%.500q is answered\n%d %s\nand on PostgreSQL\n%d %s", body, status, answer, otherStatus, other)
				}
				if status >= 400 {
					refused = append(refused, body)
					continue
				}
				for _, on := range []*stage{sqlite, postgres} {
					on.bring(t, fmt.Sprint(i))
				}
			}
			if diff := gocmp.Diff(sqlite.world(t), postgres.world(t), sameValue, cmpopts.IgnoreFields(people.Change{}, "RequestID")); diff != "" {
				t.Errorf("what came of it differs (-SQLite +PostgreSQL):\n%s", diff)
			}
			changesNothing(t, furnished(t, again, again.NewWorkspace(t), 1001), r, path, refused)
		})
	}
}

// changesNothing sends bodies that are refused to where none was accepted yet.
func changesNothing(t *testing.T, on *stage, r api.Route, path string, refused []string) {
	t.Helper()
	before := on.snapshot(t)
	for _, body := range refused {
		if status, _ := on.sends(t, r, path, body); status < 400 { // it was refused for what was accepted before it
			before = on.snapshot(t)
		}
	}
	if diff := on.changed(t, before); diff != "" {
		t.Errorf("%s is refused and changes\n%s", r.Path, diff)
	}
}

// sends sends a body to an operation. What it is answered must be a success, or a list of errors.
func (s *stage) sends(t *testing.T, r api.Route, path, body string) (status int, answer string) {
	t.Helper()
	request := httptest.NewRequest(r.Method, s.fill(path), strings.NewReader(s.fill(body)))
	request.Header.Set("Authorization", "Bearer "+s.client.Token)
	request.Header.Set("Intercom-Version", version(r))
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, request)
	var list struct {
		Type   string
		Errors []struct{ Code, Message string }
	}
	switch text := w.Body.Bytes(); {
	case w.Code >= 500:
		t.Fatalf("%.500q is answered %d %s", body, w.Code, text)
	case w.Code < 400:
	case json.Unmarshal(text, &list) != nil || list.Type != "error.list" || len(list.Errors) == 0 || list.Errors[0].Code == "" || list.Errors[0].Message == "":
		t.Errorf("%.500q is answered %d %s", body, w.Code, text)
	}
	return w.Code, strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "")
}

func TestEveryOperationThatReadsABodyReadsItTheSameWay(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, do := range []string{"PUT /visitors", "PUT /visitors/x", "POST /visitors", convert, create} {
		method, path, _ := strings.Cut(do, " ")
		for _, c := range []struct {
			body, contentType string
			status            int
			code              string
		}{
			{`{`, "application/json", 400, "client_error"},
			{`{`, "", 400, "client_error"},
			{`{`, "application/vnd.api+json; charset=utf-8", 400, "client_error"},
			{`id=x`, "application/x-www-form-urlencoded", 415, "unsupported"},
			{`{"name":{}`, "application/x-www-form-urlencoded", 400, "client_error"}, // as curl -d labels it
			{`<x/>`, "text/xml", 415, "unsupported"},
			{`{"name":{}`, "text/plain", 415, "unsupported"},
			{`{"x":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", 413, "client_error"},
		} {
			r := s.Do(t, method, path, c.body, "Content-Type: "+c.contentType)
			if r.Status != c.status || r.Get("errors.0.code") != c.code {
				t.Errorf("%s as %q: %d %s", do, c.contentType, r.Status, r.Text)
			}
		}
	}
	if page := s.Do(t, "GET", "/lobby/v1/visitors", nil); len(page.Get("data").([]any)) != 0 {
		t.Errorf("a refused body made somebody: %s", page.Text)
	}
}

func TestJSONIsReadWhateverItIsSentAs(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=ISO-8859-1", "nonsense"} {
		for body, name := range map[string]any{`{"name":"Ada"}`: "Ada", "\ufeff{}": nil, "[]": nil, " \n": nil, "": nil} {
			r := s.Do(t, "POST", "/lobby/v1/visitors", body, "Content-Type: "+contentType, "Accept: image/png")
			if r.Status != 200 || r.Get("name") != name {
				t.Errorf("%q as %q: %d %s", body, contentType, r.Status, r.Text)
			}
		}
	}
}

func TestALongAnswerIsCompressedForThoseWhoTakeIt(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	path := "/visitors/" + s.Do(t, "POST", "/lobby/v1/visitors", `{"name":"`+strings.Repeat("x", 1000)+`"}`).Get("id").(string)
	plain := s.Do(t, "GET", path, nil)
	for _, accept := range []string{"gzip, compress, deflate, br", "gzip;q=1.0,deflate;q=0.6", "*"} {
		zipped := s.Do(t, "GET", path, nil, "Accept-Encoding: "+accept)
		if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Text != plain.Text {
			t.Errorf("for %q: %q %s", accept, zipped.Header.Get("Content-Encoding"), zipped.Text)
		}
	}
	for _, accept := range []string{"", "identity", "br", "gzip;q=0"} {
		if r := s.Do(t, "GET", path, nil, "Accept-Encoding: "+accept); r.Header.Get("Content-Encoding") != "" || r.Text != plain.Text {
			t.Errorf("for %q: %q", accept, r.Header.Get("Content-Encoding"))
		}
	}
}

func TestEveryAnswerHasAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	seen := map[string]bool{}
	for range 3 {
		for _, path := range []string{"/visitors", "/nowhere", "/lobby/v1/visitors", "/visitors/none", "/visitors?id=%00"} {
			r := s.Do(t, "GET", path, nil, "X-Request-Id: mine")
			id := r.Header.Get("X-Request-Id")
			if len(id) != 36 || seen[id] || r.Status >= 400 && r.Get("request_id") != id {
				t.Errorf("%s: the id is %q: %s", path, id, r.Text)
			}
			seen[id] = true
		}
	}
}
