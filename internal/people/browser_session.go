package people

import "lobby/internal/workspace"

// BrowserSession keeps a browser signed in for a while, as the user that its site has proven, on pages that name nobody.
// Only a hash of its token is stored.
type BrowserSession struct {
	Workspace workspace.ID
	Hash      string
	PersonID  string
	// DeviceID is the browser that received the session; it is not valid in another.
	DeviceID string
	// Life is how many seconds the session lasts after its last use.
	Life      int64
	ExpiresAt int64
}
