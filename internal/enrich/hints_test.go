package enrich

import "testing"

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
