package api

import (
	"net/http"
	"time"
)

// purgePatience is how long a deletion waits for its bytes to go. One who deletes a thousand people, one by one, waits for it a
// thousand times.
const purgePatience = 100 * time.Millisecond

// erased returns the answer to a deletion once the bytes of what it deleted are gone from the files. When something still
// reads them, as a backup does, the status is 202, and they go soon after its end.
func (a *API) erased(c *call, answer encoder, err error) (encoder, error) {
	if err == nil && !a.lobby.Store.Purge(c.r.Context(), purgePatience) {
		c.status = http.StatusAccepted
		c.w.Header().Set("Lobby-Erasure", "pending; reason=the log of the database is being read")
	}
	return answer, err
}
