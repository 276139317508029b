// Package reference has the prose of the API's description: what each operation and each member is for, and the examples.
// Package apidoc combines it with the routes and shapes of the API. Each noun has one file.
// It must not repeat what the code defines: types, versions, statuses and responses.
package reference

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"
)

// About introduces the API.
const About = "Lobby is a server for the people part of the Intercom REST API: visitors, the leads and users that they become, " +
	"what is known of them, and the conversations with them. This page describes the version named above; every request may choose another with the Intercom-Version header.\n\n" +
	"Times are Unix seconds. A member that is null is unknown. Unless its description says otherwise, an operation ignores members of a request that it does not know, " +
	"so that clients of any age may send what they send. Where such a member, or a parameter of the query, would mean something elsewhere, " +
	"the Lobby-Warning header names it.\n\n" +
	"Each example was run on this server, on an empty database in memory, and is shown with its response."

// Chapter describes one noun.
type Chapter struct {
	Name, About string
	// Operations are in the order of the page. Together the chapters have one for each route.
	Operations []Operation
	// Descriptions describe the shapes that are returned and their members; see [Descriptions].
	Descriptions Descriptions
	// Examples are requests that run in order, in a workspace of their own. An operation shows the examples of all chapters.
	Examples []Example
}

// Operation describes one route.
type Operation struct {
	// Route is the method and the path, as in the list of routes.
	Route string
	// Summary is a few words, different for every operation; the operation's id is made of them.
	Summary, About string
	// Needs are the required members of the body, separated by spaces.
	Needs string
	// Descriptions describe parameters and members of the body, where they differ from the chapter's.
	Descriptions Descriptions
}

// Descriptions describe members by path. "contact.owner_id" describes the member of that shape, and "owner_id" the member
// of every shape without a description of its own. So "location.city" describes the city of any location. The name of a
// shape alone describes the shape.
//
// A description that begins with words, bars between them and a colon after them, as in "lead|user: …", says that the value
// is one of these words.
type Descriptions map[string]string

// Example is a request. In Do and Body, {name} stands for the id that an earlier example saved by that name.
type Example struct {
	// Caption says what the example shows. An example without a caption only prepares the workspace and is not shown.
	Caption string
	// Since is the first version in which the request is made; zero for all that have the route.
	Since apiversion.Version
	// Do is the method and the path, with its query.
	Do   string
	Body string
	// As is the name by which the id in the response is saved; of a list, the id of the first element.
	As string
	// Refused is the code of the error that the request returns; "" when it succeeds.
	Refused string
}

// Chapters is the whole reference, in the order of the page.
var Chapters = []Chapter{
	visitors, contacts, search, merges, duplicateChapter, tags, notes, companies, segments, subscriptions, dataAttributes, events, pageViews, messages, receipts, conversations, counts,
	admins, activities, awayReasons, teams, lobby, settings, identitySecrets, webhooks, feed,
}

// General describes members that mean the same everywhere.
var General = Descriptions{
	"id":         "The id that this server gave.",
	"type":       "The kind of the object.",
	"created_at": "When it was created.",
	"updated_at": "When it was last changed.",
	"name":       "The name.",

	"data":           "The records of this page.",
	"total_count":    "The number of records on all pages.",
	"pages":          "The position of this page among the others.",
	"page":           "The number of the page, from 1.",
	"per_page":       "Records per page.",
	"total_pages":    "The number of pages.",
	"next":           "The next page; null or absent on the last page.",
	"starting_after": "The cursor of the next page, from the previous page.",
	"has_more":       "Whether there are more than are listed here.",
	"url":            "The path of the whole list or of the record.",

	"error":                 "The body of every error response.",
	"errors":                "What is wrong. There is always one error.",
	"request_id":            "The id of the request, which the X-Request-Id header has too.",
	"code":                  "What is wrong, for programs.",
	"message":               "What is wrong, for people.",
	"field":                 "The path of the invalid value, its names joined by dots.",
	"existing_id":           "The id of the record that causes a conflict.",
	"value":                 "The text itself, as some clients send it.",
	"include_merge_history": "true|false: whether to list for each contact the others that were merged into it.",
	"custom_attributes":     "Values of your own, by name. Each is a text, a number or a boolean.",
}

// Headers describes headers of responses that say more than the body.
var Headers = map[string]string{
	"Lobby-Email":           "Comes with a message by email: queued, or stored, not sent, on a server without --smtp.",
	"Lobby-Erasure":         "Comes with the status 202 when what was deleted is still read, as by a backup; its bytes go soon after.",
	"Lobby-Identity":        "The decision about who this is, and the id of the journal entry with the details.",
	"Lobby-Warning":         "What the request had that this operation ignores: parameters of the query, and members that mean something elsewhere.",
	"Lobby-Earliest-Cursor": "Where the change feed may be read from.",
	"Link":                  "The URL of the contact that this one was merged into.",
}

// Of returns the operation of a route, such as "POST /contacts", and its chapter; nil when there is none.
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

// Member returns the description of a parameter or of a member of the body: the operation's own, that of a shape that it
// returns, or a general one. It is "" when there is none.
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

// within adds descriptions of the members below a path to d, and returns d.
func (d Descriptions) within(path string, members Descriptions) Descriptions {
	for name, description := range members {
		d[path+"."+name] = description
	}
	return d
}

// of returns the description of the longest suffix of a path that has one; "" for none.
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
