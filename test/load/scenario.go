package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
)

// What the first start gives the workspace.
const (
	appID       = "bench"
	accessToken = "bench-access-token-of-the-load-test"
)

// scenario is one kind of request to the server.
type scenario struct {
	name string
	// head has the request line up to what path appends, if anything, and header the rest up to the length of the body.
	head, header string
	path         func(b []byte) []byte
	// text appends what differs from request to request: the body, or of a GET the end of its path.
	text func(b []byte, v visitor, serial int64) []byte
	// fresh visitors are used up by the request.
	fresh bool
	// proof is in every answer that did what the scenario is about, all of it.
	proof []string
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

// scenarios answers all of them, in the order in which they are measured.
func scenarios(c crowd) []scenario {
	convert := func(name, decision, role string, to func(b []byte, v visitor) []byte) scenario {
		return scenario{
			name: name, head: "POST /visitors/convert", header: jsonFromSDK, fresh: true,
			proof: []string{"Lobby-Identity: " + decision, `"role":"` + role + `"`},
			text: func(b []byte, v visitor, _ int64) []byte {
				b = v.appendUUID(append(b, `{"visitor":{"user_id":"`...))
				return to(append(b, `"},`...), v)
			},
		}
	}
	return []scenario{
		{
			name: "get", head: "GET /visitors?user_id=", header: fromSDK, proof: []string{`{"type":"visitor"`},
			text: func(b []byte, v visitor, _ int64) []byte { return v.appendUUID(b) },
		},
		{
			name: "put", head: "PUT /visitors", header: jsonFromSDK, proof: []string{`{"type":"visitor"`},
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
		{
			name: "ping", head: "POST /messenger/web/ping", header: formFromBrowser, proof: []string{`"role":"visitor"`},
			text: func(b []byte, v visitor, _ int64) []byte {
				b = append(v.appendUUID(append(b, ping...)), "%22%7D&s="...)
				return v.appendUUID(b) // a session for each, that does not count: pings of one visitor come in any order here
			},
		},
		{
			name: "arrive", head: "POST /messenger/web/ping", header: formFromBrowser, proof: []string{`"role":"visitor"`},
			text: func(b []byte, _ visitor, serial int64) []byte {
				v := c.newcomer(serial)
				b = append(v.appendUUID(append(b, ping...)), "%22%7D&s="...)
				return v.appendUUID(b)
			},
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

// chosen are those whose names are among the given.
func chosen(all []scenario, names []string) []scenario {
	return slices.DeleteFunc(all, func(s scenario) bool { return !slices.Contains(names, s.name) })
}

func appendName(b []byte, serial int64) []byte {
	return strconv.AppendInt(append(b, "Ada "...), serial, 10)
}

func appendPlan(b []byte, serial int64) []byte {
	return strconv.AppendInt(append(b, "plan "...), serial, 10)
}

var serials atomic.Int64

// writer answers what writes the requests of one measurement, no two of which say the same. mine is nil for a scenario
// that uses nobody up.
func (s scenario) writer(c crowd, mine *share) func(*client) error {
	return func(to *client) error {
		v := c.lastingVisitor(rand.IntN(c.lasting()))
		if s.fresh {
			n, err := mine.take()
			if err != nil {
				return err
			}
			v = c.freshVisitor(n)
		}
		to.body = s.text(to.body[:0], v, serials.Add(1))
		b := append(to.request[:0], s.head...)
		if s.path != nil {
			b = s.path(b)
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
