package admin

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lobby/internal/people"
)

// human is a person as every page names it.
type human struct {
	ID, Name          string
	Role              people.Role
	RoleWord          string
	StateWord         string // empty for somebody who is active
	Picture, Initials string // the picture's path, else letters
	Tint              uint32
}

// stateWords are the words of states.
var stateWords = map[people.State]string{people.Archived: "Archived", people.Blocked: "Blocked", people.Merged: "Merged"}

func newHuman(p *people.Person) human {
	h := human{ID: p.ID, Name: nameOf(p), Role: p.Role, RoleWord: roleWords[p.Role], StateWord: stateWords[p.State]}
	if slug := people.AvatarSlug(p.Pseudonym); slug != "" {
		h.Picture = "/avatars/pseudonym/" + slug + ".png"
	}
	for word := range strings.FieldsSeq(h.Name) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) && utf8.RuneCountInString(h.Initials) < 2 {
			h.Initials += string(unicode.ToUpper(first))
		}
	}
	if h.Initials == "" {
		h.Initials = "?"
	}
	sum := fnv.New32()
	sum.Write([]byte(p.ID)) //nolint:errcheck // it never fails
	h.Tint = sum.Sum32() % 8
	return h
}
