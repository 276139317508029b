package jsonio

import "testing"

func TestInstants(t *testing.T) {
	t.Parallel()
	const noon = 1769860800 // 2026-01-31T12:00:00Z
	for text, want := range map[string]int64{
		"1769860800":                       noon,
		"0":                                0,
		"2147483647":                       MaxTime,
		"2026-01-31T12:00:00Z":             noon,
		"2026-01-31T12:00:00.000Z":         noon,
		"2026-01-31T12:00:00.999999999Z":   noon,
		"2026-01-31T12:00:00,5Z":           noon,
		"2026-01-31T13:00:00+01:00":        noon,
		"2026-01-31T13:00:00 01:00":        noon, // the plus of a query that was not escaped
		"2026-01-31T13:00:00.123+0100":     noon,
		"2026-01-31T13:00:00+01":           noon,
		"2026-01-31T06:30:00-05:30":        noon,
		"2026-01-31T12:00Z":                noon,
		"2026-01-31T12:00:00":              noon,
		"2026-01-31T12:00:00.5":            noon,
		"2026-01-31T12:00":                 noon,
		"2026-01-31 12:00:00":              noon,
		"2026-01-31 12:00:00 UTC":          noon,
		"2026-01-31 12:00:00.123456+00:00": noon,
		"2026-01-31":                       noon - 12*60*60,
		"1970-01-01T00:00:00Z":             0,
		"2038-01-19T03:14:07Z":             MaxTime,
	} {
		if got, ok := ParseInstant(text); !ok || got != want {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", " ", "-1", "1769860800000", "1.5", "2147483648", "2038-01-19T03:14:08Z", "1969-12-31T23:59:59Z", "2026-02-30T00:00:00Z",
		"2026-01-31T25:00:00Z", "12:00:00", "yesterday", "20260131T120000Z", "2026-01-31T12:00:00Zx", "31.01.2026", "NaN", "0x10",
	} {
		if got, ok := ParseInstant(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestInstantMembers(t *testing.T) {
	t.Parallel()
	o, err := Read([]byte(`{"n":1769860800,"s":"1769860800","iso":"2026-01-31T12:00:00.5Z","null":null,"ms":1769860800000}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"n", "s", "iso"} {
		if got := o.Instant(name).Or(-1); got != 1769860800 {
			t.Errorf("%s is %d", name, got)
		}
	}
	if o.Instant("absent").Or(-1) != -1 || !o.Instant("null").IsNull() || o.Err() != nil {
		t.Errorf("what is not there: %v", o.Err())
	}
	if o.Instant("ms"); o.Err() == nil || o.Err().Error() != "ms must be "+string(InstantMember) {
		t.Errorf("milliseconds: %v", o.Err())
	}
}
