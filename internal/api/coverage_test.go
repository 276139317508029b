package api_test

import (
	"regexp"
	"slices"
	"testing"

	"lobby/internal/api"
	"lobby/internal/apiversion"
	"lobby/internal/testkit"
)

// peoplePart are the chapters of the published descriptions that Lobby is about.
var peoplePart = []string{
	"Admins", "Companies", "Contacts", "Conversations", "Data Attributes", "Data Events", "Messages", "Notes", "Segments", "Subscription Types", "Tags", "Teams", "Visitors",
}

// notPeople is what those chapters have about things that Lobby has not.
var notPeople = regexp.MustCompile(`^\w+ /(tickets/|conversations/{}/convert$)`)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func TestThePeoplePartOfThePublishedDescriptionsIsServed(t *testing.T) {
	t.Parallel()
	for _, v := range []apiversion.Version{apiversion.V2_7, apiversion.V2_11, apiversion.V2_14} {
		has := map[string]bool{}
		for _, r := range api.Routes() {
			has[r.Method+" "+placeholder.ReplaceAllString(r.Path, "{}")] = v.AtLeast(r.Since)
		}
		all, served := 0, 0
		for _, o := range testkit.Published(t, v) {
			name := o.Method + " " + placeholder.ReplaceAllString(o.Path, "{}")
			about := slices.ContainsFunc(o.Chapters, func(chapter string) bool { return slices.Contains(peoplePart, chapter) })
			if !about || notPeople.MatchString(name) {
				continue
			}
			all++
			if has[name] {
				served++
				continue
			}
			t.Errorf("%v has %s, and Lobby has not", v, name)
		}
		t.Logf("%v: %d of %d operations, %d %%", v, served, all, served*100/max(all, 1))
	}
}
