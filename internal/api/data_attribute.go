package api

import (
	"errors"
	"slices"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/wire"
)

// GET /data_attributes
func (a *API) listDataAttributes(c *call) (encoder, error) {
	query := c.parameters()
	archived := query.bool("include_archived")
	list := wire.DataAttributeList{Version: c.version}
	switch model := people.AttributeModel(query.values.Get("model")); model {
	case "":
		list.Models = []people.AttributeModel{people.ContactModel, people.CompanyModel}
	case people.ContactModel, people.CompanyModel:
		list.Models = []people.AttributeModel{model}
	case conversationModel:
		if c.version.AtLeast(apiversion.V2_16) {
			return nil, errModelMoved
		}
		if query.err != nil {
			return nil, query.err
		}
		return a.listConversationAttributes(c)
	default:
		return nil, people.ErrModelInvalid
	}
	if query.err != nil {
		return nil, query.err
	}
	custom, err := a.lobby.Attributes(c.r.Context(), c.caller())
	if !archived {
		custom = slices.DeleteFunc(custom, func(a *people.Attribute) bool { return a.Archived })
	}
	list.Custom = custom
	return list, err
}

// conversationModel is the model of the attributes that conversations have.
const conversationModel people.AttributeModel = "conversation"

// listConversationAttributes lists the attributes of conversations, which have no standard ones.
func (a *API) listConversationAttributes(c *call) (encoder, error) {
	all, err := a.inbox.Attributes(c.r.Context(), c.caller())
	list := wire.DataAttributeList{Version: c.version, Models: []people.AttributeModel{conversationModel}}
	for _, custom := range all {
		list.Custom = append(list.Custom, &people.Attribute{
			Workspace: custom.Workspace, ID: custom.ID, Model: conversationModel, Name: custom.Name, Type: people.AttributeType(custom.Type),
			AdminID: custom.AdminID, CreatedAt: custom.CreatedAt, UpdatedAt: custom.UpdatedAt,
		})
	}
	return list, err
}

// POST /data_attributes
func (a *API) createDataAttribute(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	order := &people.Attribute{
		Model:             people.AttributeModel(in.Text("model").Or("")),
		Name:              in.Text("name").Or(""),
		Description:       in.Text("description").Or(""),
		Type:              people.AttributeType(in.Text("data_type").Or("")),
		Options:           in.Texts("options").Or(nil),
		MessengerWritable: in.Bool("messenger_writable").Or(true),
	}
	if err := optionsError(in.Err()); err != nil {
		return nil, err
	}
	if order.Type == "options" && c.version.AtLeast(apiversion.V2_14) {
		if len(order.Options) == 0 {
			return nil, errOptions
		}
		order.Type = people.StringAttribute
	}
	made, err := a.lobby.CreateAttribute(c.r.Context(), c.caller(), order)
	return dataAttribute(c, made, err)
}

// PUT /data_attributes/{id}
func (a *API) updateDataAttribute(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	update := people.AttributeUpdate{
		Archived:          unlessNull(in.Bool("archived")),
		Description:       in.Text("description").Given(),
		Options:           in.Texts("options").Given(),
		MessengerWritable: unlessNull(in.Bool("messenger_writable")),
	}
	if err := optionsError(in.Err()); err != nil {
		return nil, err
	}
	changed, err := a.lobby.UpdateAttribute(c.r.Context(), c.caller(), c.number("id"), update)
	return dataAttribute(c, changed, err)
}

func dataAttribute(c *call, a *people.Attribute, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewDataAttribute(a, c.version), nil
}

// unlessNull returns what is given; null leaves a value as it is, like nothing at all.
func unlessNull[T any](o jsonio.Opt[T]) *T {
	if o.IsNull() {
		return nil
	}
	return o.Given()
}

// optionsError says in the words of the public API that options are no list.
func optionsError(err error) error {
	if field, is := errors.AsType[*jsonio.FieldError](err); is && field.Field == "options" {
		return errOptions
	}
	return err
}
