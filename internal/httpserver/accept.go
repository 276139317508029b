package httpserver

import (
	"net/http"
	"strconv"
	"strings"
)

// acceptsGzip says whether a client takes an answer compressed by gzip: it names gzip, or else *, with a weight above
// zero. What cannot be understood is a refusal, since everyone takes a plain answer.
func acceptsGzip(h http.Header) bool {
	named, others := 0.0, 0.0
	isNamed := false
	for _, line := range h["Accept-Encoding"] {
		for line != "" {
			var element string
			element, line, _ = strings.Cut(line, ",")
			coding, parameter, _ := strings.Cut(element, ";")
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				named, isNamed = max(named, weight(parameter)), true
			case coding == "*":
				others = weight(parameter)
			}
		}
	}
	if isNamed {
		return named > 0
	}
	return others > 0
}

// weight reads the parameter behind a coding: nothing is 1, nonsense 0.
func weight(parameter string) float64 {
	if parameter = strings.TrimSpace(parameter); parameter == "" {
		return 1
	}
	name, value, _ := strings.Cut(parameter, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
