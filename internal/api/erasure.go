package api

import "net/http"

// erased returns the answer to a deletion once the bytes of what it deleted are gone from the files. When something still
// reads them, as a backup does, the status is 202, and they go soon after its end.
func (a *API) erased(c *call, answer encoder, err error) (encoder, error) {
	if err == nil && !a.lobby.Store.Purge(c.r.Context()) {
		c.status = http.StatusAccepted
		c.w.Header().Set("Lobby-Erasure", "pending; reason=the log of the database is being read")
	}
	return answer, err
}
