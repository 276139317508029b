package httpserver

import (
	"regexp"
	"sync"
	"testing"
)

func TestRequestIDsAreRandomUUIDs(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	source := newIDSource()
	var seen sync.Map
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			for range 1000 { // several times what is drawn at once
				id := source.next()
				if !form.MatchString(id) {
					t.Errorf("%q is no UUID of version 4", id)
				}
				if _, again := seen.LoadOrStore(id, nil); again {
					t.Errorf("%s was given twice", id)
				}
			}
		})
	}
	users.Wait()
}
