package spelling_test

import (
	"testing"

	"lobby/internal/spelling"
)

func TestTheNearestNameIsFound(t *testing.T) {
	t.Parallel()
	names := []string{"custom_attributes", "email", "name", "per_page"}
	for mistyped, want := range map[string]string{
		"custom_atributes": "custom_attributes", "emial": "email", "Name": "name", "per_pgae": "per_page", "colour": "", "": "",
	} {
		if got := spelling.Nearest(mistyped, names); got != want {
			t.Errorf("%q is taken for %q, want %q", mistyped, got, want)
		}
	}
}
