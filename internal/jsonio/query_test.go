package jsonio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/jsonio"
	"lobby/internal/search"
)

func TestAQueryIsATreeOfFilters(t *testing.T) {
	t.Parallel()
	same := cmp.Comparer(func(a, b search.Value) bool { return a == b })
	role := search.Query{Field: "role", Operator: "=", Values: []search.Value{search.TextValue("user")}}
	for body, want := range map[string]search.Query{
		`{"query":{"field":"role","operator":"=","value":"user"}}`: role,
		`{"query":{"field":"name","operator":"!=","value":null}}`: {
			Field: "name", Operator: "!=", Values: []search.Value{search.NullValue()},
		},
		`{"query":{"field":"name","operator":"!="}}`: {Field: "name", Operator: "!=", Values: []search.Value{search.NullValue()}},
		`{"query":{"field":"id","operator":"NIN","value":["a",1,true,1.5]}}`: {
			Field: "id", Operator: "NIN",
			Values: []search.Value{search.TextValue("a"), search.IntValue(1), search.BoolValue(true), search.FloatValue(1.5)},
		},
		`{"query":{"field":"created_at","operator":">","value":{"days_ago":"30"}}}`: {Field: "created_at", Operator: ">", DaysAgo: 30},
		`{"query":{"operator":"AND","value":[{"operator":"OR","value":[{"field":"role","operator":"=","value":"user"}]},{"field":"role","operator":"=","value":"user"}]}}`: {
			Combine: "AND", Queries: []search.Query{{Combine: "OR", Queries: []search.Query{role}}, role},
		},
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		got := in.Query("query")
		if diff := cmp.Diff(want, got, same); diff != "" || in.Err() != nil {
			t.Errorf("%s: %v\n%s", body, in.Err(), diff)
		}
	}
}

func TestAQueryThatIsNoTreeIsRefusedByItsPlace(t *testing.T) {
	t.Parallel()
	const filter = `{"field":"role","operator":"=","value":"user"}`
	nested := func(s string) string { return `{"operator":"AND","value":[` + s + `]}` }
	for query, want := range map[string]string{
		`null`: "query must be an object",
		`"x"`:  "query must be an object",
		`{}`:   "query.operator must be given",
		`{"field":"role","operator":"like","value":1}`:                         "query.operator must be one of",
		`{"field":"role","operator":"AND","value":"user"}`:                     "query.operator must compare",
		`{"operator":"=","value":"user"}`:                                      "query.field must be given",
		`{"field":"role","operator":"=","value":["user"]}`:                     "query.value must be one value",
		`{"field":"role","operator":"IN","value":"user"}`:                      "query.value must be a list",
		`{"field":"role","operator":"IN"}`:                                     "query.value must be a list",
		`{"field":"role","operator":"IN","value":["user",{}]}`:                 "query.value.1 must be a string, number, boolean or null",
		`{"field":"role","operator":"=","value":{"days_ago":0}}`:               "query.value must be a value, or",
		`{"field":"role","operator":"=","value":{"days_ago":-1}}`:              "query.value must be a value, or",
		`{"field":"role","operator":"=","value":123456789012345678901}`:        "query.value is too large",
		`{"operator":"AND","value":[]}`:                                        "query.value must have at least one filter",
		`{"operator":"AND","value":{}}`:                                        "query.value must be a list",
		`{"operator":"AND"}`:                                                   "query.value must be a list of filters",
		`{"operator":"AND","value":["x"]}`:                                     "query.value.0 must be an object",
		nested(nested(nested(filter))):                                         "query.value.0.value.0.operator must not join filters here",
		nested(nested(filter + `,{"field":"role","operator":"=","value":[]}`)): "query.value.0.value.1.value must be one value",
		nested(strings.TrimSuffix(strings.Repeat(filter+",", 16), ",")):        "query.value must not have more than 15 filters",
	} {
		in, err := jsonio.Read([]byte(`{"query":` + query + `}`))
		if err != nil {
			t.Fatal(err)
		}
		in.Query("query")
		var refused *jsonio.FieldError
		if !errors.As(in.Err(), &refused) || !strings.HasPrefix(refused.Message, want) {
			t.Errorf("%s is refused with %v, not with %s", query, in.Err(), want)
		}
	}
}
