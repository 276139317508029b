// Package enrich turns what a request already says about a person into what a screen can show: an id into a pseudonym and a
// picture, a User-Agent header into a browser, an Accept-Language header into a language, a phone number into its international form.
// The fronts that meet browsers call it, at most once a session; wire and the store call it for phone numbers.
// It knows neither people nor storage nor the network: the same question always gets the same answer.
package enrich

import (
	"hash/fnv"
	"slices"
	"strings"
)

// Pseudonym is the name a nameless person goes by, two capitalised words such as "Charcoal Balloon". The same id always gives the
// same name, on every server; different ids may share one. It is never empty.
func Pseudonym(id string) string {
	hash := fnv.New64a()
	hash.Write([]byte(id))
	pair := hash.Sum64() % uint64(len(colours)*len(nouns))
	colour, noun := pair/uint64(len(nouns)), pair%uint64(len(nouns))
	return capitalised(colours[colour].name) + " " + capitalised(nouns[noun])
}

// PseudonymFrom is Pseudonym with the place added, "Azure Bus from St. John's". An empty city adds nothing.
func PseudonymFrom(id, city string) string {
	if city == "" {
		return Pseudonym(id)
	}
	return Pseudonym(id) + " from " + city
}

// words finds both words of a slug in their lists.
func words(slug string) (colour, noun int, known bool) {
	first, second, _ := strings.Cut(slug, "-")
	colour = slices.IndexFunc(colours[:], func(c shade) bool { return c.name == first })
	noun = slices.Index(nouns[:], second)
	return colour, noun, colour >= 0 && noun >= 0
}

func capitalised(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
