package httpserver

import (
	"net/http"
	"testing"
)

func TestGzipIsUsedOnlyWhereItIsAccepted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  bool
		lines []string
	}{
		{false, nil},
		{false, []string{""}},
		{true, []string{"gzip"}},
		{true, []string{"GZIP"}},
		{true, []string{"x-gzip"}},
		{true, []string{"gzip, deflate"}},
		{true, []string{"gzip;q=1.0,deflate;q=0.6,identity;q=0.3"}},
		{true, []string{"deflate, br ;q=1, gzip ; q=0.001"}},
		{true, []string{"gzip;Q=0.5"}},
		{true, []string{"deflate", "gzip"}},
		{true, []string{"*"}},
		{true, []string{"identity;q=0, *;q=0.5"}},
		{true, []string{"gzip, *;q=0"}},
		{false, []string{"gzip;q=0"}},
		{false, []string{"gzip; q=0.000, deflate"}},
		{false, []string{"*, gzip;q=0"}},
		{false, []string{"gzip;q=0, *"}},
		{false, []string{"*;q=0"}},
		{false, []string{"identity"}},
		{false, []string{"br, deflate"}},
		{false, []string{"gzipped"}},
		{false, []string{"gzip;q="}},
		{false, []string{"gzip;q=-1"}},
		{false, []string{"gzip;q=NaN"}},
		{false, []string{"gzip;q=2"}},
		{false, []string{"gzip;level=1"}},
		{false, []string{",;=,,"}},
	} {
		if got := acceptsGzip(http.Header{"Accept-Encoding": c.lines}); got != c.want {
			t.Errorf("%q: %v, want %v", c.lines, got, c.want)
		}
	}
}
