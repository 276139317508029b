package search

// FieldType is how the values of a field are compared.
type FieldType uint8

// The types.
const (
	Text    FieldType = iota // a text, whatever its case
	ID                       // a text, exactly
	Number                   // a whole number
	Decimal                  // any number
	Bool                     // true or false
	Time                     // Unix seconds
	Date                     // Unix seconds, of which only the day counts; of custom attributes
	List                     // the ids of what a record belongs to
	Phone                    // a phone number, however it is spelled; see [PhoneKey]
)

// Field is a field that filters may name.
type Field struct {
	Name string
	Type FieldType
	// Key is the name under which a record is asked for its keys; empty for Name.
	Key string
	// Spell returns the one spelling of a Text that has several, of which the key is made; nil for none.
	Spell func(text string) string
}

// Table is what can be searched of one kind of record: its fields, and the custom attributes of a model under
// custom_attributes.
type Table struct {
	Fields []Field
	Model  string // an [people.AttributeModel]
	// TimeOperators, unless empty, are what its times can be compared by in every version.
	TimeOperators []Operator
}

// CustomPrefix begins the names of custom attributes in filters.
const CustomPrefix = "custom_attributes."

// CustomKey is the name under which a record is asked for the key of a custom attribute. No field of ours begins with a
// point, and no attribute has one in its name.
func CustomKey(name string) string { return "." + name }

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
