package api

import (
	"fmt"
	"strings"
)

// Ids that the bodies below name.
const (
	CorpusVisitor = "6657a9246abd0160d35d1f68"
	CorpusUserID  = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
	CorpusUser    = "6657a9276abd0160d35d1f75"
)

// What fuzzing begins with and what tests send to a whole server: bodies that are right, nearly right and hostile.
var (
	ConvertBodies = []string{
		`{"visitor":{"user_id":"` + CorpusUserID + `"},"user":{"email":"foo@bar.com"},"type":"user"}`,
		`{"visitor":{"id":"` + CorpusVisitor + `"},"type":"lead"}`,
		`{"visitor":{"email":"v@example.com"},"user":{"id":"` + CorpusUser + `"},"type":"user"}`,
		`{"visitor":{"id":"` + CorpusVisitor + `"},"user":{"user_id":"u-1","email":"\ud83d\ude00@b"},"type":"user"}`,
		`{"visitor":{"id":"` + CorpusVisitor + `"},"user":{"user_id":1e3},"type":"user"}`,
		`{"visitor":{"id":` + "1" + `},"user":[],"type":"user"}`,
		`{"type":null}`, `[]`, ``, `null`, `{"type":"user"`, "{\"type\":\"\x00\"}", `{"a":"\ud800"}`, strings.Repeat("[", 40), "\xff",
	}
	ContactBodies = []string{
		`{"role":"lead","avatar":{"image_url":"u"},"custom_attributes":{"n":1}}`, `{"email":"\ud83d\ude00@b","signed_up_at":"1"}`,
		`{"external_id":1e3,"role":"user"}`, `{"role":"user","external_id":null,"email":""}`, `{"role":"lead","owner_id":1.0,"avatar":[]}`,
		`{"email":"\u0000@b"}`, `{"role":"visitor"}`, `[]`, ``, `{"role":"lead"`, "\xff", strings.Repeat("[", 40),
	}
	EventBodies = []string{
		`{"id":"` + CorpusUser + `","event_name":"x","created_at":1,"metadata":{"a":{"amount":1,"currency":"eur"},"b":{"url":"u","value":"v"}}}`,
		`{"user_id":"u-1","event_name":"x","created_at":"1","metadata":{"a":1e400,"b":[{}],"c":null}}`, `{"email":"\ud83d\ude00@b","event_name":"x"}`,
		`{"id":"` + CorpusUser + `","event_summaries":[{"event_name":"x","count":1,"first":1,"last":2},{}]}`,
		`{"user_id":"u-1","event_summaries":{"event_name":"x","count":9223372036854775807,"first":0,"last":2147483647}}`,
		`{"event_types":["app_name_change",{"value":"x"}],"page":9223372036854775807,"per_page":-1,"created_at_after":0}`,
		`{"metadata":[]}`, `[]`, ``, `{"id":`, "\xff", strings.Repeat("[", 40),
	}
	SearchBodies = []string{
		where("email", "=", `"ada@example.com"`), where("created_at", ">", `"1306054154"`), where("custom_attributes.seats", "NIN", `[1,"2",1.5]`),
		where("tag_id", "!=", "null"), where("segment_id", "=", `"x"`), where("name", "~", `"\ud83d\ude00"`), where("id", "^", `"\udbff\udfff"`),
		where("last_seen_at", "<", "99999999999"), where("owner_id", "=", "9223372036854775807"), where("owner_id", ">", "9223372036854775807"),
		where("email", "AND", `[]`), `{"query":{"operator":"OR","value":[{"operator":"AND","value":[]}]}}`, `{"query":[]}`, `[]`, ``, `{`,
		`{"query":{"field":"role","operator":"=","value":"user"},"sort":{"field":"email","order":"up"},"pagination":{"per_page":-1,"starting_after":"x"}}`,
		`{"query":{"field":"role","operator":"IN","value":[{"days_ago":1}]},"sort":[],"pagination":1}`,
	}
	SearchCursors = []string{
		"\nfalse\n2\n4\n6657a9246abd0160d35d1f68\n", "name\ntrue\n2\n4\n6657a9246abd0160d35d1f68\nkey", "name\ntrue\n2\n4\n6657a9246abd0160d35d1f68\n",
		"", "\n\n\n\n\n", "\nfalse\n2\n99999999999999999999\n6657a9246abd0160d35d1f68\n\xff",
	}
)

// wrongBodies are wrong for every operation.
var wrongBodies = []string{`[]`, ``, `null`, `{`, "\xff", strings.Repeat("[", 40), `{"a":"\ud800"}`}

func where(field, operator, value string) string {
	return fmt.Sprintf(`{"query":{"field":%q,"operator":%q,"value":%s}}`, field, operator, value)
}
