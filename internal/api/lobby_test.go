package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const unixSeconds = "a Unix time in seconds, from 0 to 2147483647"

const create = "POST /lobby/v1/visitors"

var creations = []scenario{
	one("a visitor needs nothing", step{
		do: create, has: `{"type":"visitor","anonymous":true,"email":"","name":null,"created_at":1700000000,"updated_at":1700000000}`,
	}),
	one("a visitor may be told with all that is known", step{
		do: create,
		body: `{"user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3","email":"a@b.example","phone":"+1 23","name":"Ada","pseudonym":"Red Duck from Dublin",
			"avatar":{"image_url":"https://a.example/x.png"},"owner_id":"1","unsubscribed_from_emails":true,"marked_email_as_spam":true,
			"has_hard_bounced":true,"created_at":1600000000,"updated_at":1600000001,"last_request_at":1600000002,"browser":"Chrome",
			"browser_version":"80","browser_language":"en","os":"Linux","referrer":"https://r.example/","utm_campaign":"a","utm_content":"b",
			"utm_medium":"c","utm_source":"d","utm_term":"e","session_count":7,"do_not_track":true,
			"location_data":{"city_name":"Dublin","region_name":"Leinster","country_name":"Ireland","country_code":"IRL","continent_code":"EU",
				"postal_code":"D02","timezone":"Europe/Dublin"},"custom_attributes":{"plan":"pro","gone":null}}`,
		has: `{"user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3","email":"a@b.example","phone":"+1 23","name":"Ada","pseudonym":"Red Duck from Dublin",
			"avatar":{"type":"avatar","image_url":"https://a.example/x.png"},"owner_id":"1","unsubscribed_from_emails":true,
			"marked_email_as_spam":true,"has_hard_bounced":true,"created_at":1600000000,"remote_created_at":1600000000,"signed_up_at":1600000000,
			"updated_at":1600000001,"last_request_at":1600000002,"referrer":"https://r.example/","utm_campaign":"a","utm_content":"b",
			"utm_medium":"c","utm_source":"d","utm_term":"e","session_count":7,"do_not_track":true,
			"location_data":{"type":"location_data","city_name":"Dublin","region_name":"Leinster","country_name":"Ireland","country_code":"IRL",
				"continent_code":"EU","postal_code":"D02","timezone":"Europe/Dublin"},"custom_attributes":{"plan":"pro"}}`,
	}),
	one("a user_id need not be a UUID", step{do: create, body: `{"user_id":"visitor-a"}`, has: `{"user_id":"visitor-a"}`}),
	one("a user_id of 512 bytes fits", step{
		do: create, body: `{"user_id":"` + strings.Repeat("é", 256) + `"}`, has: `{"user_id":"` + strings.Repeat("é", 256) + `"}`,
	}),
	one("a user_id that is taken", step{
		do: create, body: `{"user_id":"$vera.user_id"}`, status: 409, refused: "conflict: A visitor matching those details already exists with id=$vera",
	}),
	one("a placeholder for a user_id", step{
		do: create, body: `{"user_id":"[object Object]"}`, status: 400,
		refused: "parameter_invalid: user_id must not be a placeholder such as null, undefined or anonymous",
	}),
	one("an owner who is no admin", step{
		do: create, body: `{"owner_id":2}`, status: 400, refused: "parameter_invalid: The owner specified is not a member of the workspace",
	}),
	one("no address", step{do: create, body: `{"email":"a"}`, status: 400, refused: "parameter_invalid: email is not an email address"}),
	one("milliseconds", step{
		do: create, body: `{"created_at":1700000000000}`, status: 400,
		refused: "parameter_invalid: created_at must be a Unix time in seconds, from 0 to 2147483647; 1700000000000 seems to be milliseconds",
	}),
	one("a text for a time", step{
		do: create, body: `{"created_at":"2024-05-29"}`, status: 400,
		refused: "type_mismatch: created_at must be a Unix time in seconds, from 0 to 2147483647",
	}),
	one("a negative count", step{
		do: create, body: `{"session_count":-1}`, status: 400, refused: "parameter_invalid: session_count must be between 0 and 2147483647",
	}),
	one("a count that no client could read", step{
		do: create, body: `{"session_count":2147483648}`, status: 400, refused: "parameter_invalid: session_count must be between 0 and 2147483647",
	}),
	one("a number for a boolean", step{
		do: create, body: `{"do_not_track":1}`, status: 400, refused: "type_mismatch: do_not_track must be true or false",
	}),
	one("an attribute of another type", step{
		do: create, body: `{"custom_attributes":{"plan":"pro","seats":"some"}}`, status: 400,
		refused: "parameter_invalid: custom_attributes.seats must be of type integer",
	}),
	one("more attributes than a workspace may have", step{
		do: create, body: `{"custom_attributes":{` + newAttributes(251) + `}}`, status: 400,
		refused: "custom_data_limit_reached: The workspace already has 250 custom attributes",
	}),
}

// newAttributes are the members of n attributes that no workspace has.
func newAttributes(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`"new_%d":1`, i)
	}
	return strings.Join(all, ",")
}

// lists is a page of the cast's four visitors, newest first, of whom some pass the filter.
func lists(says, query string, names ...string) scenario {
	data := make([]string, len(names))
	for i, name := range names {
		data[i] = `{"type":"visitor","id":"$` + name + `"}`
	}
	return one(says, step{
		do:  "GET /lobby/v1/visitors" + query,
		has: `{"type":"list","data":[` + strings.Join(data, ",") + `],"pages":{"type":"pages","next":null}}`,
	})
}

func listsNot(says, query, refused string) scenario {
	return one(says, step{do: "GET /lobby/v1/visitors" + query, status: 400, refused: refused})
}

const badCursor = "client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response"

var listings = []scenario{
	lists("visitors come newest first, and nobody else", "", "victor", "vera", "tom", "tim"),
	lists("an email ignores case", "?email=TWINS@example.com", "tom", "tim"),
	lists("a name is exact", "?name=Victor", "victor"),
	lists("a name is not a beginning", "?name=Vic"),
	lists("a time is inclusive", "?created_after=1699913600&created_before=1699913600", "victor", "vera", "tom", "tim"),
	lists("nobody is younger", "?created_after=1699913601"),
	lists("nobody is older", "?created_before=1699913599"),
	lists("who never asked for anything has no last request", "?last_request_after=1", "victor"),
	lists("the last request is inclusive", "?last_request_after=1699913660&last_request_before=1699913660", "victor"),
	lists("updates are inclusive", "?updated_after=1699913600&updated_before=1699913600&name=Victor", "victor"),
	lists("a page after the oldest is empty", "?starting_after=000000000000000000000000"),
	lists("a page after the newest is the first", "?starting_after=ffffffffffffffffffffffff", "victor", "vera", "tom", "tim"),
	lists("a page begins after the cursor", "?starting_after=$vera.1699913600", "tom", "tim"),
	lists("a cursor may have no time", "?starting_after=$vera", "tom", "tim"),
	lists("unknown parameters are ignored", "?page=2&order=asc", "victor", "vera", "tom", "tim"),
	one("a page says where the next begins", step{
		do:  "GET /lobby/v1/visitors?per_page=3",
		has: `{"data":[{"id":"$victor"},{"id":"$vera"},{"id":"$tom"}],"pages":{"per_page":3,"next":{"per_page":3,"starting_after":"$tom.1699913600"}}}`,
	}),
	one("a full last page has no next", step{do: "GET /lobby/v1/visitors?per_page=4", has: `{"pages":{"per_page":4,"next":null}}`}),
	one("too large a page is the largest", step{do: "GET /lobby/v1/visitors?per_page=1000", has: `{"pages":{"per_page":150}}`}),
	one("a page of none is one as usual", step{do: "GET /lobby/v1/visitors?per_page=0", has: `{"pages":{"per_page":50}}`}),
	one("a negative page is one as usual", step{do: "GET /lobby/v1/visitors?per_page=-1", has: `{"pages":{"per_page":50}}`}),
	listsNot("a page of words", "?per_page=ten", "parameter_invalid: per_page must be a whole number"),
	listsNot("a cursor of words", "?starting_after=x", badCursor),
	listsNot("a cursor in capitals", "?starting_after=FFFFFFFFFFFFFFFFFFFFFFFF", badCursor),
	listsNot("a cursor that is cut", "?starting_after=fffffffffffffffffffffff", badCursor),
	listsNot("a time of words", "?created_after=now", "parameter_invalid: created_after must be "+unixSeconds),
	listsNot("a time in milliseconds", "?updated_before=1700000000000", "parameter_invalid: updated_before must be "+unixSeconds+"; 1700000000000 seems to be milliseconds"),
	listsNot("a time before time", "?last_request_after=-1", "parameter_invalid: last_request_after must be "+unixSeconds),
}

func TestLobbysOwnOperationsOnVisitors(t *testing.T) {
	t.Parallel()
	play(t, groups{"create": creations, "list": listings})
}

func TestEveryVisitorIsListedOnceWhileOthersCome(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		born := func() string {
			s.Clock.Pass(time.Second)
			p, err := s.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: s.Workspace}, &people.Person{})
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		var want []string
		for range 23 {
			want = append(want, born())
		}
		slices.Reverse(want)

		var got []string
		path := "/lobby/v1/visitors?per_page=5"
		for pages := 0; ; pages++ {
			r := s.Do(t, "GET", path, nil)
			for i := range r.Get("data").([]any) {
				got = append(got, r.Get(fmt.Sprintf("data.%d.id", i)).(string))
			}
			next, more := r.Get("pages.next.starting_after").(string)
			if !more || pages > 10 {
				break
			}
			if url.QueryEscape(next) != next {
				t.Errorf("the cursor %q is not fit for a URL", next)
			}
			path = "/lobby/v1/visitors?per_page=5&starting_after=" + next
			born() // meanwhile
		}
		if !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v", got, want)
		}
	})
}
