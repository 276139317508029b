package enrich

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
)

func TestPseudonymOfAnIDNeverChanges(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"64f1c0ffee0a1b2c3d4e5f60":             "Cerulean Rainbow",
		"3b1f6c2e-9d4a-4f7b-8c15-2a6e0d9b7f43": "Teal Cabin",
		"":                                     "Cyan Otter",
	} {
		if got := Pseudonym(id); got != want {
			t.Errorf("Pseudonym(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestPseudonymsUseTheWholeLists(t *testing.T) {
	t.Parallel()
	const people = 48_000
	seen := map[string]int{}
	for n := range people {
		seen[Pseudonym(fmt.Sprintf("%024x", n))]++
	}
	pairs := len(colours) * len(nouns)
	if len(seen) < pairs*99/100 {
		t.Errorf("%d people have %d different names of %d possible", people, len(seen), pairs)
	}
	for name, times := range seen {
		if times > 5*people/pairs {
			t.Errorf("%d of %d people are called %s", times, people, name)
		}
	}
}

func TestPseudonymNamesTheCityOnlyWhenItIsKnown(t *testing.T) {
	t.Parallel()
	const id = "64f1c0ffee0a1b2c3d4e5f60"
	if got, want := PseudonymFrom(id, "St. John's"), Pseudonym(id)+" from St. John's"; got != want {
		t.Errorf("with a city: %q, want %q", got, want)
	}
	if got, want := PseudonymFrom(id, ""), Pseudonym(id); got != want {
		t.Errorf("without a city: %q, want %q", got, want)
	}
}

func TestListsOfWordsAreFinished(t *testing.T) {
	t.Parallel()
	if got, want := Pseudonym(fmt.Sprint(colours, nouns)), "Lime Harp"; got != want {
		t.Errorf("the lists of words are now called %s, they were %s", got, want)
	}
}

func TestWordsAreSingleAndDifferent(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range colours {
		names = append(names, c.name)
	}
	for _, list := range [][]string{names, nouns[:]} {
		for i, word := range list {
			if !regexp.MustCompile(`^[a-z]{3,}$`).MatchString(word) {
				t.Errorf("%q is not one lower-case word", word)
			}
			if slices.Index(list, word) != i {
				t.Errorf("%q is there twice", word)
			}
		}
	}
}
