package jsonio

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

const (
	// MaxDepth is how many objects and lists may stand inside one another, the document itself included.
	MaxDepth = 32
	// MaxTime is the last Unix second that a request may name.
	MaxTime = search.MaxWhole
)

// The codes of a FieldError, as Intercom's documentation of errors spells them: malformed JSON, a wrong JSON kind, a wrong
// value, none where one is needed.
const (
	codeMalformed = "client_error"
	codeKind      = "type_mismatch"
	CodeValue     = "parameter_invalid"
	codeMissing   = "parameter_not_found"
	// CodeUnknown is for a member that should not be there.
	CodeUnknown = "bad_request"
)

// FieldError says what is wrong with a request body.
type FieldError struct {
	Field   string // path of the member, its names joined by dots; empty when the document as a whole is wrong
	Code    string // one of the above
	Message string // one sentence for the caller, without a full stop
}

// Error returns the message.
func (e *FieldError) Error() string { return e.Message }

// fieldError makes a sentence about a member.
func fieldError(path, code, predicate string) *FieldError {
	path = shown(path)
	return &FieldError{path, code, path + " " + predicate}
}

// shown is a path as errors have it. It can be as long as the body, so it is cut to what a person reads.
func shown(path string) string {
	const longest = 200
	if len(path) > longest {
		path = strings.ToValidUTF8(path[:longest], "") + "…"
	}
	return strings.ReplaceAll(path, "\x00", `\u0000`)
}

func malformed(message string) *FieldError { return &FieldError{Code: codeMalformed, Message: message} }

// Object is a JSON object of a request, read member by member with a method for each kind that is expected there.
// A member of another kind is remembered as a problem and reads as absent, so that a handler asks for all it wants and
// looks at Err once. Members nobody asks for are ignored. Names match in exact case.
type Object struct {
	doc        *document
	path       string
	first, end int // its members, and theirs, in doc.members
}

// document is a whole request: the members of all its objects and the elements of all its lists in the order of the text.
type document struct {
	root    Object
	members []member
	err     *FieldError
	asked   *Recorder // nil unless somebody listens
	strict  bool      // whether a member that nobody asks for is a problem
}

type member struct {
	name string
	text string // a string without its escapes, or a number as it is spelled
	next int    // index of the next member of the same object
	kind jsontext.Kind
	// empty is set on a list without elements: where an object is expected it is one, because PHP writes both alike.
	empty bool
	// read is set when somebody asks for the member, and opened when its own members are asked for one by one.
	read, opened bool
}

// Has reports whether the member is there, null included.
func (o *Object) Has(name string) bool { return o.find(name) >= 0 }

// Names returns the names of all members, in the order of the text.
func (o *Object) Names() (all []string) {
	for i := o.first; i < o.end; i = o.doc.members[i].next {
		all = append(all, o.doc.members[i].name)
	}
	return all
}

// Text returns a string.
func (o *Object) Text(name string) Opt[string] {
	return get(o, name, TextMember, func(m *member) (string, string) {
		if m.kind != jsontext.KindString {
			return "", codeKind
		}
		return m.text, ""
	})
}

// ID returns an identifier: a string, or a whole number of any length as the string of its digits, since clients send
// either.
func (o *Object) ID(name string) Opt[string] {
	return get(o, name, IDMember, func(m *member) (string, string) {
		switch {
		case m.kind != jsontext.KindString && m.kind != jsontext.KindNumber:
			return "", codeKind
		case m.kind == jsontext.KindNumber && !isWhole(m.text):
			return "", CodeValue
		}
		return m.text, ""
	})
}

// Int returns a whole number that fits int64. It may be spelled 3, 3.0, 3e0 or, as some clients do, "3".
func (o *Object) Int(name string) Opt[int64] { return get(o, name, IntMember, (*member).int) }

// Truncated returns a number without its fraction, which fits int64. It may stand in a string, too.
func (o *Object) Truncated(name string) Opt[int64] {
	return get(o, name, NumberMember, func(m *member) (int64, string) {
		if m.kind != jsontext.KindNumber && m.kind != jsontext.KindString {
			return 0, codeKind
		}
		f, err := strconv.ParseFloat(m.text, 64)
		switch {
		case err != nil && m.kind == jsontext.KindString:
			return 0, codeKind
		case err != nil || !(math.Abs(f) < 1<<53):
			return 0, CodeValue
		}
		return int64(f), ""
	})
}

// Time returns a time in Unix seconds, from 0 to MaxTime, spelled like any Int. Milliseconds are out of range.
func (o *Object) Time(name string) Opt[int64] {
	if i := o.find(name); i >= 0 {
		if n, code := o.doc.members[i].int(); code == "" {
			if _, reason := search.UnixTime(search.IntValue(n)); reason != "" {
				o.Record(name, TimeMember)
				o.Fail(name, CodeValue, reason)
				return Opt[int64]{}
			}
		}
	}
	return get(o, name, TimeMember, (*member).int)
}

// Bool returns a boolean; 0, 1 and strings are none.
func (o *Object) Bool(name string) Opt[bool] {
	return get(o, name, BoolMember, func(m *member) (bool, string) {
		if m.kind != jsontext.KindTrue && m.kind != jsontext.KindFalse {
			return false, codeKind
		}
		return m.kind == jsontext.KindTrue, ""
	})
}

// Object returns a nested object: never nil, and without members when it is absent or null. Its problems are found in
// the Err of either.
func (o *Object) Object(name string) *Object {
	o.Record(name, ObjectMember)
	child, ok := o.object(name)
	if ok {
		o.doc.members[child.first-1].opened = true
	}
	return &child
}

// Picture returns the URL of a picture: a string, or the image_url of an object, which is how visitors show theirs.
func (o *Object) Picture(name string) Opt[string] {
	o.Record(name, PictureMember)
	if i := o.find(name); i >= 0 && (o.doc.members[i].kind == jsontext.KindBeginObject || o.doc.members[i].empty) {
		return o.Object(name).Text("image_url")
	}
	return o.Text(name)
}

// Scalars returns an object of strings, numbers, booleans and nulls, such as custom_attributes: nil when it is absent
// or null. Strings and names have at most search.MaxText characters; names are not empty and have neither "." nor "$",
// which mean something in search. A number that is whole stays whole, and 1.0 and 1e3 are whole, since JavaScript could not
// say otherwise. A whole number that neither int64 nor float64 can give back unchanged is refused, not rounded.
func (o *Object) Scalars(name string) search.Attributes {
	o.Record(name, ScalarsMember)
	child, ok := o.object(name)
	if !ok {
		return nil
	}
	all := search.Attributes{}
	for i := child.first; i < child.end; i = o.doc.members[i].next {
		m := &o.doc.members[i]
		value, code, predicate := m.scalar()
		if code != "" {
			child.Fail(m.name, code, predicate)
			return nil
		}
		all[m.name] = value
	}
	return all
}

// Scalar returns a member as Scalars returns those of an object. It returns false when there is none, and when it is none of
// these.
func (o *Object) Scalar(name string) (search.Value, bool) {
	i := o.find(name)
	if i < 0 {
		return search.Value{}, false
	}
	v, code, _ := o.doc.members[i].scalar()
	return v, code == ""
}

// Texts returns a list of texts, each of which may also stand in an object as its "value".
func (o *Object) Texts(name string) Opt[[]string] {
	o.Record(name, TextsMember)
	list, absent := o.list(name, "a list")
	if absent != nil {
		return Opt[[]string]{state: *absent}
	}
	texts := []string{}
	for i := list.first; i < list.end; i = o.doc.members[i].next {
		at := strconv.Itoa(len(texts))
		m := &o.doc.members[i]
		switch m.kind {
		case jsontext.KindString:
			texts = append(texts, m.text)
			continue
		case jsontext.KindBeginObject:
			element := Object{doc: o.doc, path: join(list.path, at), first: i + 1, end: m.next}
			value := element.Text("value")
			if text, ok := value.Value(); ok {
				texts = append(texts, text)
				continue
			}
			element.Fail("value", CodeValue, "must be given")
		default:
			list.Fail(at, codeKind, `must be a string, or an object with a "value"`)
		}
		return Opt[[]string]{}
	}
	return Some(texts)
}

// Ints returns a list of whole numbers, each spelled like an Int.
func (o *Object) Ints(name string) Opt[[]int64] {
	o.Record(name, IntsMember)
	list, absent := o.list(name, "a list of whole numbers")
	if absent != nil {
		return Opt[[]int64]{state: *absent}
	}
	all := []int64{}
	for i := list.first; i < list.end; i = o.doc.members[i].next {
		n, code := o.doc.members[i].int()
		if code != "" {
			o.Fail(name, code, "must be a list of whole numbers")
			return Opt[[]int64]{}
		}
		all = append(all, n)
	}
	return Some(all)
}

// Only remembers as a problem the first member, in the order of the text, that has none of these names.
func (o *Object) Only(names ...string) {
	for i := o.first; i < o.end; i = o.doc.members[i].next {
		if name := o.doc.members[i].name; !slices.Contains(names, name) && o.doc.err == nil {
			e := fieldError(join(o.path, name), CodeUnknown, "")
			e.Message = "bad '" + e.Field + "' parameter"
			o.doc.err = e
		}
	}
}

// Err returns the first problem met by the methods of this object and of all others of the same document, always a
// *FieldError, or nil. After [Object.Strict] it has to come when everything is read.
func (o *Object) Err() error {
	if o.doc.strict && o.doc.err == nil {
		o.doc.refuseUnread()
	}
	return o.Mistake()
}

// Mistake returns the first problem so far, a *FieldError, or nil. Unlike [Object.Err] it may come before everything is read.
func (o *Object) Mistake() error {
	if o.doc.err == nil {
		return nil
	}
	return o.doc.err
}

func (o *Object) find(name string) int {
	for i := o.first; i < o.end; i = o.doc.members[i].next {
		if o.doc.members[i].name == name {
			o.doc.members[i].read = true
			return i
		}
	}
	return -1
}

func (o *Object) Fail(name, code, predicate string) {
	if o.doc.err == nil {
		o.doc.err = fieldError(join(o.path, name), code, predicate)
	}
}

// object returns the nested object and whether there is one.
func (o *Object) object(name string) (child Object, ok bool) {
	child = Object{doc: o.doc, path: join(o.path, name)}
	i := o.find(name)
	if i < 0 || o.doc.members[i].kind == jsontext.KindNull {
		return child, false
	}
	m := &o.doc.members[i]
	if m.kind != jsontext.KindBeginObject && !m.empty {
		o.Fail(name, codeKind, "must be an object")
		return child, false
	}
	child.first, child.end = i+1, m.next
	return child, true
}

// get reads the member name with take, which returns a code when the member is not what is wanted.
func get[T any](o *Object, name string, want MemberKind, take func(*member) (T, string)) Opt[T] {
	o.Record(name, want)
	i := o.find(name)
	if i < 0 {
		return Opt[T]{}
	}
	m := &o.doc.members[i]
	if m.kind == jsontext.KindNull {
		return Null[T]()
	}
	value, code := take(m)
	if code != "" {
		o.Fail(name, code, "must be "+string(want))
		return Opt[T]{}
	}
	o.recordKind(name, want, m.kind)
	return Some(value)
}

func (m *member) int() (n int64, code string) {
	switch m.kind {
	case jsontext.KindNumber:
		if v, ok := number(m.text); ok && v.Kind() == search.KindInt {
			return v.Int(), ""
		}
		return 0, CodeValue
	case jsontext.KindString:
		if n, err := strconv.ParseInt(m.text, 10, 64); err == nil {
			return n, ""
		}
	}
	return 0, codeKind
}

func (m *member) scalar() (v search.Value, code, predicate string) {
	if m.name == "" || strings.ContainsAny(m.name, ".$") {
		return v, CodeValue, `must have a name, and one without "." and "$"`
	}
	if tooLong(m.name) {
		return v, CodeValue, fmt.Sprintf("must have a name of at most %d characters", search.MaxText)
	}
	switch m.kind {
	case jsontext.KindNull:
		return search.NullValue(), "", ""
	case jsontext.KindTrue, jsontext.KindFalse:
		return search.BoolValue(m.kind == jsontext.KindTrue), "", ""
	case jsontext.KindNumber:
		v, ok := number(m.text)
		if !ok {
			return v, CodeValue, "is too large a number to be kept exactly; send it as a string"
		}
		return v, "", ""
	case jsontext.KindString:
		if tooLong(m.text) {
			return v, CodeValue, fmt.Sprintf("must not be longer than %d characters", search.MaxText)
		}
		return search.TextValue(m.text), "", ""
	default:
		return v, codeKind, "must be a string, number, boolean or null"
	}
}

// tooLong counts the characters only of what has more bytes than characters are allowed.
func tooLong(text string) bool {
	return len(text) > search.MaxText && utf8.RuneCountInString(text) > search.MaxText
}

// number reads a JSON number, and reports false when it would come out as a different one: beyond float64, or a whole
// number beyond int64 whose digits float64 cannot hold. Fractions are rounded as everywhere.
func number(text string) (search.Value, bool) {
	whole := isWhole(text)
	if whole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return search.IntValue(n), true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || whole && strconv.FormatFloat(f, 'f', -1, 64) != text {
		return search.Value{}, false
	}
	return search.FloatValue(f), true
}

// isWhole reports whether a JSON number is spelled without fraction and exponent.
func isWhole(text string) bool { return !strings.ContainsAny(text, ".eE") }

// join makes the path of a member; a member without a name shows as "".
func join(path, name string) string {
	if name == "" {
		name = `""`
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
