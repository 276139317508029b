package people_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/people"
	"lobby/internal/search"
)

// ada is who the conditions of these tests are asked about: seen on 2023-11-14 at 22:13:20 UTC.
var ada = &people.Person{
	ID: "6553f100aaaaaaaaaaaaaaaa", Role: people.User, Email: "Ada@Example.com", Name: "Ada Ångström", ExternalID: "Ada-1", OwnerID: 7,
	CreatedAt: 1_700_000_000, LastSeenAt: 1_700_000_000, HasHardBounced: true, Location: people.Location{City: "Malmö"},
	CustomAttributes: search.Attributes{
		"plan": search.TextValue("Pro"), "seats": search.IntValue(3), "score": search.FloatValue(1.5), "trial": search.BoolValue(false),
		"renews": search.IntValue(1_700_000_000), "called": search.IntValue(1_700_000_000), "empty": search.TextValue(""),
	},
}

var adaDefined = map[string]people.AttributeType{
	"plan": people.StringAttribute, "seats": people.IntegerAttribute, "score": people.FloatAttribute, "trial": people.BooleanAttribute,
	"renews": people.DateAttribute, "called": people.DatetimeAttribute, "empty": people.StringAttribute, "unset": people.StringAttribute,
}

func adaRules(exact bool) search.Rules {
	return search.Rules{
		Exact: exact, DaysAgo: true, Now: 1_700_000_000,
		Attribute: func(name string) (search.FieldType, bool, error) {
			typ, ok := adaDefined[name]
			return typ.SearchType(), ok, nil
		},
		Segment: func(id string) (*search.Query, error) {
			switch id {
			case "adas":
				return &search.Query{Field: "name", Operator: search.StartsWith, Values: []search.Value{search.TextValue("ada")}}, nil
			case "itself":
				return &search.Query{Field: "segment_id", Operator: search.Equal, Values: []search.Value{search.TextValue("itself")}}, nil
			}
			return nil, nil
		},
	}
}

func filter(field string, op search.Operator, values ...any) search.Query {
	q := search.Query{Field: field, Operator: op}
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			q.Values = append(q.Values, search.NullValue())
		case string:
			q.Values = append(q.Values, search.TextValue(v))
		case int:
			q.Values = append(q.Values, search.IntValue(int64(v)))
		case float64:
			q.Values = append(q.Values, search.FloatValue(v))
		case bool:
			q.Values = append(q.Values, search.BoolValue(v))
		}
	}
	return q
}

const (
	sameDay = 1_699_930_000 // the same day in UTC, and the day before in Tokyo
	midday  = 1_699_963_200
	dayAgo  = 1_699_900_000
)

func TestAFilterFindsWhomItMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter search.Query
		want   bool
	}{
		{filter("email", "=", "aDA@example.COM"), true},
		{filter("email", "!=", "ada@example.com"), false},
		{filter("email", "!=", "eve@example.com"), true},
		{filter("email_domain", "=", "example.com"), true},
		{filter("name", "~", "ÅNG"), true},
		{filter("name", "!~", "ång"), false},
		{filter("name", "^", "ada å"), true},
		{filter("name", "^", "dda"), false},
		{filter("name", "$", "STRÖM"), true},
		{filter("name", "$", "a ada ångström"), false},
		{filter("external_id", "=", "Ada-1"), true},
		{filter("external_id", "=", "ada-1"), false},
		{filter("location.city", "IN", "Lund", "malmö"), true},
		{filter("location.city", "NIN", "Lund", "malmö"), false},
		{filter("location.country", "NIN", "Sweden"), true},
		{filter("location.country", "!=", "Sweden"), true},
		{filter("location.country", "!~", "Sweden"), true},
		{filter("location.country", "=", nil), true},
		{filter("location.city", "=", nil), false},
		{filter("location.city", "!=", nil), true},
		{filter("location.city", "=", ""), false},
		{filter("location.city", "IN"), false},
		{filter("location.city", "NIN"), true},
		{filter("role", "=", "user"), true},
		{filter("owner_id", "=", 7), true},
		{filter("owner_id", "=", "7"), true},
		{filter("owner_id", ">", 6), true},
		{filter("owner_id", ">", 7), false},
		{filter("owner_id", ">=", 7), true},
		{filter("owner_id", "<", 7), false},
		{filter("owner_id", "<=", 7), true},
		{filter("has_hard_bounced", "=", true), true},
		{filter("has_hard_bounced", "=", "true"), true},
		{filter("has_hard_bounced", "=", false), false},
		{filter("marked_email_as_spam", "=", false), true},
		{filter("marked_email_as_spam", "!=", true), true},
		{filter("marked_email_as_spam", "=", nil), false},
		{filter("marked_email_as_spam", "IN", true, false), true},
		{filter("tag_id", "=", 12), true},
		{filter("tag_id", "=", "12"), true},
		{filter("tag_id", "!=", "12"), false},
		{filter("tag_id", "=", "13"), false},
		{filter("tag_id", "=", nil), false},
		{filter("segment_id", "=", "adas"), true},
		{filter("segment_id", "!=", "adas"), false},
		{filter("segment_id", "=", "nobody's"), false},
		{filter("custom_attributes.plan", "=", "PRO"), true},
		{filter("custom_attributes.plan", "~", "r"), true},
		{filter("custom_attributes.seats", "=", "3"), true},
		{filter("custom_attributes.seats", ">", 2), true},
		{filter("custom_attributes.score", ">", 1), true},
		{filter("custom_attributes.score", "<", "1.25"), false},
		{filter("custom_attributes.trial", "=", false), true},
		{filter("custom_attributes.trial", "=", nil), false},
		{filter("custom_attributes.unset", "=", nil), true},
		{filter("custom_attributes.empty", "=", nil), true},
		{filter("custom_attributes.empty", "!=", "x"), true},
	} {
		for _, exact := range []bool{false, true} {
			condition, err := c.filter.Check(people.ContactSearch, adaRules(exact))
			if err != nil {
				t.Errorf("%+v: %v", c.filter, err)
			} else if got := condition.Matches(search.KeysOf(ada, []string{"12", "14"})); got != c.want {
				t.Errorf("%+v finds her: %t", c.filter, got)
			}
		}
	}
}

func TestAPhoneNumberIsFoundHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	e164 := map[string]string{
		"+442079460958": "+442079460958", "+44 20 7946 0958": "+442079460958", "+44 (0)20 7946-0958": "+442079460958",
		"+44 20 7946 0959": "+442079460959", "+1 800 FLOWERS": "+18003569377", "+1-800-356-9377": "+18003569377",
	}
	rules := search.Rules{FormattedPhone: true, E164: func(phone string) string { return e164[phone] }}
	for _, c := range []struct {
		phone  string
		filter search.Query
		want   bool
	}{
		{"+44 20 7946 0958", filter("phone", "=", "+442079460958"), true},
		{"+442079460958", filter("phone", "=", "+44 (0)20 7946-0958"), true},
		{"+44 20 7946 0958", filter("phone", "=", "+44 20 7946 0959"), false},
		{"+44 20 7946 0958", filter("phone", "!=", "+442079460958"), false},
		{"+44 20 7946 0958", filter("phone", "IN", "1", "+442079460958"), true},
		{"+44 20 7946 0958", filter("phone", "NIN", "1", "+442079460958"), false},
		{"+44 20 7946 0958", filter("formatted_phone", "=", "+44 (0)20 7946-0958"), true},
		{"+44 20 7946 0958", filter("phone", "=", "44 20 7946 0958"), true}, // one of both has no country
		{"44 20 7946 0958", filter("phone", "=", "+442079460958"), true},
		{"+44 20 7946 0958", filter("phone", "=", 442079460958), true},
		{"+44 20 7946 0958", filter("phone", "=", "20 7946 0958"), false},
		{"+1 555-0123", filter("phone", "=", "+15550123"), true},
		{"020 7946 0958", filter("phone", "=", "(020) 79460958"), true},
		{"٠٢٠ ٧٩٤٦ ٠٩٥٨", filter("phone", "=", "02079460958"), true},
		{"+44 20 7946 0958", filter("phone", "~", "7946-09"), true},
		{"+44 20 7946 0958", filter("phone", "!~", "7946 09"), false},
		{"+44 20 7946 0958", filter("phone", "!~", "7947"), true},
		{"+44 (0)20 7946-0958", filter("phone", "^", "+44 20"), true},
		{"+44 20 7946 0958", filter("phone", "^", "4420"), true},
		{"+44 20 7946 0958", filter("phone", "^", "+"), true},
		{"44 20 7946 0958", filter("phone", "^", "+44 20"), true},
		{"44 20 7946 0958", filter("phone", "^", "+"), false},
		{"+44 20 7946 0958", filter("phone", "^", "20"), false},
		{"+44 20 7946 0958", filter("phone", "$", "09-58"), true},
		{"+1 800 FLOWERS", filter("phone", "~", "flow"), true},
		{"+1 800 FLOWERS", filter("phone", "=", "+1-800-356-9377"), true},
		{"front desk", filter("phone", "=", "FRONT DESK"), true},
		{"front desk", filter("phone", "$", "desk"), true},
		{"front desk", filter("phone", "=", "back desk"), false},
		{"front desk", filter("phone", "!=", nil), true},
		{"", filter("phone", "=", nil), true},
		{"", filter("phone", "!=", "+442079460958"), true},
		{"", filter("phone", "~", "1"), false},
	} {
		p := &people.Person{Role: people.User, Phone: c.phone, FormattedPhone: e164[c.phone]}
		condition, err := c.filter.Check(people.ContactSearch, rules)
		if err != nil {
			t.Errorf("%+v: %v", c.filter, err)
		} else if got := condition.Matches(search.KeysOf(p, nil)); got != c.want {
			t.Errorf("%+v finds %q: %t", c.filter, c.phone, got)
		}
	}
}

func TestAnAddressIsFoundHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	p := &people.Person{Role: people.User, Email: "\u202aAnn@BU\u0308CHER.example\u202c"}
	for _, q := range []search.Query{
		filter("email", "=", "ann@bücher.example"), filter("email", "=", " ANN@xn--bcher-kva.example\u200b"), filter("email", "$", "@BÜCHER.example"),
		filter("email", "^", "\u202aann@"), filter("email", "~", "büch"), filter("email_domain", "=", "xn--bcher-kva.example"),
		filter("email_domain", "^", "BÜCH"), filter("email_domain", "!=", "example.com"),
	} {
		condition, err := q.Check(people.ContactSearch, search.Rules{})
		if err != nil || !condition.Matches(search.KeysOf(p, nil)) {
			t.Errorf("%+v does not find her: %v", q, err)
		}
	}
}

func TestTimesAreComparedByTheDayOrTheSecond(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	days := filter("last_seen_at", ">", nil)
	days.Values, days.DaysAgo = nil, 1
	for _, c := range []struct {
		filter              search.Query
		utc, tokyo, seconds any // whether she is found, or why that cannot be asked
	}{
		{filter("last_seen_at", "=", sameDay), true, false, false},
		{filter("last_seen_at", "=", "1699930000"), true, false, false},
		{filter("last_seen_at", "=", 1_700_000_000), true, true, true},
		{filter("last_seen_at", ">", sameDay), false, true, true},
		{filter("last_seen_at", ">", dayAgo), true, true, true},
		{filter("last_seen_at", "<", 1_700_000_001), false, false, true},
		{filter("last_seen_at", "<", 1_700_090_000), true, true, true},
		{filter("last_seen_at", ">=", 1_700_000_000), "cannot be compared by >=", "cannot be compared by >=", true},
		{filter("last_seen_at", "!=", sameDay), "cannot be compared by !=", "cannot be compared by !=", true},
		{filter("last_replied_at", "!=", sameDay), "cannot be compared by !=", "cannot be compared by !=", true},
		{filter("last_replied_at", "<", midday), false, false, false},
		{filter("last_replied_at", "=", nil), true, true, true},
		{filter("last_seen_at", "!=", nil), true, true, true},
		{filter("last_seen_at", "IN", sameDay), "by IN", "by IN", "by IN"},
		{filter("custom_attributes.renews", "=", sameDay), true, false, true},
		{filter("custom_attributes.called", "=", sameDay), true, false, false},
		{days, true, true, true},
	} {
		for name, want := range map[string]any{"utc": c.utc, "tokyo": c.tokyo, "seconds": c.seconds} {
			rules := adaRules(name == "seconds")
			if name != "utc" {
				rules.Zone = tokyo
			}
			condition, err := c.filter.Check(people.ContactSearch, rules)
			switch reason, refused := want.(string); {
			case refused && (err == nil || !strings.Contains(err.Error(), reason)):
				t.Errorf("%s: %+v is refused with %v", name, c.filter, err)
			case refused:
			case err != nil:
				t.Errorf("%s: %+v: %v", name, c.filter, err)
			case condition.Matches(search.KeysOf(ada, nil)) != want.(bool):
				t.Errorf("%s: %+v finds her: %t", name, c.filter, !want.(bool))
			}
		}
	}
}

func TestAGroupJoinsItsParts(t *testing.T) {
	t.Parallel()
	yes, no := filter("role", "=", "user"), filter("role", "=", "lead")
	group := func(c search.Combination, parts ...search.Query) search.Query {
		return search.Query{Combine: c, Queries: parts}
	}
	for _, c := range []struct {
		query search.Query
		want  bool
	}{
		{group(search.And, yes, yes), true},
		{group(search.And, yes, no), false},
		{group(search.Or, no, yes), true},
		{group(search.Or, no, no), false},
		{group(search.And, group(search.Or, no, yes), group(search.Or, yes, no)), true},
		{group(search.Or, group(search.And, no, yes), no), false},
	} {
		condition, err := c.query.Check(people.ContactSearch, adaRules(true))
		if err != nil || condition.Matches(search.KeysOf(ada, nil)) != c.want {
			t.Errorf("%+v: %v, and not %t", c.query, err, c.want)
		}
	}
}

func TestAnErrorNamesTheFilter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter       search.Query
		path, reason string
	}{
		{filter("utm_source", "=", "x"), "field", "utm_source is not a valid search field"},
		{filter("formatted_phone", "=", "x"), "field", "formatted_phone is not a valid search field"},
		{filter("custom_attributes.nope", "=", "x"), "field", "custom_attributes.nope is not a valid search field"},
		{filter("custom_attributes.size", "=", "x"), "field", "custom_attributes.size is not a valid search field"},
		{filter("created_at", ">", "foobar"), "value", "created_at must be compared with a Unix time in seconds, from 0 to 2147483647"},
		{filter("created_at", ">", 1_700_000_000_000), "value", "created_at must be compared with a Unix time in seconds, from 0 to 2147483647; 1700000000000 seems to be milliseconds"},
		{filter("created_at", ">", nil), "value", "created_at must be compared with a Unix time in seconds, from 0 to 2147483647"},
		{filter("owner_id", "=", "x"), "value", "owner_id must be compared with a whole number"},
		{filter("owner_id", "IN", 1, nil), "value.1", "owner_id must be compared with a whole number"},
		{filter("owner_id", "~", 1), "operator", "owner_id cannot be compared by ~"},
		{filter("name", "~", ""), "value", "name must be compared with a text"},
		{filter("name", ">", "x"), "operator", "name cannot be compared by >"},
		{filter("name", "=", "x", "y"), "value", "name must be compared with one value, not with a list, by ="},
		{filter("tag_id", "IN", 1), "operator", "tag_id cannot be compared by IN"},
		{filter("has_hard_bounced", "=", "yes"), "value", "has_hard_bounced must be compared with true or false"},
		{filter("custom_attributes.score", "=", "1e999"), "value", "custom_attributes.score must be compared with a number"},
		{filter("segment_id", "=", "itself"), "value", "segment_id names a segment that goes back to itself, or through more than 5 others"},
	} {
		group := search.Query{Combine: search.And, Queries: []search.Query{filter("role", "=", "user"), c.filter}}
		_, err := group.Check(people.ContactSearch, adaRules(false))
		var refused *search.Error
		path := "query.value.1." + c.path
		if strings.HasPrefix(c.reason, "segment_id") {
			path = "query.value" // within the segment
		}
		if !errors.As(err, &refused) || refused.Path != path || refused.Reason != c.reason || refused.Unknown != (c.path == "field") {
			t.Errorf("%+v: %#v", c.filter, err)
		}
	}
}

func TestAnOwnerIsATextInOneVersion(t *testing.T) {
	t.Parallel()
	rules := adaRules(false)
	rules.OwnerText = true
	for value, want := range map[string]bool{"7": true, "8": false, "seven": false} {
		condition, err := filter("owner_id", "=", value).Check(people.ContactSearch, rules)
		if err != nil || condition.Matches(search.KeysOf(ada, nil)) != want {
			t.Errorf("%s: %v, and not %t", value, err, want)
		}
	}
	if _, err := filter("owner_id", ">", 7).Check(people.ContactSearch, rules); err == nil {
		t.Error("a text is not greater than another")
	}
}

func TestKeysOfNumbersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(
		rapid.Map(rapid.Int64(), search.IntValue), rapid.Map(rapid.Float64(), search.FloatValue),
		rapid.Map(rapid.Int64Range(-10, 10), search.IntValue),
		rapid.Map(rapid.Int64Range(math.MaxInt64-2, math.MaxInt64), search.IntValue),
		rapid.Map(rapid.Int64Range(1<<53-3, 1<<53+3), search.IntValue),
		rapid.Just(search.FloatValue(math.MaxInt64)),
	).Filter(func(v search.Value) bool { return !v.IsNull() })
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		order := 0
		switch {
		case a.Kind() == search.KindInt && b.Kind() == search.KindInt && a.Int() < b.Int():
			order = -1
		case a.Kind() == search.KindInt && b.Kind() == search.KindInt && a.Int() > b.Int():
			order = 1
		case a.Kind() == search.KindInt && b.Kind() == search.KindInt:
		case a.Float() < b.Float() || a.Kind() == search.KindInt && b.Float() == math.MaxInt64:
			order = -1
		case a.Float() > b.Float() || b.Kind() == search.KindInt && a.Float() == math.MaxInt64:
			order = 1
		}
		if got := strings.Compare(search.NumberKey(a), search.NumberKey(b)); got != order {
			t.Errorf("%v and %v have the keys %s and %s", a, b, search.NumberKey(a), search.NumberKey(b))
		}
	})
}

func FuzzSearchTime(f *testing.F) {
	for _, text := range []string{"1306054154", "-1", "0", "2147483647", "2147483648", "9223372036854775807", "1e9", "foobar", "", " 1"} {
		f.Add(text, int64(1_700_000_000), 3600)
	}
	f.Fuzz(func(t *testing.T, text string, seen int64, east int) {
		seen = max(1, min(seen, math.MaxInt32))
		rules := search.Rules{Zone: time.FixedZone("z", east%(14*60*60))}
		day := func(second int64) string { return time.Unix(second, 0).In(rules.Zone).Format("2006-01-02") }
		keys := search.KeysOf(&people.Person{LastSeenAt: seen}, nil)
		asked, err := strconv.ParseInt(text, 10, 64)
		valid := err == nil && asked >= 0 && asked <= math.MaxInt32
		for op, want := range map[search.Operator]func(seen, asked string) bool{
			"=": func(seen, asked string) bool { return seen == asked },
			"<": func(seen, asked string) bool { return seen < asked },
			">": func(seen, asked string) bool { return seen > asked },
		} {
			condition, err := filter("last_seen_at", op, text).Check(people.ContactSearch, rules)
			switch {
			case text == "" && op == "=":
			case valid != (err == nil):
				t.Errorf("%s %q: %v", op, text, err)
			case valid && condition.Matches(keys) != want(day(seen), day(asked)):
				t.Errorf("seen on %s: %s %s in %v is wrong", day(seen), op, day(asked), rules.Zone)
			}
		}
	})
}
