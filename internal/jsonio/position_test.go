package jsonio

import "testing"

func TestBrokenJSONIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{\"a\":1,}": "The request body is not valid JSON at line 1, column 7",
		"{\n  \"email\": \"a@b\",\n  \"name\": oops\n}": "The request body is not valid JSON at line 3, column 11, in name",
		"{\"a\":{\"b\":[1,2,{\"c\":tru}]}}":             "The request body is not valid JSON at line 1, column 24, in a.b.2.c",
		"{\"a\" 1}":                                     "The request body is not valid JSON at line 1, column 6, in a",
		"{\"a\":1 \"b\":2}":                             "The request body is not valid JSON at line 1, column 8",
		"{a:1}":                                         "The request body is not valid JSON at line 1, column 2",
		"{\"a\":'x'}":                                   "The request body is not valid JSON at line 1, column 6, in a",
		"{\"é😀\":01}":                                   "The request body is not valid JSON at line 1, column 8",
		"{\"a\":\"x\ny\"}":                              "The request body is not valid JSON at line 1, column 8, in a",
		"{\"a\":\"\\x\"}":                               "The request body is not valid JSON at line 1, column 7, in a",
		"{\"a\":\"b":                                    "The request body ends before its JSON does, at line 1, column 8, in a",
		"{\"a\":[1,\n":                                  "The request body ends before its JSON does, at line 2, column 1, in a",
		"{":                                             "The request body ends before its JSON does, at line 1, column 2",
		"{\"a\":\n\"\xff\"}":                            "The request body is not valid UTF-8 at line 2, column 2, in a",
		"{\"\xff\":1}":                                  "The request body is not valid UTF-8 at line 1, column 3",
		"{\"a\":1,\n\"b\":{\"c\":1,\"c\":2}}":           "b.c is given twice, the second time at line 2, column 12",
		"{}\n x":                                        "The request body must have nothing after its JSON object, which ends at line 1, column 3",
		"{\"a\":1}}":                                    "The request body must have nothing after its JSON object, which ends at line 1, column 8",
		"[1":                                            "The request body ends before its JSON does, at line 1, column 3",
		"\ufeff{\"a\":}":                                "The request body is not valid JSON at line 1, column 6, in a",
	} {
		_, err := Read([]byte(body))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", body, err, want)
		}
	}
}
