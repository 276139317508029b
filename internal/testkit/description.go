package testkit

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"lobby/internal/apiversion"
)

// folderVariable is the environment variable for the folder of Intercom's published descriptions, intercom-2.7.yaml and so
// on. Without it they are looked for beside the checkout. If there are none, responses are not compared with them.
const folderVariable = "LOBBY_OPENAPI_DIR"

// described has the description of each version that has one. Reading a description takes most of a second, so it is read
// for the first response of its version.
var described = map[apiversion.Version]func() (*openapi3.T, error){
	apiversion.V2_7:  describe(apiversion.V2_7),
	apiversion.V2_11: describe(apiversion.V2_11),
	apiversion.V2_14: describe(apiversion.V2_14),
}

func describe(v apiversion.Version) func() (*openapi3.T, error) {
	return sync.OnceValues(func() (*openapi3.T, error) {
		text, err := readDescription(v)
		if err != nil || text == nil {
			return nil, err
		}
		return loadDescription(text)
	})
}

// readDescription returns the text of a description; nil when there are none.
func readDescription(v apiversion.Version) ([]byte, error) {
	folder, err := descriptions()
	if err != nil || folder == "" {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, "intercom-"+v.String()+".yaml"))
}

// descriptions finds the folder once, and prints a note once when there is none.
var descriptions = sync.OnceValues(func() (string, error) {
	if folder := os.Getenv(folderVariable); folder != "" {
		return folder, nil
	}
	root, err := os.Getwd()
	for ; err == nil; root = filepath.Dir(root) {
		if _, missing := os.Stat(filepath.Join(root, "go.mod")); missing == nil {
			break
		}
		if root == filepath.Dir(root) {
			err = errors.New("testkit: there is no go.mod above the tests")
		}
	}
	folder := filepath.Join(root, "..", "shared", "contract", "openapi")
	if _, missing := os.Stat(folder); missing != nil && err == nil {
		fmt.Fprintf(os.Stderr, "testkit: %s is not set, so answers are not compared with the published descriptions\n", folderVariable)
		return "", nil
	}
	return folder, err
})

func loadDescription(text []byte) (*openapi3.T, error) {
	for _, r := range relaxations {
		if r.text != nil {
			text = r.text(text)
		}
	}
	description, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	for _, r := range relaxations {
		if r.schemas != nil {
			r.schemas(description.Components.Schemas)
		}
	}
	return description, nil
}

// description returns a text for each difference from the published description of the version. It leaves operations and
// statuses that are not described to the other checks: some only older clients call, others were forgotten.
func (e *exchange) description() []string {
	load, known := described[e.version]
	if !known {
		return nil
	}
	description, err := load()
	if err != nil {
		return []string{fmt.Sprintf("the description of %v cannot be read: %v", e.version, err)}
	}
	if description == nil {
		return nil
	}
	operation := operationOf(description, e.method, e.path)
	if operation == nil {
		return nil
	}
	status := e.Status
	if e.Header.Get("Lobby-Erasure") != "" { // a divergence: the body is that of a 200
		status = 200
	}
	answer := operation.Responses.Value(strconv.Itoa(status))
	if answer == nil {
		if e.Status < 400 {
			return []string{fmt.Sprintf("the description has no status %d here", e.Status)}
		}
		return nil
	}
	media := answer.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	if _, is := e.JSON.(map[string]any); !is {
		return []string{"the answer is no object"}
	}
	var broken *openapi3.SchemaError
	switch err := media.Schema.Value.VisitJSON(e.JSON); {
	case err == nil:
		return nil
	case errors.As(err, &broken):
		return []string{fmt.Sprintf("the description says of %q: %s", strings.Join(broken.JSONPointer(), "."), broken.Reason)}
	default:
		return []string{"the description says: " + err.Error()}
	}
}

// operationOf returns the operation of a path, the one with the fewest placeholders; nil when none is described.
func operationOf(description *openapi3.T, method, path string) *openapi3.Operation {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	var found *openapi3.PathItem
	fewest := len(segments) + 1
	for template, item := range description.Paths.Map() {
		if n, fits := placeholders(strings.Split(template, "/"), segments); fits && n < fewest {
			found, fewest = item, n
		}
	}
	if found == nil {
		return nil
	}
	return found.GetOperation(method)
}

func placeholders(template, segments []string) (n int, fits bool) {
	if len(template) != len(segments) {
		return 0, false
	}
	for i, part := range template {
		switch {
		case strings.HasPrefix(part, "{"):
			n++
		case part != segments[i]:
			return 0, false
		}
	}
	return n, true
}

// relaxation is one error of the published descriptions, which contradict their own examples and the needs of clients. It is
// corrected in the text or in the schemas before responses are compared.
type relaxation struct {
	what    string
	text    func([]byte) []byte
	schemas func(openapi3.Schemas)
}

var relaxations = []relaxation{
	{
		what: "2.7 and 2.11 refer to a schema custom_attributes that they do not have",
		text: func(text []byte) []byte {
			if bytes.Contains(text, []byte("\n    custom_attributes:\n")) {
				return text
			}
			return bytes.Replace(text, []byte("\n  schemas:\n"), []byte("\n  schemas:\n    custom_attributes:\n      type: object\n"), 1)
		},
	},
	{
		what: "the schema of a visitor spells las_request_at and forgets that it may be null; the examples do neither",
		schemas: func(all openapi3.Schemas) {
			visitor := all["visitor"].Value.Properties
			delete(visitor, "las_request_at")
			visitor["last_request_at"] = openapi3.NewIntegerSchema().WithNullable().NewRef()
		},
	},
	{
		what: "custom attributes of a visitor are strings in the schema, and booleans and numbers in the examples",
		schemas: func(all openapi3.Schemas) {
			all["visitor"].Value.Properties["custom_attributes"] = openapi3.NewObjectSchema().WithAdditionalProperties(scalar).NewRef()
		},
	},
	{
		what: "the avatar of a contact is an object in the schema, and in requests and for the Java client a URL",
		schemas: func(all openapi3.Schemas) {
			all["contact"].Value.Properties["avatar"] = openapi3.NewStringSchema().WithNullable().NewRef()
		},
	},
	{
		what: "2.11 requires members of admins that no example has, such as job_title",
		schemas: func(all openapi3.Schemas) {
			all["admin"].Value.Required, all["admin_with_app"].Value.Required = nil, nil
		},
	},
	{
		what: "the avatar of an admin is a URL in the schema, and an object in the parameter that asks for it",
		schemas: func(all openapi3.Schemas) {
			all["admin"].Value.Properties["avatar"] = all["admin_with_app"].Value.Properties["avatar"]
		},
	},
	{
		what: "the email of a contact may not be null in the schema, and is for every contact without one",
		schemas: func(all openapi3.Schemas) {
			all["contact"].Value.Properties["email"] = openapi3.NewStringSchema().WithNullable().NewRef()
		},
	},
	{
		what: "the schema of a contact lacks members that every example has",
		schemas: func(all openapi3.Schemas) {
			contact := all["contact"].Value.Properties
			for _, name := range []string{"referrer", "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term"} {
				contact[name] = openapi3.NewStringSchema().WithNullable().NewRef()
			}
			contact["opted_out_subscription_types"] = contact["tags"]
			contact["opted_in_subscription_types"] = contact["tags"]
			place := all["contact_location"].Value.Properties
			place["country_code"] = openapi3.NewStringSchema().WithNullable().NewRef()
			place["continent_code"] = openapi3.NewStringSchema().WithNullable().NewRef()
		},
	},
	{
		what: "2.11 requires members of conversations and messages that its own examples lack, such as the subject of what is no mail",
		schemas: func(all openapi3.Schemas) {
			all["message"].Value.Required, all["conversation_teammates"].Value.Required = nil, nil
		},
	},
	{
		what: "null stands beside a reference in the schemas of conversations, where the format ignores it",
		schemas: func(all openapi3.Schemas) {
			for _, name := range []string{"assigned_to", "email_message_metadata", "event_details"} {
				mayBeNull(all, "conversation_part", name)
			}
			for _, name := range []string{"first_contact_reply", "sla_applied", "statistics", "conversation_rating", "teammates", "ai_agent"} {
				mayBeNull(all, "conversation", name)
				mayBeNull(all, "conversation_list_item", name)
			}
		},
	},
	{
		what: "what never happened is null in the statistics of a live conversation, and may not be in the schema",
		schemas: func(all openapi3.Schemas) {
			for name := range all["conversation_statistics"].Value.Properties {
				mayBeNull(all, "conversation_statistics", name)
			}
		},
	},
	{
		what: "the size of a picture is a number in the schema of an attachment, and unknown of a file that lies elsewhere",
		schemas: func(all openapi3.Schemas) {
			mayBeNull(all, "part_attachment", "width")
			mayBeNull(all, "part_attachment", "height")
		},
	},
	{
		what: "the model of a data attribute is that of contacts or companies in the schema, and conversations may be asked for",
		schemas: func(all openapi3.Schemas) {
			model := all["data_attribute"].Value.Properties["model"].Value
			model.Enum = append(model.Enum, "conversation")
		},
	},
	{
		what: "the pages of the activity log have a cursor in the schema and an address in the prose, as all numbered pages",
		schemas: func(all openapi3.Schemas) {
			delete(all["activity_log_list"].Value.Properties, "pages")
		},
	},
	{
		what: "what was before an activity is an object in the schema of 2.14, and a text in its example",
		schemas: func(all openapi3.Schemas) {
			delete(all["activity_log_metadata"].Value.Properties, "before")
			delete(all["activity_log_metadata"].Value.Properties, "after")
		},
	},
	{
		what: "the list of events answers summaries only, in the schema and its empty example, and events in the prose",
		schemas: func(all openapi3.Schemas) {
			kind := all["data_event_summary"].Value.Properties["type"].Value
			kind.Enum = append(kind.Enum, "event.list")
		},
	},
	{
		what: "2.11 requires a description of every data attribute, which its own examples lack",
		schemas: func(all openapi3.Schemas) {
			attribute := all["data_attribute"].Value
			attribute.Required = slices.DeleteFunc(attribute.Required, func(name string) bool { return name == "description" })
		},
	},
	{
		what: "2.11 requires of every tag who applied it when, which only those have that somebody carries",
		schemas: func(all openapi3.Schemas) {
			all["tag"].Value.Required = nil
		},
	},
	{
		what: "the next page of notes has a cursor in the schema, and a link in the examples of every such list",
		schemas: func(all openapi3.Schemas) {
			all["note_list"].Value.Properties["pages"] = all["pages_link"]
		},
	},
	{
		what: "2.11 requires members of companies that its examples lack, and a count of segments that it does not describe",
		schemas: func(all openapi3.Schemas) {
			all["company"].Value.Required, all["company_attached_segments"].Value.Required = nil, nil
		},
	},
	{
		what: "custom attributes of a company are strings in the schema, and booleans and numbers in the examples",
		schemas: func(all openapi3.Schemas) {
			all["company"].Value.Properties["custom_attributes"] = openapi3.NewObjectSchema().WithAdditionalProperties(scalar).NewRef()
		},
	},
	{
		what: "the next page of companies has a cursor in the schema, and a link or null in the examples; a scroll has no pages",
		schemas: func(all openapi3.Schemas) {
			pages := *all["pages_link"].Value
			pages.Nullable = true
			for _, list := range []string{"company_list", "company_scroll", "contact_attached_companies"} {
				all[list].Value.Properties["pages"] = pages.NewRef()
			}
		},
	},
	{
		what: "the next page is nullable, which is said beside a reference, where it does not count",
		schemas: func(all openapi3.Schemas) {
			next := *all["starting_after_paging"].Value
			next.Nullable = true
			all["cursor_pages"].Value.Properties["next"] = next.NewRef()
		},
	},
	{
		what: "GET /companies answers one company when it is asked for one, and has only the list in its schema",
		schemas: func(all openapi3.Schemas) {
			list := all["company_list"].Value
			list.Properties["type"] = openapi3.NewStringSchema().WithEnum("list", "company").NewRef()
		},
	},
}

// mayBeNull lets a member of a schema be null, if the version has it.
func mayBeNull(all openapi3.Schemas, schema, member string) {
	of := all[schema]
	if of == nil || of.Value.Properties[member] == nil {
		return
	}
	nullable := *of.Value.Properties[member].Value
	nullable.Nullable = true
	of.Value.Properties[member] = nullable.NewRef()
}

// scalar is the schema of a custom attribute's value.
var scalar = openapi3.NewOneOfSchema(openapi3.NewStringSchema(), openapi3.NewFloat64Schema(), openapi3.NewBoolSchema())
