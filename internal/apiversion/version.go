// Package apiversion lists the versions of the public API, parses the version of a request, and turns objects from the
// newest shape into that of an older version.
// Package wire lists its changes by it; the public API and the outgoing notifications choose a version.
// It must not know any shape, rule or status code.
package apiversion

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Version is one version of the public API that Lobby serves. Versions compare with < and >, older before newer. The zero
// Version is older than all and stands for "none".
type Version int

// The served versions, oldest first. Preview is the newest; its other name is Unstable, which released clients send. A new
// version goes right before Preview, because its position determines its name.
const (
	V2_0 Version = iota + 1
	V2_1
	V2_2
	V2_3
	V2_4
	V2_5
	V2_6
	V2_7
	V2_8
	V2_9
	V2_10
	V2_11
	V2_12
	V2_13
	V2_14
	V2_15
	V2_16
	Preview
)

// Default is the version of a request without a version, in a workspace without one.
const Default = V2_7

var (
	// ErrMissing says that the header is absent or blank, so that the workspace's own version applies.
	ErrMissing = errors.New("apiversion: no version named")
	// ErrUnknown says that no version has that name.
	ErrUnknown = errors.New("apiversion: no such version")
	// ErrRetired says that the version existed (1.0 to 1.4) but none of its operations is served.
	ErrRetired = errors.New("apiversion: version no longer served")
)

// names is indexed by Version; the zero Version's name is empty. The constants are the only list of versions: each name
// follows from the position of its constant.
var names = func() (all [Preview + 1]string) {
	for v := V2_0; v < Preview; v++ {
		all[v] = "2." + strconv.Itoa(int(v-V2_0))
	}
	all[Preview] = "Preview"
	return all
}()

// String returns the name in the Intercom-Version header, such as "2.7" or "Preview".
func (v Version) String() string {
	if v < V2_0 || v > Preview {
		return "Version(" + strconv.Itoa(int(v)) + ")"
	}
	return names[v]
}

// AtLeast reports whether v is w or newer.
func (v Version) AtLeast(w Version) bool { return v >= w }

// All returns every served version, oldest first.
func All() []Version {
	all := make([]Version, 0, Preview)
	for v := V2_0; v <= Preview; v++ {
		all = append(all, v)
	}
	return all
}

// Parse parses the value of an Intercom-Version header. Names are case-sensitive; spaces and tabs around them are ignored.
// The error is ErrMissing, ErrUnknown or ErrRetired itself, never wrapped.
func Parse(header string) (Version, error) {
	switch name := strings.Trim(header, " \t"); name {
	case "":
		return 0, ErrMissing
	case "Unstable":
		return Preview, nil
	case "1.0", "1.1", "1.2", "1.3", "1.4":
		return 0, ErrRetired
	default:
		if i := slices.Index(names[:], name); i >= 0 {
			return Version(i), nil
		}
		return 0, ErrUnknown
	}
}
