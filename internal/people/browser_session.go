package people

import "lobby/internal/workspace"

// BrowserSession lets a browser stay the user that its site has proven it to be, for a while, on pages that name nobody. Only a
// hash of its text is kept.
type BrowserSession struct {
	Workspace workspace.ID
	Hash      string
	PersonID  string
	// DeviceID is the browser that it was given to: it is worth nothing in another.
	DeviceID string
	// Life is how many seconds it lasts after it was last used.
	Life      int64
	ExpiresAt int64
}
