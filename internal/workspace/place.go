package workspace

import (
	"strconv"
	"strings"
)

// ListPlace returns the text that says where a record stands in a list by age, which goes by the time of creation and then by
// the id. Most ids begin with that time in hexadecimal digits, and are the place alone; behind any other stands the time.
func ListPlace(id string, createdAt int64) string {
	if timeOf(id) == createdAt {
		return id
	}
	return id + "." + strconv.FormatInt(createdAt, 10)
}

// ReadListPlace returns what stands in a place. An id alone may be one that says nothing of its time; then told is false, and
// createdAt is what it says if it says anything.
func ReadListPlace(place string) (id string, createdAt int64, told bool) {
	id, at, told := strings.Cut(place, ".")
	if !told {
		return id, timeOf(id), false
	}
	createdAt, err := strconv.ParseInt(at, 10, 64)
	return id, createdAt, err == nil && createdAt >= 0
}

// IsListPlace reports whether a text is a place in a list of people or companies.
func IsListPlace(text string) bool {
	id, createdAt, told := ReadListPlace(text)
	return IsID(id) && (text == id || told && text == id+"."+strconv.FormatInt(createdAt, 10))
}

// timeOf returns the time of creation with which an id begins if Lobby gave it; -1 for an id that is too short.
func timeOf(id string) int64 {
	if len(id) < 8 {
		return -1
	}
	at, err := strconv.ParseUint(id[:8], 16, 32)
	if err != nil {
		return -1
	}
	return int64(at)
}
