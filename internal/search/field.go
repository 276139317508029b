package search

// FieldType is how the values of a field are compared.
type FieldType uint8

// The types.
const (
	Text    FieldType = iota // a text; case is ignored
	ID                       // a text; case counts
	Number                   // a whole number
	Decimal                  // any number
	Bool                     // true or false
	Time                     // Unix seconds
	Date                     // Unix seconds, compared by day; only custom attributes have it
	List                     // several ids, such as those of tags
	Phone                    // a phone number, however it is spelled; see [PhoneKey]
	Serial                   // an id of digits: a number that also compares as a text
)

// Field is a field that filters may name.
type Field struct {
	Name string
	Type FieldType
	// Key is the name to pass to [Record.SearchKey]. In a [Table], empty stands for Name.
	Key string
	// Spell returns the one spelling of a Text that has several, of which the key is made; nil for none.
	Spell func(text string) string
	// Within is the key for the operators ~, !~, ^ and $, where it is another than that for all others; "" for none.
	Within string
	// ZeroIsNone says that a Number of 0 stands for nothing.
	ZeroIsNone bool
}

// Table lists what can be searched in one kind of record: its fields, and the custom attributes of a model under
// custom_attributes.
type Table struct {
	Fields []Field
	Model  string // a people.AttributeModel
	// TimeOperators, unless empty, are the operators for its times in every version of the API.
	TimeOperators []Operator
	// IsInclusive says that > and < also find numbers and times that are equal.
	IsInclusive bool
}

// CustomPrefix is the prefix of custom attributes in filters.
const CustomPrefix = "custom_attributes."

// CustomKey returns the name of a custom attribute for [Record.SearchKey]. It is unique, since no field of ours begins
// with a dot and no attribute name contains one.
func CustomKey(name string) string { return "." + name }

// Field returns the field with a name, its Key filled in, and whether there is one. Custom attributes are not fields.
func (t *Table) Field(name string) (Field, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			if f.Key == "" {
				f.Key = name
			}
			return f, true
		}
	}
	return Field{}, false
}
