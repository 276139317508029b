package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// DataAttribute is the definition of a custom attribute in the shape of a version.
type DataAttribute struct {
	attribute *people.Attribute
	DataType  string
}

// NewDataAttribute returns a definition in the shape of version v.
func NewDataAttribute(a *people.Attribute, v apiversion.Version) *DataAttribute {
	d := &DataAttribute{attribute: a, DataType: string(a.Type)}
	changes.StepDown(v, d)
	return d
}

// AppendJSON appends the definition.
func (d *DataAttribute) AppendJSON(buf []byte) []byte {
	a := d.attribute
	o := jsonio.Begin(buf)
	o.Int("id", a.ID)
	o.Text("type", "data_attribute")
	o.Text("name", a.Name)
	o.Text("full_name", "custom_attributes."+a.Name)
	o.Text("label", a.Name)
	if a.Description != "" {
		o.Text("description", a.Description)
	}
	o.Text("data_type", d.DataType)
	if len(a.Options) > 0 {
		o.OpenList("options")
		for _, option := range a.Options {
			o.Next()
			o.Buf = jsonio.AppendText(o.Buf, option)
		}
		o.CloseList()
	}
	o.Bool("api_writable", true)
	o.Bool("ui_writable", false)
	o.Bool("messenger_writable", a.MessengerWritable)
	o.Bool("custom", true)
	o.Bool("archived", a.Archived)
	if a.AdminID != 0 {
		o.Text("admin_id", strconv.FormatInt(a.AdminID, 10))
	}
	o.Int("created_at", a.CreatedAt)
	o.Int("updated_at", a.UpdatedAt)
	o.Text("model", string(a.Model))
	return o.End()
}

// DataAttributeList is the list of all attributes of some models: the standard ones, and those that the workspace defined.
type DataAttributeList struct {
	Models  []people.AttributeModel
	Custom  []*people.Attribute
	Version apiversion.Version
}

// AppendJSON appends the list.
func (l DataAttributeList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, model := range l.Models {
		for i := range standard {
			if a := &standard[i]; a.model == model && !a.last {
				a.item(&o)
			}
		}
		for _, a := range l.Custom {
			if a.Model == model {
				o.Next()
				o.Buf = NewDataAttribute(a, l.Version).AppendJSON(o.Buf)
			}
		}
		for i := range standard {
			if a := &standard[i]; a.model == model && a.last {
				a.item(&o)
			}
		}
	}
	o.CloseList()
	return o.End()
}

func dataAttributeSamples(v apiversion.Version) []Shape {
	a, bare := full[people.Attribute](), new(people.Attribute)
	a.Model, bare.Model = people.ContactModel, people.ContactModel
	return []Shape{
		NewDataAttribute(a, v), NewDataAttribute(bare, v),
		DataAttributeList{Models: []people.AttributeModel{people.ContactModel}, Custom: []*people.Attribute{a, bare}, Version: v},
	}
}
