package proxy

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

var trusting = Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}

// request is one for http://lobby.example/ from an address, with headers as "Name: value".
func request(from string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host, r.RemoteAddr = "lobby.example", from
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	return r
}

// throughFile makes a request one that came through a socket file.
func throughFile(r *http.Request) *http.Request {
	r.RemoteAddr = "@"
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.UnixAddr{Name: "/run/lobby.sock", Net: "unix"}))
}

func TestOnlyATrustedProxySaysForWhomItAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from    string
		headers []string
		want    string
	}{
		{"203.0.113.9:5000", nil, "203.0.113.9"},
		{"203.0.113.9:5000", []string{"198.51.100.1"}, "203.0.113.9"},
		{"10.1.2.3:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.1.2.3:5000", []string{"8.8.8.8, 198.51.100.1"}, "198.51.100.1"},
		{"10.1.2.3:5000", []string{"8.8.8.8, 198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		{"10.1.2.3:5000", []string{"8.8.8.8", "198.51.100.1"}, "198.51.100.1"},
		{"10.1.2.3:5000", []string{"10.4.4.4"}, "10.4.4.4"},
		{"10.1.2.3:5000", []string{"unknown"}, "10.1.2.3"},
		{"10.1.2.3:5000", []string{"198.51.100.1, nonsense"}, "10.1.2.3"},
		{"10.1.2.3:5000", []string{""}, "10.1.2.3"},
		{"10.1.2.3:5000", nil, "10.1.2.3"},
		{"[fd00::1]:5000", []string{"2001:db8::7"}, "2001:db8::7"},
		{"[fd00::1]:5000", []string{"[2001:db8::7]:443"}, "2001:db8::7"},
		{"10.1.2.3:5000", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"[::ffff:10.1.2.3]:5000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"@", []string{"198.51.100.1"}, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: c.from, Header: http.Header{"X-Forwarded-For": c.headers}}
		if got := trusting.Client(r).String(); got != c.want {
			t.Errorf("from %s, for %q: %s, want %s", c.from, c.headers, got, c.want)
		}
	}
}

func TestAProxySaysForWhomItAsksInItsOwnWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		headers []string
		want    string
	}{
		{[]string{"X-Real-IP: 198.51.100.1"}, "198.51.100.1"},
		{[]string{"Forwarded: for=198.51.100.1"}, "198.51.100.1"},
		{[]string{`Forwarded: proto=https; For="[2001:db8::7]:4711";by=_x`}, "2001:db8::7"},
		{[]string{"Forwarded: for=8.8.8.8, for=198.51.100.1, for=10.9.9.9"}, "198.51.100.1"},
		{[]string{"Forwarded: for=8.8.8.8", "Forwarded: for=198.51.100.1"}, "198.51.100.1"},
		{[]string{"Forwarded: for=unknown"}, "10.1.2.3"},
		{[]string{"Forwarded: for=_hidden"}, "10.1.2.3"},
		{[]string{`Forwarded: host="a,b;c\"", for=198.51.100.1:80`}, "198.51.100.1"},
		// What a client left open would hide what the proxy adds.
		{[]string{`Forwarded: for=8.8.8.8;x=", for=198.51.100.1`}, "10.1.2.3"},
		{[]string{`Forwarded: for=8.8.8.8;x="\, for=198.51.100.1`}, "10.1.2.3"},
		{[]string{"Forwarded: nonsense"}, "10.1.2.3"},
		{[]string{"Forwarded: for=8.8.8.8 9.9.9.9"}, "10.1.2.3"},
		{[]string{"Forwarded: ,;,"}, "10.1.2.3"},
		// Several that agree, as far as they say anything.
		{[]string{"X-Forwarded-For: 198.51.100.1", "X-Real-IP: 198.51.100.1", "Forwarded: for=198.51.100.1"}, "198.51.100.1"},
		{[]string{"X-Forwarded-For: 198.51.100.1, 10.2.2.2", "X-Real-IP: 10.2.2.2"}, "198.51.100.1"},
		{[]string{"X-Real-IP: 10.2.2.2", "Forwarded: for=198.51.100.1, for=10.2.2.2"}, "198.51.100.1"},
		{[]string{"X-Forwarded-For: 198.51.100.1", "Forwarded: for=unknown"}, "198.51.100.1"},
		// One of these is passed on as the client invented it.
		{[]string{"X-Forwarded-For: 198.51.100.1", "X-Real-IP: 8.8.8.8"}, "10.1.2.3"},
		{[]string{"X-Forwarded-For: 8.8.8.8", "Forwarded: for=198.51.100.1"}, "10.1.2.3"},
		{[]string{"X-Real-IP: 198.51.100.1", "Forwarded: for=8.8.8.8"}, "10.1.2.3"},
	} {
		if got := trusting.Client(request("10.1.2.3:5000", c.headers...)).String(); got != c.want {
			t.Errorf("%q: %s, want %s", c.headers, got, c.want)
		}
		if got := trusting.Client(request("203.0.113.9:5000", c.headers...)).String(); got != "203.0.113.9" {
			t.Errorf("%q from a stranger: %s", c.headers, got)
		}
	}
	if got := (Proxies{}).Client(throughFile(request("", "X-Forwarded-For: 198.51.100.1"))).String(); got != "198.51.100.1" {
		t.Errorf("through a socket file: %s", got)
	}
}

func TestTheBaseIsWhereTheClientReachesTheServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		headers []string
		want    string // "" is what the request itself says
	}{
		{nil, ""},
		{[]string{"X-Forwarded-Proto: https"}, "https://lobby.example"},
		{[]string{"X-Forwarded-Proto: HTTPS"}, "https://lobby.example"},
		{[]string{"X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example"}, "https://shop.example"},
		{[]string{"X-Forwarded-Host: shop.example:8443"}, "http://shop.example:8443"},
		{[]string{"X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example:443"}, "https://shop.example"},
		{[]string{"X-Forwarded-Proto: https", "X-Forwarded-Port: 8443"}, "https://lobby.example:8443"},
		{[]string{"X-Forwarded-Proto: https", "X-Forwarded-Port: 443"}, "https://lobby.example"},
		{[]string{"X-Forwarded-Proto: https", "X-Forwarded-Port: 80"}, "https://lobby.example"},
		{[]string{"X-Forwarded-Host: shop.example:1", "X-Forwarded-Port: 2"}, "http://shop.example:1"},
		{[]string{"X-Forwarded-Host: [2001:db8::7]", "X-Forwarded-Port: 81"}, "http://[2001:db8::7]:81"},
		{[]string{"X-Forwarded-Prefix: /lobby"}, "http://lobby.example/lobby"},
		{[]string{"X-Forwarded-Prefix: /a/b.c/"}, "http://lobby.example/a/b.c"},
		{[]string{"Forwarded: for=198.51.100.1;host=shop.example;proto=https"}, "https://shop.example"},
		{[]string{`Forwarded: host="shop.example:8443";proto=https`}, "https://shop.example:8443"},
		// Of a path of proxies the outermost that is trusted counts.
		{[]string{"X-Forwarded-For: 198.51.100.1, 10.9.9.9", "X-Forwarded-Proto: https, http"}, "https://lobby.example"},
		{[]string{"X-Forwarded-For: 8.8.8.8, 198.51.100.1", "X-Forwarded-Host: evil.example, shop.example"}, "http://shop.example"},
		{[]string{"Forwarded: for=8.8.8.8;host=evil.example, for=198.51.100.1;host=shop.example;proto=https, for=10.9.9.9;host=inner"}, "https://shop.example"},
		// Nonsense is nothing.
		{[]string{"X-Forwarded-Proto: ftp"}, ""},
		{[]string{"X-Forwarded-Proto: "}, ""},
		{[]string{"X-Forwarded-Host: a b"}, ""},
		{[]string{"X-Forwarded-Host: evil.example/x"}, ""},
		{[]string{"X-Forwarded-Host: user@evil.example"}, ""},
		{[]string{`X-Forwarded-Host: "></script>`}, ""},
		{[]string{"X-Forwarded-Host: a:b"}, ""},
		{[]string{"X-Forwarded-Host: [::1"}, ""},
		{[]string{"X-Forwarded-Host: " + strings.Repeat("a", 300)}, ""},
		{[]string{"X-Forwarded-Port: 1234567"}, ""},
		{[]string{"X-Forwarded-Port: -1"}, ""},
		{[]string{"X-Forwarded-Prefix: //evil.example"}, ""},
		{[]string{"X-Forwarded-Prefix: lobby"}, ""},
		{[]string{"X-Forwarded-Prefix: /a/../b"}, ""},
		{[]string{"X-Forwarded-Prefix: /a?b"}, ""},
		{[]string{"X-Forwarded-Prefix: /"}, ""},
		{[]string{"X-Forwarded-Prefix: /" + strings.Repeat("a", 300)}, ""},
	} {
		want, isForwarded := c.want, c.want != ""
		if !isForwarded {
			want = "http://lobby.example"
		}
		if got, is := trusting.Base(request("10.1.2.3:5000", c.headers...)); got != want || is != isForwarded {
			t.Errorf("%q: %s, forwarded %v, want %s", c.headers, got, is, want)
		}
		if got, is := trusting.Base(request("203.0.113.9:5000", c.headers...)); got != "http://lobby.example" || is {
			t.Errorf("%q from a stranger: %s, forwarded %v", c.headers, got, is)
		}
		if got, _ := (Proxies{}).Base(throughFile(request("", c.headers...))); c.want != "" && !strings.Contains(got, "://") {
			t.Errorf("%q through a socket file: %s", c.headers, got)
		}
		named := Proxies{PublicURL: "https://named.example/lobby", Trusted: trusting.Trusted}
		if got, is := named.Base(request("10.1.2.3:5000", c.headers...)); got != named.PublicURL || is {
			t.Errorf("%q with a public URL: %s, forwarded %v", c.headers, got, is)
		}
	}
}

func TestTheBaseOfARequestByItself(t *testing.T) {
	t.Parallel()
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	for host, want := range map[string]string{
		"lobby.example":              "http://lobby.example",
		"lobby.example:8080":         "http://lobby.example:8080",
		"lobby.example:80":           "http://lobby.example",
		"[2001:db8::7]:8080":         "http://[2001:db8::7]:8080",
		"":                           "http://127.0.0.1:8080",
		"a;script-src=*":             "http://127.0.0.1:8080",
		"a$(reboot)":                 "http://127.0.0.1:8080",
		"[fe80::1%25eth0]":           "http://127.0.0.1:8080",
		"[127.0.0.1]":                "http://127.0.0.1:8080",
		strings.Repeat("a", 300):     "http://127.0.0.1:8080",
		strings.Repeat("a", 253):     "http://" + strings.Repeat("a", 253),
		"lobby.example:":             "http://127.0.0.1:8080",
		"lobby.example:99999999":     "http://127.0.0.1:8080",
		"user:password@lobby.exampl": "http://127.0.0.1:8080",
	} {
		r := request("203.0.113.9:5000", "Host: "+host)
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
		if got, _ := (Proxies{}).Base(r); got != want {
			t.Errorf("%q: %s, want %s", host, got, want)
		}
	}
	r := request("203.0.113.9:5000", "Host: lobby.example:443")
	r.TLS = &tls.ConnectionState{}
	if got, is := (Proxies{}).Base(r); got != "https://lobby.example" || is {
		t.Errorf("over TLS: %s, forwarded %v", got, is)
	}
}

func TestAProxyThatNobodyNamedIsNoticedOnceAnHour(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for _, c := range []struct {
		r    *http.Request
		want bool
	}{
		{request("127.0.0.1:5000", "X-Forwarded-For: 198.51.100.1"), true},
		{request("192.168.1.1:5000", "X-Real-IP: 198.51.100.1"), true},
		{request("172.17.0.2:5000", "Forwarded: for=198.51.100.1"), true},
		{request("100.64.0.1:5000", "X-Forwarded-For: 198.51.100.1"), true},
		{request("[::1]:5000", "X-Forwarded-For: 198.51.100.1"), true},
		{request("[fc00::1]:5000", "X-Forwarded-For: 198.51.100.1"), true},
		{request("127.0.0.1:5000"), false},
		{request("203.0.113.9:5000", "X-Forwarded-For: 198.51.100.1"), false},
		{request("10.1.2.3:5000", "X-Forwarded-For: 198.51.100.1"), false},
		{throughFile(request("", "X-Forwarded-For: 198.51.100.1")), false},
	} {
		var n Notice
		network, is := n.Unnamed(trusting, c.r, now)
		if is != c.want || is && !network.Contains(peer(c.r)) {
			t.Errorf("%s %v: %v %v, want %v", c.r.RemoteAddr, c.r.Header, network, is, c.want)
		}
		if _, again := n.Unnamed(trusting, c.r, now.Add(59*time.Minute)); again {
			t.Errorf("%s: noticed again within the hour", c.r.RemoteAddr)
		}
		if _, again := n.Unnamed(trusting, c.r, now.Add(time.Hour)); again != c.want {
			t.Errorf("%s: noticed after an hour %v", c.r.RemoteAddr, again)
		}
	}
}

func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{`for=1.2.3.4;host="a,b";proto=https, for="[::1]:1"`, `,;,`, `a="\`, `for`, `=`} {
		f.Add(seed, "/a", "b")
	}
	f.Fuzz(func(t *testing.T, forwarded, prefix, host string) {
		r := request("10.1.2.3:5000")
		r.Header = http.Header{"Forwarded": {forwarded}, "X-Forwarded-Prefix": {prefix}, "X-Forwarded-Host": {host}, "X-Forwarded-For": {host}}
		trusting.Client(r)
		base, _ := trusting.Base(r)
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(base, "https://"), "http://"); !ok && strings.Contains(rest, "//") || !isPlain(base, ":/-._~[]") {
			t.Errorf("%q %q %q: %s", forwarded, prefix, host, base)
		}
	})
}
