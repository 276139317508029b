package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// sample is the memory of the server at one moment, in megabytes.
type sample struct {
	after        time.Duration
	asked, added int64
	// resident is all of it, owned what no file backs, live the heap that the last collection left.
	resident, owned, live float64
	goroutines            float64
	gogc                  float64 // percent
}

// takeSample reads the memory of a server.
func takeSample(ctx context.Context, pid int, address string) (s sample, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return s, err
	}
	for _, field := range []struct {
		name string
		into *float64
	}{{"VmRSS:", &s.resident}, {"RssAnon:", &s.owned}} {
		_, rest, _ := strings.Cut(string(status), field.name)
		if _, err := fmt.Sscan(rest, field.into); err != nil {
			return s, fmt.Errorf("%s %w", field.name, err)
		}
		*field.into /= 1024
	}
	figures, err := scrape(ctx, address)
	if err != nil {
		return s, err
	}
	s.gogc, s.goroutines = figures["go_gc_gogc_percent"], figures["go_goroutines"]
	if s.gogc <= 0 {
		return s, errors.New("the metrics do not tell when the heap is collected")
	}
	// The runtime sets the next collection to what the last one left, and so many percent of it.
	s.live = figures["go_memstats_next_gc_bytes"] / (1 + s.gogc/100) / (1 << 20)
	return s, nil
}

// scrape returns the metrics without labels.
func scrape(ctx context.Context, address string) (map[string]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the metrics were answered %s", answer.Status)
	}
	figures := map[string]float64{}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			figures[name] = value
		}
	}
	return figures, lines.Err()
}

// secondHalf returns by how many megabytes a figure grew over the second half of the samples, by the straight line that fits
// them best, apart from what was added meanwhile.
func (s *soak) secondHalf(of func(sample) float64) float64 {
	half := s.samples[len(s.samples)/2:]
	var meanX, meanY, product, square float64
	for _, one := range half {
		meanX += one.after.Seconds() / float64(len(half))
		meanY += of(one) / float64(len(half))
	}
	for _, one := range half {
		x := one.after.Seconds() - meanX
		product, square = product+x*(of(one)-meanY), square+x*x
	}
	last := half[len(half)-1]
	span := (last.after - half[0].after).Seconds()
	return product/square*span - float64(last.added-half[0].added)*bytesEach/(1<<20)
}

func live(s sample) float64  { return s.live }
func owned(s sample) float64 { return s.owned }

// verdict returns an error unless the memory was flat in the second half.
func (s *soak) verdict() error {
	if heap, own := s.secondHalf(live), s.secondHalf(owned); heap > s.heapMB || own > s.ownMB {
		return fmt.Errorf("in the second half the live heap grew by %.1f MB (max %g), and owned memory by %.1f MB (max %g)", heap, s.heapMB, own, s.ownMB)
	}
	return nil
}

// shownRows is about how many samples the table shows.
const shownRows = 20

// markdown returns the table of the run.
func (s *soak) markdown() string {
	var text strings.Builder
	last := s.samples[len(s.samples)-1]
	fmt.Fprintf(&text, "# Memory under a mixed load\n\n"+
		"Made by `make bench-memory` on %s of %s: %s people and %s conversations on SQLite, %v of every operation at\n"+
		"%g requests a second with %d callers, a sample every %v. *Owned* is what no file backs (`RssAnon`), *live* the heap that the last\n"+
		"collection left. %s requests took %.0f s of CPU, and %s people were added.\n\n"+
		"Over the second half, by the straight line that fits the samples best and apart from %d bytes for each new person, live heap grew by\n"+
		"%.1f MB (max %g), and owned memory by %.1f MB (max %g).\n\n"+
		"| time | requests | people added | live, MB | owned, MB | resident, MB | goroutines |\n|---|---|---|---|---|---|---|\n",
		cmp.Or(s.commit, "a commit"), time.Now().Format(time.DateOnly), thousands(int(s.people)), thousands(s.people.conversations()), s.duration,
		s.rate, s.callers, s.pause, thousands(int(last.asked)), s.cpu, thousands(int(last.added)), bytesEach,
		s.secondHalf(live), s.heapMB, s.secondHalf(owned), s.ownMB)
	row := func(name string, one sample) {
		fmt.Fprintf(&text, "| %s | %s | %s | %.1f | %.1f | %.1f | %.0f |\n", name, thousands(int(one.asked)), thousands(int(one.added)),
			one.live, one.owned, one.resident, one.goroutines)
	}
	row("idle", s.idle)
	step := max(1, len(s.samples)/shownRows)
	for i := step - 1; i < len(s.samples); i += step {
		row(s.samples[i].after.Round(time.Second).String(), s.samples[i])
	}
	return text.String()
}
