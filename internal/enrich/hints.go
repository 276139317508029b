package enrich

import (
	"strconv"
	"strings"

	"github.com/dunglas/httpsfv"
)

// brands are the names by which browsers go in their hints, the most telling first, where they differ from ours. What calls
// itself Chrome may be any browser that is made of Chromium: Brave, Android's WebView, Chromium itself.
var brands = map[string][]string{
	"Chrome":         {"Google Chrome", "Chromium", "Android WebView"},
	"Edge":           {"Microsoft Edge", "Microsoft Edge WebView2"},
	"Opera":          {"Opera", "Opera GX", "OperaMobile"},
	"Yandex":         {"YaBrowser", "Yandex", "Yowser"},
	"Huawei Browser": {"HuaweiBrowser"},
	"Silk":           {"Amazon Silk"},
}

// maxHint is the longest hint in bytes that is read.
const maxHint = 1024

// WithHints returns the browser with what its Sec-CH-UA headers, as header returns them, say better than its User-Agent:
// the whole version, and the version of the operating system, which the User-Agent has stopped to tell. Several lines of one
// header come joined by commas. A header that is not in the grammar of RFC 9651 says nothing.
func (b Browser) WithHints(header func(string) string) Browser {
	if b.Bot || b.Name == "" {
		return b
	}
	known, differ := brands[b.Name]
	if !differ {
		known = []string{b.Name}
	}
	versions := versionList(header("Sec-CH-UA-Full-Version-List"))
	for _, brand := range known {
		if version := versions[brand]; version != "" {
			b.Version = version
			break
		}
	}
	version := number(text(header("Sec-CH-UA-Platform-Version")))
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil || n == 0 {
		return b
	}
	switch text(header("Sec-CH-UA-Platform")) {
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

// versionList returns the versions in a list of brands.
func versionList(header string) map[string]string {
	if header == "" || len(header) > maxHint {
		return nil
	}
	list, err := httpsfv.UnmarshalList([]string{header})
	if err != nil {
		return nil
	}
	versions := make(map[string]string, len(list))
	for _, member := range list {
		item, _ := member.(httpsfv.Item)
		brand, _ := item.Value.(string)
		if brand == "" || item.Params == nil {
			continue
		}
		v, _ := item.Params.Get("v")
		if version, isText := v.(string); isText {
			versions[brand] = number(version)
		}
	}
	return versions
}

// text returns the text that a header holds, or "".
func text(header string) string {
	if header == "" || len(header) > maxHint {
		return ""
	}
	item, err := httpsfv.UnmarshalItem([]string{header})
	if err != nil {
		return ""
	}
	value, _ := item.Value.(string)
	return value
}
