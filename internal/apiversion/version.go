// Package apiversion says which versions of the public API exist, reads the one a request asks for, and takes answers
// built in the newest shape down to it. The wire package registers its changes here, and the public API and the outgoing
// notifications ask for a version and step down to it. It must not know any shape, rule or status code.
package apiversion

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Version is one version of the public API that Lobby serves; versions compare with < and >, older before newer.
// The zero Version is none of them and older than all, so it can stand for "not chosen".
type Version int

// The served versions, oldest first. Preview is the newest and also answers to the name Unstable, which released
// clients send. A new version goes before Preview, without a gap, because its place gives it its name.
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

// Default is the version of a request that names none in a workspace that chose none.
const Default = V2_7

var (
	// ErrMissing says that the header is absent or blank, so the workspace's own version applies.
	ErrMissing = errors.New("apiversion: no version named")
	// ErrUnknown says that no version has that name.
	ErrUnknown = errors.New("apiversion: no such version")
	// ErrRetired says that the version existed (1.0 to 1.4) but none of its operations is served.
	ErrRetired = errors.New("apiversion: version no longer served")
)

// names is indexed by Version; the zero Version's name is empty. The constants are the only list of versions: a name
// follows from the place of its constant, so that none can be forgotten.
var names = func() (all [Preview + 1]string) {
	for v := V2_0; v < Preview; v++ {
		all[v] = "2." + strconv.Itoa(int(v-V2_0))
	}
	all[Preview] = "Preview"
	return all
}()

// String returns the name as the Intercom-Version header carries it: "2.7", "Preview".
func (v Version) String() string {
	if v < V2_0 || v > Preview {
		return "Version(" + strconv.Itoa(int(v)) + ")"
	}
	return names[v]
}

// AtLeast reports whether v is w or newer; it reads better than a comparison where behaviour depends on the version.
func (v Version) AtLeast(w Version) bool { return v >= w }

// All returns every served version, oldest first.
func All() []Version {
	all := make([]Version, 0, Preview)
	for v := V2_0; v <= Preview; v++ {
		all = append(all, v)
	}
	return all
}

// Parse reads the value of an Intercom-Version header. Names are exact, including their case; spaces and tabs around
// them are tolerated. The error is ErrMissing, ErrUnknown or ErrRetired itself, never wrapped.
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
