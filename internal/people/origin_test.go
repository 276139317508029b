package people

import (
	"testing"

	"lobby/internal/provenance"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func TestEveryFieldThatTellsOfAPersonHasAnOrigin(t *testing.T) {
	t.Parallel()
	for i := range Fields {
		f := &Fields[i]
		counted := f.Rule == Later || f.Rule == Either || f.Rule == Anonymous || f.Rule == PerKey || f.Rule == Own && f.Name != "signed_up_at"
		if has := f.Origin() != ""; has == counted {
			t.Errorf("%s has an origin: %t", f.Name, has)
		}
	}
}

func TestASetHasOneOrigin(t *testing.T) {
	t.Parallel()
	before := &Person{Origins: "bs44we8=*", Location: Location{City: "Riga", Country: "Latvia"}, UTM: UTM{Source: "ad", Term: "shoes"}}
	after := before.Clone()
	after.Location.City, after.UTM = "", UTM{}
	after.Trace(before, before, workspace.Actor{Kind: "token"}, 1_700_000_001)
	want := provenance.Source{Kind: "token", At: 1_700_000_001}
	if got := after.Origins.Of("location"); got != want {
		t.Errorf("a place that lost its city came from %+v", got)
	}
	if got := after.Origins; got != "bs44we8=* as44we9=L" {
		t.Errorf("the origins are %q", got)
	}
}

// What a write costs beside all else: a new contact, and an update of one attribute.
func BenchmarkTrace(b *testing.B) {
	by := workspace.Actor{Kind: "token", ID: "0123456789abcdef01234567"}
	b.Run("insert", func(b *testing.B) {
		b.ReportAllocs()
		p := full(1)
		for b.Loop() {
			p.Trace(nil, nil, by, 1_700_000_000)
		}
	})
	before := full(1)
	before.Origins = "bs44we8=* as44we9:ASNFZ4mrze8BI0Vn=.plan,e,n"
	after := before.Clone()
	after.CustomAttributes["n"] = search.IntValue(7)
	b.Run("update", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			after.Trace(before, before, by, 1_700_000_002)
		}
	})
	b.Run("nothing", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			before.Trace(before, before, by, 1_700_000_002)
		}
	})
}
