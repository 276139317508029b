// Package reference is the API in words: what each operation and each member is for, and the stories by which the examples
// are made.
// Package api joins it with its routes and shapes to the description that it serves; one file is one noun.
// It must not say what can be found out: types, versions, statuses and answers come from the code that has them.
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
	"so that clients of any age may send what they send.\n\n" +
	"Each example was played on this very server, on an empty database in memory, and is shown as it was answered."

// Chapter is all that is said about one noun.
type Chapter struct {
	Name, About string
	// Operations come in the order in which they are read. Together the chapters have one for each route.
	Operations []Operation
	// Words say what the shapes of the answers and their members are: see [Words].
	Words Words
	// Story is what happens in a workspace of its own, request by request. Every operation has its examples from the
	// stories of all chapters.
	Story []Step
}

// Operation is one route in words.
type Operation struct {
	// Route is the method and the path, as in the list of routes.
	Route string
	// Summary is a few words, different for every operation, from which its id is made too.
	Summary, About string
	// Needs are the members of the body, apart by spaces, without which it is refused.
	Needs string
	// Words are those of the parameters and of the members of the body, where they differ from the rest of the chapter.
	Words Words
}

// Words say what members are, by their paths: "contact.owner_id" is the member of that shape, "owner_id" of every shape that
// has no words of its own; so is "location.city" at home in any location. A shape's own name says what the shape is.
//
// Words that begin with texts joined by bars, and a colon, as in "lead|user: …", say that the member is one of these.
type Words map[string]string

// Step is a request of a story. {name} in Do and Body is the id of what an earlier step was remembered as.
type Step struct {
	// Says is the caption of the example; a step without one only sets the stage.
	Says string
	// Since is the first version in which the step is made; zero for all that have the route.
	Since apiversion.Version
	// Do is the method and the path, with its query.
	Do   string
	Body string
	// As is the name by which the id of the answer is remembered, of a list that of the first.
	As string
	// Refused is the code with which the request is refused.
	Refused string
}

// Chapters is the whole reference, in the order in which it is read.
var Chapters = []Chapter{
	visitors, contacts, search, merges, tags, notes, companies, segments, subscriptions, dataAttributes, events,
	admins, activities, awayReasons, teams, lobby, settings, identitySecrets,
}

// General are the words of members that mean the same everywhere.
var General = Words{
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

// Headers are those of answers that mean something beside the body.
var Headers = map[string]string{
	"Lobby-Identity": "What was decided about who this is, and the entry in the journal that has all of it.",
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

// Shape says what a shape is, "" when nothing does.
func Shape(name string) string {
	for _, c := range Chapters {
		if words, known := c.Words[name]; known {
			return words
		}
	}
	return General[name]
}

// Member says what a member of a shape is, "" when nothing does.
func Member(shape, path string) string {
	for _, c := range Chapters {
		if _, owns := c.Words[shape]; owns {
			if words := c.Words.of(shape + "." + path); words != "" {
				return words
			}
		}
	}
	return General.of(path)
}

// Member says what a parameter of the operation or a member of its body is: in its own words, or in those of a shape that it
// answers.
func (o *Operation) Member(path string, answers []string) string {
	if words := o.Words[path]; words != "" {
		return words
	}
	for _, shape := range answers {
		if words := Member(shape, path); words != "" {
			return words
		}
	}
	return General.of(path)
}

// within adds the words of the members of what stands at a path.
func (w Words) within(path string, members Words) Words {
	for name, words := range members {
		w[path+"."+name] = words
	}
	return w
}

// of finds the words of the longest end of a path.
func (w Words) of(path string) string {
	for {
		if words := w[path]; words != "" {
			return words
		}
		_, rest, more := strings.Cut(path, ".")
		if !more {
			return ""
		}
		path = rest
	}
}
