package wire

import (
	"reflect"
	"strings"
	"unicode"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/search"
)

// Shape is an object that the API can return.
type Shape interface {
	AppendJSON(buf []byte) []byte
}

// samples are the functions that return the samples of each noun. They stand below the shapes of the noun.
var samples = []func(apiversion.Version) []Shape{
	errorSamples, visitorSamples, contactSamples, dataAttributeSamples, adminSamples, teamSamples, personSamples, personExportSamples, personConversationSamples,
	personMessageSamples, tagSamples, noteSamples, companySamples, subscriptionSamples, segmentSamples, searchSamples, eventSamples, pageViewSamples, mergeSamples, changeSamples, duplicateSamples,
	activitySamples, awayReasonSamples, settingsSamples, identitySecretSamples, webhookSamples, deliverySamples, feedSamples, conversationSamples, messageSamples, receiptSamples, countSamples,
}

// Samples returns values of every shape in version v, some with all members and some with as few as possible. Together they
// define what a shape looks like. A member whose name begins with * stands for members of any name.
func Samples(v apiversion.Version) (all []Shape) {
	for _, of := range samples {
		all = append(all, of(v)...)
	}
	return all
}

// Name returns the name of a shape: that of its type in snake case, such as contact_list.
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

// full returns a T with every field set.
func full[T any]() *T {
	t := new(T)
	fill(reflect.ValueOf(t).Elem())
	return t
}

// anyAttributes has an attribute of every kind.
var anyAttributes = search.Attributes{
	"*text": search.TextValue("*"), "*number": search.FloatValue(1.5), "*boolean": search.BoolValue(true),
}

// fill sets v and everything below it to values that are not zero.
func fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[search.Attributes]() {
		v.Set(reflect.ValueOf(anyAttributes))
		return
	}
	if v.Type() == reflect.TypeFor[people.Segment]() {
		return // a query contains queries, without end
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("+15551234567") // must be valid where it is a phone number
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

// fullPerson returns a live person of a role with every field set.
func fullPerson(role people.Role) *people.Person {
	p := full[people.Person]()
	p.Role, p.State = role, people.Active
	return p
}

// barePerson returns a person of a role with no other field set.
func barePerson(role people.Role) *people.Person { return &people.Person{Role: role} }
