package admin_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

// origins returns what a person's page says of where its values came from, without the times, by the label of the field.
func (f fixture) origins(id string) map[string]string {
	f.Helper()
	body, _, _ := strings.Cut(f.must(f.get(f.at("people/"+id)), http.StatusOK).body, "What became of the data")
	all := map[string]string{}
	entry := regexp.MustCompile(`<div><dt>([^<]*)</dt><dd>.*?</dd></div>`)
	small := regexp.MustCompile(`<br><small>(.*?)</small>`)
	tags := regexp.MustCompile(`<time[^>]*>[^<]*</time>`)
	for _, m := range entry.FindAllStringSubmatch(body, -1) {
		words := ""
		if s := small.FindStringSubmatch(m[0]); s != nil {
			words = strings.TrimSpace(strings.ReplaceAll(tags.ReplaceAllString(s[1], ""), " ;", ";"))
		}
		all[html.UnescapeString(m[1])] = html.UnescapeString(words)
	}
	if _, is := all["Origins"]; is {
		f.Error("the page shows the origins as they are stored")
	}
	return all
}

func TestAPersonsPageTellsWhereEachValueCameFrom(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		expect := func(step, id string, want map[string]string) {
			f.Helper()
			got := f.origins(id)
			for label, words := range want {
				if got[label] != words {
					f.Errorf("%s: %s is %q, want %q", step, label, got[label], words)
				}
			}
		}
		f.api("/data_attributes", map[string]any{"name": "plan", "model": "contact", "data_type": "string"})
		token := "by the API, with the token “" + f.tokenName() + "”"

		browser := fmt.Sprintf(someBrowser, 1)
		f.tells(browser, "Zoe")
		guest := f.server.Do(f.T, "GET", "/lobby/v1/people/"+browser, nil).Get("id").(string)
		expect("a visitor", guest, map[string]string{"Name": "from the page", "Phone": "from the page", "UTM source": "from the page", "job title": "from the page", "Last seen": ""})

		other := fmt.Sprintf(someBrowser, 2)
		f.tells(other, "Max")
		f.server.Do(f.T, "POST", "/visitors/convert", map[string]any{"type": "user", "visitor": map[string]any{"user_id": other}, "user": map[string]any{"email": "max@shop.example"}})
		converted := f.server.Do(f.T, "GET", "/lobby/v1/people/"+other, nil).Get("id").(string)
		expect("a conversion", converted, map[string]string{"Email": token, "Signed up": token, "Name": "from the page", "Asked not to be tracked": ""})

		user := f.create(map[string]any{"role": "user", "external_id": "u-1", "email": "zoe@shop.example", "custom_attributes": map[string]any{"plan": "free"}})
		expect("a contact", user, map[string]string{"Email": token, "plan": token})
		if body := f.must(f.get(f.at("people/"+user)), http.StatusOK).body; !strings.Contains(body, `<span class="mono">u-1</span><br><small>`+token) {
			f.Error("the external id does not say where it came from")
		}

		f.server.Clock.Pass(1000e9)
		f.server.Do(f.T, "PUT", "/contacts/"+user, map[string]any{"custom_attributes": map[string]any{"plan": "pro"}})
		f.imports(`{"external_id":"u-1","email":"zoe@home.example"}`)
		expect("a file", user, map[string]string{"Email": "imported", "plan": token})

		f.server.Clock.Pass(1000e9)
		f.server.Do(f.T, "POST", "/visitors/convert", map[string]any{"type": "user", "visitor": map[string]any{"user_id": browser}, "user": map[string]any{"user_id": "u-1"}})
		from := "from Zoe, merged; there from the page"
		expect("a merge", user, map[string]string{"Email": "imported", "plan": token, "Name": from, "UTM source": from, "job title": from})

		f.server.Clock.Pass(1000e9)
		f.server.Do(f.T, "PUT", "/contacts/"+user, map[string]any{"name": "Zoë"})
		expect("after the merge", user, map[string]string{"Name": token, "Phone": from})

		page := f.must(f.get(f.at("people/"+user)), http.StatusOK).shows(f.T, ", "+token+" What became of the data")
		change := regexp.MustCompile(`name="change" value="([0-9a-f]+)"`).FindStringSubmatch(page.body)[1]
		f.must(f.post(f.at("people/"+user+"/undo"), url.Values{"change": {change}}), http.StatusSeeOther)
		expect("after the undo", user, map[string]string{"Name": token, "Email": "imported", "plan": token, "Phone": ""})
		expect("after the undo", guest, map[string]string{"Name": "from the page", "Phone": "from the page"})
	})
}

// A record from before origins were kept says nothing, and is never guessed at.
func TestAnOldRecordSaysNothingOfItsOrigins(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		old := &people.Person{
			Workspace: f.server.Workspace, ID: f.server.App.Lobby.IDAt(f.server.App.Lobby.Unix()), Role: people.User, Email: "old@shop.example", Name: "Old",
			CreatedAt: 1_600_000_000, UpdatedAt: 1_600_000_000,
		}
		if err := f.server.Store.Write(f.Context(), func(w people.Writer) error { return w.InsertPerson(old) }); err != nil {
			f.Fatal(err)
		}
		f.server.Do(f.T, "PUT", "/contacts/"+old.ID, map[string]any{"name": "Less old"})
		got := f.origins(old.ID)
		if got["Email"] != "" || got["Name"] != "by the API, with the token “"+f.tokenName()+"”" {
			f.Errorf("the page says %v", got)
		}
	})
}

// imports reads a file with one contact a line into the first workspace.
func (f fixture) imports(lines string) {
	f.Helper()
	options := transfer.PeopleOptions{Each: func(int64) {}}
	_, err := transfer.ImportPeople(f.Context(), f.server.App.Lobby, f.server.Workspace, transfer.FileSource("-", strings.NewReader(lines)), options)
	if err != nil {
		f.Fatal(err)
	}
}

// tokenName is the name of the token that [fixture.api] uses.
func (f fixture) tokenName() string {
	f.Helper()
	all, err := f.server.App.Lobby.Tokens(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
	if err != nil || len(all) == 0 {
		f.Fatalf("tokens: %v, %v", all, err)
	}
	return all[0].Name
}
