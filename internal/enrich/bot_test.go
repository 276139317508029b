package enrich

import (
	"os"
	"strings"
	"testing"
)

// headers reads a list of User-Agent headers; testdata/README.md says where it is from.
func headers(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestNineteenOfTwentyKnownCrawlersAreRobots(t *testing.T) {
	t.Parallel()
	crawlers := headers(t, "crawlers.txt")
	var missed []string
	for _, header := range crawlers {
		if !ParseUserAgent(header).Bot {
			missed = append(missed, header)
		}
	}
	caught := 100 - 100*float64(len(missed))/float64(len(crawlers))
	t.Logf("%.1f %% of %d crawlers are caught", caught, len(crawlers))
	if len(crawlers) < 2000 || caught < 95 {
		t.Errorf("%.1f %% of %d crawlers are caught, want 95 %%; not caught:\n%s", caught, len(crawlers), strings.Join(missed, "\n"))
	}
}

func TestNoBrowserThatPeopleUseIsARobot(t *testing.T) {
	t.Parallel()
	browsers := headers(t, "browsers.txt")
	if len(browsers) < 500 {
		t.Fatalf("only %d browsers", len(browsers))
	}
	for _, header := range browsers {
		if got := ParseUserAgent(header); got.Bot || got.OS == "" {
			t.Errorf("%q reads as %+v", header, got)
		}
	}
}
