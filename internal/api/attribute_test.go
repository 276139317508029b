package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// sets is an update of Victor, who has plan "pro", seats 3 and trial true, by which he then has just these attributes.
func sets(says, attributes, has string) scenario {
	return one(says, step{
		do: "PUT /visitors", body: `{"id":"$victor","custom_attributes":` + attributes + `}`, has: `{"custom_attributes":` + has + `}`,
	})
}

func setsNot(says, attributes, refused string) scenario {
	return one(says, step{
		do: "PUT /visitors", body: `{"id":"$victor","name":"X","custom_attributes":` + attributes + `}`, status: 400, refused: refused,
	})
}

const tooLarge = " is too large a number to be kept exactly; send it as a string"

var attributes = []scenario{
	sets("absent keys stay", `{"score":155.5}`, `{"plan":"pro","seats":3,"trial":true,"score":155.5}`),
	sets("a null takes one away", `{"plan":null,"seats":null}`, `{"trial":true}`),
	sets("a null takes nothing away that is not there", `{"none":null}`, `{"plan":"pro","seats":3,"trial":true}`),
	sets("null for all of them changes none", `null`, `{"plan":"pro","seats":3,"trial":true}`),
	sets("PHP's empty object changes none", `[]`, `{"plan":"pro","seats":3,"trial":true}`),
	sets("an empty text is a value", `{"plan":""}`, `{"plan":""}`),
	sets("false and 0 are values", `{"trial":false,"seats":0}`, `{"trial":false,"seats":0}`),
	sets("a whole number is whole however it is written", `{"seats":4.0}`, `{"seats":4}`),
	sets("a number with an exponent may be whole", `{"seats":1e3}`, `{"seats":1000}`),
	sets("a whole number widens to a fraction", `{"seats":2.5}`, `{"seats":2.5}`),
	sets("names differ by case", `{"Plan":"x"}`, `{"Plan":"x","plan":"pro"}`),
	sets("names may be of any script", `{"größe":"L","数":1,"😀 a":true}`, `{"größe":"L","数":1,"😀 a":true}`),
	sets("255 characters fit, however many bytes", `{"plan":"`+strings.Repeat("é", 255)+`"}`, `{"plan":"`+strings.Repeat("é", 255)+`"}`),
	sets("a name of 255 characters fits", `{"`+strings.Repeat("é", 255)+`":1}`, `{"`+strings.Repeat("é", 255)+`":1}`),
	setsNot("256 characters do not fit", `{"plan":"`+strings.Repeat("x", 256)+`"}`,
		"parameter_invalid: custom_attributes.plan must not be longer than 255 characters"),
	setsNot("a name with a dot", `{"a.b":1}`, `parameter_invalid: custom_attributes.a.b must have a name, and one without "." and "$"`),
	setsNot("a name with a dollar", `{"$a":1}`, `parameter_invalid: custom_attributes.$a must have a name, and one without "." and "$"`),
	setsNot("no name", `{"":1}`, `parameter_invalid: custom_attributes."" must have a name, and one without "." and "$"`),
	setsNot("a name of 256 characters", `{"`+strings.Repeat("x", 256)+`":1}`,
		"parameter_invalid: custom_attributes."+strings.Repeat("x", 182)+"… must have a name of at most 255 characters"),
	setsNot("an object", `{"a":{}}`, "type_mismatch: custom_attributes.a must be a string, number, boolean or null"),
	setsNot("a list", `{"a":[1]}`, "type_mismatch: custom_attributes.a must be a string, number, boolean or null"),
	setsNot("no object at all", `"plan"`, "type_mismatch: custom_attributes must be an object"),
	setsNot("a list of them", `[{"plan":"x"}]`, "type_mismatch: custom_attributes must be an object"),
	setsNot("a number beyond all", `{"a":1e400}`, "parameter_invalid: custom_attributes.a"+tooLarge),
	setsNot("a whole number that would be rounded", `{"a":9223372036854775809}`, "parameter_invalid: custom_attributes.a"+tooLarge),
	sets("a text that spells a whole number where one was", `{"seats":"4"}`, `{"seats":4}`),
	sets("a text that spells a fraction widens, too", `{"seats":"2.5"}`, `{"seats":2.5}`),
	setsNot("another text where a whole number was", `{"seats":"three"}`, "parameter_invalid: custom_attributes.seats must be of type integer"),
	setsNot("a flag where a whole number was", `{"seats":true}`, "parameter_invalid: custom_attributes.seats must be of type integer"),
	sets("a text that spells a boolean where one was", `{"trial":"false"}`, `{"trial":false}`),
	sets("as Python writes it", `{"trial":"False"}`, `{"trial":false}`),
	setsNot("another text where a boolean was", `{"trial":"no"}`, "parameter_invalid: custom_attributes.trial must be of type boolean"),
	sets("a number where a text was", `{"plan":1.50}`, `{"plan":"1.5"}`),
	sets("a flag where a text was", `{"plan":true}`, `{"plan":"true"}`),
	sets("a first text is a text, whatever it spells", `{"new":"9"}`, `{"new":"9"}`),
	{"a first text takes what an untyped client sends later", []step{
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"new":"9","flag":"true"}}`},
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"new":9,"flag":true}}`, has: `{"custom_attributes":{"new":"9","flag":"true"}}`},
	}},
	{"a first value takes what a typed client sends later", []step{
		{do: "POST /lobby/v1/visitors", body: `{"user_id":"typed","custom_attributes":{"paid":true,"team":9,"spend":155.5}}`},
		{
			do: "PUT /visitors", body: `{"user_id":"typed","custom_attributes":{"paid":"true","team":"9","spend":"155.5"}}`,
			has: `{"custom_attributes":{"paid":true,"team":9,"spend":155.5}}`,
		},
		{do: "POST /lobby/v1/visitors", body: `{"custom_attributes":{"paid":"false","team":"10"}}`, has: `{"custom_attributes":{"paid":false,"team":10}}`},
	}},
	{"contacts stay strict", []step{
		{
			do: "POST /contacts", body: `{"email":"strict@example.com","custom_attributes":{"seats":"3"}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.seats must be of type integer; only for visitors is a string taken as the value that it spells",
		},
		{
			do: "POST /contacts", body: `{"email":"strict@example.com","custom_attributes":{"plan":3}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.plan must be of type string; only for visitors is a number or boolean taken as a string",
		},
		{
			do: "POST /contacts", body: `{"email":"strict@example.com","custom_attributes":{"trial":"maybe"}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.trial must be of type boolean",
		},
	}},
	{"a whole number under a name of a time defines a date", []step{
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"last_order_at":1714557600}}`, has: `{"custom_attributes":{"last_order_at":1714557600}}`},
		{do: "PUT /data_attributes/4", body: `{}`, has: `{"name":"last_order_at","data_type":"date"}`},
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"last_order_at":"1714557601"}}`, has: `{"custom_attributes":{"last_order_at":1714557601}}`},
		{
			do: "POST /contacts", body: `{"email":"d@example.com","custom_attributes":{"last_order_at":1714557600000}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.last_order_at must be of type date, in whole Unix seconds; 1714557600000 seems to be milliseconds",
		},
		{
			do: "POST /contacts", body: `{"email":"d@example.com","custom_attributes":{"last_order_at":2147483648}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.last_order_at must be of type date, in whole Unix seconds",
		},
		{
			do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"first_order_at":1714557600000}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.first_order_at must be of type date, in whole Unix seconds; 1714557600000 seems to be milliseconds",
		},
		{do: "POST /contacts", body: `{"email":"d@example.com","custom_attributes":{"last_order_at":2147483647}}`, has: `{"custom_attributes":{"last_order_at":2147483647}}`, fires: []string{"contact.created new"}},
	}},
	setsNot("a number where a boolean was", `{"trial":1}`, "parameter_invalid: custom_attributes.trial must be of type boolean"),
	setsNot("one bad among good ones", `{"new":1,"trial":1}`, "parameter_invalid: custom_attributes.trial must be of type boolean"),
	one("an unknown attribute is defined by its first value, for everybody", step{
		do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"color":"red"}}`, has: `{"custom_attributes":{"color":"red"}}`,
	}),
	{"the type that the first value gave holds for the next visitor", []step{
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"level":7}}`},
		{
			do: "PUT /visitors", body: `{"id":"$victor","custom_attributes":{"level":"red"}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.level must be of type integer",
		},
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"level":null}}`, has: `{"custom_attributes":{}}`},
		{
			do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"level":true}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.level must be of type integer",
		},
	}},
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	play(t, groups{"set": attributes})
}

func TestNumbersComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for sent, back := range map[string]string{
		"9007199254740993": "9007199254740993", "-9223372036854775808": "-9223372036854775808", "0.1": "0.1",
		"1e-7": "1e-7", "1e21": "1e+21", "-0": "0", "155.50": "155.5", "100000000000000000000": "100000000000000000000",
	} {
		r := s.Do(t, "POST", "/lobby/v1/visitors", `{"custom_attributes":{"n`+strings.NewReplacer(".", "_", "-", "_").Replace(sent)+`":`+sent+`}}`)
		if !strings.Contains(r.Text, `":`+back+`},"referrer"`) {
			t.Errorf("%s came back otherwise: %s", sent, r.Text)
		}
	}
}

func TestAWorkspaceHas250Attributes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	all := map[string]int{}
	for i := range 250 {
		all[fmt.Sprintf("a%d", i)] = i
	}
	visitor := s.Do(t, "POST", "/lobby/v1/visitors", map[string]any{"custom_attributes": all})
	if visitor.Status != 200 {
		t.Fatal(visitor.Text)
	}
	const full = "custom_data_limit_reached: The workspace already has 250 custom attributes"
	if r := s.Do(t, "POST", "/lobby/v1/visitors", `{"custom_attributes":{"one_more":1}}`); r.Status != 400 || r.Refusal() != full {
		t.Errorf("the 251st: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "POST", "/lobby/v1/visitors", `{"custom_attributes":{"a0":1.5,"one_more":null}}`); r.Status != 200 {
		t.Errorf("those that are there: %d %s", r.Status, r.Text)
	}
	if r := s.NewWorkspace(t).Do(t, "POST", "/lobby/v1/visitors", `{"custom_attributes":{"one_more":1}}`); r.Status != 200 {
		t.Errorf("another workspace: %d %s", r.Status, r.Text)
	}
}
