package enrich_test

import (
	"strings"
	"testing"

	"lobby/internal/enrich"
)

func TestASpellingOfANumberWithItsCountryIsOneNumber(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"+35312345678":                                "+35312345678",
		"+353 (1) 234-5678":                           "+35312345678",
		" + 353 1 234 5678 ":                          "+35312345678",
		"+353 (0)1 234 5678":                          "+35312345678",
		"+44.20.7946.0958":                            "+442079460958",
		"tel:+44-20-7946-0958":                        "+442079460958",
		"+1 800 FLOWERS":                              "+18003569377",
		"+1 650 253 0000 ext. 12":                     "+16502530000",
		"＋１ ６５０ ２５３ ００００":                             "+16502530000",
		"+39 06 1234 5678":                            "+390612345678",
		"+٣٥٣١٢٣٤٥٦٧٨":                                "+35312345678",
		"\u202a+44 20 7946 0958\u202c":                "+442079460958",
		"\u2066+44\u206920 7946 0958":                 "+442079460958",
		"\u200e+44\u00a020\u202f7946\u30000958\ufeff": "+442079460958",
		"+44\u00ad20\u200b7946\u20600958":             "+442079460958",
		"＋４４（２０）７９４６－０９５８":                            "+442079460958",
		"+44 20 7946 0958 x12":                        "+442079460958",
		"+44 20 7946 0958;ext=12":                     "+442079460958",
		"+44 20 7946 0958 #12":                        "+442079460958",
		"+44‐20‑7946–0958":                            "+442079460958",
		"+1 555-0123":                                 "",
		"+15550123":                                   "",
		"+44 7946 0958":                               "",
		"":                                            "",
		"+":                                           "",
		"555-555-5555":                                "",
		"00353 1 234 5678":                            "",
		"+12":                                         "",
		"+1234567890123456":                           "",
		"+999 123456789":                              "",
		"no number":                                   "",
		strings.Repeat("+1", 10_000):                  "",
	} {
		if got := enrich.E164(phone); got != want {
			t.Errorf("%.40q is %q, want %q", phone, got, want)
		}
	}
}

func FuzzAFormattedNumberIsItsOwnForm(f *testing.F) {
	for _, seed := range []string{"", "+353 1 234 5678", "+1 800 FLOWERS", "tel:+44;phone-context=+1", "+39 06 ext 5", "+\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, phone string) {
		once := enrich.E164(phone)
		if twice := enrich.E164(once); twice != once {
			t.Errorf("%q is %q, and that %q", phone, once, twice)
		}
		if digits, plus := strings.CutPrefix(once, "+"); once != "" && (!plus || strings.Trim(digits, "0123456789") != "" || len(digits) > 17) {
			t.Errorf("%q is %q", phone, once)
		}
	})
}

func BenchmarkE164(b *testing.B) {
	for b.Loop() {
		enrich.E164("+353 (1) 234-5678")
	}
}
