package wire

import (
	"reflect"
	"strings"
	"unicode"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/search"
)

// Shape is what an answer is made of.
type Shape interface {
	AppendJSON(buf []byte) []byte
}

// samples are those of each noun, which stand below its shapes.
var samples = []func(apiversion.Version) []Shape{
	errorSamples, visitorSamples, contactSamples, dataAttributeSamples, adminSamples, teamSamples, personSamples,
	tagSamples, noteSamples, companySamples, subscriptionSamples, segmentSamples, searchSamples, eventSamples, mergeSamples, changeSamples,
	activitySamples, awayReasonSamples, settingsSamples, identitySecretSamples,
}

// Samples are answers of every shape in version v: some that show all there is, and some that show as little as can be.
// Together they say what a shape looks like. A name that begins with * stands for any.
func Samples(v apiversion.Version) (all []Shape) {
	for _, of := range samples {
		all = append(all, of(v)...)
	}
	return all
}

// Name is what a shape is called: its type in the form of the public JSON, such as contact_list.
func Name(s Shape) string {
	t := reflect.TypeOf(s)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var b strings.Builder
	for i, r := range t.Name() {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// full returns a T of which everything is known.
func full[T any]() *T {
	t := new(T)
	fill(reflect.ValueOf(t).Elem())
	return t
}

var anyAttributes = search.Attributes{
	"*text": search.TextValue("*"), "*number": search.FloatValue(1.5), "*boolean": search.BoolValue(true),
}

func fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[search.Attributes]() {
		v.Set(reflect.ValueOf(anyAttributes))
		return
	}
	if v.Type() == reflect.TypeFor[people.Segment]() {
		return // its query has queries within, and so on
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("+15551234567") // a phone number among other things
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(field)
			}
		}
	}
}

// fullPerson and barePerson are a person of a role of whom all is known, and one of whom nothing is.
func fullPerson(role people.Role) *people.Person {
	p := full[people.Person]()
	p.Role, p.State = role, people.Active
	return p
}

func barePerson(role people.Role) *people.Person { return &people.Person{Role: role} }
