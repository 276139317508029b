package wire_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// companyShapes are the versions in which companies got another shape.
var companyShapes = []apiversion.Version{apiversion.V2_0, apiversion.Preview}

// unknownCompany is a company of which nothing is known but its ids.
func unknownCompany() *people.Company {
	return &people.Company{
		Workspace: "hfi1bx4l", ID: "6657a8026abd0160d35d1e03", CompanyID: "acme-1", CreatedAt: 1717020674, UpdatedAt: 1717020675,
	}
}

// knownCompany is a company of which all is known.
func knownCompany() *people.Company {
	c := unknownCompany()
	c.Name, c.Website, c.Industry, c.Size, c.MonthlySpend, c.SessionCount = `Acme "<&>" Söhne`, "acme.example", "Anvils", 100, 155, 7
	c.RemoteCreatedAt, c.LastRequestAt, c.UserCount = 1374138000, 1717020680, 4
	c.PlanID, c.Plan = 269315, &people.CompanyPlan{ID: 269315, Name: "Pro"}
	c.Tags = []*people.Tag{{ID: 23, Name: "VIP"}, {ID: 7, Name: "Früh"}}
	c.Notes = people.FirstIDs{First: []string{"9", "8"}, Total: 11}
	c.Segments = []*people.Segment{{ID: "6657a9006abd0160d35d1f40", Name: "Big", CreatedAt: 1717020928, UpdatedAt: 1717020929}}
	c.CustomAttributes = search.Attributes{"paid_subscriber": search.BoolValue(true), "seats": search.FloatValue(1.5)}
	return c
}

func TestCompaniesFollowTheReference(t *testing.T) {
	t.Parallel()
	for name, company := range map[string]*people.Company{"company_empty": unknownCompany(), "company_full": knownCompany()} {
		var before []byte
		for _, version := range apiversion.All() {
			now := indented(t, wire.NewCompany(company, version).AppendJSON(nil))
			if begins := !bytes.Equal(now, before); begins != slices.Contains(companyShapes, version) {
				t.Errorf("%s begins a shape at %v: %v", name, version, begins)
			} else if begins {
				testkit.Golden(t, name+"_"+version.String()+".json", now)
			}
			before = now
		}
	}
}

func TestAListOfAPersonsCompaniesHasThemUnderBothNames(t *testing.T) {
	t.Parallel()
	one := string(wire.NewCompany(unknownCompany(), apiversion.V2_7).AppendJSON(nil))
	list := wire.CompanyList{
		Companies: []*people.Company{unknownCompany()}, Version: apiversion.V2_7,
		Pages: wire.NumberedPages{Page: workspace.Page{Number: 1, Size: 15}, Total: 1},
	}
	const pages = `,"total_count":1,"pages":{"type":"pages","next":null,"page":1,"per_page":15,"total_pages":1}}`
	if got, want := string(list.AppendJSON(nil)), `{"type":"list","data":[`+one+`]`+pages; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	list.Named = true
	if got, want := string(list.AppendJSON(nil)), `{"type":"list","data":[`+one+`],"companies":[`+one+`]`+pages; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAScrollEndsWithoutAParameter(t *testing.T) {
	t.Parallel()
	one := string(wire.NewCompany(unknownCompany(), apiversion.V2_7).AppendJSON(nil))
	for want, scroll := range map[string]wire.CompanyScroll{
		`{"type":"list","data":[],"pages":null,"total_count":null}`:                               {Version: apiversion.V2_7},
		`{"type":"list","data":[` + one + `],"pages":null,"total_count":null,"scroll_param":"x"}`: {Companies: []*people.Company{unknownCompany()}, Param: "x", Version: apiversion.V2_7},
	} {
		if got := string(scroll.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAVisitorShowsItsCompaniesWhole(t *testing.T) {
	t.Parallel()
	p := unknown(people.Visitor)
	p.Associations = &people.Associations{VisitorCompanies: []*people.Company{knownCompany(), unknownCompany()}}
	one, two := wire.NewCompany(knownCompany(), apiversion.V2_0).AppendJSON(nil), wire.NewCompany(unknownCompany(), apiversion.V2_0).AppendJSON(nil)
	want := `"companies":{"type":"company.list","companies":[` + string(one) + `,` + string(two) + `]}`
	if got := string(wire.Visitor{Person: p}.AppendJSON(nil)); !strings.Contains(got, want) {
		t.Errorf("there is no %s in %s", want, got)
	}
}

func TestMoneyLosesItsFraction(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]jsonio.Opt[int64]{
		`{}`: {}, `{"n":null}`: jsonio.Null[int64](), `{"n":155.98}`: jsonio.Some[int64](155), `{"n":-0.5}`: jsonio.Some[int64](0),
		`{"n":"155.98"}`: jsonio.Some[int64](155), `{"n":1e3}`: jsonio.Some[int64](1000), `{"n":2147483648.5}`: jsonio.Some[int64](2147483648),
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Truncated("n"); got != want || in.Err() != nil {
			t.Errorf("%s is read as %v, %v, want %v", body, got, in.Err(), want)
		}
	}
	for _, body := range []string{`{"n":true}`, `{"n":"much"}`, `{"n":""}`, `{"n":1e400}`, `{"n":"NaN"}`, `{"n":"inf"}`, `{"n":1e16}`, `{"n":[1]}`} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if in.Truncated("n"); in.Err() == nil || in.Err().Error() != "n must be a number" {
			t.Errorf("%s is refused with %v", body, in.Err())
		}
	}
}

func TestTheFirstUnknownMemberIsNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`: "", `{"a":1,"b":{"c":1}}`: "", `{"a":1,"z":1,"y":1}`: "bad 'z' parameter", `{"A":1}`: "bad 'A' parameter",
		`{"` + strings.Repeat("x", 300) + `":1}`: "bad '" + strings.Repeat("x", 200) + "…' parameter",
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		in.Only("a", "b")
		if got := in.Err(); (got == nil) != (want == "") || got != nil && got.Error() != want {
			t.Errorf("%s is refused with %v, want %q", body, got, want)
		}
	}
}
