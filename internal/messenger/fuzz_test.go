package messenger_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func FuzzNoPageBreaksThePing(f *testing.F) {
	f.Add("11111111-1111-4111-8111-111111111111", `{"plan":"pro","n":1e400,"name":null,"avatar":{"image_url":"https://a/b"}}`, "https://a.example/?utm_term=%00", "http://u:p@b.example/\x00")
	f.Add("", `{"a":"\u0000\ud800"}`, "::", "http://[::1")
	f.Add("11111111-1111-4111-8111-111111111111", `{"n":1,"event_name":"a","created_at":1e9,"metadata":{"b":[]},"supplied_email":"a@b"}`, "1", "")
	f.Add("x", `null`, "", "\xff")
	l := setup(f)
	f.Fuzz(func(t *testing.T, id, data, page, referrer string) {
		for _, path := range []string{"/messenger/web/ping", "/messenger/web/opt_out"} {
			r := call(path, map[string]string{
				"anonymous_id": id, "user_data": data, "referer": page, "r": referrer, "deeds": "[" + data + "]", "s": id, "n": page,
				"tz": referrer, "lang": page, "clock": id,
			}, nil)
			w := httptest.NewRecorder()
			l.handler.ServeHTTP(w, r)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s answered %d %s", path, w.Code, w.Body)
			}
		}
	})
}
