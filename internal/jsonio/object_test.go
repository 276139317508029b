package jsonio

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lobby/internal/search"
)

// typical is the visitor update of the public reference, as an SDK sends it.
const typical = `{"id":"6657a9246abd0160d35d1f68","user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3","name":"Gareth Bale",` +
	`"custom_attributes":{"paid_subscriber":true,"monthly_spend":155.5,"team_mates":9,"plan":"pro"}}`

// objects and lists return documents in which n objects, or n-1 lists in an object, stand inside one another.
func objects(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }

func lists(n int) string {
	return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}"
}

var accepted = map[string]string{
	"nothing":                            "",
	"white space":                        " \r\n\t",
	"a byte order mark alone":            "\ufeff",
	"a byte order mark and an object":    "\ufeff{\"a\":1}",
	"an empty object":                    "{}",
	"the empty object of PHP":            " [ ]\n",
	"white space everywhere":             "\n { \"a\" : [ 1 , 2 ] , \"b\" : null } \t",
	"the typical visitor":                typical,
	"31 objects":                         objects(31),
	"32 objects":                         objects(32),
	"31 levels of lists":                 lists(31),
	"32 levels of lists":                 lists(32),
	"one name in two objects":            `{"a":{"a":1},"b":{"a":1}}`,
	"one name in two cases":              `{"a":1,"A":2}`,
	"one name in two elements of a list": `{"a":[{"b":1},{"b":2}]}`,
	"an empty name":                      `{"":1}`,
	"a whole surrogate pair":             `{"a":"\ud83d\ude00"}`,
	"an escaped backslash before u0000":  `{"a":"\\u0000"}`,
	"a number beyond float64, unread":    `{"a":1e400}`,
	"every kind of value":                `{"a":[null,true,false,-0,0.5,1E+3,"",{},[]]}`,
}

// refused says for each document which field and code the problem has.
var refused = map[string]struct{ body, field, code string }{
	"null":                               {`null`, "", "client_error"},
	"a string":                           {`"a"`, "", "client_error"},
	"a number":                           {`1`, "", "client_error"},
	"a list with something in it":        {`[{}]`, "", "client_error"},
	"a form":                             {`name=a&user_id=b`, "", "client_error"},
	"two documents":                      {`{}{}`, "", "client_error"},
	"a comma after the end":              {`{},`, "", "client_error"},
	"garbage after the empty list":       {`[] x`, "", "client_error"},
	"a NUL after the end":                {"{}\x00", "", "client_error"},
	"two byte order marks":               {"\ufeff\ufeff{}", "", "client_error"},
	"a byte order mark after the end":    {"{}\ufeff", "", "client_error"},
	"UTF-16":                             {"\xff\xfe{\x00}\x00", "", "client_error"},
	"a comma before the brace":           {`{"a":1,}`, "", "client_error"},
	"a comma after the brace":            {`{,"a":1}`, "", "client_error"},
	"no comma":                           {`{"a":1 "b":2}`, "", "client_error"},
	"no colon":                           {`{"a" 1}`, "", "client_error"},
	"no value":                           {`{"a":}`, "", "client_error"},
	"no name":                            {`{:1}`, "", "client_error"},
	"a name without quotes":              {`{a:1}`, "", "client_error"},
	"a number for a name":                {`{1:1}`, "", "client_error"},
	"an object for a name":               {`{{}:1}`, "", "client_error"},
	"single quotes":                      {`{'a':1}`, "", "client_error"},
	"a comment":                          {`{"a":1/*one*/}`, "", "client_error"},
	"NaN":                                {`{"a":NaN}`, "", "client_error"},
	"undefined":                          {`{"a":undefined}`, "", "client_error"},
	"Infinity":                           {`{"a":-Infinity}`, "", "client_error"},
	"True":                               {`{"a":True}`, "", "client_error"},
	"a leading zero":                     {`{"a":01}`, "", "client_error"},
	"a leading plus":                     {`{"a":+1}`, "", "client_error"},
	"a hexadecimal number":               {`{"a":0x1}`, "", "client_error"},
	"a number that ends in a dot":        {`{"a":1.}`, "", "client_error"},
	"brackets that do not match":         {`{"a":[1}`, "", "client_error"},
	"a raw line feed in a string":        {"{\"a\":\"x\ny\"}", "", "client_error"},
	"a raw NUL in a string":              {"{\"a\":\"x\x00y\"}", "", "client_error"},
	"an unknown escape":                  {`{"a":"\x41"}`, "", "client_error"},
	"bytes that are not UTF-8":           {"{\"a\":\"\xff\"}", "", "client_error"},
	"a name that is not UTF-8":           {"{\"\xff\":1}", "", "client_error"},
	"an overlong slash":                  {"{\"a\":\"\xc0\xaf\"}", "", "client_error"},
	"a surrogate in UTF-8":               {"{\"a\":\"\xed\xa0\x80\"}", "", "client_error"},
	"a lone high surrogate":              {`{"a":"\ud83d"}`, "", "client_error"},
	"a lone low surrogate":               {`{"a":"\ude00"}`, "", "client_error"},
	"surrogates in the wrong order":      {`{"a":"\ude00\ud83d"}`, "", "client_error"},
	"a lone surrogate in a name":         {`{"\ud83d":1}`, "", "client_error"},
	"33 objects":                         {objects(33), "", "client_error"},
	"33 levels of lists":                 {lists(33), "", "client_error"},
	"many levels of lists":               {strings.Repeat("[", 1<<16), "", "client_error"},
	"many levels in a list":              {`{"a":[` + objects(31) + `]}`, "", "client_error"},
	"a name twice":                       {`{"a":1,"a":1}`, "a", "client_error"},
	"a name twice, once escaped":         {`{"a":1,"\u0061":2}`, "a", "client_error"},
	"a name twice, three objects down":   {`{"a":{"b":{"c":1,"d":2,"c":3}}}`, "a.b.c", "client_error"},
	"no name twice":                      {`{"":1,"":1}`, `""`, "client_error"},
	"a name twice in a list":             {`{"a":[{"b":1,"b":2}]}`, "a.0.b", "client_error"},
	"an escaped NUL":                     {`{"a":"x\u0000y"}`, "a", "parameter_invalid"},
	"an escaped NUL, two objects down":   {`{"a":{"b":"\u0000"}}`, "a.b", "parameter_invalid"},
	"an escaped NUL in a list":           {`{"a":["\u0000"]}`, "a.0", "parameter_invalid"},
	"an escaped NUL in a name":           {`{"a\u0000b":1}`, `a\u0000b`, "parameter_invalid"},
	"an escaped NUL after an odd escape": {`{"a":"\\\u0000"}`, "a", "parameter_invalid"},
}

func mustRead(t *testing.T, body string) *Object {
	t.Helper()
	o, err := Read([]byte(body))
	if err != nil {
		t.Fatalf("Read(%.60q): %v", body, err)
	}
	return o
}

// wantProblem checks that err is a problem of that field and code, in a sentence that begins with the field.
func wantProblem(t *testing.T, err error, field, code string) {
	t.Helper()
	var problem *FieldError
	if !errors.As(err, &problem) {
		t.Fatalf("got %v, want %s of %q", err, code, field)
	}
	if problem.Field != field || problem.Code != code {
		t.Errorf("got %s of %q, want %s of %q (%s)", problem.Code, problem.Field, code, field, problem.Message)
	}
	if !strings.HasPrefix(problem.Message, cmp.Or(field, "The request body")+" ") || problem.Error() != problem.Message {
		t.Errorf("the sentence is %q", problem.Message)
	}
}

func TestReadAcceptsWhatClientsSend(t *testing.T) {
	t.Parallel()
	for name, body := range accepted {
		if _, err := Read([]byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadRefusesWhatTheDatabasesCouldMisread(t *testing.T) {
	t.Parallel()
	for name, c := range refused {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read([]byte(c.body))
			wantProblem(t, err, c.field, c.code)
		})
	}
}

func TestReadRefusesADocumentCutShortAnywhere(t *testing.T) {
	t.Parallel()
	body := strings.Replace(typical, "Gareth", `\ud83d\ude00é`, 1)
	for n := 1; n < len(body); n++ {
		_, err := Read([]byte(body[:n]))
		wantProblem(t, err, "", "client_error")
	}
}

func TestReadLeavesTheCallersBytesAlone(t *testing.T) {
	t.Parallel()
	body := []byte(typical)
	o := mustRead(t, typical)
	own, err := Read(body)
	if err != nil || string(body) != typical {
		t.Fatalf("body is now %s (%v)", body, err)
	}
	clear(body)
	if own.Text("name") != o.Text("name") {
		t.Errorf("the name is %q after the caller reused its buffer", own.Text("name").Or(""))
	}
}

func TestAMemberIsAbsentNullOrAValue(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"null":null,"text":"é\n\ud83d\ude00","int":-7,"time":1717020964,"bool":true,"no":false,"empty":""}`)
	for _, name := range []string{"none", "Text", "tex"} {
		if o.Has(name) || o.Text(name).Present() || o.ID(name).Present() || o.Int(name).Present() || o.Time(name).Present() || o.Bool(name).Present() {
			t.Errorf("%s is present", name)
		}
	}
	if !o.Has("null") || !o.Text("null").IsNull() || !o.ID("null").IsNull() || !o.Int("null").IsNull() || !o.Time("null").IsNull() || !o.Bool("null").IsNull() {
		t.Error("null is not null")
	}
	if got := o.Text("text"); got != Some("é\n😀") {
		t.Errorf("text is %q", got.Or(""))
	}
	if o.Text("empty") != Some("") || o.Int("int") != Some[int64](-7) || o.Time("time") != Some[int64](1717020964) ||
		o.Bool("bool") != Some(true) || o.Bool("no") != Some(false) {
		t.Error("a value is not itself")
	}
	if err := o.Err(); err != nil {
		t.Error(err)
	}
}

func TestAnIDIsAStringOrTheDigitsOfAWholeNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"6657a9246abd0160d35d1f68"`: "6657a9246abd0160d35d1f68",
		`2`:                          "2",
		`9007199254740993`:           "9007199254740993",
		`123456789012345678901234`:   "123456789012345678901234",
	} {
		o := mustRead(t, `{"id":`+value+`}`)
		if got := o.ID("id"); got != Some(want) || o.Err() != nil {
			t.Errorf("%s is %q (%v)", value, got.Or(""), o.Err())
		}
	}
}

func TestAWholeNumberHasManySpellings(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{
		`0`: 0, `-0`: 0, `-0.0`: 0, `5169261`: 5169261, `"5169261"`: 5169261, `"-3"`: -3, `3.0`: 3, `1e3`: 1000,
		`9007199254740993`: 9007199254740993, `9223372036854775807`: math.MaxInt64, `-9223372036854775808`: math.MinInt64,
	} {
		o := mustRead(t, `{"n":`+value+`}`)
		if got := o.Int("n"); got != Some(want) || o.Err() != nil {
			t.Errorf("%s is %d (%v)", value, got.Or(-1), o.Err())
		}
	}
}

func TestAListOfWholeNumbersIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	for spelled, want := range map[string][]int64{
		`[]`: {}, ` [ ] `: {}, `[3,1,3]`: {3, 1, 3}, `[ "2" ,` + "\n\t" + `3.0, 1e3 ]`: {2, 3, 1000}, `["\u0031"]`: {1},
	} {
		o := mustRead(t, `{"before":[7,[8]],"list" :`+spelled+`,"after":[9]}`)
		got, given := o.Ints("list").Value()
		if o.Err() != nil || !given || !slices.Equal(got, want) {
			t.Errorf("%s is %v, %v; want %v", spelled, got, o.Err(), want)
		}
	}
	for spelled, code := range map[string]string{
		`1`: "type_mismatch", `"1"`: "type_mismatch", `{}`: "type_mismatch", `[[1]]`: "type_mismatch", `[{"a":1}]`: "type_mismatch",
		`[1,null]`: "type_mismatch", `[1,"x"]`: "type_mismatch", `[true]`: "type_mismatch", `[1.5]`: "parameter_invalid",
		`[9223372036854775808]`: "parameter_invalid",
	} {
		o := mustRead(t, `{"list":`+spelled+`}`)
		if list := o.Ints("list"); list.Present() {
			t.Errorf("%s is %v", spelled, list)
		}
		wantProblem(t, o.Err(), "list", code)
	}
	if o := mustRead(t, `{"list":null}`); !o.Ints("list").IsNull() || o.Ints("none").Present() || o.Err() != nil {
		t.Errorf("null and nothing are %v, %v and %v", o.Ints("list"), o.Ints("none"), o.Err())
	}
}

func TestAMemberOfTheWrongKindIsAProblemThatNamesIt(t *testing.T) {
	t.Parallel()
	readers := map[string]func(o *Object, name string){
		"text":    func(o *Object, name string) { o.Text(name) },
		"id":      func(o *Object, name string) { o.ID(name) },
		"int":     func(o *Object, name string) { o.Int(name) },
		"time":    func(o *Object, name string) { o.Time(name) },
		"bool":    func(o *Object, name string) { o.Bool(name) },
		"object":  func(o *Object, name string) { o.Object(name) },
		"scalars": func(o *Object, name string) { o.Scalars(name) },
	}
	for _, c := range []struct{ reader, value, code string }{
		{"text", `1`, "type_mismatch"},
		{"text", `true`, "type_mismatch"},
		{"text", `{}`, "type_mismatch"},
		{"text", `[]`, "type_mismatch"},
		{"id", `true`, "type_mismatch"},
		{"id", `{}`, "type_mismatch"},
		{"id", `["1"]`, "type_mismatch"},
		{"id", `1.5`, "parameter_invalid"},
		{"id", `1.0`, "parameter_invalid"},
		{"id", `1e3`, "parameter_invalid"},
		{"int", `"x"`, "type_mismatch"},
		{"int", `""`, "type_mismatch"},
		{"int", `"1.5"`, "type_mismatch"},
		{"int", `" 1"`, "type_mismatch"},
		{"int", `false`, "type_mismatch"},
		{"int", `[]`, "type_mismatch"},
		{"int", `1.5`, "parameter_invalid"},
		{"int", `9223372036854775808`, "parameter_invalid"},
		{"int", `1e400`, "parameter_invalid"},
		{"time", `"2014-01-16T23:12:21Z"`, "type_mismatch"},
		{"time", `-1`, "parameter_invalid"},
		{"time", `2147483648`, "parameter_invalid"},
		{"time", `"1717020964000"`, "parameter_invalid"},
		{"time", `1717020964.25`, "parameter_invalid"},
		{"bool", `1`, "type_mismatch"},
		{"bool", `"true"`, "type_mismatch"},
		{"object", `"{}"`, "type_mismatch"},
		{"object", `[1]`, "type_mismatch"},
		{"object", `[[]]`, "type_mismatch"},
		{"object", `[{"a":1}]`, "type_mismatch"},
		{"scalars", `true`, "type_mismatch"},
		{"scalars", `[{}]`, "type_mismatch"},
	} {
		t.Run(c.reader+" "+c.value, func(t *testing.T) {
			t.Parallel()
			o := mustRead(t, `{"top":`+c.value+`,"in":{"deep":`+c.value+`}}`)
			readers[c.reader](o, "top")
			wantProblem(t, o.Err(), "top", c.code)
			o = mustRead(t, `{"top":`+c.value+`,"in":{"deep":`+c.value+`}}`)
			readers[c.reader](o.Object("in"), "deep")
			wantProblem(t, o.Err(), "in.deep", c.code)
		})
	}
}

func TestTheFirstProblemCounts(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"user":{"email":1},"name":2}`)
	if o.Object("user").Text("email").Present() || o.Text("name").Present() {
		t.Error("a member of the wrong kind is present")
	}
	wantProblem(t, o.Err(), "user.email", "type_mismatch")
	wantProblem(t, o.Object("user").Err(), "user.email", "type_mismatch")
}

func TestANestedObjectIsNeverNil(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"user":{"id":"1","in":{"id":"2"}},"null":null,"php":[],"id":"3"}`)
	for _, name := range []string{"none", "null", "php"} {
		if o.Object(name).Has("id") || o.Object(name).Object(name).Has("id") {
			t.Errorf("%s has a member", name)
		}
	}
	user := o.Object("user")
	if user.Text("id") != Some("1") || user.Object("in").Text("id") != Some("2") || o.Text("id") != Some("3") {
		t.Error("a member stands in another object than it was sent in")
	}
	if user.Has("null") || user.Object("in").Has("in") {
		t.Error("a nested object has the members of its surroundings")
	}
	if err := o.Err(); err != nil {
		t.Error(err)
	}
}

func TestCustomAttributesKeepTheirKind(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"custom_attributes":{"plan":"pro","paid":true,"free":false,"gone":null,"spend":155.5,"mates":9,
		"big":9007199254740993,"whole":1.0,"exponent":1e3,"zero":-0,"js":9223372036854776000,"huge":1e300,"tiny":1e-400,
		"Mithril Shirt":"","é":"é"}}`)
	want := search.Attributes{
		"plan": search.TextValue("pro"), "paid": search.BoolValue(true), "free": search.BoolValue(false), "gone": search.NullValue(),
		"spend": search.FloatValue(155.5), "mates": search.IntValue(9), "big": search.IntValue(9007199254740993),
		"whole": search.IntValue(1), "exponent": search.IntValue(1000), "zero": search.IntValue(0), "js": search.FloatValue(1 << 63),
		"huge": search.FloatValue(1e300), "tiny": search.IntValue(0), "Mithril Shirt": search.TextValue(""), "é": search.TextValue("é"),
	}
	if got := o.Scalars("custom_attributes"); !maps.Equal(got, want) || o.Err() != nil {
		t.Errorf("got %v (%v)\nwant %v", got, o.Err(), want)
	}
}

func TestCustomAttributesAreNilOnlyWhenThereAreNone(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"null":null,"php":[],"empty":{}}`)
	for name, present := range map[string]bool{"none": false, "null": false, "php": true, "empty": true} {
		if got := o.Scalars(name); len(got) != 0 || (got != nil) != present {
			t.Errorf("%s is %#v", name, got)
		}
	}
}

func TestACustomAttributeThatCannotBeKeptIsNamed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", search.MaxText)
	if o := mustRead(t, `{"custom_attributes":{"plan":"`+long+`"}}`); len(o.Scalars("custom_attributes")) != 1 {
		t.Errorf("%d characters: %v", search.MaxText, o.Err())
	}
	for member, code := range map[string]string{
		`"plan":{}`:                   "type_mismatch",
		`"plan":[]`:                   "type_mismatch",
		`"plan":["21"]`:               "type_mismatch",
		`"plan":"` + long + `e"`:      "parameter_invalid",
		`"plan":1e400`:                "parameter_invalid",
		`"plan":9223372036854775808`:  "parameter_invalid",
		`"plan":-9223372036854775809`: "parameter_invalid",
		`"plan":18446744073709551615`: "parameter_invalid",
		`"a.b":1`:                     "parameter_invalid",
		`"$set":1`:                    "parameter_invalid",
		`"":1`:                        "parameter_invalid",
	} {
		o := mustRead(t, `{"custom_attributes":{"first":1,`+member+`,"last":{}}}`)
		if got := o.Scalars("custom_attributes"); got != nil {
			t.Errorf("%.40s: got %v", member, got)
		}
		name := cmp.Or(strings.Trim(member[:strings.Index(member, ":")], `"`), `""`)
		wantProblem(t, o.Err(), "custom_attributes."+name, code)
	}
}

func TestAProblemIsASentence(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"custom_attributes":{"plan":[]}}`)
	o.Scalars("custom_attributes")
	if got, want := o.Err().Error(), "custom_attributes.plan must be a string, number, boolean or null"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	o = mustRead(t, `{"`+strings.Repeat("é", 5000)+`":{"a":1}}`)
	o.Object(strings.Repeat("é", 5000)).Text("a")
	if got := o.Err().Error(); len(got) > 300 || !strings.HasSuffix(got, "é… must be a string") {
		t.Errorf("a long name makes the sentence %q", got)
	}
}

func BenchmarkReadVisitor(b *testing.B) {
	body := []byte(typical)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		o, err := Read(body)
		if err != nil {
			b.Fatal(err)
		}
		o.ID("id")
		o.ID("user_id")
		o.Text("name")
		if len(o.Scalars("custom_attributes")) != 4 || o.Err() != nil {
			b.Fatal(o.Err())
		}
	}
}

func BenchmarkReadConversion(b *testing.B) {
	body := []byte(`{"visitor":{"user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"},"user":{"email":"foo@bar.com"},"type":"user"}`)
	b.ReportAllocs()
	for b.Loop() {
		o, err := Read(body)
		if err != nil {
			b.Fatal(err)
		}
		o.Object("visitor").ID("user_id")
		o.Object("user").Text("email")
		if o.Text("type") != Some("user") {
			b.Fatal(o.Err())
		}
	}
}

func TestAListOfTextsTakesEachInTwoForms(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Opt[[]string]{
		`{}`:                                 {},
		`{"b":["x"]}`:                        {},
		`{"a":null}`:                         Null[[]string](),
		`{"a":[]}`:                           Some([]string{}),
		`{"a":["x","","x"],"b":["y"]}`:       Some([]string{"x", "", "x"}),
		`{"a":[{"value":"x"}]}`:              Some([]string{"x"}),
		`{"a":[{"n":[1],"value":"x"},"y"]}`:  Some([]string{"x", "y"}),
		`{"b":{"a":["z"]},"a":["\u00e9\n"]}`: Some([]string{"é\n"}),
	} {
		o := mustRead(t, body)
		if got := o.Texts("a"); !reflect.DeepEqual(got, want) || o.Err() != nil {
			t.Errorf("%s: %v, %v, want %v", body, got, o.Err(), want)
		}
	}
}

func TestWhatIsNoListOfTextsIsNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]FieldError{
		`{"a":{"value":"x"}}`:    {"a", codeKind, "a must be a list"},
		`{"a":{}}`:               {"a", codeKind, "a must be a list"},
		`{"a":"x"}`:              {"a", codeKind, "a must be a list"},
		`{"a":["x",1]}`:          {"a.1", codeKind, `a.1 must be a string, or an object with a "value"`},
		`{"a":[null]}`:           {"a.0", codeKind, `a.0 must be a string, or an object with a "value"`},
		`{"a":[["x"]]}`:          {"a.0", codeKind, `a.0 must be a string, or an object with a "value"`},
		`{"a":["x",{}]}`:         {"a.1.value", CodeValue, "a.1.value must be given"},
		`{"a":[{"value":null}]}`: {"a.0.value", CodeValue, "a.0.value must be given"},
		`{"a":[{"Value":"x"}]}`:  {"a.0.value", CodeValue, "a.0.value must be given"},
		`{"a":[{"value":1}]}`:    {"a.0.value", codeKind, "a.0.value must be a string"},
		`{"a":[{"b":{"value":"x"}},{"value":1}]}`: {"a.0.value", CodeValue, "a.0.value must be given"},
	} {
		o := mustRead(t, body)
		if got := o.Texts("a"); got.Present() {
			t.Errorf("%s: %v", body, got)
		}
		if got := o.Err(); got == nil || *got.(*FieldError) != want {
			t.Errorf("%s: %#v, want %#v", body, got, want)
		}
	}
}

func TestTheElementsOfAListAreNoMembersOfItsObject(t *testing.T) {
	t.Parallel()
	o := mustRead(t, `{"a":["x",{"b":"inner"},[{"b":"deeper"}]],"b":"outer","":"own"}`)
	if got := o.Text("b"); got != Some("outer") {
		t.Errorf("b is %v", got)
	}
	if got := o.Text(""); got != Some("own") {
		t.Errorf("the member without a name is %v", got)
	}
}
