package people

import (
	"reflect"
	"slices"
	"testing"

	"lobby/internal/search"
)

// outcomes returns the verdict on each field.
func outcomes(all []Outcome) map[string]Verdict {
	out := map[string]Verdict{}
	for _, o := range all {
		out[o.Field] = o.Verdict
	}
	return out
}

func TestWhatIsUnknownOfThePersonChangesNothing(t *testing.T) {
	t.Parallel()
	survivor := full(1)
	after, out := absorb(survivor, &Person{}, "")
	if !reflect.DeepEqual(after, survivor) || len(out) != 0 {
		t.Errorf("the survivor became %+v with %v", after, out)
	}
}

func TestASurvivorOfWhomNothingIsKnownAdoptsByTheRule(t *testing.T) {
	t.Parallel()
	adopts := map[Rule]bool{Single: true, Campaign: true, Place: true, Later: true, Either: true, PerKey: true}
	subject := full(1)
	after, out := absorb(&Person{}, subject, "")
	verdicts := outcomes(out)
	for i := range Fields {
		f := &Fields[i]
		if f.Equal(after, subject) != adopts[f.Rule] {
			t.Errorf("%s of the survivor is %v", f.Name, f.Value(after))
		}
		want, name := Discarded, f.Name
		if adopts[f.Rule] {
			want = Adopted
		}
		if f.Rule == PerKey {
			name += ".n"
		}
		if got, has := verdicts[name]; has == (f.Rule == Own || f.Rule == Either) || has && got != want {
			t.Errorf("the verdict on %s is %q", name, got)
		}
		delete(verdicts, name)
	}
	if len(verdicts) != 0 {
		t.Errorf("there are more verdicts: %v", verdicts)
	}
}

func TestASurvivorOfWhomEverythingIsKnownKeepsIt(t *testing.T) {
	t.Parallel()
	survivor := full(2)
	after, out := absorb(survivor, full(1), "")
	if !reflect.DeepEqual(after, survivor) {
		t.Errorf("the survivor became %+v", after)
	}
	for _, o := range out {
		if o.Verdict != Discarded {
			t.Errorf("%s was %s", o.Field, o.Verdict)
		}
	}
}

func TestTheLaterOfTwoTimesStands(t *testing.T) {
	t.Parallel()
	for i := range Fields {
		f := &Fields[i]
		if f.Rule != Later {
			continue
		}
		survivor, subject := &Person{}, &Person{}
		f.SetValue(survivor, search.IntValue(5))
		f.SetValue(subject, search.IntValue(6))
		for _, pair := range [][2]*Person{{survivor, subject}, {subject, survivor}} {
			if after, _ := absorb(pair[0], pair[1], ""); f.Value(after).Int() != 6 {
				t.Errorf("%s is %v, want the later", f.Name, f.Value(after))
			}
		}
	}
}

func TestASetIsAdoptedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for _, rule := range []Rule{Campaign, Place} {
		for i := range Fields {
			f := &Fields[i]
			if f.Rule != rule {
				continue
			}
			survivor := &Person{}
			fill(f, survivor, 2)
			after, out := absorb(survivor, full(1), "")
			for j := range Fields {
				if g := &Fields[j]; g.Rule == rule && !g.Equal(after, survivor) {
					t.Errorf("a survivor that has %s adopts %s", f.Name, g.Name)
				} else if g.Rule == rule && outcomes(out)[g.Name] != Discarded {
					t.Errorf("a survivor that has %s: %s was %s", f.Name, g.Name, outcomes(out)[g.Name])
				}
			}
		}
	}
}

func TestAttributesAreAdoptedKeyByKey(t *testing.T) {
	t.Parallel()
	survivor := &Person{CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "own": search.BoolValue(false)}}
	subject := &Person{CustomAttributes: search.Attributes{"plan": search.TextValue("free"), "b": search.IntValue(1), "a": search.TextValue("")}}
	after, out := absorb(survivor, subject, "")
	want := search.Attributes{"plan": search.TextValue("pro"), "own": search.BoolValue(false), "b": search.IntValue(1), "a": search.TextValue("")}
	if !reflect.DeepEqual(after.CustomAttributes, want) {
		t.Errorf("the attributes are %v, want %v", after.CustomAttributes, want)
	}
	if wantOut := []Outcome{
		{"custom_attributes.a", Adopted}, {"custom_attributes.b", Adopted}, {"custom_attributes.plan", Discarded},
	}; !slices.Equal(out, wantOut) {
		t.Errorf("the verdicts are %v, want %v", out, wantOut)
	}
	if len(survivor.CustomAttributes) != 2 || len(subject.CustomAttributes) != 3 {
		t.Errorf("the images became %v and %v", survivor.CustomAttributes, subject.CustomAttributes)
	}
}

func TestAnEmptyAddressIsFilledWithWhatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	all := Person{UnsubscribedFromEmails: true, MarkedEmailAsSpam: true, HasHardBounced: true}
	none := Person{}
	with := func(p Person, email string) *Person {
		p.Email = email
		return &p
	}
	for i, c := range []struct {
		survivor *Person
		address  string
		subject  *Person
		want     *Person
		adopted  bool
	}{
		{&none, "ada@b.c", with(all, "Ada@b.c "), with(all, "ada@b.c"), true},
		{&none, "ada@b.c", with(all, "eve@b.c"), with(none, "ada@b.c"), false},
		{&none, "ada@b.c", with(all, ""), with(none, "ada@b.c"), false},
		{&none, "", with(all, "ada@b.c"), &none, false},
		{&none, "", with(all, ""), &none, false},
		{with(none, "old@b.c"), "ada@b.c", with(all, "ada@b.c"), with(none, "old@b.c"), false},
		{with(none, "ada@b.c"), "ada@b.c", with(all, "ada@b.c"), with(none, "ada@b.c"), false},
		{with(all, ""), "ada@b.c", with(none, "ada@b.c"), with(all, "ada@b.c"), true},
	} {
		got, out := absorb(c.survivor, c.subject, c.address)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d: the survivor is %+v, want %+v", i, got, c.want)
		}
		for _, o := range out {
			if (o.Verdict == Adopted) != c.adopted {
				t.Errorf("%d: %s was %s", i, o.Field, o.Verdict)
			}
		}
	}
}
