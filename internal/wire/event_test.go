package wire_test

import (
	"testing"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

func TestEventsAreWrittenAlikeInEveryVersion(t *testing.T) {
	t.Parallel()
	user, lead := known(people.User), unknown(people.Lead)
	testkit.Golden(t, "event_list.json", indented(t, wire.EventList{
		Page: &people.EventPage{Contact: user, Events: []*people.Event{
			{ID: "6657a9246abd0160d35d1f68", Name: "placed <order> 日本", CreatedAt: 1717020964, Metadata: `{"price":{"amount":34999,"currency":"eur"}}`},
			{ID: "6657a9246abd0160d35d1f67", Name: "left", CreatedAt: 1717020963},
		}},
		Next: "https://lobby.example.com/events?before=1717020963000&type=user&user_id=1", Since: "https://lobby.example.com/events?since=1717020964001&type=user&user_id=1",
	}.AppendJSON(nil)))
	testkit.Golden(t, "event_list_empty.json", indented(t, wire.EventList{Page: &people.EventPage{Contact: lead}}.AppendJSON(nil)))
	testkit.Golden(t, "event_summary.json", indented(t, wire.EventSummaries{Contact: user, Summaries: []*people.EventSummary{
		{Name: "placed-order", Count: 42, First: 1389913941, Last: 1717020964}, {Name: "left", Count: 1, First: 0, Last: 0},
	}}.AppendJSON(nil)))
	testkit.Golden(t, "event_summary_empty.json", indented(t, wire.EventSummaries{Contact: lead}.AppendJSON(nil)))
}

func TestMetadataIsKeptInItsOrderAndSpelling(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                           "",
		`{"metadata":null}`:            "",
		`{"metadata":{}}`:              "",
		`{"metadata":[]}`:              "",
		`{"metadata":{"a":null}}`:      "",
		`{"metadata":{"b":1,"a":"x"}}`: `{"b":1,"a":"x"}`,
		`{"metadata":{"a":1.50,"b":1e3,"c":-0,"d":true}}`:                                               `{"a":1.5,"b":1000,"c":0,"d":true}`,
		`{"metadata":{"\"<\u00e9":"\ud83d\ude00"}}`:                                                     `{"\"<é":"😀"}`,
		`{"metadata":{"a":{"currency":"eur","x":[{}],"amount":"12"}}}`:                                  `{"a":{"amount":12,"currency":"eur"}}`,
		`{"metadata":{"a":{"value":"v","url":"u"},"b":{"url":"","value":""}}}`:                          `{"a":{"url":"u","value":"v"},"b":{"url":"","value":""}}`,
		`{"metadata":{"n":null,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10,"11":[]}}`: `{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10}`,
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Metadata("metadata"); got != want || in.Err() != nil {
			t.Errorf("%s is kept as %s, %v; want %s", body, got, in.Err(), want)
		}
	}
}

func TestOneObjectIsAListOfIt(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{`{}`: 0, `{"a":null}`: 0, `{"a":[]}`: 0, `{"a":{}}`: 1, `{"a":{"b":1}}`: 1, `{"a":[{},{"b":1}]}`: 2} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.OneOrMore("a"); len(got) != want || in.Err() != nil {
			t.Errorf("%s has %d, %v; want %d", body, len(got), in.Err(), want)
		}
	}
}
