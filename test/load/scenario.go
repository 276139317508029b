package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
)

// The id and the token of the workspace that the first start creates.
const (
	appID       = "bench"
	accessToken = "bench-access-token-of-the-load-test"
)

// scenario is one kind of request to the server.
type scenario struct {
	name string
	// head has the request line up to the part that path appends, if any. Header has the rest up to the length of the body.
	head, header string
	path         func(b []byte, serial int64) []byte
	// text appends the part that differs from request to request: the body, or the end of the path of a GET.
	text func(b []byte, v visitor, serial int64) []byte
	from supply
	// expected are the texts that every successful response contains.
	expected []string
}

const (
	fromSDK = " HTTP/1.1\r\nHost: lobby.example\r\nUser-Agent: load\r\nAccept: application/json\r\n" +
		"Authorization: Bearer " + accessToken + "\r\n"
	jsonFromSDK     = fromSDK + "Content-Type: application/json\r\nContent-Length: "
	formFromBrowser = " HTTP/1.1\r\nHost: lobby.example\r\nOrigin: https://shop.example\r\nReferer: https://shop.example/\r\n" +
		"User-Agent: " + browser + "\r\n" +
		"Accept: */*\r\nAccept-Language: de-DE,de;q=0.9\r\n" +
		"Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\nContent-Length: "
	browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	ping    = "app_id=" + appID + "&v=3&source=apiBoot&cc=1" +
		"&referer=https%3A%2F%2Fshop.example%2Fshoes%3Futm_source%3Dletter&r=https%3A%2F%2Fsearch.example%2F&lang=de-DE" +
		"&tz=Europe%2FBerlin&dnt=0&user_data=%7B%22anonymous_id%22%3A%22"
)

// scenarios returns all scenarios with visitors, in the order of measuring.
func scenarios(c dataset) []scenario {
	convert := func(name, decision, role string, to func(b []byte, v visitor) []byte) scenario {
		return scenario{
			name: name, head: "POST /visitors/convert", header: jsonFromSDK, from: fresh,
			expected: []string{"Lobby-Identity: " + decision, `"role":"` + role + `"`},
			text: func(b []byte, v visitor, _ int64) []byte {
				b = v.appendUUID(append(b, `{"visitor":{"user_id":"`...))
				return to(append(b, `"},`...), v)
			},
		}
	}
	return []scenario{
		{
			name: "get", head: "GET /visitors?user_id=", header: fromSDK, expected: []string{`{"type":"visitor"`},
			text: func(b []byte, v visitor, _ int64) []byte { return v.appendUUID(b) },
		},
		{
			name: "put", head: "PUT /visitors", header: jsonFromSDK, expected: []string{`{"type":"visitor"`},
			text: func(b []byte, v visitor, serial int64) []byte {
				b = v.appendUUID(append(b, `{"user_id":"`...))
				b = appendName(append(b, `","name":"`...), serial)
				return append(appendPlan(append(b, `","custom_attributes":{"plan":"`...), serial), `"}}`...)
			},
		},
		convert("convert-user", "converted", "user", func(b []byte, v visitor) []byte {
			return append(v.appendEmail(append(b, `"user":{"email":"`...)), `"},"type":"user"}`...)
		}),
		convert("convert-lead", "converted", "lead", func(b []byte, _ visitor) []byte {
			return append(b, `"type":"lead"}`...)
		}),
		convert("convert-merge", "merged", "user", func(b []byte, _ visitor) []byte {
			anybody := user(rand.IntN(c.users()))
			return append(anybody.appendEmail(append(b, `"user":{"email":"`...)), `"},"type":"user"}`...)
		}),
		visit("ping", known, func(v visitor, _ int64) visitor { return v }),
		visit("ping new session", returning, func(v visitor, _ int64) visitor { return v }),
		visit("arrive", permanent, func(_ visitor, serial int64) visitor { return c.newcomer(serial) }),
	}
}

// visit returns a scenario with pings of visitors.
func visit(name string, from supply, who func(v visitor, serial int64) visitor) scenario {
	return scenario{
		name: name, head: "POST /messenger/web/ping", header: formFromBrowser, from: from, expected: []string{`"role":"visitor"`},
		text: func(b []byte, v visitor, serial int64) []byte {
			v = who(v, serial)
			b = append(v.appendUUID(append(b, ping...)), "%22%7D&s="...)
			return v.appendUUID(b) // an id that does not count, since pings of one visitor come in any order here
		},
	}
}

func namesOf(all []scenario) []string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	return names
}

// withNames returns the scenarios that have one of some names.
func withNames(all []scenario, names []string) []scenario {
	return slices.DeleteFunc(all, func(s scenario) bool { return !slices.Contains(names, s.name) })
}

func appendName(b []byte, serial int64) []byte {
	return strconv.AppendInt(append(b, "Ada "...), serial, 10)
}

func appendPlan(b []byte, serial int64) []byte {
	return strconv.AppendInt(append(b, "plan "...), serial, 10)
}

var serials atomic.Int64

// next returns the visitor of the next request. Mine is nil for a supply that is not used up.
func (c dataset) next(from supply, mine *share) (visitor, error) {
	switch from {
	case known:
		return c.permanentVisitor(rand.IntN(min(familiar, c.permanent()))), nil
	case returning:
		n, err := mine.take()
		return c.returning(n), err
	case fresh:
		n, err := mine.take()
		return c.freshVisitor(n), err
	}
	return c.permanentVisitor(rand.IntN(c.permanent())), nil
}

// writer returns a function that writes the requests of one measurement, no two of which are the same. Mine is nil for a
// scenario whose visitors are not used up.
func (s scenario) writer(c dataset, mine *share) func(*client) error {
	return func(to *client) error {
		v, err := c.next(s.from, mine)
		if err != nil {
			return err
		}
		serial := serials.Add(1)
		to.body = s.text(to.body[:0], v, serial)
		b := append(to.request[:0], s.head...)
		if s.path != nil {
			b = s.path(b, serial)
		}
		if s.header == fromSDK {
			b = append(append(append(b, to.body...), s.header...), "\r\n"...)
		} else {
			b = strconv.AppendInt(append(b, s.header...), int64(len(to.body)), 10)
			b = append(append(b, endOfHeader...), to.body...)
		}
		to.request = b
		return nil
	}
}
