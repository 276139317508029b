package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lobby/internal/account"
)

var copied = regexp.MustCompile(`class="copy" readonly aria-label="[^"]*" value="([^"]+)"`)

func TestSettingsInWords(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("settings")), http.StatusOK).shows(f.T, "Do Not Track", "Whether the script keeps the visitor's id")
		f.must(f.post(f.at("settings"), url.Values{"visitor_life": {"many"}, "name": {"Shop"}}), http.StatusUnprocessableEntity).shows(f.T, "Nothing was saved: Visitor life")
		f.must(f.post(f.at("settings"), url.Values{"visitor_life": {"3"}, "name": {"Shop"}, "nonsense": {"1"}}), http.StatusSeeOther)
		p := f.must(f.get(f.at("settings")), http.StatusOK).shows(f.T, "Shop")
		if !regexp.MustCompile(`name="visitor_life" value="3"`).MatchString(p.body) {
			f.Error("the setting is not saved")
		}
		teammate := f.as(account.Teammate, "bob@shop.example")
		for _, path := range []string{"settings", "keys", "webhooks"} {
			teammate.must(teammate.get(teammate.at(path)), http.StatusForbidden)
		}
		if p := teammate.get(teammate.at("people")); strings.Contains(p.body, `/settings"`) {
			f.Error("a link leads where a teammate may not go")
		}
	})
}

func TestKeysAreShownOnce(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.post(f.at("keys/token"), url.Values{"name": {"none"}}), http.StatusUnprocessableEntity).shows(f.T, "choose what it may")
		f.must(f.post(f.at("keys/token"), url.Values{"name": {"x"}, "scope": {"nonsense"}}), http.StatusUnprocessableEntity)
		f.must(f.post(f.at("keys/token"), url.Values{"name": {"x"}, "scope": {"read_conversations"}, "days": {"-1"}}), http.StatusUnprocessableEntity).shows(f.T, "number of days")
		p := f.must(f.post(f.at("keys/token"), url.Values{"name": {"reports"}, "scope": {"read_users_companies"}, "days": {"90"}}), http.StatusOK).shows(f.T, "reports", "read people and companies")
		token := copied.FindStringSubmatch(p.body)[1]
		asked := func() int {
			req, _ := http.NewRequestWithContext(f.Context(), http.MethodGet, f.server.URL+"/contacts", http.NoBody)
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				f.Fatal(err)
			}
			res.Body.Close() //nolint:errcheck // nothing is read
			return res.StatusCode
		}
		if status := asked(); status != http.StatusOK {
			f.Errorf("the new token gets %d", status)
		}
		f.get(f.at("keys")).shows(f.T, "reports", "!"+token)
		id := regexp.MustCompile(`reports<br><small class="mono">([0-9a-f]+)`).FindStringSubmatch(p.body)[1]
		f.must(f.post(f.at("keys/revoke"), url.Values{"id": {id}}), http.StatusSeeOther)
		f.get(f.at("keys")).shows(f.T, "revoked")

		p = f.must(f.post(f.at("keys/secret"), url.Values{"platform": {"ios"}}), http.StatusOK).shows(f.T, "ios …")
		secret := copied.FindStringSubmatch(p.body)[1]
		f.get(f.at("keys")).shows(f.T, "!"+secret, "…"+secret[len(secret)-4:])
		f.must(f.post(f.at("keys/secret"), url.Values{"platform": {"nokia"}}), http.StatusNotFound)
		f.must(f.post(f.at("keys/forget"), url.Values{"id": {"2"}}), http.StatusSeeOther)
		f.get(f.at("keys")).shows(f.T, "!ios …")
	})
}

func TestWebhooksWithTheirDeliveries(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("webhooks")), http.StatusOK).shows(f.T, "Nobody is told yet")
		f.must(f.post(f.at("webhooks"), url.Values{"url": {"http://10.0.0.1/"}, "topics": {"*"}}), http.StatusUnprocessableEntity)
		f.must(f.post(f.at("webhooks"), url.Values{"url": {"https://shop.example/hook"}, "topics": {"nonsense"}}), http.StatusUnprocessableEntity).shows(f.T, "nonsense")
		p := f.must(f.post(f.at("webhooks"), url.Values{"url": {"https://shop.example/hook"}, "topics": {"*"}}), http.StatusOK).shows(f.T, "https://shop.example/hook", "everything")
		secret := copied.FindStringSubmatch(p.body)[1]
		f.get(f.at("webhooks")).shows(f.T, "!"+secret)
		id := regexp.MustCompile(`/webhooks/([0-9a-f]{24})"`).FindStringSubmatch(p.body)[1]
		f.must(f.get(f.at("webhooks/"+id)), http.StatusOK).shows(f.T, "No deliveries")
		f.must(f.get(f.at("webhooks/"+id+"?state=nonsense")), http.StatusNotFound)
		f.must(f.get(f.at("webhooks/nonsense")), http.StatusNotFound)
		f.must(f.post(f.at("webhooks/"+id+"/pause"), nil), http.StatusSeeOther)
		f.get(f.at("webhooks")).shows(f.T, "paused: by you")
		f.must(f.post(f.at("webhooks/"+id+"/resume"), nil), http.StatusSeeOther)
		f.must(f.post(f.at("webhooks/"+id+"/redeliver"), url.Values{"id": {"nonsense"}}), http.StatusNotFound)
		f.must(f.post(f.at("webhooks/"+id+"/delete"), nil), http.StatusSeeOther)
		f.get(f.at("webhooks")).shows(f.T, "Nobody is told yet")
	})
}
