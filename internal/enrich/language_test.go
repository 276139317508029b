package enrich

import (
	"strings"
	"testing"
)

func TestLanguageIsTheFirstOneAsked(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"en":                                  "en",
		"en-US":                               "en-US",
		"en_US":                               "en-US",
		"en-US,en;q=0.9,de;q=0.8":             "en-US",
		"de;q=0.5, fr":                        "de",
		" pt-BR , pt":                         "pt-BR",
		"zh-Hant-TW":                          "zh-Hant-TW",
		"es-419,es;q=0.9":                     "es-419",
		"iw":                                  "iw",
		"en-US-u-ca-gregory":                  "en-US-u-ca-gregory",
		"":                                    "",
		"*":                                   "",
		",en":                                 "",
		";q=0.5":                              "",
		"und":                                 "",
		"und-US":                              "",
		"x-private":                           "",
		"qq-QQ":                               "",
		"english":                             "",
		"undefined":                           "",
		"null":                                "",
		"<script>":                            "",
		"en\x00":                              "",
		"\xff\xfe":                            "",
		"en" + strings.Repeat("-1994", 20):    "",
		strings.Repeat("a", 1<<20):            "",
		"en-US" + strings.Repeat(",en", 1000): "en-US",
	} {
		if got := Language(accept); got != want {
			t.Errorf("Language(%.60q) = %q, want %q", accept, got, want)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	for _, seed := range []string{"en-US,en;q=0.9", "zh-Hant-TW", "i-klingon", "en-u-ca-gregory-x-y", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		got := Language(accept)
		if len(got) > longestLanguage || strings.Trim(got, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("Language(%q) = %q", accept, got)
		}
		if got != "" && Language(got) != got {
			t.Errorf("Language(%q) = %q, which reads as %q", accept, got, Language(got))
		}
	})
}
