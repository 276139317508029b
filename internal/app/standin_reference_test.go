package app_test

import (
	"strconv"
	"strings"
	"testing"

	"lobby/internal/reference"
)

// None of the examples of the reference sends something that its operation does not know.
func TestStrictTakesEveryExampleOfTheReference(t *testing.T) {
	t.Parallel()
	s := startStandin(t, "--strict")
	for _, chapter := range reference.Chapters {
		t.Run(chapter.Name, func(t *testing.T) { // one after the other, since all have one clock
			token := s.control(t, "workspaces", `{"api_version":"Preview"}`).get("access_token").(string)
			var ids []string
			for _, example := range chapter.Examples {
				fill := strings.NewReplacer(ids...)
				method, target, _ := strings.Cut(fill.Replace(example.Do), " ")
				a, err := s.do(t, method, target, fill.Replace(example.Body), "Authorization", "Bearer "+token)
				if err != nil {
					t.Fatal(err)
				}
				if a.get("errors.0.code") != example.Refused && (example.Refused != "" || a.status >= 300) {
					t.Errorf("%s %s: %d %s", example.Do, example.Body, a.status, a.body)
				}
				if example.As != "" {
					ids = append(ids, "{"+example.As+"}", idOf(a))
				}
				s.control(t, "clock", `{"advance":"1 minute"}`)
			}
		})
	}
}

// idOf is the id of the object in a response, or of the first object in a list.
func idOf(a answer) string {
	for _, path := range []string{"data.0.id", "id"} {
		switch id := a.get(path).(type) {
		case string:
			return id
		case float64:
			return strconv.Itoa(int(id))
		}
	}
	return ""
}
