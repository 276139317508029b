package wire_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

// barely is a definition of which only what must be is known, and fully one of which all is.
func barely() *people.Attribute {
	return &people.Attribute{
		Workspace: "hfi1bx4l", ID: 5, Model: people.CompanyModel, Name: "Mithril Shirt", Type: people.DatetimeAttribute,
		CreatedAt: 1717020896, UpdatedAt: 1717020897,
	}
}

func fully() *people.Attribute {
	return &people.Attribute{
		Workspace: "hfi1bx4l", ID: 12, Model: people.ContactModel, Name: `The "One" Ring`, Description: "Just a <plain> old ring",
		Type: people.StringAttribute, Options: []string{"1-10", `"11" & more`}, Archived: true, MessengerWritable: true, AdminID: 991266524,
		CreatedAt: 1717020898, UpdatedAt: 1717020899,
	}
}

func TestADataAttributeIsWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	for _, version := range apiversion.All() {
		golden := "attribute_barely_2.0.json"
		if version == apiversion.Preview {
			golden = "attribute_barely_Preview.json"
		}
		testkit.Golden(t, golden, indented(t, wire.NewDataAttribute(barely(), version).AppendJSON(nil)))
		testkit.Golden(t, "attribute_fully.json", indented(t, wire.NewDataAttribute(fully(), version).AppendJSON(nil)))
	}
}

func TestTheStandardAttributesAreListedAsInTheReference(t *testing.T) {
	t.Parallel()
	for golden, model := range map[string]people.AttributeModel{
		"attributes_contact.json": people.ContactModel, "attributes_company.json": people.CompanyModel,
	} {
		list := wire.DataAttributeList{
			Models: []people.AttributeModel{model}, Custom: []*people.Attribute{fully(), barely()}, Version: apiversion.V2_7,
		}
		testkit.Golden(t, golden, indented(t, list.AppendJSON(nil)))
	}
}

func TestAListOfDataAttributesHasTheRequestedModels(t *testing.T) {
	t.Parallel()
	written := func(models ...people.AttributeModel) []byte {
		return wire.DataAttributeList{Models: models, Custom: []*people.Attribute{fully(), barely()}, Version: apiversion.V2_7}.AppendJSON(nil)
	}
	listed := func(models ...people.AttributeModel) (data []json.RawMessage) {
		var list struct{ Data []json.RawMessage }
		if err := json.Unmarshal(written(models...), &list); err != nil {
			t.Fatal(err)
		}
		return list.Data
	}
	both := listed(people.ContactModel, people.CompanyModel)
	each := slices.Concat(listed(people.ContactModel), listed(people.CompanyModel))
	if !slices.EqualFunc(both, each, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
		t.Errorf("together they are\n%s\nand one by one\n%s", both, each)
	}
	if got := string(written()); got != `{"type":"list","data":[]}` {
		t.Errorf("nothing is %s", got)
	}
}
