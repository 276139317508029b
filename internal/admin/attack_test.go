package admin_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lobby/internal/account"
	"lobby/internal/admin"
	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// payloads would do something on a page that writes them as they are: in a text, an attribute, an address, a script.
var payloads = []string{
	`<xss onload=alert(1)>`, `"><xss autofocus onfocus=alert(1)>`, `'><xss>`, `</title><xss>`, `</textarea><xss>`, `--><xss>`, `]]><xss>`,
	`javascript:alert(1)//<xss>`, `{{.Token}}<xss>`, "\u2028<xss>", `<<xss>>`, `&lt;xss&gt;<xss>`, `<svg/onload=alert(1)><xss>`,
}

// How many fields an outsider can fill: by what a page tells, and by the API.
const toldFields, apiFields = 28, 27

// tells sends what a page of the owner's site may tell of its visitor, with a payload wherever there is a text.
func (f fixture) tells(browser, evil string) {
	f.Helper()
	text := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		return string(raw)
	}
	data := map[string]any{
		"anonymous_id": browser, "name": evil, "phone": evil, "language_override": evil, "avatar": map[string]any{"type": "avatar", "image_url": evil},
		"utm_source": evil, "utm_medium": evil, "utm_campaign": evil, "utm_term": evil, "utm_content": evil, "company": map[string]any{"id": evil, "name": evil, "plan": evil},
		"job title": evil, evil: "name of an attribute",
	}
	address := "https://shop.example/?utm_source=" + url.QueryEscape(evil) + "#" + evil
	deeds := []map[string]any{
		{"n": 1, "url": address, "title": evil, "referrer": "https://other.example/" + evil},
		{"n": 2, "event_name": evil, "metadata": map[string]any{evil: evil}},
	}
	form := url.Values{
		"app_id": {string(f.server.Workspace)}, "s": {browser}, "user_data": {text(data)}, "deeds": {text(deeds)},
		"referer": {address}, "r": {"https://other.example/" + evil}, "tz": {evil}, "lang": {evil}, "device_identifier": {evil}, "cc": {evil},
	}
	req, _ := http.NewRequestWithContext(f.Context(), http.MethodPost, f.server.URL+"/messenger/web/ping", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; "+evilHeader.Replace(evil)+") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"+evilHeader.Replace(evil)+" Safari/537.36")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Fatal(err)
	}
	res.Body.Close() //nolint:errcheck // nothing is read
	if err := f.server.App.FlushTraffic(f.Context()); err != nil || res.StatusCode != http.StatusOK {
		f.Fatalf("a ping: %d, %v", res.StatusCode, err)
	}
}

// evilHeader takes away what no header can have.
var evilHeader = strings.NewReplacer("\u2028", "", "\n", "", "\r", "")

// Nothing that an outsider can write may become part of a page: names, addresses, ids, events, attributes, tags, companies, notes,
// words, and what a page tells of its visitor.
func outsidersWriteText(t *testing.T) {
	t.Parallel()
	f := start(t)
	for i, evil := range payloads {
		f.write(i, evil)
		tried.add("text of an outsider", toldFields+apiFields)
		f.server.Clock.Pass(1000e9)
	}
}

// write puts a payload into every field that an outsider can fill, and looks at all pages that may show it.
func (f fixture) write(i int, evil string) {
	f.Helper()
	browserID := fmt.Sprintf(someBrowser, i)
	f.tells(browserID, evil)
	guest := f.server.Do(f.T, "GET", "/lobby/v1/people/"+browserID, nil).Get("id").(string)
	mail := fmt.Sprintf("%d@shop.example", i)
	lead := f.create(map[string]any{
		"role": "lead", "name": evil, "phone": evil, "avatar": evil, "email": `"` + strings.ReplaceAll(evil, `"`, `\"`) + `"@` + mail, "language_override": evil,
	})
	user := f.create(map[string]any{"role": "user", "name": evil, "external_id": fmt.Sprint(i) + evil, "avatar": evil})
	visitor := f.visitor(map[string]any{
		"user_id": fmt.Sprint(i) + evil, "name": evil, "pseudonym": evil, "referrer": evil, "utm_source": evil, "utm_campaign": evil,
		"location_data": map[string]any{"city_name": evil, "country_name": evil, "timezone": evil},
	})
	f.api("/tags", map[string]any{"name": evil, "users": []map[string]any{{"id": lead}}})
	company := f.api("/companies", map[string]any{
		"company_id": fmt.Sprint(i) + evil, "name": evil, "plan": evil, "website": evil, "industry": evil,
	})["id"].(string)
	f.post(f.at("companies/"+company+"/people"), url.Values{"person": {user}, "act": {"add"}})
	f.post(f.at("companies/"+company+"/tags"), url.Values{"name": {evil}, "act": {"add"}})
	f.post(f.at("subscriptions"), url.Values{"name": {evil}, "description": {evil}, "consent_type": {"opt_in"}, "content_types": {"email"}})
	f.post(f.at("attributes"), url.Values{"name": {"a" + fmt.Sprint(i)}, "model": {"contact"}, "type": {"string"}, "description": {evil}, "options": {evil + "\n" + evil + "2"}})
	f.post(f.at("teams"), url.Values{"name": {evil}, "admin_ids": {"1"}})
	f.post(f.at("admins"), url.Values{"name": {evil}, "email": {fmt.Sprint(i) + "@shop.example"}})
	f.api("/events", map[string]any{"event_name": evil, "id": user, "created_at": testkit.Began, "metadata": map[string]any{"m" + fmt.Sprint(i): evil}})
	f.api("/contacts/"+lead+"/notes", map[string]any{"body": evil, "admin_id": "1"})
	segment := f.segment(evil)
	talk := f.conversation(lead, evil)
	f.api("/conversations/"+talk+"/reply", map[string]any{"message_type": "note", "type": "admin", "admin_id": "1", "body": evil})
	f.api("/conversations/"+talk+"/reply", map[string]any{"message_type": "comment", "type": "user", "intercom_user_id": lead, "body": evil})
	query := url.QueryEscape(evil)
	for _, path := range []string{
		"people", "people?q=" + query, "people?c=phone&c=external_id&c=anonymous_id&c=referrer&c=utm_source&c=utm_campaign&c=location_city&c=location_country&c=browser&c=os",
		"people?f=" + query + "&o=" + query + "&v=" + query + "&m=" + query, "people?role=" + query + "&tag=" + query + "&segment=" + query + "&sort=" + query + "&order=" + query,
		"people?c=" + query + "&c=custom_attributes." + query + "&f=custom_attributes." + query + "&o=is&v=x", "people?f=custom_attributes.job+title&o=over&v=" + query,
		"people/" + lead, "people/" + user, "people/" + visitor, "people/" + guest, "people/" + lead + "?done=" + query,
		"people/" + lead + "/identity?to=merge&into=" + user, "people/" + lead + "/identity?to=merge&into=" + query, "people/" + guest + "/identity?to=lead",
		"people/" + visitor + "/identity?to=user&email=" + query + "&user_id=" + query, "people/" + lead + "/remove/erase", "people/" + user + "/remove/block", "team",
		"conversations", "conversations?state=" + query + "&whose=" + query, "conversations?q=" + query, "conversations/" + talk, "conversations/" + talk + "?before=" + query,
		"bulk?act=tag&whom=all&list=" + url.QueryEscape("?q="+query), "bulk?act=untag&id=" + lead + "&list=" + query, "bulk?act=" + query + "&whom=" + query + "&id=" + query,
		"live", "overview", "overview?from=" + query + "&to=" + query + "&unit=" + query,
		"companies", "companies?q=" + query, "companies/" + company, "companies?tag=" + query, "tags", "tags?page=" + query, "segments", "segments/" + segment,
		"companies?segment=" + segment, "attributes", "subscriptions", "admins", "teams", "activity",
		"duplicates", "duplicates?merged=" + lead + "&change=" + query, "duplicates/" + lead, "duplicates/" + lead + "?into=" + user + "&from=" + query, "duplicates/" + lead + "?into=" + query,
	} {
		f.mustBeText(path, evil, f.get(f.at(path)))
		tried.add("page with a text of an outsider", 1)
	}
	ids := url.Values{"ids": {roster.PackIDs([]string{lead, visitor})}, "tag": {evil}, "list": {"?q=" + query}, "next": {evil}, "whom": {evil}, "name": {evil}}
	for _, act := range []string{"tag", "untag", "archive", "restore"} {
		ids.Set("act", act)
		f.mustBeText("bulk "+act, evil, f.post(f.at("bulk"), ids))
	}
	f.mustBeText("people", evil, f.post(f.at("people"), ids))
	f.mustBeText("messages", evil, f.post(f.at("people/"+lead+"/messages"), url.Values{"text": {""}, "subject": {evil}, "channel": {evil}}))
	f.mustBeText("team", evil, f.post(f.at("team"), url.Values{"email": {evil}, "name": {evil}, "role": {evil}}))
	f.mustBeText("login", evil, f.do("POST", "/pages/login", url.Values{"token": {f.token()}, "email": {evil}, "next": {evil}, "password": {"x"}}))
	tried.add("page with a text of an outsider", 8)
	for _, path := range []string{"tags", "attributes", "subscriptions", "admins", "teams", "companies", "companies/" + company, "companies/" + company + "/people"} {
		f.mustBeText(path, evil, f.post(f.at(path), url.Values{
			"name": {evil}, "email": {evil}, "model": {evil}, "type": {evil}, "options": {evil}, "state": {evil}, "company_id": {""}, "size": {evil}, "person": {evil}, "act": {evil},
		}))
		tried.add("page with a text of an outsider", 1)
	}
	f.post(f.at("people/"+lead+"/remove/erase"), url.Values{"count": {"1"}})
	if p := f.get(f.at("people/" + guest)); strings.Count(html.UnescapeString(p.body), strings.TrimLeft(evil, "\u2028")) < 5 {
		f.Errorf("the payload %q did not arrive", evil)
	}
}

// mustBeText fails the test if a payload is part of a page.
func (f fixture) mustBeText(path, evil string, p page) {
	f.Helper()
	if strings.Contains(p.body, "<xss") || strings.Contains(p.body, "<svg/") {
		f.Errorf("%s: the payload %q is part of the page", path, evil)
	}
}

// segment makes a segment of users that have a name, and returns its id.
func (f fixture) segment(name string) string {
	f.Helper()
	query := search.Query{Field: "name", Operator: search.Contains, Values: []search.Value{search.TextValue(name)}}
	s, err := f.server.Lobby.CreateSegment(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, people.SegmentFields{Name: &name, Query: &query})
	if err != nil {
		f.Fatal(err)
	}
	return s.ID
}

func TestANoteIsReadAsText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"<p>One<br>\ntwo</p><p>three</p>":       "One\ntwo\nthree",
		"plain":                                 "plain",
		"":                                      "",
		"<":                                     "",
		"<p":                                    "",
		"a < b":                                 "a",
		"&lt;script&gt;alert(1)&lt;/script&gt;": "<script>alert(1)</script>",
		`<a href="x">link</a> and <img src=y>`:  "link and",
		"<ul><li>one</li><li>two</li></ul>":     "one\ntwo",
	} {
		if got := admin.PlainText(body); got != want {
			t.Errorf("%q reads %q, want %q", body, got, want)
		}
	}
}

// filled returns an action's path and form, with ids that exist.
func filled(path string, ids map[string]string) (string, url.Values) {
	form := url.Values{
		"note": {"by an attacker"}, "tag": {"1"}, "to": {"lead"}, "seen": {"x"}, "change": {ids["change"]}, "count": {"1"}, "login": {ids["login"]},
		"role": {"owner"}, "email": {"attacker@evil.example"}, "into": {ids["user"]}, "name": {"Attacked"}, "origins": {"evil.example"},
		"url": {"https://evil.example/hook"}, "topics": {"*"}, "platform": {"web"}, "from": {ids["lead"]}, "people": {ids["lead"], ids["user"]}, "scope": {"read_users_companies"}, "id": {ids["token"]},
	}
	for noun, values := range map[string]url.Values{
		"tags": {"id": {ids["tag"]}}, "segments": {"id": {ids["segment"]}}, "attributes": {"id": {ids["attribute"]}, "archived": {"true"}, "model": {"contact"}, "type": {"string"}},
		"subscriptions": {"id": {ids["subscription"]}, "consent_type": {"opt_in"}, "content_types": {"email"}, "state": {"draft"}},
		"admins":        {"id": {ids["admin"]}, "away": {"away"}}, "teams": {"id": {ids["team"]}},
		"companies": {"id": {ids["company"]}, "company_id": {"attacked"}, "person": {ids["lead"]}, "act": {"add"}},
	} {
		if path == noun || strings.HasPrefix(path, noun+"/") {
			maps.Copy(form, values)
			return strings.ReplaceAll(path, "{id}", values.Get("id")), form
		}
	}
	if path == "people" || strings.HasPrefix(path, "bulk") {
		form["act"], form["whom"], form["list"], form["ids"] = []string{"archive"}, []string{"all"}, []string{"?role=user&q=u"}, []string{roster.PackIDs([]string{ids["user"], ids["lead"]})}
	}
	if path == "keys/forget" {
		form.Set("id", ids["secret"])
	}
	if strings.HasPrefix(path, "webhooks/") {
		return strings.ReplaceAll(path, "{id}", ids["webhook"]), form
	}
	if strings.HasPrefix(path, "conversations/") {
		form["act"], form["text"], form["kind"], form["assignee"], form["until"] = []string{"reply"}, []string{"by an attacker"}, []string{"admin"}, []string{"1"}, []string{"week"}
		return strings.ReplaceAll(path, "{id}", ids["conversation"]), form
	}
	return strings.ReplaceAll(path, "{id}", ids["lead"]), form
}

// actions are all that can be done in a workspace.
func actions() (all []string) {
	for _, path := range admin.Actions() {
		if !strings.Contains(path, "{action}") {
			all = append(all, path)
			continue
		}
		for _, action := range []string{"archive", "restore", "block", "erase"} {
			all = append(all, strings.ReplaceAll(path, "{action}", action))
		}
	}
	return all
}

// things makes one of everything that an action can be about, and returns the ids.
func (f fixture) things() map[string]string {
	f.Helper()
	ids := map[string]string{"user": f.create(map[string]any{"role": "user", "email": "u@shop.example"}), "lead": f.create(map[string]any{"role": "lead", "name": "Grace"})}
	other := f.create(map[string]any{"role": "lead", "email": "other@shop.example"})
	f.api("/tags", map[string]any{"name": "VIP", "users": []map[string]any{{"id": ids["lead"]}}})
	f.api("/contacts/merge", map[string]any{"from": other, "into": ids["user"]})
	changes, _, err := f.server.Lobby.Changes(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, ids["user"], "", 1)
	if err != nil {
		f.Fatal(err)
	}
	ids["change"] = changes[0].ID
	members, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
	if err != nil {
		f.Fatal(err)
	}
	ids["login"] = members[0].LoginID
	mine := workspace.Caller{Workspace: f.server.Workspace}
	token, err := f.server.Lobby.CreateToken(f.Context(), mine, workspace.TokenDraft{Name: "spare", Scopes: workspace.AllScopes})
	if err != nil {
		f.Fatal(err)
	}
	secret, err := f.server.Lobby.CreateIdentitySecret(f.Context(), mine, workspace.IOS, "")
	if err != nil {
		f.Fatal(err)
	}
	for _, made := range []struct {
		name string
		id   func() (string, error)
	}{
		{name: "attribute", id: func() (string, error) {
			d, err := f.server.Lobby.CreateAttribute(f.Context(), mine, &people.Attribute{Name: "plan", Model: people.ContactModel, Type: people.StringAttribute})
			return fmt.Sprint(d.ID), err
		}},
		{name: "subscription", id: func() (string, error) {
			name, consent := "Offers", people.OptIn
			t, err := f.server.Lobby.CreateSubscriptionType(f.Context(), mine, people.SubscriptionTypeFields{Name: &name, Consent: &consent})
			return fmt.Sprint(t.ID), err
		}},
		{name: "admin", id: func() (string, error) {
			a, err := f.server.Lobby.CreateAdmin(f.Context(), mine, "Spare", "spare@shop.example")
			return fmt.Sprint(a.ID), err
		}},
		{name: "team", id: func() (string, error) {
			t, err := f.server.Lobby.CreateTeam(f.Context(), mine, "Support", nil)
			return fmt.Sprint(t.ID), err
		}},
	} {
		if ids[made.name], err = made.id(); err != nil {
			f.Fatal(err)
		}
	}
	tags, err := f.server.Lobby.Tags(f.Context(), mine)
	if err != nil {
		f.Fatal(err)
	}
	ids["segment"] = f.segment("race")
	ids["tag"] = fmt.Sprint(tags[0].ID)
	ids["company"] = f.api("/companies", map[string]any{"company_id": "acme", "name": "Acme"})["id"].(string)
	ids["conversation"] = f.conversation(ids["lead"], "<p>Where is my parcel?</p>")
	ids["token"], ids["secret"] = token.ID, fmt.Sprint(secret.ID)
	ids["webhook"] = f.api("/lobby/v1/webhooks", map[string]any{"url": "https://receiver.example/hook", "topics": []string{"*"}})["id"].(string)
	return ids
}

// unchanged fails the test if what an attacker has tried has changed something.
func (f fixture) unchanged(ws workspace.ID, before map[string][]string, what string) {
	f.Helper()
	if after := f.dump(ws); !reflect.DeepEqual(before, after) {
		for table := range after {
			if !reflect.DeepEqual(before[table], after[table]) {
				f.Errorf("%s has changed %s:\n%v\n%v", what, table, before[table], after[table])
			}
		}
	}
}

func foreignForms(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.things()
		other := newBrowser(f.T, f.server)
		foreign := other.token() // of somebody who is signed out
		mine := f.token()
		before := f.dump(f.server.Workspace)
		for _, path := range append(actions(), "../account", "../logout", "../sessions") {
			to, form := filled(path, ids)
			to = strings.ReplaceAll(f.at(to), string(f.server.Workspace)+"/../", "")
			for what, token := range map[string][]string{"no token": nil, "another token": {foreign}, "an empty token": {""}} {
				form["token"] = token
				f.tried("forged form")
				if p := f.do(http.MethodPost, to, form); p.status != http.StatusForbidden {
					f.Errorf("%s with %s: %d", to, what, p.status)
				}
			}
			form["token"] = []string{mine}
			for _, site := range []string{"cross-site", "same-site"} {
				f.header.Set("Sec-Fetch-Site", site)
				f.tried("forged form")
				if p := f.do(http.MethodPost, to, form); p.status != http.StatusForbidden {
					f.Errorf("%s %s: %d", to, site, p.status)
				}
			}
			f.header.Del("Sec-Fetch-Site")
			if p := f.get(to); p.status == http.StatusOK && strings.HasSuffix(to, "untag") {
				f.Errorf("GET %s does something", to)
			}
		}
		f.unchanged(f.server.Workspace, before, "a foreign form")
	})
}

func readers(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.things()
		reader := f.as(account.ReadOnly, "eve@shop.example")
		before := f.dump(f.server.Workspace)
		for _, path := range actions() {
			to, form := filled(path, ids)
			f.tried("action of a reader")
			if p := reader.post(reader.at(to), form); p.status != http.StatusForbidden {
				f.Errorf("%s: %d", to, p.status)
			}
		}
		f.unchanged(f.server.Workspace, before, "somebody who may only read")
	})
}

func otherWorkspaces(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.things()
		theirs := f.server.Workspace
		before := f.dump(theirs)

		// The attacker owns another workspace on the same server.
		client := f.server.NewWorkspace(f.T)
		link, err := f.server.App.Accounts.Invite(f.Context(), workspace.Caller{Workspace: client.Workspace}, account.Invitation{Email: "mallory@evil.example", Role: account.Owner})
		if err != nil {
			f.Fatal(err)
		}
		mallory := newBrowser(f.T, f.server)
		mallory.signIn(link)
		for _, path := range append(actions(), "live", "live/stream", "overview", "people", "bulk?act=archive&whom=all", "bulk?act=export&whom=all", "team", "people/"+ids["lead"], "people/"+ids["lead"]+"/identity?to=lead", "duplicates/"+ids["lead"], "conversations", "conversations/changes", "conversations/"+ids["conversation"]) {
			to, form := filled(path, ids)
			f.tried("page of another workspace")
			f.tried("page of another workspace")
			if p := mallory.post(f.at(to), form); p.status != http.StatusNotFound && p.status != http.StatusMethodNotAllowed {
				f.Errorf("%s, in their workspace: %d", to, p.status)
			}
			if p := mallory.get(f.at(to)); p.status != http.StatusNotFound && p.status != http.StatusMethodNotAllowed {
				f.Errorf("GET %s, in their workspace: %d", to, p.status)
			}
			if strings.Contains(path, "?") || slices.Contains([]string{"live", "live/stream", "overview", "settings", "keys/token", "keys/secret", "webhooks", "team", "people", "bulk", "bulk/export", "conversations", "conversations/changes", "tags", "attributes", "subscriptions", "admins", "teams", "companies"}, path) {
				continue // what these are about is not named by an id
			}
			f.tried("id of another workspace")
			if p := mallory.post("/pages/"+string(client.Workspace)+"/"+to, form); p.status != http.StatusNotFound {
				f.Errorf("%s, with their ids: %d", to, p.status)
			}
		}
		// Their change, by way of a person of the attacker's own.
		own := f
		own.server = &testkit.Instance{Client: client, Lobby: f.server.Lobby, Store: f.server.Store, App: f.server.App, Clock: f.server.Clock}
		own.browser = mallory
		mine := own.create(map[string]any{"role": "lead", "name": "Mine"})
		if p := own.post(own.at("people/"+mine+"/undo"), url.Values{"change": {ids["change"]}}); p.status != http.StatusConflict {
			f.Errorf("their change: %d", p.status)
		}
		own.must(own.get(own.at("people/"+mine+"/identity?to=merge&into="+ids["user"])), http.StatusUnprocessableEntity)
		for _, act := range []string{"archive", "restore", "tag", "untag"} {
			_, form := filled("bulk", ids)
			form.Set("act", act)
			own.post(own.at("bulk"), form).shows(f.T, "!Grace", "!u@shop.example")
		}
		_, form := filled("bulk/export", ids)
		form.Set("whom", "ticked")
		if p := own.must(own.post(own.at("bulk/export"), form), http.StatusOK); strings.Count(p.body, "\n") != 1 {
			f.Errorf("their people are exported: %s", p.body)
		}
		own.must(own.get(own.at("people/"+mine+"/identity?to=merge&into=u@shop.example")), http.StatusUnprocessableEntity)
		if got := own.get(own.at("people?q=" + ids["lead"])).listed(); got != nil {
			f.Errorf("their person is listed: %v", got)
		}
		f.unchanged(theirs, before, "another workspace")
	})
}

func TestNonsenseIsNoFailure(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.things()
		for _, bad := range []string{"%00", "%ff", "..%2f..", strings.Repeat("x", 3000), "%E2%80%AE", "null", "-1", "{id}"} {
			for _, path := range append(actions(), "duplicates/{id}", "duplicates?after={id}", "duplicates/x?into={id}&from={id}", "people/{id}", "people/{id}/identity?to=lead", "people/{id}/identity?to=merge&into=x", "people/{id}/remove/erase") {
				to := f.at(strings.ReplaceAll(path, "{id}", bad))
				if p := f.get(to); p.status >= 500 {
					f.Errorf("GET %s: %d", to, p.status)
				}
				_, form := filled(path, ids)
				for name := range form {
					decoded, err := url.PathUnescape(bad)
					if err == nil {
						form.Set(name, decoded)
					}
				}
				if strings.HasPrefix(path, "team/") || strings.Contains(path, "?") {
					continue
				}
				if p := f.post(strings.ReplaceAll(f.at(path), "{id}", ids["lead"]), form); p.status >= 500 {
					f.Errorf("POST %s with %s: %d", path, bad, p.status)
				}
			}
		}
	})
}
