package enrich

import (
	"strings"
	"testing"
)

func TestHintsSayWhatTheUserAgentRoundsOff(t *testing.T) {
	t.Parallel()
	const list = `"Chromium";v="140.0.7339.81", "Not=A?Brand";v="24.0.0.0", "Google Chrome";v="140.0.7339.81"`
	for name, c := range map[string]struct {
		browser Browser
		headers map[string]string
		want    Browser
	}{
		"the whole version": {
			Browser{Name: "Chrome", Version: "140.0.0.0", OS: "Linux"},
			map[string]string{"Sec-CH-UA-Full-Version-List": list},
			Browser{Name: "Chrome", Version: "140.0.7339.81", OS: "Linux"},
		},
		"another browser's version": {
			Browser{Name: "Edge", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": list},
			Browser{Name: "Edge", Version: "140.0.0.0"},
		},
		"blanks where the grammar has them": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `  "Not;A=Brand";v="8.0.0.0" ,"Google Chrome"; a;v="1";  v="140.0.7339.81"` + "\t,\t" + `"Chromium";v="140.0.7339.80"  `},
			Browser{Name: "Chrome", Version: "140.0.7339.81"},
		},
		"Chromium": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"Chromium"; v="140.0.7339.81", "Not=A?Brand"; v="24.0.0.0"`},
			Browser{Name: "Chrome", Version: "140.0.7339.81"},
		},
		"Brave": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"Brave";v="140.0.0.0", "Not;A=Brand";v="8.0.0.0", "Chromium";v="140.0.7339.81"`},
			Browser{Name: "Chrome", Version: "140.0.7339.81"},
		},
		"a WebView": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"Android WebView";v="140.0.7339.81", "Not.A/Brand";v="99.0.0.0"`},
			Browser{Name: "Chrome", Version: "140.0.7339.81"},
		},
		"a brand that is spelled with escapes": {
			Browser{Name: "Edge", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"\"Microsoft Edge\";v=\"1\"";v="9.9", "Microsoft Edge";v="140.0.3485.54"`},
			Browser{Name: "Edge", Version: "140.0.3485.54"},
		},
		"an app's Edge": {
			Browser{Name: "Edge", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"Microsoft Edge WebView2";v="140.0.3485.54", "Chromium";v="140.0.7339.81"`},
			Browser{Name: "Edge", Version: "140.0.3485.54"},
		},
		"a version that is no text": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": `"Google Chrome";v=140, "Chromium";v, "Android WebView"`},
			Browser{Name: "Chrome", Version: "140.0.0.0"},
		},
		"a list without end": {
			Browser{Name: "Chrome", Version: "140.0.0.0"},
			map[string]string{"Sec-CH-UA-Full-Version-List": list + strings.Repeat(`, "x";v="1"`, 200)},
			Browser{Name: "Chrome", Version: "140.0.0.0"},
		},
		"Windows 11": {
			Browser{Name: "Chrome", OS: "Windows 10"},
			map[string]string{"Sec-CH-UA-Platform": `"Windows"`, "Sec-CH-UA-Platform-Version": `"15.0.0"`},
			Browser{Name: "Chrome", OS: "Windows 11"},
		},
		"Windows 10": {
			Browser{Name: "Chrome", OS: "Windows 10"},
			map[string]string{"Sec-CH-UA-Platform": `"Windows"`, "Sec-CH-UA-Platform-Version": `"10.0.0"`},
			Browser{Name: "Chrome", OS: "Windows 10"},
		},
		"a Mac": {
			Browser{Name: "Chrome", OS: "Mac OS X 10.15.7"},
			map[string]string{"Sec-CH-UA-Platform": `"macOS"`, "Sec-CH-UA-Platform-Version": `"15.6.1"`},
			Browser{Name: "Chrome", OS: "Mac OS X 15.6.1"},
		},
		"Android": {
			Browser{Name: "Chrome", OS: "Android 10"},
			map[string]string{"Sec-CH-UA-Platform": `"Android"`, "Sec-CH-UA-Platform-Version": `"14.0.0"`},
			Browser{Name: "Chrome", OS: "Android 14"},
		},
		"nothing": {Browser{Name: "Safari", OS: "Mac OS X 10.15.7"}, nil, Browser{Name: "Safari", OS: "Mac OS X 10.15.7"}},
		"junk": {
			Browser{Name: "Chrome", OS: "Linux"},
			map[string]string{"Sec-CH-UA-Platform": `"Windows`, "Sec-CH-UA-Platform-Version": `"x"`, "Sec-CH-UA-Full-Version-List": `"Google Chrome";v="x`},
			Browser{Name: "Chrome", OS: "Linux"},
		},
		"a robot": {Browser{Bot: true}, map[string]string{"Sec-CH-UA-Platform": `"Windows"`, "Sec-CH-UA-Platform-Version": `"15.0.0"`}, Browser{Bot: true}},
	} {
		if got := c.browser.WithHints(func(header string) string { return c.headers[header] }); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}
