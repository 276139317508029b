package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"lobby/internal/account"
)

// path is that of the page to which an action leads, without what was done.
func (f fixture) path(p page) string {
	f.Helper()
	f.must(p, http.StatusSeeOther)
	path, _, _ := strings.Cut(p.location, "?")
	return path
}

func TestTagsInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("tags")), http.StatusOK).shows(f.T, "0 tags", "No tags yet")
		at := f.path(f.post(f.at("tags"), url.Values{"name": {" VIP "}}))
		lead := f.create(map[string]any{"role": "lead", "email": "grace@shop.example"})
		f.create(map[string]any{"role": "lead", "email": "other@shop.example"})
		f.api("/tags", map[string]any{"name": "vip", "users": []map[string]any{{"id": lead}}})
		f.api("/tags", map[string]any{"name": "other", "users": []map[string]any{{"id": lead}}})
		f.must(f.get(f.at("tags")), http.StatusOK).shows(f.T, "2 tags", "other 1 0 0 VIP 1 0 0")
		user := f.create(map[string]any{"role": "user", "email": "grace@shop.example"})
		archived := f.create(map[string]any{"role": "lead", "email": "archived@shop.example"})
		f.api("/companies", map[string]any{"company_id": "shop", "name": "Shop"})
		f.api("/tags", map[string]any{"name": "vip", "users": []map[string]any{{"id": user}, {"id": archived}}})
		f.api("/tags", map[string]any{"name": "vip", "companies": []map[string]any{{"company_id": "shop"}}})
		talk := f.conversation(user, "<p>Hi</p>")
		f.api("/conversations/"+talk+"/tags", map[string]any{"id": "1", "admin_id": fmt.Sprint(f.me())})
		f.api("/contacts/"+archived+"/archive", nil)
		f.must(f.get(f.at("tags")), http.StatusOK).shows(f.T, "other 1 0 0 VIP 2 1 1")
		f.api("/contacts/merge", map[string]any{"from": lead, "into": user}) // who has it of both now
		f.must(f.get(f.at("tags")), http.StatusOK).shows(f.T, "other 1 0 0 VIP 1 1 1")
		f.must(f.get(at), http.StatusOK).shows(f.T, "VIP", "People 1", "Companies 1", "Conversations 1", "It is taken off all")
		f.must(f.post(at, url.Values{"name": {"Other"}}), http.StatusUnprocessableEntity).shows(f.T, "is that of the tag with id=")
		f.must(f.post(at, url.Values{"name": {""}}), http.StatusUnprocessableEntity).shows(f.T, "Write the name of a tag")
		f.must(f.post(at, url.Values{"name": {"Gold"}}), http.StatusSeeOther)
		f.must(f.get(f.at("people/"+user)), http.StatusOK).shows(f.T, "Gold", "!VIP")
		f.must(f.post(at+"/delete", nil), http.StatusSeeOther)
		f.must(f.get(at), http.StatusNotFound)
		f.must(f.get(f.at("people/"+user)), http.StatusOK).shows(f.T, "other", "!Gold")
	})
}

func TestSegmentsInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.create(map[string]any{"role": "user", "name": "Grace", "external_id": "g"})
		f.create(map[string]any{"role": "user", "name": "Ada", "external_id": "a"})
		id := f.segment("Grace")
		f.must(f.get(f.at("segments")), http.StatusOK).shows(f.T, "6 segments", "Grace users 1 Name contains Grace", "Slipping away users 0 Last seen is more than 30 days ago and Last seen is within the last 60 days")
		f.must(f.get(f.at("people?segment="+id)), http.StatusOK).shows(f.T, "1 person")
		f.must(f.post(f.at("segments/"+id), url.Values{"name": {"Graces"}}), http.StatusSeeOther)
		f.must(f.get(f.at("segments/"+id)), http.StatusOK).shows(f.T, "Graces", "Delete the segment")
		f.must(f.post(f.at("segments/"+id+"/delete"), nil), http.StatusSeeOther)
		f.must(f.get(f.at("segments/"+id)), http.StatusNotFound)
		fixed := regexp.MustCompile(`segments/([0-9a-f]{24})`).FindStringSubmatch(f.get(f.at("segments")).body)[1]
		f.must(f.get(f.at("segments/"+fixed)), http.StatusOK).shows(f.T, "All users", "!Delete the segment")
		f.must(f.post(f.at("segments/"+fixed+"/delete"), nil), http.StatusUnprocessableEntity).shows(f.T, "stays as it is")
	})
}

func TestAttributesInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		plan := url.Values{"name": {"plan"}, "model": {"contact"}, "type": {"string"}, "options": {"pro"}, "description": {"What they pay for"}}
		f.must(f.post(f.at("attributes"), plan), http.StatusUnprocessableEntity).shows(f.T, "Options must be at least two")
		plan.Set("options", "pro\r\n\r\nfree")
		at := f.path(f.post(f.at("attributes"), plan))
		f.must(f.post(f.at("attributes"), plan), http.StatusUnprocessableEntity).shows(f.T, "There is an attribute of that name already")
		f.must(f.get(f.at("attributes")), http.StatusOK).shows(f.T, "plan people text – What they pay for pro, free")
		f.must(f.post(at, url.Values{"archived": {"true"}}), http.StatusSeeOther)
		f.must(f.get(at), http.StatusOK).shows(f.T, "State archived", "What they pay for", "Restore")
		f.must(f.post(at, url.Values{"archived": {"false"}}), http.StatusSeeOther)
		f.must(f.post(at, url.Values{"description": {"Their plan"}, "options": {""}, "messenger_writable": {"true"}}), http.StatusSeeOther)
		f.must(f.get(at), http.StatusOK).shows(f.T, "Their plan", "!pro, free", "!State archived")
	})
}

func TestSubscriptionTypesInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("subscriptions")), http.StatusOK).shows(f.T, "2 types", "Newsletters everybody who has not left it email 0 left it in use")
		at := f.path(f.post(f.at("subscriptions"), url.Values{"name": {"Offers"}, "consent_type": {"opt_in"}, "content_types": {"email", "sms_message"}}))
		id := at[strings.LastIndexByte(at, '/')+1:]
		lead := f.create(map[string]any{"role": "lead", "email": "grace@shop.example"})
		f.api("/contacts/"+lead+"/subscriptions", map[string]any{"id": id, "consent_type": "opt_in"})
		f.must(f.get(f.at("subscriptions")), http.StatusOK).shows(f.T, "Offers whoever asked for it email, text message 1 asked for it in use")
		f.must(f.post(at, url.Values{"name": {""}, "state": {"live"}}), http.StatusUnprocessableEntity)
		f.must(f.post(at, url.Values{"name": {"Offers"}, "state": {"archived"}, "content_types": {"email"}}), http.StatusSeeOther)
		f.must(f.get(at), http.StatusOK).shows(f.T, "State archived", "Choices 1 asked for it")
	})
}

func TestCompaniesInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("companies")), http.StatusOK).shows(f.T, "0 companies", "No company")
		at := f.path(f.post(f.at("companies"), url.Values{"name": {"Acme"}, "company_id": {"a-1"}}))
		f.must(f.post(f.at("companies"), url.Values{"name": {"Other"}, "company_id": {"a-1"}}), http.StatusUnprocessableEntity).shows(f.T, "is that of a company already")
		f.must(f.get(f.at("companies?q=a-1")), http.StatusOK).shows(f.T, "1 company", "Acme")
		user := f.create(map[string]any{"role": "user", "name": "Grace", "external_id": "g-1"})
		f.must(f.post(at+"/people", url.Values{"person": {"nobody"}, "act": {"add"}}), http.StatusUnprocessableEntity).shows(f.T, "Nobody here has that id")
		f.must(f.post(at+"/people", url.Values{"person": {"g-1"}, "act": {"add"}}), http.StatusSeeOther)
		f.must(f.post(at+"/tags", url.Values{"name": {"VIP"}, "act": {"add"}}), http.StatusSeeOther)
		f.must(f.post(at, url.Values{"name": {"Acme"}, "plan": {"Gold"}, "size": {"12"}, "website": {"https://acme.example"}}), http.StatusSeeOther)
		f.must(f.post(at, url.Values{"name": {"Acme"}, "size": {"-12"}}), http.StatusUnprocessableEntity).shows(f.T, "Size must be between")
		f.must(f.get(at), http.StatusOK).shows(f.T, "1 person", "Plan Gold", "Employees 12", "Tag VIP", "Grace", "1 person leaves it")
		f.must(f.get(f.at("companies?q=acm")), http.StatusOK).shows(f.T, "1 company", "Acme a-1 1 Gold")
		f.must(f.get(f.at("companies?q=zz")), http.StatusOK).shows(f.T, "0 companies")
		f.must(f.get(f.at("people/"+user)), http.StatusOK).shows(f.T, "Acme")
		f.must(f.post(at+"/tags", url.Values{"name": {"VIP"}, "act": {"remove"}}), http.StatusSeeOther)
		f.must(f.post(at+"/people", url.Values{"person": {user}, "act": {"remove"}}), http.StatusSeeOther)
		f.must(f.get(at), http.StatusOK).shows(f.T, "0 people", "!Tag VIP", "Nobody yet")
		f.must(f.post(at+"/delete", nil), http.StatusSeeOther)
		f.must(f.get(at), http.StatusNotFound)
	})
}

func TestAttributesOfACompanyInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		for name, typ := range map[string]string{"tier": "string", "job title": "string", "seats": "integer", "score": "float", "beta": "boolean", "renewal": "date", "call": "datetime"} {
			d := url.Values{"name": {name}, "model": {"company"}, "type": {typ}, "description": {"What " + name + " means"}}
			if name == "tier" {
				d.Set("options", "gold\nsilver")
			}
			f.must(f.post(f.at("attributes"), d), http.StatusSeeOther)
		}
		f.must(f.post(f.at("attributes"), url.Values{"name": {"plan of a person"}, "model": {"contact"}, "type": {"string"}}), http.StatusSeeOther)
		at := f.path(f.post(f.at("companies"), url.Values{"name": {"Acme"}, "company_id": {"a-1"}}))
		id := at[strings.LastIndexByte(at, '/')+1:]
		f.must(f.get(at), http.StatusOK).shows(f.T, "tier", "What job title means", "!plan of a person")
		save := func(fields ...string) page {
			form := url.Values{"name": {"Acme"}}
			for i := 0; i < len(fields); i += 2 {
				form.Set("custom_attributes."+fields[i], fields[i+1])
			}
			return f.post(at, form)
		}
		has := func() any { return f.server.Do(f.T, "GET", "/companies/"+id, nil).Get("custom_attributes") }
		before := fmt.Sprint(has())
		for _, wrong := range [][3]string{
			{"seats", "1.5", "seats must be a whole number"},
			{"seats", "99999999999999999999", "seats must be a whole number"},
			{"score", "much", "score must be a number"},
			{"beta", "perhaps", "beta must be yes or no"},
			{"tier", "tin", "tier must be one of its options"},
			{"renewal", "tomorrow", "renewal must be a day since 1970"},
			{"renewal", "1899-01-01", "renewal must be a day since 1970"},
			{"call", "2026-01-02", "call must be a day since 1970, and a time"},
			{"job title", strings.Repeat("x", 256), "job title must not be longer"},
		} {
			p := f.must(save("seats", "12", "score", "0.25", wrong[0], wrong[1]), http.StatusUnprocessableEntity).shows(f.T, wrong[2])
			if beside := regexp.MustCompile(`name="custom_attributes.` + wrong[0] + `"[^>]*aria-describedby="([^"]+)"`).FindStringSubmatch(p.body); beside == nil ||
				!strings.Contains(p.body, `id="`+beside[1]+`"><span class="wrong">`+wrong[2]) {
				f.Errorf("%s: the reason is not beside the field", wrong[0])
			}
			if now := fmt.Sprint(has()); now != before {
				f.Errorf("a refused %s left %s", wrong[0], now)
			}
		}
		f.must(save("tier", "gold", "job title", "Baker", "seats", "12", "score", "0.5", "beta", "true", "renewal", "2026-03-01", "call", "2026-03-01T14:30"), http.StatusSeeOther)
		want := map[string]any{"tier": "gold", "job title": "Baker", "seats": 12.0, "score": 0.5, "beta": true, "renewal": 1772323200.0, "call": 1772375400.0}
		if got := has(); !reflect.DeepEqual(got, any(want)) {
			f.Errorf("the company has %v, want %v", got, want)
		}
		f.must(f.get(at), http.StatusOK).shows(f.T, "tier gold", "seats 12", "beta yes", "renewal 1 Mar 2026", "!1772375400")
		f.must(f.get(f.at("activity")), http.StatusOK).shows(f.T, "changed a company")
		// What a form does not send, or shows only in part, stays; a blank field takes the attribute away.
		f.api("/companies", map[string]any{"company_id": "a-1", "custom_attributes": map[string]any{"renewal": 1772323207}})
		f.must(save("renewal", "2026-03-01", "beta", "", "score", ""), http.StatusSeeOther)
		want["renewal"] = 1772323207.0
		delete(want, "beta")
		delete(want, "score")
		if got := has(); !reflect.DeepEqual(got, any(want)) {
			f.Errorf("the company has %v, want %v", got, want)
		}
		// A text of two lines has a field of several lines, and is sent with the ends of lines of a browser.
		f.api("/companies", map[string]any{"company_id": "a-1", "custom_attributes": map[string]any{"job title": "Baker\nand butcher"}})
		if body := f.must(f.get(at), http.StatusOK).body; !regexp.MustCompile(`<textarea[^>]* name="custom_attributes.job title"[^>]*>Baker\nand butcher<`).MatchString(body) {
			f.Error("a text of two lines is in a field of one")
		}
		f.must(save("job title", "Baker\r\nand butcher"), http.StatusSeeOther)
		if got := has().(map[string]any)["job title"]; got != "Baker\nand butcher" {
			f.Errorf("a form that changes nothing makes a text of two lines %q", got)
		}
		reader := f.as(account.ReadOnly, "eve@shop.example")
		reader.must(reader.get(at), http.StatusOK).shows(f.T, "tier gold", "!What job title means")
		reader.must(reader.post(at, url.Values{"custom_attributes.tier": {"silver"}}), http.StatusForbidden)
	})
}

func TestAdminsAndTeamsInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		at := f.path(f.post(f.at("admins"), url.Values{"name": {"Grace"}, "email": {"grace@shop.example"}}))
		id := at[strings.LastIndexByte(at, '/')+1:]
		f.must(f.post(f.at("admins"), url.Values{"name": {"X"}, "email": {"x"}}), http.StatusUnprocessableEntity).shows(f.T, "Email")
		team := f.path(f.post(f.at("teams"), url.Values{"name": {"Support"}, "admin_ids": {id}}))
		f.must(f.get(f.at("teams")), http.StatusOK).shows(f.T, "Support Grace")
		f.must(f.get(f.at("admins")), http.StatusOK).shows(f.T, "Grace grace@shop.example here Support no", "as owner")
		f.must(f.post(at, url.Values{"name": {"Grace H"}, "email": {"grace@shop.example"}, "away": {"reassign"}, "reason": {"0"}}), http.StatusSeeOther)
		f.must(f.get(at), http.StatusOK).shows(f.T, "Grace H", "away, others get new conversations")
		f.must(f.post(at, url.Values{"name": {"Grace H"}, "email": {"grace@shop.example"}, "away": {"away"}, "reason": {"7"}}), http.StatusUnprocessableEntity)
		f.must(f.post(team, url.Values{"name": {"Help"}}), http.StatusSeeOther)
		f.must(f.get(team), http.StatusOK).shows(f.T, "Help", "Members", "!Members Grace")
		f.must(f.post(team+"/delete", nil), http.StatusSeeOther)
		f.must(f.post(at+"/delete", nil), http.StatusSeeOther)
		f.must(f.get(at), http.StatusNotFound)
		// Who may sign in stays: the last owner could go that way.
		me := regexp.MustCompile(`admins/(\d+)" data-row>Ada|admins/(\d+)" data-row>`).FindAllStringSubmatch(f.get(f.at("admins")).body, -1)
		refused := 0
		for _, found := range me {
			if p := f.post(f.at("admins/"+found[1]+found[2]+"/delete"), nil); p.status == http.StatusUnprocessableEntity {
				p.shows(f.T, "may sign in")
				refused++
			}
		}
		if refused != 1 {
			f.Errorf("%d admins stay", refused)
		}
		f.must(f.get(f.at("admins")), http.StatusOK)
		teammate := f.as(account.Teammate, "bob@shop.example")
		for _, path := range []string{"admins", "teams", "admins/1"} {
			teammate.must(teammate.get(teammate.at(path)), http.StatusForbidden)
		}
		teammate.must(teammate.get(teammate.at("tags")), http.StatusOK).shows(f.T, "Make a tag")
		teammate.must(teammate.get(teammate.at("attributes")), http.StatusOK).shows(f.T, "!Define an attribute")
	})
}
