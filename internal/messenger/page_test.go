package messenger_test

import (
	"net/http"
	"testing"

	"lobby/internal/messenger"
)

func TestNoPageBreaksThePing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, page := range messenger.Pages {
		for _, path := range messenger.PagePaths {
			if w := l.does(call(path, page.Fields(), nil)); w.Code >= http.StatusInternalServerError {
				t.Errorf("%s of %+v answered %d %s", path, page, w.Code, w.Body)
			}
		}
	}
}
