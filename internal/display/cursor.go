package display

import (
	"encoding/base64"
	"encoding/json"
	"strconv"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ReadCursor reads where a page begins; nil for the first.
func ReadCursor(text string) (*search.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	c := new(search.Cursor)
	if err != nil || json.Unmarshal(raw, c) != nil || !workspace.IsText(c.Key) || !isRecordID(c.ID) || c.Page < 2 || c.Page > 1<<24 || c.Total < 0 {
		return nil, ErrNotFound
	}
	return c, nil
}

// CursorText writes a cursor for an address.
func CursorText(c *search.Cursor) string {
	raw, _ := json.Marshal(c) // texts and numbers always can be
	return base64.RawURLEncoding.EncodeToString(raw)
}

// isRecordID reports whether a text has the form of the id of a person or of a conversation.
func isRecordID(id string) bool {
	_, err := strconv.ParseInt(id, 10, 64)
	return err == nil || workspace.IsID(id)
}
