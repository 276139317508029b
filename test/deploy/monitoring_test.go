//go:build unix

package deploy

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// metricsNow returns the names of the metrics that a server has, those of documented failures included, which it shows
// only when something has failed.
func metricsNow(t *testing.T) map[string]bool {
	t.Helper()
	_, address := serve(t, nil)
	page(t, address+"/me") // which the metrics count
	names := map[string]bool{"up": true, "lobby_background_failures_total": true}
	for line := range strings.Lines(page(t, address+"/metrics")) {
		if name, _, isSample := strings.Cut(strings.TrimSpace(line), " "); isSample && name != "#" {
			name, _, _ = strings.Cut(name, "{")
			names[name] = true
		}
	}
	return names
}

// page returns the body of the response to a GET without a token.
func page(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it is read to its end
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	metricName = regexp.MustCompile(`\b(?:lobby_|process_|go_)[a-z0-9_]+|\bup\b`)
	aggregated = regexp.MustCompile(`\b(?:by|on) \([^)]*\)`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
)

// namesIn returns the metrics of an expression.
func namesIn(expression string) []string {
	return metricName.FindAllString(aggregated.ReplaceAllString(quoted.ReplaceAllString(expression, ""), ""), -1)
}

func TestAlertsAndDashboardNameMetricsThatExist(t *testing.T) {
	t.Parallel()
	known := metricsNow(t)
	check := func(where, expression string) {
		names := namesIn(expression)
		if len(names) == 0 {
			t.Errorf("%s: no metric in %s", where, expression)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("%s: there is no metric %s", where, name)
			}
		}
	}
	rules := read(t, "deploy/prometheus-rules.yml")
	parts := strings.Split(rules, "- alert: ")[1:]
	for _, part := range parts {
		name, rest, _ := strings.Cut(part, "\n")
		_, rest, _ = strings.Cut(rest, "expr: ")
		expression, _, _ := strings.Cut(rest, "labels:")
		expression, _, _ = strings.Cut(expression, "for: ")
		check(name, expression)
		if !strings.Contains(read(t, "docs/monitoring.md"), "`"+name+"`") {
			t.Errorf("docs/monitoring.md does not say what to do about %s", name)
		}
	}
	var dashboard struct {
		Panels []struct {
			Title, Description string
			Targets            []struct{ Expr string }
		}
		Annotations struct{ List []struct{ Expr string } }
	}
	if err := json.Unmarshal([]byte(read(t, "deploy/grafana-dashboard.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		if panel.Title == "" || panel.Description == "" || len(panel.Targets) == 0 {
			t.Errorf("the panel %q has no title, description or target", panel.Title)
		}
		for _, target := range panel.Targets {
			check(panel.Title, target.Expr)
		}
	}
	for _, annotation := range dashboard.Annotations.List {
		check("the annotation", annotation.Expr)
	}
}

func TestPrometheusTakesTheRules(t *testing.T) {
	t.Parallel()
	promtool := tool(t, "promtool")
	rules, err := filepath.Abs(filepath.Join(root, "deploy", "prometheus-rules.yml"))
	if err != nil {
		t.Fatal(err)
	}
	tests := filepath.Join(t.TempDir(), "rules.yml")
	write(t, tests, replaced(t, read(t, "test/deploy/testdata/rules.yml"), "RULES", rules))
	for _, args := range [][]string{
		{"check", "rules", rules}, {"check", "config", filepath.Join(root, "deploy", "prometheus.yml")}, {"test", "rules", tests},
	} {
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func TestPrometheusTakesTheMetrics(t *testing.T) {
	t.Parallel()
	promtool := tool(t, "promtool")
	_, address := serve(t, nil)
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(page(t, address+"/metrics"))
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
