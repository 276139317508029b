package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// DataAttribute is the definition of a custom attribute as the newest version shows it.
type DataAttribute struct {
	attribute *people.Attribute
	DataType  string
}

// NewDataAttribute answers a definition in the shape of version v.
func NewDataAttribute(a *people.Attribute, v apiversion.Version) *DataAttribute {
	d := &DataAttribute{attribute: a, DataType: string(a.Type)}
	changes.StepDown(v, d)
	return d
}

// AppendJSON appends the definition.
func (d *DataAttribute) AppendJSON(buf []byte) []byte {
	a := d.attribute
	o := begin(buf)
	o.int("id", a.ID)
	o.text("type", "data_attribute")
	o.text("name", a.Name)
	o.text("full_name", "custom_attributes."+a.Name)
	o.text("label", a.Name)
	if a.Description != "" {
		o.text("description", a.Description)
	}
	o.text("data_type", d.DataType)
	if len(a.Options) > 0 {
		o.openList("options")
		for _, option := range a.Options {
			o.next()
			o.buf = appendText(o.buf, option)
		}
		o.closeList()
	}
	o.bool("api_writable", true)
	o.bool("ui_writable", false)
	o.bool("messenger_writable", a.MessengerWritable)
	o.bool("custom", true)
	o.bool("archived", a.Archived)
	if a.AdminID != 0 {
		o.text("admin_id", strconv.FormatInt(a.AdminID, 10))
	}
	o.int("created_at", a.CreatedAt)
	o.int("updated_at", a.UpdatedAt)
	o.text("model", string(a.Model))
	return o.end()
}

// DataAttributeList is all attributes of some models: those that every workspace has, and its own among them.
type DataAttributeList struct {
	Models  []people.AttributeModel
	Custom  []*people.Attribute
	Version apiversion.Version
}

// AppendJSON appends the list.
func (l DataAttributeList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, model := range l.Models {
		for i := range standard {
			if a := &standard[i]; a.model == model && !a.last {
				a.item(&o)
			}
		}
		for _, a := range l.Custom {
			if a.Model == model {
				o.next()
				o.buf = NewDataAttribute(a, l.Version).AppendJSON(o.buf)
			}
		}
		for i := range standard {
			if a := &standard[i]; a.model == model && a.last {
				a.item(&o)
			}
		}
	}
	o.closeList()
	return o.end()
}

func dataAttributeSamples(v apiversion.Version) []Shape {
	a, bare := full[people.Attribute](), new(people.Attribute)
	a.Model, bare.Model = people.ContactModel, people.ContactModel
	return []Shape{
		NewDataAttribute(a, v), NewDataAttribute(bare, v),
		DataAttributeList{Models: []people.AttributeModel{people.ContactModel}, Custom: []*people.Attribute{a, bare}, Version: v},
	}
}
