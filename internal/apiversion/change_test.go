package apiversion_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
)

// trail stands for an answer; each undone change leaves its name on it.
type trail struct{ undone []string }

// plain stands for an answer that never changed.
type plain struct{ undone []string }

func leaves(name string) apiversion.Step {
	return apiversion.Response(func(o *trail) { o.undone = append(o.undone, name) })
}

func change(in apiversion.Version, name string) apiversion.Change {
	return apiversion.Change{In: in, What: name, Step: leaves(name)}
}

func TestStepDownUndoesWhatIsNewerThanTheCallerNewestFirst(t *testing.T) {
	t.Parallel()
	changes := apiversion.NewChanges(
		[]apiversion.Change{change(apiversion.V2_12, "a"), change(apiversion.V2_12, "b")},
		[]apiversion.Change{change(apiversion.Preview, "c")},
		[]apiversion.Change{change(apiversion.V2_8, "d"), change(apiversion.V2_16, "e")},
		[]apiversion.Change{change(apiversion.V2_12, "f")},
	)
	for _, c := range []struct {
		v    apiversion.Version
		want string
	}{
		{apiversion.Preview, ""},
		{apiversion.V2_16, "c"},
		{apiversion.V2_15, "c e"},
		{apiversion.V2_12, "c e"},
		{apiversion.V2_11, "c e f b a"},
		{apiversion.V2_8, "c e f b a"},
		{apiversion.V2_7, "c e f b a d"},
		{apiversion.V2_0, "c e f b a d"},
		{0, "c e f b a d"},
	} {
		var o trail
		changes.StepDown(c.v, &o)
		if got := strings.Join(o.undone, " "); got != c.want {
			t.Errorf("down to %v: undone %q, want %q", c.v, got, c.want)
		}
	}
}

func TestManyChangesOfOneVersionAreUndoneInReverse(t *testing.T) {
	t.Parallel()
	var list []apiversion.Change
	for name := 'z'; name >= 'a'; name-- { // too many for a sort that keeps the order by chance
		list = append(list, change(apiversion.V2_12, string(name)), change(apiversion.V2_8, string(name)))
	}
	var o trail
	apiversion.NewChanges(list).StepDown(apiversion.V2_7, &o)
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	if got := strings.Join(o.undone, ""); got != alphabet+alphabet {
		t.Errorf("undone in the order %s", got)
	}
}

func TestEveryVersionSeesExactlyTheChangesUpToItself(t *testing.T) {
	t.Parallel()
	all := apiversion.All()
	var list []apiversion.Change
	for _, v := range all[1:] {
		list = append(list, change(v, v.String()))
	}
	changes := apiversion.NewChanges(list)
	for i, v := range all {
		var o trail
		changes.StepDown(v, &o)
		slices.Reverse(o.undone)
		var want []string
		for _, newer := range all[i+1:] {
			want = append(want, newer.String())
		}
		if !slices.Equal(o.undone, want) {
			t.Errorf("down to %v: undone %v, want %v", v, o.undone, want)
		}
	}
}

func TestAShapeMayGainLoseAndRegainAField(t *testing.T) {
	t.Parallel()
	type contact struct{ formattedPhone bool }
	has := func(yes bool) apiversion.Step {
		return apiversion.Response(func(c *contact) { c.formattedPhone = yes })
	}
	changes := apiversion.NewChanges([]apiversion.Change{
		{In: apiversion.V2_11, What: "Gained.", Step: has(false)},
		{In: apiversion.V2_12, What: "Lost.", Step: has(true)},
		{In: apiversion.Preview, What: "Regained.", Step: has(false)},
	})
	for _, v := range apiversion.All() {
		c := contact{formattedPhone: true}
		changes.StepDown(v, &c)
		if want := v == apiversion.V2_11 || v == apiversion.Preview; c.formattedPhone != want {
			t.Errorf("%v: formatted phone %v, want %v", v, c.formattedPhone, want)
		}
	}
}

func TestStepDownLeavesOtherObjectsAlone(t *testing.T) {
	t.Parallel()
	changes := apiversion.NewChanges([]apiversion.Change{change(apiversion.V2_8, "a")})
	untouched := &plain{}
	inside := []trail{{}}
	for _, object := range []any{untouched, &inside, inside, nil, (*trail)(nil), map[string]any{}, "text"} {
		changes.StepDown(apiversion.V2_0, object)
	}
	if untouched.undone != nil || inside[0].undone != nil {
		t.Errorf("changed %v and %v", untouched, inside)
	}
	apiversion.NewChanges().StepDown(apiversion.V2_0, &trail{})
}

func TestStepDownRefusesACopyItCouldNotChange(t *testing.T) {
	t.Parallel()
	changes := apiversion.NewChanges([]apiversion.Change{change(apiversion.V2_8, "a")})
	mustPanic(t, "pointer to apiversion_test.trail", func() { changes.StepDown(apiversion.Preview, trail{}) })
}

func TestNewChangesRefusesAChangeThatCannotWork(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]apiversion.Change{
		`older than 2.0, the version of "Oldest."`:                       {In: apiversion.V2_0, What: "Oldest.", Step: leaves("a")},
		`older than Version(0)`:                                          {What: "No version.", Step: leaves("a")},
		fmt.Sprintf("older than Version(%d)", int(apiversion.Preview)+1): {In: apiversion.Preview + 1, What: "Unborn.", Step: leaves("a")},
		`"Stepless." of 2.8 has no step`:                                 {In: apiversion.V2_8, What: "Stepless."},
		`a change in 2.8 does not say what it is`:                        {In: apiversion.V2_8, Step: leaves("a")},
	} {
		mustPanic(t, want, func() { apiversion.NewChanges([]apiversion.Change{c}) })
	}
}

func TestNewChangesKeepsTheCallersListsAsTheyAre(t *testing.T) {
	t.Parallel()
	list := []apiversion.Change{change(apiversion.V2_12, "late"), change(apiversion.V2_8, "early")}
	apiversion.NewChanges(list)
	if list[0].What != "late" {
		t.Error("the list was sorted in place")
	}
}

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, want) {
			t.Errorf("panic %q, want one with %q", got, want)
		}
	}()
	f()
}

// counted is cheap to undo, so that the benchmark measures the machine.
type counted struct{ undone int }

func countedChanges() *apiversion.Changes {
	var list []apiversion.Change
	for _, v := range apiversion.All()[1:] {
		list = append(list, apiversion.Change{
			In: v, What: "Counted.", Step: apiversion.Response(func(c *counted) { c.undone++ }),
		})
	}
	return apiversion.NewChanges(list)
}

// Not parallel: allocations are counted for the whole process.
func TestStepDownDoesNotAllocate(t *testing.T) {
	changes, object, other := countedChanges(), new(counted), new(plain)
	n := testing.AllocsPerRun(100, func() {
		changes.StepDown(apiversion.V2_7, object)
		changes.StepDown(apiversion.V2_7, other)
	})
	if n != 0 {
		t.Errorf("allocates %v times", n)
	}
}

func BenchmarkStepDown(b *testing.B) {
	changes := countedChanges()
	for _, c := range []struct {
		name   string
		v      apiversion.Version
		object any
	}{
		{"type without changes", apiversion.V2_7, new(plain)},
		{"newest version", apiversion.Preview, new(counted)},
		{"ten changes", apiversion.V2_7, new(counted)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				changes.StepDown(c.v, c.object)
			}
		})
	}
}
