package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// makes is a definition that the workspace then has; attributes 1 to 3 are those of the cast.
func makes(says, body, has string) scenario {
	return one(says, step{do: "POST /data_attributes", body: body, has: has})
}

func makesNot(says, body string, status int, refused string) scenario {
	return one(says, step{do: "POST /data_attributes", body: body, status: status, refused: refused})
}

// changesOne is a change of "plan", a string attribute of contacts whose id is 1.
func changesOne(says, body, has string) scenario {
	return one(says, step{do: "PUT /data_attributes/1", body: body, has: has})
}

func changesNone(says, do, body string, status int, refused string) scenario {
	return one(says, step{do: do, body: body, status: status, refused: refused})
}

const (
	badName    = "parameter_invalid: Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens"
	badType    = "parameter_invalid: Data Type isn't an option"
	badModel   = "parameter_invalid: The Data Attribute model field must be either contact or company"
	badOptions = "parameter_invalid: Options isn't an array"
	noField    = "field_not_found: We couldn't find that data attribute to update"
)

func named(name string) string {
	return `{"name":"` + name + `","model":"contact","data_type":"string"}`
}

func options(list string) string {
	return `{"name":"size","model":"company","data_type":"string","options":` + list + `}`
}

var definitions = []scenario{
	makes("the least that defines one", named("Mithril Shirt"), `{
		"type":"data_attribute","id":4,"name":"Mithril Shirt","full_name":"custom_attributes.Mithril Shirt","label":"Mithril Shirt",
		"data_type":"string","model":"contact","api_writable":true,"ui_writable":false,"messenger_writable":true,"custom":true,
		"archived":false,"admin_id":"1"}`),
	makes("all that can be said of one",
		`{"name":"size","model":"company","data_type":"string","description":"how large","options":["S","L"],"messenger_writable":false}`,
		`{"name":"size","model":"company","description":"how large","options":["S","L"],"messenger_writable":false}`),
	makes("nulls for what need not be said",
		`{"name":"size","model":"company","data_type":"integer","description":null,"options":null,"messenger_writable":null}`,
		`{"data_type":"integer","messenger_writable":true}`),
	makes("options as objects", options(`[{"value":"1-10"},{"value":"11-20"}]`), `{"data_type":"string","options":["1-10","11-20"]}`),
	makes("no options", options(`[]`), `{"data_type":"string"}`),
	makes("letters of any script, digits, hyphens, underscores and currency symbols", named("größe_in-数 12 €"), `{"name":"größe_in-数 12 €"}`),
	makes("commas", named("Size, in cm"), `{"name":"Size, in cm"}`),
	makes("blanks around a name are not of it", named("  size "), `{"name":"size","full_name":"custom_attributes.size"}`),
	makes("names differ by case", named("Plan"), `{"name":"Plan"}`),
	makes("a name of 255 characters", named(strings.Repeat("é", 255)), `{"id":4}`),
}

var noDefinitions = []scenario{
	makesNot("a name of the same model", named("plan"), 400,
		"parameter_invalid: You already have 'plan' in your people data. To save this as new people data, use a different name."),
	makesNot("a name of the other model", `{"name":"plan","model":"company","data_type":"string"}`, 400,
		"parameter_invalid: You already have 'plan' in your people data. To save this as new company data, use a different name."),
	makesNot("bad characters", named("!nv@l!d n@me"), 400, badName),
	makesNot("a dot", named("a.b"), 400, badName),
	makesNot("a dollar", named("$"), 400, badName),
	makesNot("a line break", named(`a\nb`), 400, badName),
	makesNot("an unknown type", `{"name":"x","model":"company","data_type":"mithril"}`, 400, badType),
	makesNot("no type", `{"name":"x","model":"company"}`, 400, badType),
	makesNot("a type in capitals", `{"name":"x","model":"company","data_type":"String"}`, 400, badType),
	makesNot("an unknown model", `{"name":"x","model":"conversation","data_type":"string"}`, 400, badModel),
	makesNot("nothing", "", 400, badModel),
	makesNot("the model is looked at first", `{"description":"x","options":[{"value":"1-10"}],"archived":false}`, 400, badModel),
	makesNot("no name", `{"model":"company","data_type":"string"}`, 400, "parameter_not_found: name not specified"),
	makesNot("a blank name", named("  "), 400, "parameter_not_found: name not specified"),
	makesNot("a name of 256 characters", named(strings.Repeat("x", 256)), 400, "parameter_invalid: name must not be longer than 255 characters"),
	makesNot("options that are an object", options(`{"value":"1-10"}`), 400, badOptions),
	makesNot("options that are a text", options(`"1-10"`), 400, badOptions),
	makesNot("an option that is a number", options(`["1-10",11]`), 400,
		`type_mismatch: options.1 must be a string, or an object with a "value"`),
	makesNot("an option without a value", options(`["1-10",{}]`), 400, "parameter_invalid: options.1.value must be given"),
	makesNot("one option", options(`["1-10"]`), 400, "parameter_invalid: options must be at least two"),
	makesNot("the same option twice", options(`["S",{"value":"S"}]`), 400, "parameter_invalid: options must differ from each other"),
	makesNot("an empty option", options(`["S",""]`), 400, "parameter_invalid: options must have between 1 and 255 characters each"),
	makesNot("an option too long for a value", options(`["S","`+strings.Repeat("x", 256)+`"]`), 400,
		"parameter_invalid: options must have between 1 and 255 characters each"),
	makesNot("options of a number", `{"name":"size","model":"company","data_type":"integer","options":["1","2"]}`, 400,
		"parameter_invalid: options can be given for a string only"),
	makesNot("a name that is a number", `{"name":1,"model":"company","data_type":"integer"}`, 400, "type_mismatch: name must be a string"),
	makesNot("a text for a boolean", `{"name":"x","model":"company","data_type":"integer","messenger_writable":"no"}`, 400,
		"type_mismatch: messenger_writable must be true or false"),
}

var redefinitions = []scenario{
	changesOne("a description", `{"description":"which plan"}`, `{"id":1,"name":"plan","description":"which plan","data_type":"string"}`),
	changesOne("options", `{"options":[{"value":"pro"},"free"]}`, `{"options":["pro","free"]}`),
	changesOne("the archive", `{"archived":true}`, `{"archived":true}`),
	changesOne("the messenger", `{"messenger_writable":false}`, `{"messenger_writable":false}`),
	changesOne("an update of nothing is one", `{}`, `{"id":1,"created_at":`+fmt.Sprint(yesterday)+`,"updated_at":`+fmt.Sprint(testkit.Began)+`}`),
	changesOne("neither type nor name nor model", `{"data_type":"integer","name":"x","model":"company","id":9}`,
		`{"id":1,"name":"plan","data_type":"string","model":"contact"}`),
	{"null clears, and what is absent stays", []step{
		{do: "PUT /data_attributes/1", body: `{"description":"x","options":["pro","free"],"messenger_writable":false,"archived":true}`},
		{do: "PUT /data_attributes/1", body: `{}`, has: `{"description":"x","options":["pro","free"],"messenger_writable":false,"archived":true}`},
		{do: "PUT /data_attributes/1", body: `{"messenger_writable":null,"archived":null}`, has: `{"messenger_writable":false,"archived":true}`},
		{do: "PUT /data_attributes/1", body: `{"options":null,"archived":false}`, has: `{"description":"x","archived":false}`},
		{do: "PUT /visitors", body: `{"id":"$victor","custom_attributes":{"plan":"any"}}`, has: `{"custom_attributes":{"plan":"any"}}`},
	}},
	changesNone("an unknown id", "PUT /data_attributes/4", `{}`, 404, noField),
	changesNone("no id at all", "PUT /data_attributes/plan", `{}`, 404, noField),
	changesNone("options that are an object", "PUT /data_attributes/1", `{"options":{"value":"1-10"}}`, 400, badOptions),
	changesNone("one option", "PUT /data_attributes/1", `{"description":"x","options":["pro"]}`, 400, "parameter_invalid: options must be at least two"),
	changesNone("options of a number", "PUT /data_attributes/2", `{"options":["1","2"]}`, 400, "parameter_invalid: options can be given for a string only"),
	changesNone("a text for a boolean", "PUT /data_attributes/1", `{"archived":"true"}`, 400, "type_mismatch: archived must be true or false"),
}

// defines is a definition and what a visitor then may have.
func defines(says, definition string, takes map[string]string, refuses map[string]string) scenario {
	s := scenario{says, []step{{do: "POST /data_attributes", body: definition}}}
	for _, value := range slices.Sorted(maps.Keys(takes)) {
		s.steps = append(s.steps, step{
			do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"x":` + value + `}}`, has: `{"custom_attributes":` + takes[value] + `}`,
		})
	}
	for _, value := range slices.Sorted(maps.Keys(refuses)) {
		s.steps = append(s.steps, step{
			do: "PUT /visitors", body: `{"id":"$vera","name":"X","custom_attributes":{"x":` + value + `}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.x " + refuses[value],
		})
	}
	return s
}

const noDate = "must be of type date, in whole Unix seconds"

var enforcement = []scenario{
	defines("a date is whole seconds", `{"name":"x","model":"contact","data_type":"date"}`,
		map[string]string{"0": `{"x":0}`, "1717020964": `{"x":1717020964}`, `"1717020965"`: `{"x":1717020965}`, "null": `{}`},
		map[string]string{
			"-1": noDate, "1.5": noDate, `"2024-05-29"`: noDate, `"1.5"`: noDate, "true": noDate,
			"1717020964000": noDate + "; 1717020964000 seems to be milliseconds", `"1717020964000"`: noDate + "; 1717020964000 seems to be milliseconds",
		}),
	defines("so is a datetime", `{"name":"x","model":"contact","data_type":"datetime"}`,
		map[string]string{"1717020964": `{"x":1717020964}`}, map[string]string{"-1": noDate, "1.5": noDate, `"now"`: noDate}),
	defines("one of the options", `{"name":"x","model":"contact","data_type":"string","options":["S","L"]}`,
		map[string]string{`"S"`: `{"x":"S"}`, `"L"`: `{"x":"L"}`, "null": `{}`},
		map[string]string{`"M"`: "must be one of its options", `"s"`: "must be one of its options", `""`: "must be one of its options", "1": "must be one of its options"}),
	defines("a number may spell one of the options", `{"name":"x","model":"contact","data_type":"string","options":["1","2"]}`,
		map[string]string{"1": `{"x":"1"}`}, map[string]string{"3": "must be one of its options"}),
	defines("a company's attribute is none of people", `{"name":"x","model":"company","data_type":"string"}`,
		map[string]string{"null": `{}`}, map[string]string{`"a"`: "does not exist for people", "1": "does not exist for people"}),
	defines("a boolean before its first value", `{"name":"x","model":"contact","data_type":"boolean"}`,
		map[string]string{"false": `{"x":false}`, `"true"`: `{"x":true}`}, map[string]string{"0": "must be of type boolean", `"1"`: "must be of type boolean"}),
	defines("a float before its first value", `{"name":"x","model":"contact","data_type":"float"}`,
		map[string]string{"1": `{"x":1}`, "1.5": `{"x":1.5}`, `"2.5"`: `{"x":2.5}`}, map[string]string{`"2,5"`: "must be of type float", `"NaN"`: "must be of type float"}),
	{"options hold from the moment they are there", []step{
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"plan":"any"}}`},
		{do: "PUT /data_attributes/1", body: `{"options":["pro","free"]}`},
		{
			do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"plan":"any"}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.plan must be one of its options",
		},
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"seats":1}}`, has: `{"custom_attributes":{"plan":"any","seats":1}}`},
	}},
	{"an archived attribute keeps its values", []step{
		{do: "PUT /data_attributes/1", body: `{"archived":true}`},
		{do: "GET /visitors/$victor", has: `{"custom_attributes":{"plan":"pro"}}`},
		{do: "POST /data_attributes", body: named("plan"), status: 400, refused: "parameter_invalid: You already have 'plan' in your people data. To save this as new people data, use a different name."},
	}},
	{"the first value of a visitor defines one as a page would", []step{
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"color":"red"}}`},
		{do: "PUT /data_attributes/4", body: `{}`, has: `{"name":"color","model":"contact","data_type":"string","admin_id":"1","messenger_writable":true}`},
	}},
}

func TestDataAttributes(t *testing.T) {
	t.Parallel()
	play(t, groups{"define": definitions, "do not define": noDefinitions, "redefine": redefinitions, "enforce": enforcement})
}

// customs answers the names of the custom attributes of a list, and how many others it has.
func customs(t *testing.T, r *testkit.Response) (names []string, others int) {
	t.Helper()
	data, is := r.Get("data").([]any)
	if r.Status != 200 || !is {
		t.Fatalf("%d %s", r.Status, r.Text)
	}
	for i := range data {
		switch at := fmt.Sprintf("data.%d.", i); {
		case r.Get(at+"custom") == true:
			names = append(names, r.Get(at+"name").(string))
		case r.Get(at+"id") != nil || r.Get(at+"admin_id") != nil || r.Get(at+"created_at") != nil:
			t.Errorf("a standard attribute has more than it may: %s", r.Text)
		default:
			others++
		}
	}
	return names, others
}

func TestAListHasTheModelsThatWereAskedForWithoutTheArchive(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		for _, body := range []string{
			`{"name":"zeal","model":"contact","data_type":"string"}`, `{"name":"rank","model":"contact","data_type":"string"}`,
			`{"name":"trade","model":"company","data_type":"string"}`, `{"name":"old","model":"company","data_type":"string"}`,
		} {
			s.Do(t, "POST", "/data_attributes", body)
		}
		s.Do(t, "PUT", "/data_attributes/4", `{"archived":true}`)
		const people, companies = 38, 16
		for query, want := range map[string]struct {
			custom   string
			standard int
		}{
			"":                                     {"zeal rank trade", people + companies},
			"?model=contact":                       {"zeal rank", people},
			"?model=company":                       {"trade", companies},
			"?model=company&include_archived=true": {"trade old", companies},
			"?include_archived=false":              {"zeal rank trade", people + companies},
			"?include_archived=true":               {"zeal rank trade old", people + companies},
			"?model=conversation":                  {"", 0},
		} {
			names, others := customs(t, s.Do(t, "GET", "/data_attributes"+query, nil))
			if strings.Join(names, " ") != want.custom || others != want.standard {
				t.Errorf("%s lists %v and %d others, want %v and %d", query, names, others, want.custom, want.standard)
			}
		}
		for query, refused := range map[string]string{
			"?model=customer": badModel, "?include_archived=1": "parameter_invalid: include_archived must be true or false",
		} {
			if r := s.Do(t, "GET", "/data_attributes"+query, nil); r.Status != 400 || r.Refusal() != refused {
				t.Errorf("%s: %d %s", query, r.Status, r.Text)
			}
		}
	})
}

func TestVersionsDifferInTheirAttributes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for i, version := range apiversion.All() {
		header := "Intercom-Version: " + version.String()
		of := s.Do(t, "GET", "/data_attributes?model=conversation", nil, header)
		moved := "parameter_invalid: model=conversation is no longer supported. Use GET /conversations/attributes instead"
		if version < apiversion.V2_16 && of.Text != `{"type":"list","data":[]}` || version >= apiversion.V2_16 && (of.Status != 422 || of.Refusal() != moved) {
			t.Errorf("%v: of conversations: %d %s", version, of.Status, of.Text)
		}

		made := s.Do(t, "POST", "/data_attributes", fmt.Sprintf(`{"name":"d%d","model":"contact","data_type":"datetime"}`, i), header)
		want := "date"
		if version == apiversion.Preview {
			want = "datetime"
		}
		if made.Get("data_type") != want {
			t.Errorf("%v: a datetime is a %v", version, made.Get("data_type"))
		}

		body := `{"name":"o%d","model":"contact","data_type":"options","options":[{"value":"a"},{"value":"b"}]}`
		made = s.Do(t, "POST", "/data_attributes", fmt.Sprintf(body, i), header)
		switch has := version >= apiversion.V2_14; {
		case has && (made.Get("data_type") != "string" || made.Get("options.1") != "b"):
			t.Errorf("%v: with options: %d %s", version, made.Status, made.Text)
		case !has && (made.Status != 400 || made.Refusal() != badType):
			t.Errorf("%v: of type options: %d %s", version, made.Status, made.Text)
		}
		if none := s.Do(t, "POST", "/data_attributes", `{"name":"n","model":"contact","data_type":"options"}`, header); none.Status != 400 {
			t.Errorf("%v: of type options without any: %d %s", version, none.Status, none.Text)
		}
	}
}

func TestAnotherWorkspacesAttributesAreUnknown(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		ours, theirs := s.NewWorkspace(t), s.NewWorkspace(t)
		for i, name := range []string{"a", "b", "plan"} {
			if r := theirs.Do(t, "POST", "/data_attributes", named(name)); r.Get("id") != float64(i+1) {
				t.Errorf("their %s: %s", name, r.Text)
			}
		}
		if r := ours.Do(t, "PUT", "/data_attributes/1", `{"archived":true}`); r.Status != 404 || r.Refusal() != noField {
			t.Errorf("their id: %d %s", r.Status, r.Text)
		}
		mine := ours.Do(t, "POST", "/data_attributes", `{"name":"plan","model":"company","data_type":"integer"}`)
		if mine.Status != 200 || mine.Get("id") != 1.0 {
			t.Errorf("their name: %d %s", mine.Status, mine.Text)
		}
		ours.Do(t, "PUT", "/data_attributes/1", `{"archived":true,"description":"ours"}`)
		if names, _ := customs(t, theirs.Do(t, "GET", "/data_attributes", nil)); !slices.Equal(names, []string{"a", "b", "plan"}) {
			t.Errorf("they have %v", names)
		}
		if names, _ := customs(t, ours.Do(t, "GET", "/data_attributes?include_archived=true", nil)); !slices.Equal(names, []string{"plan"}) {
			t.Errorf("we have %v", names)
		}
	})
}

func TestTheArchiveDoesNotCountTowardsTheLimit(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for i := range 250 {
		s.Do(t, "POST", "/data_attributes", named(fmt.Sprintf("a%d", i)))
	}
	const full = "custom_data_limit_reached: The workspace already has 250 custom attributes"
	refused := func(says string, r *testkit.Response) {
		if r.Status != 400 || r.Refusal() != full {
			t.Errorf("%s: %d %s", says, r.Status, r.Text)
		}
	}
	refused("the 251st", s.Do(t, "POST", "/data_attributes", named("more")))
	refused("one of a company", s.Do(t, "POST", "/data_attributes", `{"name":"more","model":"company","data_type":"string"}`))
	s.Do(t, "PUT", "/data_attributes/7", `{"archived":true}`)
	if r := s.Do(t, "POST", "/data_attributes", named("more")); r.Status != 200 || r.Get("id") != 251.0 {
		t.Errorf("in place of an archived one: %d %s", r.Status, r.Text)
	}
	refused("one back from the archive", s.Do(t, "PUT", "/data_attributes/7", `{"archived":false}`))
	if r := s.Do(t, "PUT", "/data_attributes/8", `{"archived":false}`); r.Status != 200 {
		t.Errorf("one that was never there: %d %s", r.Status, r.Text)
	}
}

func TestReadingAttributesDoesNotAllowToDefineThem(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	reader := s.NewToken(t, workspace.ReadUsers)
	if r := reader.Do(t, "GET", "/data_attributes", nil); r.Status != 200 {
		t.Errorf("GET: %d %s", r.Status, r.Text)
	}
	for _, do := range []string{"POST /data_attributes", "PUT /data_attributes/1"} {
		method, path, _ := strings.Cut(do, " ")
		if r := reader.Do(t, method, path, named("x")); r.Status != 403 {
			t.Errorf("%s: %d %s", do, r.Status, r.Text)
		}
	}
}
