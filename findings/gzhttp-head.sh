#!/usr/bin/env bash
# The handler gzhttp of klauspost/compress answers HEAD with other headers than GET of the same address: GET is compressed,
# HEAD is told the plain length and no Content-Encoding. A cache or client that asks by HEAD first, as HTTP promises it may,
# then expects another length than it gets. The handler also reads "Accept-Encoding: *" as "not gzip".
# Lobby therefore keeps its own handler: docs/decisions/0008-own-compression.md.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'MOD'
module finding

go 1.26

require github.com/klauspost/compress v1.20.4
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

func main() {
	body := strings.Repeat("hello world ", 1000)
	server := httptest.NewServer(gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			fmt.Fprint(w, body)
		}
	})))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, ask := range [][2]string{{"GET", "gzip"}, {"HEAD", "gzip"}, {"GET", "*"}} {
		request, err := http.NewRequest(ask[0], server.URL, nil)
		if err != nil {
			panic(err)
		}
		request.Header.Set("Accept-Encoding", ask[1])
		response, err := client.Do(request)
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Printf("%s, Accept-Encoding: %s → Content-Encoding: %q, plain length: %t\n", ask[0], ask[1],
			response.Header.Get("Content-Encoding"), response.Header.Get("Content-Length") == strconv.Itoa(len(body)))
	}
}
GO
go mod tidy >/dev/null 2>&1
echo "klauspost/compress $(go list -m -f '{{.Version}}' github.com/klauspost/compress)"
seen=$(go run .)
echo "$seen"
diff <(echo "$seen") - <<'WANT'
GET, Accept-Encoding: gzip → Content-Encoding: "gzip", plain length: false
HEAD, Accept-Encoding: gzip → Content-Encoding: "", plain length: true
GET, Accept-Encoding: * → Content-Encoding: "", plain length: true
WANT
