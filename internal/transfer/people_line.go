package transfer

import (
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// told are the fields that a line may give, by their names.
var told = func() map[string]int {
	never := []string{
		"state", "merged_into", "anonymous_id", "pseudonym", "do_not_track", "session_count", "session_started_at", "unverified", "attached",
		"custom_attributes", "origins",
	}
	all := map[string]int{}
	for i, f := range people.Fields {
		if !slices.Contains(never, f.Name) {
			all[f.Name] = i
		}
	}
	return all
}()

// alias are other names of fields: those of the columns in which Intercom exports, in small letters and without what stands
// in parentheses, and those of the traits in which Segment identifies.
var alias = map[string]string{
	"user id": "external_id", "user_id": "external_id", "userid": "external_id", "full name": "name", "type": "role",
	"first seen": "created_at", "createdat": "created_at", "created": "created_at", "signed up": "signed_up_at", "last seen": "last_seen_at",
	"last contacted": "last_contacted_at", "last heard from": "last_replied_at", "last opened email": "last_email_opened_at",
	"last clicked on link in email": "last_email_clicked_at", "unsubscribed from emails": "unsubscribed_from_emails",
	"marked email as spam": "marked_email_as_spam", "has hard bounced": "has_hard_bounced", "city": "location_city",
	"region": "location_region", "country": "location_country", "browser version": "browser_version", "browser language": "browser_language",
	"language override": "language_override", "utm campaign": "utm_campaign", "utm content": "utm_content", "utm medium": "utm_medium",
	"utm source": "utm_source", "utm term": "utm_term", "referral url": "referrer",
}

// fieldOf returns the field that a name stands for; -1 for none.
func fieldOf(name string) int {
	key, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), " (")
	if of := alias[key]; of != "" {
		key = of
	}
	if i, is := told[key]; is {
		return i
	}
	return -1
}

// customPrefix leads the name of a custom attribute in a map.
const customPrefix = "custom_attributes."

// column is where the values of a column or a member go.
type column struct {
	field     int    // -1 for none
	attribute string // empty for none
}

// place returns where a column goes. An unknown name is that of a custom attribute.
func (o *PeopleOptions) place(name string) (column, error) {
	to, mapped := o.Map[name]
	if !mapped {
		if i := fieldOf(name); i >= 0 {
			return column{field: i}, nil
		}
		return attributeNamed(strings.TrimSpace(name))
	}
	if attribute, custom := strings.CutPrefix(to, customPrefix); custom {
		return attributeNamed(attribute)
	}
	i, is := told[to]
	if !is && to != "" {
		return column{}, refuse("%q is no field of a contact; a custom attribute is written %s%s", to, customPrefix, to)
	}
	if !is {
		i = -1
	}
	return column{field: i}, nil
}

func attributeNamed(name string) (column, error) {
	if name == "" || strings.ContainsAny(name, ".$") || utf8.RuneCountInString(name) > search.MaxText {
		return column{}, refuse(`%q cannot be the name of a custom attribute: it must have at most %d characters, and no "." and "$"`, name, search.MaxText)
	}
	return column{-1, name}, nil
}

// lines returns the function that reads the next line, which is valid until the next call; it returns nil at the end. Its *LineErrors can be passed over.
func (s *sheet) lines(in io.Reader) (func() (*sheetLine, error), error) {
	if s.options.CSV {
		return s.options.csvLines(in)
	}
	lines, line := newLines(in), &sheetLine{values: map[int]search.Value{}} // one for all, which saves much garbage
	return func() (*sheetLine, error) {
		text, err := lines.next()
		if err != nil || text == nil {
			return nil, err
		}
		clear(line.values)
		line.number, line.attributes = lines.number, nil
		if err := s.options.readJSON(line, text); err != nil {
			return nil, &LineError{lines.number, err}
		}
		return line, nil
	}, nil
}

func (o *PeopleOptions) csvLines(in io.Reader) (func() (*sheetLine, error), error) {
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return nil, &LineError{1, errors.New("it does not name the columns")}
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	for _, name := range slices.Sorted(maps.Keys(o.Map)) {
		if !slices.Contains(head, name) {
			return nil, &LineError{1, refuse("there is no column %q, which is mapped", name)}
		}
	}
	columns := make([]column, len(head))
	for i, name := range head {
		if columns[i], err = o.place(name); err != nil {
			return nil, &LineError{1, err}
		}
	}
	return func() (*sheetLine, error) {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, &LineError{bad.StartLine, bad.Err}
		}
		if err != nil {
			return nil, err
		}
		number, _ := rows.FieldPos(0)
		line := &sheetLine{number: number, values: map[int]search.Value{}}
		for i, cell := range cells {
			if cell == "" {
				continue // it is not told
			}
			if err := line.setText(columns[i], i, cell); err != nil {
				return nil, &LineError{number, err}
			}
		}
		return line, nil
	}, nil
}

// setText sets what a cell says.
func (l *sheetLine) setText(to column, i int, cell string) error {
	switch {
	case !workspace.IsText(cell):
		return refuse("column %d must be valid UTF-8 without NUL", i+1)
	case to.attribute != "" && utf8.RuneCountInString(cell) > search.MaxText:
		return refuse("%s is longer than %d characters", to.attribute, search.MaxText)
	case to.attribute != "":
		l.attributes = l.attributes.With(search.Attributes{to.attribute: search.TextValue(cell)})
		return nil
	case to.field < 0:
		return nil
	}
	f := &people.Fields[to.field]
	v, ok := spelled(f, strings.TrimSpace(cell))
	if !ok {
		return refuse("%s cannot be %q", f.Name, cell)
	}
	l.values[to.field] = v
	return nil
}

// spelled returns the value that a text means in a field.
func spelled(f *people.Field, text string) (search.Value, bool) {
	switch kind := kindOf(f); kind {
	case timeField:
		at, ok := jsonio.ParseInstant(text)
		if !ok {
			at, ok = search.TextTime(strings.Replace(strings.TrimSuffix(text, " UTC"), " ", "T", 1))
		}
		return search.IntValue(at), ok
	case flagField, maybeField:
		is, ok := map[string]bool{"true": true, "yes": true, "1": true, "false": false, "no": false, "0": false}[strings.ToLower(text)]
		return flagValue(kind, is), ok
	case numberField:
		n, ok := jsonio.ParseInstant(text)
		return search.IntValue(n), ok
	}
	if f.Name == "role" {
		text = strings.ToLower(text)
	}
	return search.TextValue(text), true
}

// fieldKind is how a field of a person is written in a file.
type fieldKind int

const (
	textField fieldKind = iota
	timeField
	numberField
	flagField
	maybeField
)

func kindOf(f *people.Field) fieldKind {
	switch {
	case f.Kind == search.KindBool:
		return flagField
	case f.Name == "enabled_push_messaging":
		return maybeField
	case f.Kind == search.KindInt && strings.HasSuffix(f.Name, "_at"):
		return timeField
	case f.Kind == search.KindInt:
		return numberField
	}
	return textField
}

func flagValue(kind fieldKind, is bool) search.Value {
	if kind == maybeField {
		return search.IntValue(int64(people.MaybeOf(is)))
	}
	return search.BoolValue(is)
}

// readJSON reads a line: the fields of a contact, a person of an export, or a call of identify of Segment.
func (o *PeopleOptions) readJSON(line *sheetLine, text []byte) error {
	object, err := jsonio.Read(text)
	if err != nil {
		return err
	}
	switch {
	case object.Has("traits") || object.Text("type").Or("") == "identify":
		err = o.identify(line, object)
	case object.Has("person"):
		err = o.members(line, object.Object("person"), false)
	default:
		err = o.members(line, object, false)
	}
	if err == nil {
		err = object.Err()
	}
	return err
}

// identify reads a call of identify. Traits that are no fields are custom attributes.
func (o *PeopleOptions) identify(line *sheetLine, object *jsonio.Object) error {
	if kind := object.Text("type").Or("identify"); kind != "identify" {
		return refuse("a line of type %q is about no contact", kind)
	}
	if err := o.members(line, object.Object("traits"), true); err != nil {
		return err
	}
	line.values[told["external_id"]] = search.TextValue(object.ID("userId").Or(""))
	if _, has := line.values[told["role"]]; !has && object.ID("userId").Or("") == "" {
		line.values[told["role"]] = search.TextValue(string(people.Lead)) // whom only a browser knows
	}
	return nil
}

// maxColumns is for how many names the columns are remembered.
const maxColumns = 1000

// members reads the members of an object. Those that are no fields are custom attributes if free, and mistakes otherwise.
func (o *PeopleOptions) members(line *sheetLine, object *jsonio.Object, free bool) error {
	for _, name := range object.Names() {
		if name == "custom_attributes" && !free {
			line.attributes = line.attributes.With(object.Scalars(name))
			continue
		}
		to, is := o.columns[name]
		if !is {
			var err error
			if to, err = o.place(name); err != nil {
				return err
			}
			if len(o.columns) < maxColumns {
				o.columns[name] = to
			}
		}
		_, mapped := o.Map[name]
		switch {
		case to.field >= 0:
			line.setMember(to.field, object, name)
		case to.attribute != "" && !free && !mapped:
			return refuse("%s is no field of a contact; custom attributes are in custom_attributes", name)
		case to.attribute != "":
			if v, ok := object.Scalar(name); ok {
				line.attributes = line.attributes.With(search.Attributes{to.attribute: v})
			}
		}
	}
	return nil
}

// setMember sets what a member says. What is wrong with it is in the error of the object.
func (l *sheetLine) setMember(field int, object *jsonio.Object, name string) {
	f := &people.Fields[field]
	switch kind := kindOf(f); kind {
	case timeField:
		set(l, field, object.Instant(name), search.IntValue)
	case numberField:
		set(l, field, object.Int(name), search.IntValue)
	case flagField, maybeField:
		set(l, field, object.Bool(name), func(is bool) search.Value { return flagValue(kind, is) })
	default:
		set(l, field, object.ID(name), search.TextValue)
	}
}

func set[T any](l *sheetLine, field int, given jsonio.Opt[T], value func(T) search.Value) {
	if v, known := given.Value(); known {
		l.values[field] = value(v)
	} else if given.IsNull() {
		l.values[field] = search.NullValue()
	}
}
