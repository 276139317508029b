package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"lobby/internal/account"
)

var seenField = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// family makes two users and a lead with one address.
func (f fixture) family() (ids []string) {
	f.Helper()
	for _, fields := range []map[string]any{
		{"role": "user", "external_id": "a-1", "email": "ada@shop.example", "name": "Ada Byron"},
		{"role": "user", "external_id": "a-2", "email": "Ada@Shop.example", "phone": "+12025550123"},
		{"role": "lead", "email": "ada@shop.example", "name": "Ada at home"},
	} {
		ids = append(ids, f.create(fields))
	}
	return ids
}

func TestDuplicatesAreFoundMergedAndParted(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("duplicates")), http.StatusOK).shows(f.T, "No duplicates", "all people")
		ids := f.family()
		f.must(f.get(f.at("duplicates")), http.StatusOK).shows(f.T, "1 group of people who may be one", "Ada Byron", "3 share the email address ada@shop.example", "Compare 3 people")
		compared := f.must(f.get(f.at("duplicates/"+ids[2])), http.StatusOK)
		compared.shows(f.T, "Ada Byron and 2 others", "Merge 2 into Ada Byron", "+12025550123", "You can undo it")
		seen := seenField.FindStringSubmatch(compared.body)[1]
		order := url.Values{"into": {ids[0]}, "from": ids[1:], "seen": {seen}}

		// Who sees something else by now is asked again.
		f.server.Do(f.T, "PUT", "/contacts/"+ids[1], `{"phone":"+12025550199"}`)
		changed := f.must(f.post(f.at("duplicates/merge"), order), http.StatusConflict).shows(f.T, "Something has changed since you looked", "+12025550199")
		order.Set("seen", seenField.FindStringSubmatch(changed.body)[1])
		merged := f.must(f.post(f.at("duplicates/merge"), order), http.StatusSeeOther)
		after := f.must(f.get(merged.location), http.StatusOK).shows(f.T, "Merged. All of it is", "Undo the merge", "No duplicates")
		changes := regexp.MustCompile(`name="change" value="([^"]*)"`).FindAllStringSubmatch(after.body, -1)
		if len(changes) != 2 {
			f.Fatalf("there are %d entries to undo", len(changes))
		}
		if r := f.server.Do(f.T, "GET", "/lobby/v1/people/a-2", nil); r.Get("id") != ids[0] {
			f.Errorf("the id of the absorbed user leads to %v", r.Get("id"))
		}
		undo := url.Values{"change": {changes[0][1], changes[1][1]}}
		for range 2 { // the second time nothing is left to do
			f.must(f.post(f.at("duplicates/undo"), undo), http.StatusSeeOther)
		}
		f.must(f.get(f.at("duplicates")), http.StatusOK).shows(f.T, "1 group of people")
	})
}

func TestOtherSurvivorsAndDifferentPeople(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.family()
		chosen := f.must(f.get(f.at("duplicates/"+ids[0]+"?into="+ids[1]+"&from="+ids[0]+"&from="+ids[1])), http.StatusOK)
		chosen.shows(f.T, "Merge 1 into Ada@Shop.example", "Whoever signs in as one of these users")
		f.must(f.get(f.at("duplicates/"+ids[0]+"?into="+ids[2]+"&from="+ids[0])), http.StatusUnprocessableEntity).shows(f.T, "Choose another one to stay")
		f.must(f.get(f.at("duplicates/"+ids[0]+"?into="+ids[0])), http.StatusUnprocessableEntity).shows(f.T, "Choose who goes into the one that stays")
		f.must(f.post(f.at("duplicates/distinct"), url.Values{"people": {ids[0]}}), http.StatusUnprocessableEntity).shows(f.T, "Choose at least two people")
		f.must(f.post(f.at("duplicates/distinct"), url.Values{"people": {ids[0], ids[2]}}), http.StatusSeeOther)
		f.must(f.get(f.at("duplicates/"+ids[0])), http.StatusOK).shows(f.T, "Ada Byron and Ada at home are different people.", "Merge 1 into Ada Byron")
		f.must(f.get(f.at("duplicates/"+ids[0]+"?into="+ids[0]+"&from="+ids[2])), http.StatusUnprocessableEntity).shows(f.T, "Two of them are different people")
		f.must(f.post(f.at("duplicates/distinct"), url.Values{"people": ids}), http.StatusSeeOther)
		f.must(f.get(f.at("duplicates")), http.StatusOK).shows(f.T, "No duplicates", "Not the same person", "Take back")
		f.must(f.get(f.at("duplicates/"+ids[0])), http.StatusNotFound).shows(f.T, "Nobody shares anything with that person any more")
		f.must(f.post(f.at("duplicates/distinct"), url.Values{"people": {ids[0], ids[1]}, "same": {"1"}}), http.StatusSeeOther)
		f.must(f.get(f.at("duplicates")), http.StatusOK).shows(f.T, "1 group", "2 share")
		reader := f.as(account.ReadOnly, "reader@shop.example")
		page := reader.must(reader.get(reader.at("duplicates/"+ids[0])), http.StatusOK)
		if regexp.MustCompile(`Merge 1 into|They are different people`).MatchString(page.body) {
			f.Errorf("a reader is offered what it may not do")
		}
		f.must(f.get(f.at("duplicates?after=nonsense")), http.StatusNotFound)
	})
}

func TestLeadsAreMergedWithAWarning(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		id := f.create(map[string]any{"role": "lead", "email": "leo@shop.example", "name": "Leo"})
		f.create(map[string]any{"role": "lead", "email": "leo@shop.example", "name": "Leonora"})
		f.must(f.get(f.at("duplicates/"+id)), http.StatusOK).shows(f.T, "Leo and 1 other", "Nobody has proven who a lead is")
	})
}
