package app_test

import (
	"strconv"
	"strings"
	"testing"
)

func TestTheClockRulesAllTimes(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	person := s.newContact(t, "a")
	if person.get("created_at") != 1769860800.0 {
		t.Errorf("created at %v", person.get("created_at"))
	}
	visitor := s.must(t, 200, "POST", "/lobby/v1/visitors", `{"user_id":"11111111-1111-4111-8111-111111111111"}`).get("user_id").(string)
	said := s.must(t, 200, "POST", "/conversations", `{"from":{"type":"user","id":"`+person.get("id").(string)+`"},"body":"hello"}`)
	id := said.get("conversation_id").(string)
	s.must(t, 200, "POST", "/conversations/"+id+"/reply", `{"message_type":"snoozed","type":"admin","admin_id":"1","snoozed_until":1769864400}`)
	if now := s.control(t, "clock", `{"advance":"1 month"}`).get("now"); now != 1772280000.0 { // the last of February
		t.Errorf("a month later it is %v", now)
	}
	if state := s.must(t, 200, "GET", "/conversations/"+id, "").get("state"); state == "snoozed" {
		t.Error("the conversation is still snoozed")
	}
	s.must(t, 200, "GET", "/visitors?user_id="+visitor, "")
	s.control(t, "clock", `{"advance":"10 months"}`)
	s.must(t, 404, "GET", "/visitors?user_id="+visitor, "")
	if now := s.control(t, "clock", `{"freeze":false}`).get("frozen"); now != false {
		t.Error("the clock stands still")
	}
	for field, body := range map[string]string{
		"advance": `{"advance":"a while"}`, "set": `{"set":"yesterday"}`, "freeze": `{"freeze":"yes"}`, "frieze": `{"frieze":true}`,
	} {
		if a := s.must(t, 400, "POST", door+"clock", body); a.get("errors.0.field") != field {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	s.must(t, 400, "POST", door+"clock", `{"advance":"1000 years"}`)
}

func TestIDsFollowFromTheirSeed(t *testing.T) {
	t.Parallel()
	story := func(s standin) (all string) {
		s.control(t, "clock", `{"freeze":true,"set":1770000000}`)
		for _, id := range []string{"a", "b"} {
			all += s.newContact(t, id).body
		}
		all += s.must(t, 200, "POST", "/lobby/v1/visitors", `{}`).body
		all += s.control(t, "workspaces", `{}`).body
		return all
	}
	options := []string{"--seed-ids=7", "--app-id=first"}
	one, two, other := startStandin(t, options...), startStandin(t, options...), startStandin(t, "--seed-ids=8", "--app-id=first")
	first, second := story(one), story(two)
	if first != second || one.Token != two.Token {
		t.Errorf("two servers made\n%s\n%s", first, second)
	}
	one.control(t, "reset", "")
	if again := story(one); again != first {
		t.Errorf("after a reset it is\n%s\nwant\n%s", again, first)
	}
	if story(other) == first {
		t.Error("another seed makes the same ids")
	}
}

func TestFaultsHappenAsAsked(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	second := s.control(t, "workspaces", `{"id":"second"}`).get("access_token").(string)
	for name, c := range map[string]struct {
		fault string
		want  string // what becomes of four requests of /me
	}{
		"once":        {`{"path":"/me","status":503,"times":1}`, "503 200 200 200"},
		"twice":       {`{"path":"/m*","status":500,"times":2,"method":"get"}`, "500 500 200 200"},
		"every third": {`{"path":"/**","status":502,"every":3}`, "200 200 502 200"},
		"elsewhere":   {`{"path":"/contacts/*","status":500}`, "200 200 200 200"},
		"others":      {`{"workspace":"second","status":500}`, "200 200 200 200"},
		"a header":    {`{"header":{"Intercom-Version":"2.14"},"status":500}`, "200 200 200 200"},
		"delay":       {`{"delay":"1ms"}`, "200 200 200 200"},
		"reset":       {`{"reset":true,"times":1}`, "0 200 200 200"},
		"cut":         {`{"cut":5,"times":1}`, "0 200 200 200"},
	} {
		t.Run(name, func(t *testing.T) {
			id := s.control(t, "faults", c.fault).get("id").(string)
			var got []string
			for range 4 {
				a, err := s.do(t, "GET", "/me", "")
				if err != nil {
					a.status = 0
				}
				got = append(got, strconv.Itoa(a.status))
			}
			if is := strings.Join(got, " "); is != c.want {
				t.Errorf("%s, want %s", is, c.want)
			}
			s.must(t, 204, "DELETE", door+"faults/"+id, "")
		})
	}
	s.control(t, "faults", `{"workspace":"second","status":429,"retry_after":3}`)
	a := s.must(t, 429, "GET", "/me", "", "Authorization", "Bearer "+second)
	if a.get("errors.0.code") != "rate_limit_exceeded" || a.header.Get("Retry-After") != "3" || a.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("%v %s", a.header, a.body)
	}
	s.control(t, "reset", `{"workspace":"second"}`)
	s.must(t, 200, "GET", "/me", "", "Authorization", "Bearer "+second)
	s.control(t, "faults", `{"path":"/contacts","method":"POST","status":500,"after":true,"times":1}`)
	s.must(t, 500, "POST", "/contacts", `{"role":"user","external_id":"made"}`)
	if got := s.contacts(t); got != 1 {
		t.Errorf("there are %v contacts, want the one whose response was lost", got)
	}
	if list := s.must(t, 200, "GET", door+"faults", ""); list.get("data.0.happened") != 1.0 {
		t.Error(list.body)
	}
	for field, body := range map[string]string{
		"status": `{"status":200}`, "path": `{"path":"contacts","status":500}`, "delay": `{"delay":"soon"}`, "probability": `{"status":500,"probability":2}`,
		"reset": `{"status":500,"reset":true}`, "stauts": `{"stauts":500}`, "times": `{"status":500,"times":-1}`,
	} {
		if a := s.must(t, 400, "POST", door+"faults", body); a.get("errors.0.field") != field {
			t.Errorf("%s: %s", body, a.body)
		}
	}
}

func TestRequestsAreRecorded(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.must(t, 200, "POST", "/contacts", `{"role":"user","external_id":"a","custom_atributes":{"x":1},"signed_up_at":"1700000000"}`)
	s.must(t, 200, "GET", "/contacts?per_pgae=2", "", "Intercom-Version", "2.14")
	s.must(t, 404, "GET", "/contacts/nobody", "")
	s.must(t, 401, "GET", "/me", "", "Authorization", "Bearer wrong")
	all := s.must(t, 200, "GET", door+"requests", "")
	if all.get("total_count") != 4.0 || strings.Contains(all.body, s.Token) {
		t.Errorf("%s", all.body)
	}
	for path, want := range map[string]any{
		"data.0.body.external_id": "a", "data.0.ignored.0.name": "custom_atributes", "data.0.ignored.0.did_you_mean": "custom_attributes",
		"data.0.coerced.0": "signed_up_at", "data.0.version": "2.7", "data.0.response.external_id": "a", "data.0.workspace": string(s.AppID),
		"data.1.version": "2.14", "data.1.ignored.0.name": "?per_pgae", "data.1.ignored.0.did_you_mean": "per_page",
		"data.2.route": "/contacts/{id}", "data.2.status": 404.0, "data.3.status": 401.0,
	} {
		if got := all.get(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	for query, want := range map[string]float64{
		"method=POST": 1, "path=/contacts/*": 1, "path=/contacts/**": 1, "route=/contacts": 2, "version=2.14": 1, "ignored=true": 2, "coerced=false": 3,
		"status=404&wait=1ms&count=9": 1,
	} {
		if got := s.must(t, 200, "GET", door+"requests?"+query, "").get("total_count"); got != want {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	if a := s.must(t, 400, "GET", door+"requests?pth=/x", ""); a.get("errors.0.field") != "pth" {
		t.Error(a.body)
	}
	if a := s.must(t, 200, "GET", door+"requests/page", ""); !strings.Contains(a.body, "did you mean custom_attributes?") {
		t.Error(a.body)
	}
	waited := make(chan answer)
	go func() {
		a, _ := s.do(t, "GET", door+"requests?path=/teams&wait=1m", "")
		waited <- a
	}()
	s.must(t, 200, "GET", "/teams", "")
	if a := <-waited; a.get("total_count") != 1.0 {
		t.Error(a.body)
	}
	s.must(t, 204, "DELETE", door+"requests", "")
	if got := s.must(t, 200, "GET", door+"requests", "").get("total_count"); got != 0.0 {
		t.Errorf("there are still %v", got)
	}
}

func TestStrictRefusesWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := startStandin(t, "--strict")
	a := s.must(t, 400, "POST", "/contacts", `{"role":"user","external_id":"a","custom_atributes":{"x":1}}`)
	if a.get("errors.0.message") != "you sent custom_atributes: did you mean custom_attributes?" || a.get("errors.0.field") != "custom_atributes" {
		t.Error(a.body)
	}
	if a := s.must(t, 400, "GET", "/contacts?per_pgae=2", ""); !strings.Contains(a.body, "did you mean per_page?") {
		t.Error(a.body)
	}
	if got := s.contacts(t); got != 0 {
		t.Errorf("there are %v contacts", got)
	}
	person := s.newContact(t, "a").get("id").(string)
	said := s.must(t, 200, "POST", "/conversations", `{"from":{"type":"user","id":"`+person+`"},"body":"hello"}`).get("conversation_id").(string)
	for path, misspelt := range map[string]string{
		"POST /conversations":                         `{"from":{"type":"user","id":"` + person + `"},"body":"hello","bdoy":"x"}`,
		"POST /conversations/" + said + "/reply":      `{"message_type":"comment","type":"admin","admin_id":"1","body":"yes","bdoy":"x"}`,
		"PUT /conversations/" + said:                  `{"read":true,"raed":true}`,
		"POST /conversations/search":                  `{"query":{"field":"state","operator":"=","value":"open"},"pagniation":{"per_page":1}}`,
		"POST /messages":                              `{"message_type":"in_app","body":"x","from":{"type":"admin","id":"1"},"to":{"type":"user","id":"` + person + `"},"bdoy":"x"}`,
		"POST /tags":                                  `{"name":"x","nmae":"y"}`,
		"POST /companies":                             `{"company_id":"x","nmae":"y"}`,
		"POST /events":                                `{"event_name":"x","created_at":1,"user_id":"a","metdata":{"x":1}}`,
		"POST /contacts/" + person + "/notes":         `{"body":"x","bdoy":"y"}`,
		"POST /conversations/" + said + "/tags":       `{"id":"1","admin_id":"1","nmae":"x"}`,
		"POST /data_attributes":                       `{"name":"x","model":"contact","data_type":"string","nmae":"y"}`,
		"POST /lobby/v1/webhooks":                     `{"url":"https://example.com","topics":["contact.user.created"],"tpoics":["x"]}`,
		"PUT /lobby/v1/settings":                      `{"messneger":true}`,
		"POST /visitors/convert":                      `{"type":"lead","visitor":{"user_id":"11111111-1111-4111-8111-111111111111"},"tpye":"x"}`,
		"PUT /visitors":                               `{"user_id":"11111111-1111-4111-8111-111111111111","nmae":"x"}`,
		"POST /contacts/merge":                        `{"from":"x","into":"y","form":"z"}`,
		"POST /lobby/v1/segments":                     `{"name":"x","role":"user","query":{"field":"role","operator":"=","value":"user"},"nmae":"y"}`,
		"POST /contacts/" + person + "/subscriptions": `{"id":"1","consent_type":"opt_out","consnet":"x"}`,
		"POST /conversations/" + said + "/customers":  `{"admin_id":"1","customer":{"intercom_user_id":"` + person + `"},"custmer":{"id":"1"}}`,
		"POST /lobby/v1/identity_secrets":             `{"platform":"ios","platfrom":"web"}`,
	} {
		method, target, _ := strings.Cut(path, " ")
		a, err := s.do(t, method, target, misspelt)
		if err != nil || a.status != 400 {
			t.Errorf("%s %s: %d %s, want 400", path, misspelt, a.status, a.body)
		}
	}
}

func TestTheSinkCatchesDeliveries(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true}`)
	s.must(t, 200, "POST", "/lobby/v1/webhooks", `{"url":"`+s.URL+door+`sink/mine","topics":["contact.user.created"]}`)
	s.control(t, "faults", `{"path":"`+door+`sink/**","status":500,"times":1}`)
	s.newContact(t, "a")
	if a := s.must(t, 200, "GET", door+"deliveries", ""); a.get("total_count") != 0.0 {
		t.Errorf("before the retry there is %s", a.body)
	}
	s.control(t, "clock", `{"advance":"1 hour"}`)
	a := s.must(t, 200, "GET", door+"deliveries?sink=mine&topic=contact.user.created&wait=1m", "")
	for path, want := range map[string]any{"total_count": 1.0, "data.0.notification.data.item.external_id": "a", "data.0.notification.delivery_attempts": 2.0} {
		if got := a.get(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if a.get("data.0.header.X-Hub-Signature") == nil {
		t.Errorf("there is no signature in %v", a.get("data.0.header"))
	}
	s.must(t, 204, "DELETE", door+"deliveries", "")
}

func TestMailsAreCaught(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true}`)
	person := s.must(t, 200, "POST", "/contacts", `{"role":"user","external_id":"a","email":"ada@example.com"}`).get("id").(string)
	write := func() {
		t.Helper()
		s.must(t, 200, "POST", "/messages", `{"message_type":"email","subject":"Hello","body":"<p>Welcome</p>","template":"plain",
			"from":{"type":"admin","id":"1"},"to":{"type":"user","id":"`+person+`"}}`)
	}
	write()
	a := s.must(t, 200, "GET", door+"mails?to=ada@example.com", "")
	if a.get("total_count") != 1.0 || a.get("data.0.subject") != "Hello" || a.get("data.0.workspace") != string(s.AppID) ||
		!strings.Contains(a.body, "Welcome") || !strings.Contains(a.body, "Unsubscribe: "+s.URL+"/") {
		t.Error(a.body)
	}
	for _, forget := range []func(){
		func() { s.must(t, 204, "DELETE", door+"mails", "") }, func() { s.control(t, "reset", "") },
	} {
		forget()
		if a := s.must(t, 200, "GET", door+"mails", ""); a.get("total_count") != 0.0 {
			t.Error(a.body)
		}
	}
}
