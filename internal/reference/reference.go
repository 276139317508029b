// Package reference is the prose of the API's description: what each operation and each member is for, and the examples.
// Package apidoc joins it with the routes and shapes of the API; one file is one noun.
// It must not say what can be found out: types, versions, statuses and responses come from the code that has them.
package reference

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"
)

// About introduces the API.
const About = "Lobby is a server for the people part of the Intercom REST API: visitors, the leads and users that they become, and " +
	"what is known of them. This page describes the version named above; every request may choose another with the Intercom-Version header.\n\n" +
	"Times are Unix seconds. A member that is null is not known. Members that a request has and an operation does not know are ignored, " +
	"so that clients of any age may send what they send. Where such a member, or a parameter of the query, would mean something elsewhere, " +
	"the Lobby-Warning header names it.\n\n" +
	"Each example was run on this very server, on an empty database in memory, and is shown with what it returned."

// Chapter describes one noun.
type Chapter struct {
	Name, About string
	// Operations come in the order in which they are read. Together the chapters have one for each route.
	Operations []Operation
	// Descriptions are those of the shapes that are returned, and of their members: see [Descriptions].
	Descriptions Descriptions
	// Examples are requests that are made one after the other in a workspace of their own. An operation shows the examples
	// of all chapters.
	Examples []Example
}

// Operation describes one route.
type Operation struct {
	// Route is the method and the path, as in the list of routes.
	Route string
	// Summary is a few words, different for every operation, from which its id is made too.
	Summary, About string
	// Needs are the members of the body, apart by spaces, without which it is refused.
	Needs string
	// Descriptions are those of the parameters and of the members of the body, where they differ from the rest of the
	// chapter.
	Descriptions Descriptions
}

// Descriptions describe members by their paths. "contact.owner_id" is the member of that shape, "owner_id" of every shape
// that has no description of its own; so "location.city" describes the city of any location. The name of a shape describes
// the shape.
//
// A description that begins with words joined by bars and a colon, as in "lead|user: …", says that the member is one of these.
type Descriptions map[string]string

// Example is a request. {name} in Do and Body is replaced by the id that an earlier example saved by that name.
type Example struct {
	// Caption says what the example shows; one without a caption only prepares the workspace and is not shown.
	Caption string
	// Since is the first version in which the request is made; zero for all that have the route.
	Since apiversion.Version
	// Do is the method and the path, with its query.
	Do   string
	Body string
	// As is the name by which the id in the response is saved, of a list that of the first.
	As string
	// Refused is the code with which the request is refused.
	Refused string
}

// Chapters is the whole reference, in the order in which it is read.
var Chapters = []Chapter{
	visitors, contacts, search, merges, tags, notes, companies, segments, subscriptions, dataAttributes, events,
	admins, activities, awayReasons, teams, lobby, settings, identitySecrets,
}

// General are the descriptions of members that mean the same everywhere.
var General = Descriptions{
	"id":         "The id that this server gave.",
	"type":       "What kind of object this is.",
	"created_at": "When it was made.",
	"updated_at": "When it was last changed.",
	"name":       "What it is called.",

	"data":           "The records of this page.",
	"total_count":    "How many there are in all.",
	"pages":          "Where this page stands among the others.",
	"page":           "The number of the page, from 1.",
	"per_page":       "How many records a page has.",
	"total_pages":    "How many pages there are.",
	"next":           "The page after this one; there is none after the last.",
	"starting_after": "The cursor that the next page begins after, from the page before.",
	"has_more":       "Whether there are more than are listed here.",
	"url":            "The path under which all of it is found.",

	"error":                 "Every refusal, whatever the operation.",
	"errors":                "What is wrong. There is one error.",
	"request_id":            "The id of the request, which the X-Request-Id header has too.",
	"code":                  "What is wrong, for programs.",
	"message":               "What is wrong, for people.",
	"field":                 "The path of the value at fault, its names joined by dots.",
	"existing_id":           "The record that is in the way.",
	"value":                 "The text itself, as some clients send it.",
	"include_merge_history": "true|false: whether each contact tells which others went into it.",
	"custom_attributes":     "Values of your own, by name. Each is a text, a number or a boolean.",
}

// Headers describe those headers of responses that say more than the body.
var Headers = map[string]string{
	"Lobby-Identity": "What was decided about who this is, and the entry in the journal that has all of it.",
	"Lobby-Warning":  "What the request had that this operation ignores: parameters of the query, and members that mean something elsewhere.",
	"Link":           "Where the contact is found that this one went into.",
}

// Of returns the operation of a route, "POST /contacts", and the chapter it is in.
func Of(route string) (*Chapter, *Operation) {
	for i := range Chapters {
		c := &Chapters[i]
		if at := slices.IndexFunc(c.Operations, func(o Operation) bool { return o.Route == route }); at >= 0 {
			return c, &c.Operations[at]
		}
	}
	return nil, nil
}

// Shape returns the description of a shape, "" when there is none.
func Shape(name string) string {
	for _, c := range Chapters {
		if description, known := c.Descriptions[name]; known {
			return description
		}
	}
	return General[name]
}

// Member returns the description of a member of a shape, "" when there is none.
func Member(shape, path string) string {
	for _, c := range Chapters {
		if _, owns := c.Descriptions[shape]; owns {
			if description := c.Descriptions.of(shape + "." + path); description != "" {
				return description
			}
		}
	}
	return General.of(path)
}

// Member returns the description of a parameter or of a member of the body: the operation's own, or that of a shape that it
// returns.
func (o *Operation) Member(path string, returns []string) string {
	if description := o.Descriptions[path]; description != "" {
		return description
	}
	for _, shape := range returns {
		if description := Member(shape, path); description != "" {
			return description
		}
	}
	return General.of(path)
}

// within adds the descriptions of the members of the object at a path.
func (d Descriptions) within(path string, members Descriptions) Descriptions {
	for name, description := range members {
		d[path+"."+name] = description
	}
	return d
}

// of returns the description of the longest end of a path that has one.
func (d Descriptions) of(path string) string {
	for {
		if description := d[path]; description != "" {
			return description
		}
		_, rest, more := strings.Cut(path, ".")
		if !more {
			return ""
		}
		path = rest
	}
}
