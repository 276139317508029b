package people

import (
	"fmt"
	"reflect"
	"regexp"
	"testing"

	"lobby/internal/search"
)

// leaves calls each with the address of every field of a struct, those of nested structs instead of the structs.
func leaves(v reflect.Value, path string, each func(path string, at any)) {
	for i := range v.NumField() {
		name := path + v.Type().Field(i).Name
		if f := v.Field(i); f.Kind() == reflect.Struct {
			leaves(f, name+".", each)
		} else {
			each(name, f.Addr().Interface())
		}
	}
}

func TestEveryFieldOfAPersonIsDecidedOnce(t *testing.T) {
	t.Parallel()
	decided := map[string]string{} // path → name
	for i := range Fields {
		f, p := &Fields[i], &Person{}
		fill(f, p, 1)
		reached := 0
		leaves(reflect.ValueOf(p).Elem(), "", func(path string, at any) {
			if reflect.ValueOf(at).Elem().IsZero() {
				return
			}
			reached++
			if other, twice := decided[path]; twice {
				t.Errorf("%s and %s decide the same field", other, f.Name)
			}
			decided[path] = f.Name
		})
		if reached != 1 {
			t.Errorf("%s decides %d fields of a person", f.Name, reached)
		}
	}
	leaves(reflect.ValueOf(&Person{}).Elem(), "", func(path string, _ any) {
		apart := path == "Workspace" || path == "FormattedPhone" || path == "Associations" || path == "Merges"
		if _, ok := decided[path]; ok == apart {
			t.Errorf("Person.%s is decided by Fields: %v", path, ok)
		}
	})
}

func TestEveryFieldHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	column := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{"workspace": true, "email_key": true} // columns that the store adds
	for _, f := range Fields {
		if seen[f.Name] || !column.MatchString(f.Name) {
			t.Errorf("%q is no name for a column", f.Name)
		}
		seen[f.Name] = true
	}
}

// fill gives p in field f a value, another one for another n.
func fill(f *Field, p *Person, n int) {
	switch {
	case f.Attributes != nil:
		*f.Attributes(p) = search.Attributes{"n": search.IntValue(int64(n))}
	case f.Kind == search.KindText:
		f.SetValue(p, search.TextValue(fmt.Sprint(f.Name, n)))
	case f.Kind == search.KindInt: // a Maybe among them
		f.SetValue(p, search.IntValue(int64(n)))
	case f.Kind == search.KindBool:
		f.SetValue(p, search.BoolValue(true))
	}
}

// full is a person of whom everything is known, different for every n.
func full(n int) *Person {
	p := &Person{Workspace: "acme"}
	for i := range Fields {
		fill(&Fields[i], p, n)
	}
	return p
}

func TestAFieldKnowsBlankAndEqualAndCopiesItself(t *testing.T) {
	t.Parallel()
	for i := range Fields {
		f := &Fields[i]
		blank, one, two := &Person{}, &Person{}, &Person{}
		fill(f, one, 1)
		fill(f, two, 2)
		if !f.IsBlank(blank) || f.IsBlank(one) {
			t.Errorf("%s: blank is blank: %v, %v is blank: %v", f.Name, f.IsBlank(blank), f.Value(one), f.IsBlank(one))
		}
		flag := f.Kind == search.KindBool
		if !f.Equal(one, one.Clone()) || f.Equal(one, blank) || f.Equal(one, two) != flag {
			t.Errorf("%s: a value is not equal to itself only", f.Name)
		}
		f.Copy(blank, one)
		if !reflect.DeepEqual(blank, one) {
			t.Errorf("%s: the copy is %+v, want %+v", f.Name, blank, one)
		}
		for j := range Fields {
			if g := &Fields[j]; j != i && !g.IsBlank(one) {
				t.Errorf("%s fills %s as well", f.Name, g.Name)
			}
		}
	}
}

func TestACopyOfAttributesSharesNothing(t *testing.T) {
	t.Parallel()
	p := full(1)
	q := p.Clone()
	for i := range Fields {
		Fields[i].Copy(q, p)
	}
	q.CustomAttributes["n"] = search.TextValue("spoilt")
	if p.CustomAttributes["n"] != search.IntValue(1) {
		t.Error("a change to the copy changes the person")
	}
}
