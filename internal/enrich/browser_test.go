package enrich

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode"
)

const (
	mac     = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/"
	win     = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
	ipad    = "Mozilla/5.0 (iPad; CPU OS 16_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
	android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
	pixel   = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/122.0.6261.64 Mobile Safari/537.36"
	linux   = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
)

// people are headers in the form that browsers used by people send.
var people = []struct {
	header            string
	name, version, os string
}{
	{win + "Chrome/123.0.0.0 Safari/537.36", "Chrome", "123.0.0.0", "Windows 10"},
	{mac + "537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36", "Chrome", "123.0.0.0", "Mac OS X 10.15.7"},
	{linux + "Chrome/123.0.0.0 Safari/537.36", "Chrome", "123.0.0.0", "Linux"},
	{linux + "HeadlessChrome/123.0.6312.58 Safari/537.36", "Chrome", "123.0.6312.58", "Linux"},
	{android + "Chrome/123.0.0.0 Mobile Safari/537.36", "Chrome", "123.0.0.0", "Android 10"},
	{iphone + "CriOS/123.0.6312.52 Mobile/15E148 Safari/604.1", "Chrome", "123.0.6312.52", "iOS 17.4"},
	{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36", "Chrome", "123.0.0.0", "Chrome OS"},
	{"Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36", "Chrome", "109.0.0.0", "Windows 7"},
	{"Mozilla/5.0 (Windows NT 6.3; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36", "Chrome", "109.0.0.0", "Windows 8.1"},
	{"Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36", "Chrome", "119.0.0.0", "Android 9"},
	{"Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36", "Chrome", "119.0.0.0", "Android 11"},

	{mac + "605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", "Safari", "17.4", "Mac OS X 10.15.7"},
	{iphone + "Version/17.4 Mobile/15E148 Safari/604.1", "Safari", "17.4", "iOS 17.4"},
	{ipad + "Version/16.6 Mobile/15E148 Safari/604.1", "Safari", "16.6", "iOS 16.6.1"},
	{iphone + "Mobile/15E148", "Safari", "", "iOS 17.4"},

	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox", "124.0", "Windows 10"},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox", "124.0", "Mac OS X 10.15"},
	{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox", "124.0", "Linux"},
	{"Mozilla/5.0 (Android 14; Mobile; rv:124.0) Gecko/124.0 Firefox/124.0", "Firefox", "124.0", "Android 14"},
	{iphone + "FxiOS/124.0 Mobile/15E148 Safari/605.1.15", "Firefox", "124.0", "iOS 17.4"},
	{"Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Firefox", "48.0", ""},

	{win + "Chrome/122.0.0.0 Safari/537.36 Edg/122.0.2365.92", "Edge", "122.0.2365.92", "Windows 10"},
	{win + "Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Edge", "18.17763", "Windows 10"},
	{android + "Chrome/122.0.0.0 Mobile Safari/537.36 EdgA/122.0.2365.86", "Edge", "122.0.2365.86", "Android 10"},
	{iphone + "Version/17.0 EdgiOS/122.0.2365.86 Mobile/15E148 Safari/605.1.15", "Edge", "122.0.2365.86", "iOS 17.4"},

	{win + "Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0", "Opera", "108.0.0.0", "Windows 10"},
	{android + "Chrome/122.0.0.0 Mobile Safari/537.36 OPR/81.1.4292.78446", "Opera", "81.1.4292.78446", "Android 10"},
	{iphone + "Version/17.4 Mobile/15E148 Safari/604.1 OPT/4.6.0", "Opera", "4.6.0", "iOS 17.4"},
	{win + "Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6.3271.57", "Vivaldi", "6.6.3271.57", "Windows 10"},
	{win + "Chrome/120.0.0.0 YaBrowser/24.1.0.0 Safari/537.36", "Yandex", "24.1.0.0", "Windows 10"},
	{win + "Chrome/120.0.0.0 Whale/3.25.232.19 Safari/537.36", "Whale", "3.25.232.19", "Windows 10"},
	{android + "SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36", "Samsung Internet", "24.0", "Android 10"},
	{"Mozilla/5.0 (Linux; Android 10; ANA-NX9; HMSCore 6.13.0.302) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.2.311 Mobile Safari/537.36", "Huawei Browser", "15.0.2.311", "Android 10"},
	{"Mozilla/5.0 (Linux; U; Android 13; en-us; 2201117TG Build/TKQ1.221114.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.10.1-gn", "MIUI Browser", "14.10.1", "Android 13"},
	{"Mozilla/5.0 (Linux; U; Android 12; en-US; M2010J19SI Build/SKQ1.211202.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.5.5.1313 Mobile Safari/537.36", "UC Browser", "13.5.5.1313", "Android 12"},
	{"Mozilla/5.0 (Linux; Android 9; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/120.4.1 like Chrome/120.0.6099.230 Safari/537.36", "Silk", "120.4.1", "Android 9"},
	{mac + "605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 Ddg/17.4", "DuckDuckGo", "17.4", "Mac OS X 10.15.7"},
	{iphone + "Version/17.4 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15", "DuckDuckGo", "7", "iOS 17.4"},
	{"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager", "Chrome", "94.0.4606.128", "Linux"},

	// Inside other apps.
	{pixel, "Chrome", "122.0.6261.64", "Android 14"},
	{pixel + " [FB_IAB/FB4A;FBAV/455.0.0.44.88;]", "Facebook", "455.0.0.44.88", "Android 14"},
	{iphone + "Mobile/15E148 [FBAN/FBIOS;FBAV/457.0.0.34.109;FBBV/581324324;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.4;FBSS/3;FBCR/;FBID/phone;FBLC/en_US;FBOP/80]", "Facebook", "457.0.0.34.109", "iOS 17.4"},
	{iphone + "Mobile/15E148 Instagram 325.0.3.34.90 (iPhone14,5; iOS 17_4; en_US; en; scale=3.00; 1170x2532; 584580389)", "Instagram", "325.0.3.34.90", "iOS 17.4"},
	{pixel + " Instagram 323.0.0.35.65 Android (34/14; 420dpi; 1080x2209; Google/google; Pixel 8; shiba; shiba; en_US; 576545234)", "Instagram", "323.0.0.35.65", "Android 14"},
	{iphone + "Mobile/15E148 musical_ly_33.4.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US", "TikTok", "33.4.0", "iOS 17.4"},
	{iphone + "Mobile/15E148 [LinkedInApp]/9.28.7586", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 [Pinterest/iOS]", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 Snapchat/12.79.0.37 (like Safari/8617.2.4.10.8, panda)", "Safari", "", "iOS 17.4"},
	{iphone + "GSA/310.1.615045736 Mobile/15E148 Safari/604.1", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 Safari Line/14.3.1", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 Phantom/ios/24.5.0", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 NAVER(inapp; search; 2000; 12.5.3; 14PRO)", "Safari", "", "iOS 17.4"},
	{iphone + "Mobile/15E148 MicroMessenger/8.0.48(0x18003030) NetType/WIFI Language/en", "Safari", "", "iOS 17.4"},
	{pixel + " XWEB/1160065 MMWEBSDK/20231202 MMWEBID/4563 MicroMessenger/8.0.47.2560(0x28002F3F) WeChat/arm64 NetType/WIFI", "Chrome", "122.0.6261.64", "Android 14"},
	{pixel + " KAKAOTALK/10.6.5 (INAPP)", "Chrome", "122.0.6261.64", "Android 14"},
	{pixel + " GSA/15.9.37.28.arm64", "Chrome", "122.0.6261.64", "Android 14"},
	{pixel + " Flipboard/4.3.26/5404,4.3.26.5404", "Chrome", "122.0.6261.64", "Android 14"},
	{mac + "537.36 (KHTML, like Gecko) Slack/4.36.140 Chrome/120.0.6099.56 Electron/28.0.0 Safari/537.36", "Chrome", "120.0.6099.56", "Mac OS X 10.15.7"},
	{win + "Teams/24.1 Chrome/120.0.6099.56 Electron/28.0.0 Safari/537.36", "Chrome", "120.0.6099.56", "Windows 10"},
}

// robots are headers in the form that programs send, and what is left of one when it is missing or broken.
var robots = []string{
	"",
	"Mozilla/5.0",
	"Mozilla/5.0 (a)",
	"curl/8.5.0",
	"python-requests/2.31.0",
	"Go-http-client/1.1",
	"axios/1.6.8 with a long enough name",
	"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
	"WhatsApp/2.23.20.0 A and some more",
	"mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
	" " + win + "Chrome/123.0.0.0 Safari/537.36",
	"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
	"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/123.0.0.0 Safari/537.36",
	"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
	"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
	"Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
	"Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 Chrome/119.0.0.0 Mobile Safari/537.36 GOOGLEBOT",
	android + "Chrome/123.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	android + "Chrome/123.0.0.0 Mobile Safari/537.36 (compatible; Google-InspectionTool/1.0;)",
	mac + "605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1)",
	mac + "537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36 (Web-Crawler)",
	linux + "Chrome/123.0.0.0 Safari/537.36 Google Favicon",
	mac + "537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Chrome-Lighthouse",
	linux + "Chrome/123.0.0.0 Safari/537.36 PTST/240401.1",
	linux + "Chrome/123.0.0.0 Safari/537.36 DatadogSynthetics",
	win + "Chrome/123.0.0.0 Safari/537.36 BingPreview/1.0b",
	"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@example.com",
	"Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
	"Mozilla/5.0 (X11; U; Linux) meta-externalagent/1.1",
	win + "Chrome/123.0.0.0 Safari/537.36 +https://example.com/about-our-robot",
}

func TestBrowsersOfPeopleAreRead(t *testing.T) {
	t.Parallel()
	for _, p := range people {
		want := Browser{Name: p.name, Version: p.version, OS: p.os}
		if got := ParseUserAgent(p.header); got != want {
			t.Errorf("%s\n got %+v\nwant %+v", p.header, got, want)
		}
	}
}

func TestRobotsAreOnlyRobots(t *testing.T) {
	t.Parallel()
	for _, header := range robots {
		if got, want := ParseUserAgent(header), (Browser{Bot: true}); got != want {
			t.Errorf("%q\n got %+v\nwant %+v", header, got, want)
		}
	}
}

func TestEveryBotWordIsLowerCaseAndFound(t *testing.T) {
	t.Parallel()
	for _, word := range botWords {
		if word != strings.ToLower(word) {
			t.Errorf("%q can never be found", word)
		}
		if !isBot(win + "Chrome/123.0.0.0 " + strings.ToUpper(word)) {
			t.Errorf("%q is not found", word)
		}
	}
}

func TestUnknownBrowsersAreEmptyNotGuessed(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		"Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0",
		"Mozilla/5.0 (\x00\xff;\xfe((([[[;;;///:::",
		"Mozilla/5.0 (" + strings.Repeat("(", 10_000),
	} {
		if got := ParseUserAgent(header); got != (Browser{}) {
			t.Errorf("ParseUserAgent(%.60q) = %+v", header, got)
		}
	}
}

func TestMemoryForgetsWhenItIsFullAndAnswersOn(t *testing.T) {
	t.Parallel()
	m := memory{browsers: map[string]Browser{}}
	for n := range rememberedAgents + 10 {
		version := fmt.Sprintf("%d.0", n)
		if got := m.browser(win + "Chrome/" + version); got.Version != version {
			t.Fatalf("version %s reads as %+v", version, got)
		}
		if len(m.browsers) > rememberedAgents {
			t.Fatalf("%d headers are remembered", len(m.browsers))
		}
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	m := memory{browsers: map[string]Browser{}}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for _, p := range people {
				if got := m.browser(p.header); got.Name != p.name {
					t.Errorf("%s: %+v", p.header, got)
				}
			}
		})
	}
	asking.Wait()
}

func FuzzParseUserAgent(f *testing.F) {
	for _, p := range people {
		f.Add(p.header)
	}
	for _, header := range robots {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got := ParseUserAgent(header)
		if got != ParseUserAgent(header) {
			t.Error("the second answer differs from the first")
		}
		if got.Bot && got != (Browser{Bot: true}) {
			t.Errorf("a bot has details: %+v", got)
		}
		if strings.Trim(got.Version, "0123456789.") != "" {
			t.Errorf("%+v", got)
		}
		if len(got.OS) > 48 || strings.ContainsFunc(got.OS, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
			t.Errorf("operating system %q", got.OS)
		}
	})
}

func BenchmarkParseUserAgent(b *testing.B) {
	for name, ask := range map[string]func(string) Browser{"first": read, "again": ParseUserAgent} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ask(people[0].header)
			}
		})
	}
}
