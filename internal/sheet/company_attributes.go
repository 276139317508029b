package sheet

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The forms of HTML in which a browser sends a day, and a day with a time.
const dayForm, timeForm = "2006-01-02", "2006-01-02T15:04"

// attributesOfCompanies returns the definitions of what companies may have, in the order of names.
func (a *pages) attributesOfCompanies(r *Request) ([]*people.Attribute, error) {
	all, err := a.lobby.Attributes(r.Context(), r.Caller)
	all = slices.DeleteFunc(all, func(d *people.Attribute) bool { return d.Model != people.CompanyModel })
	slices.SortFunc(all, func(x, y *people.Attribute) int { return strings.Compare(x.Name, y.Name) })
	return all, err
}

// attributeFacts says which custom attributes a company has: days and times in words.
func (r *Request) attributeFacts(c *people.Company, defined []*people.Attribute) (all []display.Fact) {
	for _, name := range slices.Sorted(maps.Keys(c.CustomAttributes)) {
		v := c.CustomAttributes[name]
		shown := said(display.TextOf(v))
		at := slices.IndexFunc(defined, func(d *people.Attribute) bool { return d.Name == name })
		switch {
		case at < 0 || !isTime(defined[at]) || v.Kind() != search.KindInt:
		case defined[at].Type == people.DateAttribute: // no time of the day, and not how long ago
			shown = said(time.Unix(v.Int(), 0).In(r.Zone).Format("2 Jan 2006"))
		default:
			shown = display.Value{Time: r.moment(v.Int())}
		}
		all = append(all, display.Fact{Label: name, Value: shown})
	}
	return all
}

func isTime(d *people.Attribute) bool {
	return d.Type == people.DateAttribute || d.Type == people.DatetimeAttribute
}

// attributeInputs are the fields for the custom attributes of a company, but for archived ones.
func (r *Request) attributeInputs(c *people.Company, defined []*people.Attribute) (all []*Input) {
	for _, d := range defined {
		if d.Archived {
			continue
		}
		text := r.typed(d, c.CustomAttributes[d.Name])
		i := &Input{Name: search.CustomPrefix + d.Name, Label: d.Name, Hint: d.Description, Value: text}
		switch d.Type {
		case people.IntegerAttribute, people.FloatAttribute:
			i.Kind = "number"
		case people.DateAttribute:
			i.Kind = "date"
		case people.DatetimeAttribute:
			i.Kind = "datetime-local"
		case people.BooleanAttribute:
			i.Kind, i.Choices = "select", chosen([]display.Choice{{Word: "–"}, {Value: "true", Word: "yes"}, {Value: "false", Word: "no"}}, text)
		case people.StringAttribute:
			switch {
			case len(d.Options) > 0:
				i.Kind, i.Choices = "select", options(d, text)
			case strings.Contains(text, "\n"): // any other field would lose the ends of lines
				i.Kind = "area"
			}
		}
		all = append(all, i)
	}
	return all
}

// options are the choices of a text, among them the one that a company has and that is no option any more.
func options(d *people.Attribute, has string) []display.Choice {
	all := []display.Choice{{Word: "–"}}
	for _, option := range d.Options {
		all = append(all, display.Choice{Value: option, Word: option})
	}
	if has != "" && !slices.Contains(d.Options, has) {
		all = append(all, display.Choice{Value: has, Word: has})
	}
	return chosen(all, has)
}

// typed is a value as a field of a form has it; "" for none.
func (r *Request) typed(d *people.Attribute, v search.Value) string {
	switch {
	case v.IsNull():
		return ""
	case isTime(d) && v.Kind() == search.KindInt:
		form := map[people.AttributeType]string{people.DateAttribute: dayForm, people.DatetimeAttribute: timeForm}[d.Type]
		return time.Unix(v.Int(), 0).In(r.Zone).Format(form)
	case v.Kind() == search.KindText:
		return strings.TrimSpace(lineEnds.Replace(v.Text()))
	}
	return v.String()
}

// lineEnds writes all ends of lines alike, since a browser sends each as CR LF.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// sentAttributes are the custom attributes that the form changes. What is as the company has it is left out: a field may show
// less than the value is, such as the day of a time.
func (r *Request) sentAttributes(c *people.Company, defined []*people.Attribute) (search.Attributes, error) {
	changed := search.Attributes{}
	for _, d := range defined {
		field := search.CustomPrefix + d.Name
		text := lineEnds.Replace(r.sent(field))
		if d.Archived || !r.PostForm.Has(field) || text == r.typed(d, c.CustomAttributes[d.Name]) {
			continue
		}
		v, reason := r.attributeValue(d, text)
		if reason != "" {
			return nil, workspace.Invalid(field, reason)
		}
		changed[d.Name] = v
	}
	return changed, nil
}

// attributeValue reads what was typed, or says what is wrong with it. A blank field is null.
func (r *Request) attributeValue(d *people.Attribute, text string) (v search.Value, reason string) {
	if text == "" {
		return v, ""
	}
	switch d.Type {
	case people.IntegerAttribute:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return v, "must be a whole number"
		}
		return search.IntValue(n), ""
	case people.FloatAttribute:
		n, ok := search.ParseNumber(text)
		if !ok {
			return v, "must be a number"
		}
		return n, ""
	case people.BooleanAttribute:
		if text != "true" && text != "false" {
			return v, "must be yes or no"
		}
		return search.BoolValue(text == "true"), ""
	case people.DateAttribute:
		return r.timeValue(text, "must be a day since 1970", dayForm)
	case people.DatetimeAttribute:
		return r.timeValue(text, "must be a day since 1970, and a time", timeForm, time.DateOnly+"T"+time.TimeOnly)
	}
	if utf8.RuneCountInString(text) > search.MaxText {
		return v, fmt.Sprintf("must not be longer than %d characters", search.MaxText)
	}
	return search.TextValue(text), ""
}

func (r *Request) timeValue(text, wanted string, forms ...string) (v search.Value, reason string) {
	for _, form := range forms {
		if at, err := time.ParseInLocation(form, text, r.Zone); err == nil {
			v = search.IntValue(at.Unix())
			if _, wrong := search.UnixTime(v); wrong == "" {
				return v, ""
			}
		}
	}
	return v, wanted
}
