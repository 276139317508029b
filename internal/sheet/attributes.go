package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
)

func (a *pages) attributes() noun {
	return noun{
		path: "attributes", title: "Attributes", counts: [2]string{"attribute", "attributes"},
		heads: []string{"Attribute", "Of", "Type", "State", "What it means", "Options"},
		empty: &display.Message{Title: "No attributes yet", Text: "An attribute is what only you know of people or companies, such as their plan. Your site defines one by using it, or you do here."},
		write: account.Role.MayManage, all: a.allAttributes, with: a.conversationAttributes, create: a.createAttribute, change: a.changeAttribute,
		make: func(*Request) (*Form, error) {
			return &Form{Button: "Define an attribute", Fields: append([]*Input{
				{Name: "name", Label: "Name", Required: true},
				{Name: "model", Label: "Of", Kind: "select", Choices: []display.Choice{{Value: "contact", Word: "people"}, {Value: "company", Word: "companies"}}},
				{Name: "type", Label: "Type", Kind: "select", Hint: "It stays: choose with care.", Choices: slices.Clone(typeChoices)},
			}, attributeFields(&people.Attribute{})...)}, nil
		},
	}
}

// modelWords say who has an attribute, and typeChoices what its values are.
var (
	modelWords  = map[people.AttributeModel]string{people.ContactModel: "people", people.CompanyModel: "companies"}
	typeChoices = []display.Choice{
		{Value: "string", Word: "text"},
		{Value: "integer", Word: "whole number"},
		{Value: "float", Word: "number"},
		{Value: "boolean", Word: "yes or no"},
		{Value: "date", Word: "day"},
		{Value: "datetime", Word: "time"},
	}
)

func (a *pages) allAttributes(r *Request) (all []*record, err error) {
	defined, err := a.lobby.Attributes(r.Context(), r.Caller)
	slices.SortFunc(defined, func(x, y *people.Attribute) int {
		return cmp.Or(strings.Compare(archived(x), archived(y)), strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)))
	})
	for _, d := range defined {
		button, text := "Archive", "An archived attribute is in no list and no form, and counts no more. Its name and all values stay, and it can be restored."
		if d.Archived {
			button, text = "Restore", "The attribute is in lists and forms again, with all its values."
		}
		all = append(all, &record{
			id: numbered(d.ID), name: d.Name, facts: []display.Fact{{Label: "Since", Value: display.Value{Time: r.moment(d.CreatedAt)}}},
			cells: known(said(modelWords[d.Model]), said(wordsOf(typeChoices, d.Type)), said(archived(d)), said(d.Description), said(strings.Join(d.Options, ", "))),
			forms: []*Part{
				changing("Change", "", append(attributeFields(d), &Input{Name: "archived", Kind: "hidden"})...),
				{Heading: button, Text: text, Forms: []*Form{{Button: button, Fields: []*Input{{Name: "archived", Kind: "hidden", Value: strconv.FormatBool(!d.Archived)}}}}},
			},
		})
	}
	return all, err
}

// conversationAttributes are the attributes of conversations, which programs define by using them.
func (a *pages) conversationAttributes(r *Request) ([]*Part, error) {
	defined, err := a.inbox.Attributes(r.Context(), r.Caller)
	if err != nil || len(defined) == 0 {
		return nil, err
	}
	t := &Table{Label: "Attributes of conversations", Heads: []string{"Attribute", "Type", "Since"}}
	for _, d := range defined {
		t.Rows = append(t.Rows, []display.Value{said(d.Name), said(wordsOf(typeChoices, d.Type)), {Time: r.moment(d.CreatedAt)}})
	}
	return []*Part{{Heading: "Of conversations", Text: "Programs define these by using them.", Table: t}}, nil
}

func archived(d *people.Attribute) string {
	if d.Archived {
		return "archived"
	}
	return ""
}

// attributeFields are the fields of an attribute that can be changed later, too.
func attributeFields(d *people.Attribute) []*Input {
	return []*Input{
		{Name: "description", Label: "What it means", Value: d.Description},
		{Name: "options", Label: "Options", Kind: "area", Value: strings.Join(d.Options, "\n"), Hint: "Of a text: the values that it may have, one a line. Without any, every text is good."},
		{Name: "messenger_writable", Label: "Who may write it", Kind: "select", Choices: chosen([]display.Choice{
			{Value: "false", Word: "your programs, and pages for proven users"}, {Value: "true", Word: "every page"},
		}, strconv.FormatBool(d.MessengerWritable))},
	}
}

// sentOptions are the lines of the field options that are not blank.
func (r *Request) sentOptions() []string {
	all := []string{}
	for line := range strings.Lines(r.PostForm.Get("options")) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func (a *pages) createAttribute(r *Request) (string, error) {
	made, err := a.lobby.CreateAttribute(r.Context(), r.Caller, &people.Attribute{
		Name: r.sent("name"), Model: people.AttributeModel(r.sent("model")), Type: people.AttributeType(r.sent("type")),
		Description: r.sent("description"), Options: r.sentOptions(), MessengerWritable: r.sent("messenger_writable") == "true",
	})
	if err != nil {
		return "", err
	}
	return "attributes/" + numbered(made.ID) + "?done=made", nil
}

func (a *pages) changeAttribute(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	description, options, writable := r.sent("description"), r.sentOptions(), r.sent("messenger_writable") == "true"
	update := people.AttributeUpdate{Description: &description, Options: &options, MessengerWritable: &writable}
	if text := r.sent("archived"); text != "" {
		archived := text == "true"
		update = people.AttributeUpdate{Archived: &archived}
	}
	_, err = a.lobby.UpdateAttribute(r.Context(), r.Caller, id, update)
	return "attributes/" + numbered(id) + "?done=saved", err
}
