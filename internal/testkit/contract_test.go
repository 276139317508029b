package testkit

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"lobby/internal/apiversion"
)

// sound is an answer of the convert operation at 2.7 that keeps the contract.
func sound(t *testing.T) exchange {
	t.Helper()
	const id = "4a1e7a0c-5f0b-4f5e-9a53-6f1f7c3d2b10"
	e := exchange{version: apiversion.V2_7, method: "POST", path: "/visitors/convert", Response: &Response{Status: 200}}
	e.Header = http.Header{"X-Request-Id": {id}, "Content-Type": {"application/json; charset=utf-8"}}
	var members []string
	for _, name := range contactKeys {
		value := "null"
		switch {
		case name == "type":
			value = `"contact"`
		case slices.Contains([]string{"id", "workspace_id", "role"}, name):
			value = `"user"`
		case strings.HasPrefix(name, "has_") || strings.HasPrefix(name, "marked_") || strings.HasPrefix(name, "unsubscribed_"):
			value = "false"
		case name == "created_at" || name == "updated_at":
			value = "1717020967"
		case slices.Contains([]string{"social_profiles", "location", "custom_attributes", "tags", "notes", "companies"}, name),
			strings.HasPrefix(name, "opted_"):
			value = "{}"
		}
		members = append(members, `"`+name+`":`+value)
	}
	return e.with(t, "{"+strings.Join(members, ",")+"}")
}

func (e exchange) with(t *testing.T, body string) exchange {
	t.Helper()
	answer := *e.Response
	answer.Text, answer.JSON, answer.Header = body, nil, e.Header.Clone()
	_ = json.Unmarshal([]byte(body), &answer.JSON) // a broken body is what some tests want
	e.Response = &answer
	return e
}

func (e exchange) swap(t *testing.T, old, new string) exchange {
	t.Helper()
	if !strings.Contains(e.Text, old) {
		t.Fatalf("there is no %s in %s", old, e.Text)
	}
	return e.with(t, strings.Replace(e.Text, old, new, 1))
}

func TestASoundAnswerCausesNoComplaint(t *testing.T) {
	t.Parallel()
	if wrong := violations(sound(t)); wrong != nil {
		t.Error(wrong)
	}
}

func TestWhatAnswersADeedIsNoWholeContact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version apiversion.Version
		body    string
		sound   bool
	}{
		{apiversion.V2_8, `{"type":"contact","id":"x","object":"contact","external_id":null,"deleted":true}`, true},
		{apiversion.V2_8, `{"type":"contact","id":"x","external_id":null,"deleted":true}`, false},
		{apiversion.V2_10, `{"type":"contact","id":"x","external_id":null,"archived":false}`, true},
		{apiversion.V2_10, `{"type":"contact","id":"x","object":"contact","external_id":null,"archived":false}`, false},
		{apiversion.V2_10, `{"type":"contact","id":"x","external_id":null}`, false},
	} {
		if wrong := memberOrder([]byte(c.body), c.version); (wrong == nil) != c.sound {
			t.Errorf("%s at %v: %q", c.body, c.version, wrong)
		}
	}
}

func TestAnAnswerThatBreaksTheContractCausesOneComplaint(t *testing.T) {
	t.Parallel()
	refusal := func(t *testing.T, body string) exchange {
		e := sound(t).with(t, body)
		e.Status = 401
		return e
	}
	const request = `"request_id":"4a1e7a0c-5f0b-4f5e-9a53-6f1f7c3d2b10"`
	for complaint, plant := range map[string]func(*testing.T) exchange{
		"there is no X-Request-Id": func(t *testing.T) exchange {
			e := sound(t).swap(t, "", "")
			e.Header.Del("X-Request-Id")
			return e
		},
		"the Content-Type is": func(t *testing.T) exchange {
			e := sound(t).swap(t, "", "")
			e.Header.Set("Content-Type", "text/html")
			return e
		},
		"the body is no JSON": func(t *testing.T) exchange { return sound(t).with(t, "<html>") },
		"the members of a contact are": func(t *testing.T) exchange {
			return sound(t).swap(t, `"phone":null,"name":null`, `"name":null,"phone":null`)
		},
		"an error must be an error.list": func(t *testing.T) exchange { return refusal(t, `{"type":"list","errors":[{"code":"a"}]}`) },
		"the request_id is 1 in the body": func(t *testing.T) exchange {
			e := refusal(t, `{"type":"error.list","request_id":1,"errors":[{"code":"a","message":"b"}]}`)
			e.Status = 418 // which no description has
			return e
		},
		"an error.list must have an error": func(t *testing.T) exchange { return refusal(t, `{"type":"error.list",`+request+`,"errors":[]}`) },
		"error 0 has no message": func(t *testing.T) exchange {
			return refusal(t, `{"type":"error.list",`+request+`,"errors":[{"code":"a","message":""}]}`)
		},
		"the server failed": func(t *testing.T) exchange {
			e := refusal(t, `{"type":"error.list",`+request+`,"errors":[{"code":"a","message":"b"}]}`)
			e.Status = 500
			return e
		},
	} {
		t.Run(complaint, func(t *testing.T) {
			t.Parallel()
			if wrong := violations(plant(t)); len(wrong) != 1 || !strings.HasPrefix(wrong[0], complaint) {
				t.Errorf("the complaints are %q", wrong)
			}
		})
	}
}

func TestAnAnswerThatTheDescriptionForbidsCausesOneComplaint(t *testing.T) {
	t.Parallel()
	needDescriptions(t)
	for complaint, plant := range map[string]func(exchange, *testing.T) exchange{
		`the description says of "owner_id"`:         swapped(`"owner_id":null`, `"owner_id":"1"`),
		`the description says of "created_at"`:       swapped(`"created_at":1717020967`, `"created_at":"2024-05-29"`),
		`the description says of "has_hard_bounced"`: swapped(`"has_hard_bounced":false`, `"has_hard_bounced":null`),
		`the description says of "avatar"`:           swapped(`"avatar":null`, `"avatar":{"type":"avatar"}`),
		`the description says of "utm_source"`:       swapped(`"utm_source":null`, `"utm_source":1`),
		`the description says of "location.city"`:    swapped(`"location":{}`, `"location":{"city":1}`),
		`the description says of "tags.total_count"`: swapped(`"tags":{}`, `"tags":{"total_count":"0"}`),
		"the answer is no object":                    func(e exchange, t *testing.T) exchange { return e.with(t, "[]") },
		`the description has no status 201 here`: func(e exchange, t *testing.T) exchange {
			e = e.swap(t, "", "")
			e.Status = 201
			return e
		},
	} {
		t.Run(complaint, func(t *testing.T) {
			t.Parallel()
			if wrong := violations(plant(sound(t), t)); len(wrong) != 1 || !strings.HasPrefix(wrong[0], complaint) {
				t.Errorf("the complaints are %q", wrong)
			}
		})
	}
}

func swapped(old, new string) func(exchange, *testing.T) exchange {
	return func(e exchange, t *testing.T) exchange { return e.swap(t, old, new) }
}

// beginOfExample is where a single visitor or contact begins among the examples of a description.
var beginOfExample = regexp.MustCompile(`(?m)^ *value:\n( +)type: (visitor|contact)$`)

func TestTheMembersAreThoseOfEveryExampleInItsOrder(t *testing.T) {
	t.Parallel()
	needDescriptions(t)
	for version := range described {
		text, err := readDescription(version)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for _, at := range beginOfExample.FindAllSubmatchIndex(text, -1) {
			indent, kind := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
			var names []string
			for line := range strings.SplitSeq(string(text[at[2]:]), "\n") {
				inner, within := strings.CutPrefix(line, indent)
				if !within {
					break
				}
				if name, _, is := strings.Cut(inner, ":"); is && !strings.HasPrefix(name, " ") {
					names = append(names, name)
				}
			}
			seen[kind]++
			if want := keysOf(kind, version); !slices.Equal(names, want) {
				t.Errorf("%v: a %s of the examples has %v, not %v", version, kind, names, want)
			}
		}
		if seen["visitor"] < 2 || seen["contact"] < 5 {
			t.Errorf("%v: only %v examples were found", version, seen)
		}
	}
}

func TestEveryRelaxationIsNeeded(t *testing.T) {
	t.Parallel()
	needDescriptions(t)
	// For each, a document on which the description is wrong before and right after.
	proofs := map[string]struct {
		schema, document string
		right            bool // whether the document should pass
	}{
		"the schema of a visitor spells":     {"visitor", `{"last_request_at":"yesterday"}`, false},
		"custom attributes of a visitor":     {"visitor", `{"custom_attributes":{"paid":true,"spend":155.5,"plan":"pro"}}`, true},
		"the avatar of a contact":            {"contact", `{"avatar":"https://example.com/a.png"}`, true},
		"the email of a contact":             {"contact", `{"email":null}`, true},
		"the schema of a contact lacks":      {"contact", `{"opted_in_subscription_types":{"has_more":1}}`, false},
		"null stands beside a reference":     {"conversation_part", `{"assigned_to":null}`, true},
		"the size of a picture is a number":  {"part_attachment", `{"width":null}`, true},
		"the model of a data attribute is":   {"data_attribute", `{"model":"conversation"}`, true},
		"2.7 and 2.11 refer to a schema cus": {},
	}
	text, err := readDescription(apiversion.V2_7)
	if err != nil {
		t.Fatal(err)
	}
	mended := relaxations[0].text(text)
	if string(mended) == string(text) {
		t.Error("the description of 2.7 needs no custom_attributes")
	}
	all := unrelaxed(t, mended)
	for _, r := range relaxations[1:] {
		for begin, proof := range proofs {
			if !strings.HasPrefix(r.what, begin) {
				continue
			}
			delete(proofs, begin)
			var document any
			if err := json.Unmarshal([]byte(proof.document), &document); err != nil {
				t.Fatal(err)
			}
			if passes := all[proof.schema].Value.VisitJSON(document) == nil; passes == proof.right {
				t.Errorf("needless: %s", r.what)
			}
			r.schemas(all)
			if err := all[proof.schema].Value.VisitJSON(document); (err == nil) != proof.right {
				t.Errorf("%s: then %s gives %v", r.what, proof.document, err)
			}
		}
	}
	if len(proofs) != 1 {
		t.Errorf("no relaxation for %v", proofs)
	}
}

func needDescriptions(t *testing.T) {
	t.Helper()
	if folder, err := descriptions(); err != nil {
		t.Fatal(err)
	} else if folder == "" {
		t.Skip("the published descriptions are not here")
	}
}

func unrelaxed(t *testing.T, text []byte) openapi3.Schemas {
	t.Helper()
	description, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return description.Components.Schemas
}
