package api_test

import (
	"strings"
	"testing"
)

// refuses is a conversion that is refused, with the decision that its answer states.
func refuses(says, body string, status int, refused string) scenario {
	code, _, _ := strings.Cut(refused, ":")
	return one(says, step{do: convert, body: body, status: status, refused: refused, identity: "refused; reason=" + code})
}

const (
	noVisitor      = "not_found: Visitor Not Found"
	noUser         = "not_found: User Not Found"
	visitorUnnamed = "parameter_not_found: Visitor id or user_id must be supplied"
	userUnnamed    = "parameter_not_found: user not specified"
	typeMissing    = "parameter_not_found: type not specified"
	typeInvalid    = "parameter_invalid: type must be either lead or user"
)

var whatNobodyNames = []scenario{
	refuses("no body", "", 400, typeMissing),
	refuses("an empty object", `{}`, 400, typeMissing),
	refuses("PHP's empty object", `[]`, 400, typeMissing),
	refuses("no type", `{"visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, 400, typeMissing),
	refuses("a null type", `{"type":null,"visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, 400, typeMissing),
	refuses("another type", `{"type":"contact","visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, 400, typeInvalid),
	refuses("a type in capitals", `{"type":"User","visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, 400, typeInvalid),
	refuses("the type of what it is already", `{"type":"visitor","visitor":{"id":"$vera"}}`, 400, typeInvalid),
	refuses("no visitor", `{"type":"user","user":{"id":"$ada"}}`, 400, visitorUnnamed),
	refuses("an empty visitor", `{"type":"user","visitor":{},"user":{"id":"$ada"}}`, 400, visitorUnnamed),
	refuses("PHP's empty visitor", `{"type":"user","visitor":[],"user":{"id":"$ada"}}`, 400, visitorUnnamed),
	refuses("a null visitor", `{"type":"lead","visitor":null}`, 400, visitorUnnamed),
	refuses("a visitor of nulls", `{"type":"lead","visitor":{"id":null,"user_id":null,"email":null}}`, 400, visitorUnnamed),
	refuses("a visitor of blanks", `{"type":"lead","visitor":{"id":"","user_id":"","email":""}}`, 400, visitorUnnamed),
	refuses("no user", `{"type":"user","visitor":{"id":"$vera"}}`, 400, userUnnamed),
	refuses("an empty user", `{"type":"user","visitor":{"id":"$vera"},"user":{}}`, 400, userUnnamed),
	refuses("PHP's empty user", `{"type":"user","visitor":{"id":"$vera"},"user":[]}`, 400, userUnnamed),
	refuses("a user of nulls", `{"type":"user","visitor":{"id":"$vera"},"user":{"id":null,"user_id":null,"email":null}}`, 400, userUnnamed),
	refuses("a user of blanks", `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"","user_id":"","email":""}}`, 400, userUnnamed),
}

var whatNobodyHas = []scenario{
	refuses("an unknown visitor", `{"type":"lead","visitor":{"user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"}}`, 404, noVisitor),
	refuses("an unknown id of a visitor", `{"type":"lead","visitor":{"id":"6657a9246abd0160d35d1f68"}}`, 404, noVisitor),
	refuses("a user_id with a blank before it", `{"type":"lead","visitor":{"user_id":" $vera.user_id"}}`, 404, noVisitor),
	refuses("a user in place of a visitor", `{"type":"lead","visitor":{"id":"$ada"}}`, 404, noVisitor),
	refuses("a lead in place of a visitor", `{"type":"user","visitor":{"id":"$leo"},"user":{"id":"$ada"}}`, 404, noVisitor),
	refuses("an external id in place of a user_id", `{"type":"lead","visitor":{"user_id":"ada-1"}}`, 404, noVisitor),
	refuses("an email that no visitor has", `{"type":"lead","visitor":{"email":"nobody@example.com"}}`, 404, noVisitor),
	refuses("an email that two visitors have", `{"type":"lead","visitor":{"email":"twins@example.com"}}`, 404, noVisitor),
	refuses("the email of a user in place of a visitor's", `{"type":"lead","visitor":{"email":"ada@example.com"}}`, 404, noVisitor),
	refuses("an id of a user that nobody has",
		`{"type":"user","visitor":{"id":"$vera"},"user":{"id":"6657a9246abd0160d35d1f68"}}`, 404, noUser),
	refuses("an id of a user that is not all",
		`{"type":"user","visitor":{"id":"$vera"},"user":{"id":"6657a9246abd0160d35d1f68","user_id":"ada-1"}}`, 404, noUser),
	refuses("a visitor in place of a user", `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$victor"}}`, 404, noUser),
	refuses("a visitor into itself", `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$vera"}}`, 404, noUser),
}

const (
	archiesWay = "conflict: An archived contact matching those details already exists with id=$archie"
	adasWay    = "conflict: A contact matching those details already exists with id=$ada"
	bobsWay    = "not_restorable: The contact with id=$bob is blocked and is not restorable"
)

// inTheWay is a conversion of Vera that another contact stands in the way of.
func inTheWay(says, user string, status int, refused, who string) scenario {
	s := refuses(says, `{"type":"user","visitor":{"id":"$vera"},"user":`+user+`}`, status, refused)
	s.steps[0].has = `{"errors":[{"existing_id":"` + who + `"}]}`
	return s
}

var whatIsInTheWay = []scenario{
	inTheWay("an archived contact with the id", `{"id":"$archie"}`, 409, archiesWay, "$archie"),
	inTheWay("an archived contact with the external id", `{"user_id":"archie-1"}`, 409, archiesWay, "$archie"),
	inTheWay("an archived contact with the email", `{"email":"Archie@example.com"}`, 409, archiesWay, "$archie"),
	inTheWay("a blocked contact with the id", `{"id":"$bob"}`, 400, bobsWay, "$bob"),
	inTheWay("a blocked contact with the external id", `{"user_id":"bob-1"}`, 400, bobsWay, "$bob"),
	inTheWay("a blocked contact with the email", `{"email":"bob@example.com"}`, 400, bobsWay, "$bob"),
	inTheWay("a lead with the external id", `{"user_id":"leo-1"}`, 409, strings.ReplaceAll(adasWay, "$ada", "$leo"), "$leo"),
	inTheWay("who absorbed the lead with the external id", `{"user_id":"lena-1"}`, 409, adasWay, "$ada"),
	inTheWay("a user with the external id that would fill another's", `{"id":"$ann","user_id":"ada-1"}`, 409, adasWay, "$ada"),
}

// The order of the checks: the first thing wrong is what is told.
var whatIsToldFirst = []scenario{
	refuses("the type before the visitor", `{"type":"x"}`, 400, typeInvalid),
	refuses("the missing visitor before the missing user", `{"type":"user"}`, 400, visitorUnnamed),
	refuses("the unknown visitor before the missing user", `{"type":"user","visitor":{"id":"none"}}`, 404, noVisitor),
	refuses("the unknown visitor before a placeholder", `{"type":"user","visitor":{"id":"none"},"user":{"user_id":"null"}}`, 404, noVisitor),
	refuses("the missing user before the unknown one", `{"type":"user","visitor":{"id":"$vera"},"user":{"name":"x"}}`, 400, userUnnamed),
	one("JSON before all", step{
		do: convert, body: `{"type":"x",}`, status: 400, refused: "client_error: The request body is not valid JSON at line 1, column 12",
	}),
	one("the version before JSON", step{
		do: convert, body: `{`, headers: []string{"Intercom-Version: 9.9"}, status: 400,
		refused: "intercom_version_invalid: The requested version could not be found",
	}),
	one("the token before the version", step{
		do: convert, body: `{`, headers: []string{"Intercom-Version: 9.9", "Authorization: Bearer x"}, status: 401,
		refused: "unauthorized: Access Token Invalid",
	}),
}

// placeholders are what broken clients send for "nothing".
var placeholders = []string{
	"null", "NULL", "undefined", "[object Object]", "NaN", "nan", "0", "-1", "true", "false", "none", "nil", "anonymous", "Guest", "{}", "[]",
	" ", `\t`, `\"null\"`, `'undefined'`, "`0`", " null ", `\"\"`,
}

func junk() (all []scenario) {
	for _, placeholder := range placeholders {
		for _, name := range []string{"id", "user_id", "email"} {
			refused := "parameter_invalid: user." + name + " must not be a placeholder such as null, undefined or anonymous"
			if strings.Trim(placeholder, " \\t\"") == "" {
				refused = "parameter_invalid: user." + name + " is blank"
			}
			all = append(all, refuses(name+" "+placeholder, `{"type":"user","visitor":{"id":"$vera"},"user":{"`+name+`":"`+placeholder+`"}}`, 400, refused))
		}
	}
	return append(all,
		refuses("the number 0", `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":0}}`, 400,
			"parameter_invalid: user.user_id must not be a placeholder such as null, undefined or anonymous"),
		refuses("one beside a good one", `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":"ada-1","email":"undefined"}}`, 400,
			"parameter_invalid: user.email must not be a placeholder such as null, undefined or anonymous"),
		refuses("too long a user_id", `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":"`+strings.Repeat("x", 513)+`"}}`, 400,
			"parameter_invalid: user.user_id is longer than 512 bytes"),
		refuses("no address", `{"type":"user","visitor":{"id":"$vera"},"user":{"email":"foo"}}`, 400,
			"parameter_invalid: user.email is not an email address"),
	)
}

func mismatches() (all []scenario) {
	for _, c := range []struct{ body, refused string }{
		{`{"type":1}`, "type_mismatch: type must be a string"},
		{`{"type":"user","visitor":"$vera"}`, "type_mismatch: visitor must be an object"},
		{`{"type":"user","visitor":[{"id":"$vera"}]}`, "type_mismatch: visitor must be an object"},
		{`{"type":"user","visitor":{"id":true}}`, "type_mismatch: visitor.id must be a string or a whole number"},
		{`{"type":"user","visitor":{"id":1.5}}`, "parameter_invalid: visitor.id must be a string or a whole number"},
		{`{"type":"user","visitor":{"user_id":{}}}`, "type_mismatch: visitor.user_id must be a string or a whole number"},
		{`{"type":"user","visitor":{"email":1}}`, "type_mismatch: visitor.email must be a string"},
		{`{"type":"user","visitor":{"id":"$vera"},"user":"$ada"}`, "type_mismatch: user must be an object"},
		{`{"type":"user","visitor":{"id":"$vera"},"user":{"id":[]}}`, "type_mismatch: user.id must be a string or a whole number"},
		{`{"type":"user","visitor":{"id":"$vera"},"user":{"email":7}}`, "type_mismatch: user.email must be a string"},
	} {
		all = append(all, one(c.body, step{do: convert, body: c.body, status: 400, refused: c.refused}))
	}
	return all
}

func TestARefusedConversionSaysWhyAndChangesNothing(t *testing.T) {
	t.Parallel()
	play(t, groups{
		"nobody is named": whatNobodyNames, "nobody is found": whatNobodyHas, "somebody is in the way": whatIsInTheWay,
		"the first mistake is told": whatIsToldFirst, "a placeholder is no identifier": junk(), "a member is of another kind": mismatches(),
	})
}
