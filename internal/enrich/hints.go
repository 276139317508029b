package enrich

import (
	"strconv"
	"strings"
)

// brands are the names by which browsers go in their hints, where they differ from ours.
var brands = map[string]string{"Chrome": "Google Chrome", "Edge": "Microsoft Edge"}

// WithHints answers the browser with what its Sec-CH-UA headers, as header answers them, say better than its User-Agent:
// the whole version, and the version of the operating system, which the User-Agent has stopped to tell.
func (b Browser) WithHints(header func(string) string) Browser {
	if b.Bot || b.Name == "" {
		return b
	}
	brand := b.Name
	if known, ok := brands[b.Name]; ok {
		brand = known
	}
	list := header("Sec-CH-UA-Full-Version-List")
	if _, after, found := strings.Cut(list[:min(len(list), longestUserAgent)], `"`+brand+`";v="`); found {
		if version := number(after); version != "" {
			b.Version = version
		}
	}
	version := number(strings.Trim(header("Sec-CH-UA-Platform-Version"), `"`))
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil || n == 0 {
		return b
	}
	switch strings.Trim(header("Sec-CH-UA-Platform"), `"`) {
	case "Windows": // counts its own way: 11 begins at 13
		b.OS = "Windows 10"
		if n >= 13 {
			b.OS = "Windows 11"
		}
	case "macOS":
		b.OS = "Mac OS X " + strings.TrimSuffix(version, ".0")
	case "Android":
		b.OS = "Android " + strings.TrimSuffix(strings.TrimSuffix(version, ".0"), ".0")
	}
	return b
}
