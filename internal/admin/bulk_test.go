package admin_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lobby/internal/account"
	"lobby/internal/spreadsheet"
	"lobby/internal/testkit"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// form returns the hidden fields of the form on a page.
func (p page) form() url.Values {
	form := url.Values{}
	for _, found := range hidden.FindAllStringSubmatch(p.body, -1) {
		if found[1] != "token" {
			form.Set(found[1], strings.ReplaceAll(strings.ReplaceAll(found[2], "&amp;", "&"), "&#43;", "+"))
		}
	}
	return form
}

// ask is the page that says what a bulk action would do.
func (f fixture) ask(query url.Values) page {
	f.Helper()
	return f.must(f.get(f.at("bulk?"+query.Encode())), http.StatusOK)
}

func TestManyAreTaggedAndArchivedAtOnce(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		var users []string
		for i := range 160 { // more than a page of a search
			users = append(users, f.create(map[string]any{"role": "user", "email": fmt.Sprintf("u%d@shop.example", i), "name": fmt.Sprintf("User %d", i)}))
		}
		lead := f.create(map[string]any{"role": "lead", "name": "Grace"})
		visitor := f.visitor(map[string]any{"user_id": "00000000-0000-4000-8000-000000000001"})

		// The ticked ones: a visitor among them has no tags.
		p := f.ask(url.Values{"act": {"tag"}, "whom": {"ticked"}, "id": {lead, users[0], visitor, "nonsense"}, "list": {"?q=x"}}).shows(f.T, "Tag 2 people")
		form := p.form()
		form.Set("tag", "VIP")
		f.must(f.post(f.at("bulk"), form), http.StatusOK).shows(f.T, "2 people tagged.", "With all of them")
		if got, _ := f.walk("?tag=1"); len(got) != 2 {
			f.Errorf("%d have the tag", len(got))
		}
		form.Set("tag", " ")
		f.must(f.post(f.at("bulk"), form), http.StatusUnprocessableEntity).shows(f.T, "Name a tag.")

		// All of a list, with somebody who goes meanwhile.
		p = f.ask(url.Values{"act": {"tag"}, "whom": {"all"}, "list": {"?role=user"}}).shows(f.T, "Tag 160 people", "Only leads and users")
		f.must(f.post(f.at("people/"+users[3]+"/remove/erase"), url.Values{"count": {"1"}}), http.StatusSeeOther)
		form = p.form()
		form.Set("tag", "VIP")
		f.must(f.post(f.at("bulk"), form), http.StatusOK).shows(f.T, "159 people tagged.", "Not done with", users[3])
		form.Set("act", "untag")
		form.Set("tag", "1")
		f.must(f.post(f.at("bulk"), form), http.StatusOK).shows(f.T, "159 people without the tag now.")
		form.Set("tag", "99")
		f.must(f.post(f.at("bulk"), form), http.StatusUnprocessableEntity).shows(f.T, "Name a tag.")

		// Archive, and undo. Erasing many at once is not offered.
		p = f.ask(url.Values{"act": {"archive"}, "whom": {"all"}, "list": {"?f=email&o=ends&v=shop.example"}}).shows(f.T, "Archive 159 people")
		done := f.must(f.post(f.at("bulk"), p.form()), http.StatusOK).shows(f.T, "159 people archived.")
		if got, _ := f.walk("?role=user"); len(got) != 0 {
			f.Errorf("%d are still listed", len(got))
		}
		f.must(f.post(f.at("bulk"), done.form()), http.StatusOK).shows(f.T, "159 people restored.")
		if got, _ := f.walk("?role=user"); len(got) != 159 {
			f.Errorf("%d are listed again", len(got))
		}
		f.must(f.get(f.at("bulk?act=erase&whom=all")), http.StatusNotFound)
		form.Set("act", "erase")
		f.must(f.post(f.at("bulk"), form), http.StatusNotFound)
		f.ask(url.Values{"act": {"archive"}, "whom": {"ticked"}}).shows(f.T, "There is nobody to do this with")
	})
}

func TestTheExportHasEveryRowOfTheList(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.api("/data_attributes", map[string]any{"name": "plan", "model": "contact", "data_type": "string"})
		want := []string{}
		for i := range 170 {
			want = append(want, f.create(map[string]any{"role": "lead", "name": fmt.Sprintf("Lead, \"%d\"", i), "custom_attributes": map[string]any{"plan": "=1+1"}}))
		}
		for i := range 170 {
			want = append(want, f.visitor(map[string]any{"user_id": fmt.Sprintf("00000000-0000-4000-8000-%012d", i), "created_at": testkit.Began - int64(i)}))
		}
		f.create(map[string]any{"role": "user", "name": "@SUM(1)", "email": "ada@shop.example", "phone": "+49 30 1234", "created_at": testkit.Began - 86400})
		export := func(query, whom string, ids ...string) [][]string {
			p := f.ask(url.Values{"act": {"export"}, "whom": {whom}, "list": {query}, "id": ids})
			file := f.must(f.post(f.at("bulk/export"), p.form()), http.StatusOK)
			lines, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
			if err != nil {
				f.Fatal(err)
			}
			p.shows(f.T, fmt.Sprintf("Export %d p", len(lines)-1))
			return lines
		}
		f.must(f.get(f.at("people?q=ada&c=phone&c=custom_attributes.plan")), http.StatusOK)
		lines := export("?q=ada&c=phone&c=created_at", "all")
		if len(lines) != 2 || strings.Join(lines[0], "|") != "id|role|name|phone|created_at" || strings.Join(lines[1][1:4], "|") != "user|'@SUM(1)|'+49 30 1234" || !strings.HasSuffix(lines[1][4], "Z") {
			f.Errorf("the file is %q", lines)
		}
		got := []string{}
		for _, line := range export("?q=0&m=any&f=role", "ticked", want[0], want[200], want[0])[1:] {
			got = append(got, line[0])
		}
		if len(got) != 2 || !slices.Contains(got, want[0]) || !slices.Contains(got, want[200]) {
			f.Errorf("the ticked ones are %v", got)
		}
		got = got[:0]
		for _, line := range export("?c=custom_attributes.plan&sort=name", "all")[1:] {
			if line[1] == "user" {
				continue
			}
			got = append(got, line[0])
			if line[1] == "lead" && line[3] != "'=1+1" {
				f.Errorf("an attribute is %q", line[3])
			}
		}
		slices.Sort(got)
		if slices.Sort(want); !slices.Equal(got, want) {
			f.Errorf("%d people are exported, want %d, each once", len(got), len(want))
		}
		reader := f.as(account.ReadOnly, "eve@shop.example")
		reader.must(reader.post(reader.at("bulk/export"), url.Values{"list": {"?"}, "whom": {"all"}}), http.StatusForbidden)
		reader.get(reader.at("people")).shows(f.T, "!Export as CSV", "!Save as a segment")
	})
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "a=b": "a=b", "-5": "-5", "-5.25": "-5.25", "-5+1": "'-5+1", "+49": "'+49", "=1": "'=1", "@a": "'@a", "-": "'-", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"\n=1": "'\n=1", " =1": "' =1", "\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "\ufeff@": "'\ufeff@", "Ada": "Ada", "ä=": "ä=",
	} {
		if got := spreadsheet.Harmless(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestAListIsSavedAsASegment(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@one.example"})
		bob := f.create(map[string]any{"role": "user", "name": "Bob", "email": "bob@two.example"})
		f.create(map[string]any{"role": "user", "name": "Eve", "email": "eve@three.example"})
		f.create(map[string]any{"role": "lead", "name": "Ada too", "email": "ada@one.example"})
		either := "&m=any&f=email_domain&o=is&v=one.example&f=name&o=is&v=Bob"
		if got, _ := f.walk("?role=user" + either); len(got) != 2 || slices.Contains(got, ada) != slices.Contains(got, bob) {
			f.Errorf("either of two filters finds %v", got)
		}
		p := f.must(f.post(f.at("people"), url.Values{"name": {"One or Bob"}, "list": {"?role=user&q=example" + either}}), http.StatusSeeOther)
		list := f.must(f.get(p.location), http.StatusOK).shows(f.T, "The segment is saved.", "2 people", "Ada", "Bob", "!eve@three")
		if got := list.listed(); len(got) != 2 {
			f.Errorf("the segment has %v", got)
		}
		for form, want := range map[string]string{
			"name=x&list=role%3Dvisitor%26q%3Da":           "Choose Leads or Users first",
			"name=x&list=role%3Duser":                      "this is everybody",
			"name=&list=role%3Duser%26q%3Da":               "The name",
			"name=x&list=role%3Duser%26segment%3Dsome":     "cannot be made of another one",
			"name=x&list=role%3Duser%26f%3Dname%26o%3Dis":  "Mend the filters",
			"name=x&list=role%3Duser%26tag%3D77":           "does not exist",
			"name=x&list=role%3Duser%26q%3Da%26sort%3Dxyz": "",
		} {
			sent, _ := url.ParseQuery(form)
			if p := f.post(f.at("people"), sent); want == "" && p.status != http.StatusSeeOther || want != "" && (p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, want)) {
				f.Errorf("%s: %d, want %q: %s", form, p.status, want, text(p.body))
			}
		}
	})
}

func TestAnIDOfAnyAgeIsFound(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		user, lead := f.create(map[string]any{"role": "user", "name": "Grace Hopper", "email": "g@shop.example"}), f.create(map[string]any{"role": "lead", "name": "Grace at home"})
		f.api("/contacts/merge", map[string]any{"from": lead, "into": user})
		f.must(f.get(f.at("people?q="+lead)), http.StatusOK).shows(f.T, "That is an id of Grace Hopper")
		f.must(f.get(f.at("people?q="+user)), http.StatusOK).shows(f.T, "!That is an id of", "1 person")
		f.must(f.post(f.at("people/"+user+"/remove/archive"), nil), http.StatusSeeOther)
		f.must(f.get(f.at("people?q="+user)), http.StatusOK).shows(f.T, "That is an id of Grace Hopper", "Archived")
	})
}

func TestTheLongestListIsNoLongerThanAPage(t *testing.T) {
	t.Parallel()
	f := start(t)
	for i := range 100 {
		f.api("/data_attributes", map[string]any{"name": fmt.Sprintf("attribute %d with a long name", i), "model": "contact", "data_type": "string"})
	}
	for i := range 60 {
		f.create(map[string]any{
			"role": "user", "email": fmt.Sprintf("u%d.%s@shop.example", i, strings.Repeat("x", 40)), "name": strings.Repeat("Long Name ", 10), "last_seen_at": testkit.Began,
			"signed_up_at": testkit.Began - 1, "phone": "+49 30 12345678", "created_at": testkit.Began - 5,
		})
	}
	query := "?role=user&q=shop"
	for _, column := range []string{"email", "phone", "last_seen_at", "created_at", "updated_at", "signed_up_at", "last_replied_at", "last_contacted_at", "session_count", "browser"} {
		query += "&c=" + column
	}
	for range 20 {
		query += "&f=email&o=lacks&v=" + strings.Repeat("y", 100)
	}
	p := f.must(f.get(f.at("people"+query)), http.StatusOK).shows(t, "60 people") // and no longer than a page may be
	if n := strings.Count(p.body, "<th "); n != 9 {
		t.Errorf("the list has %d columns, want the name and 8", n)
	}
}
