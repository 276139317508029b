package messenger

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"lobby/internal/enrich"
)

// picture serves the avatar of a pseudonym. It never changes, so browsers may cache it for ever.
func picture(w http.ResponseWriter, r *http.Request) error {
	slug, isPicture := strings.CutSuffix(r.PathValue("picture"), ".png")
	drawn, known := enrich.Avatar(slug)
	if !isPicture || !known {
		return wrongPath(w, r)
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(drawn))
	return nil
}
