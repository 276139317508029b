#!/usr/bin/env bash
# An expirable cache of golang-lru that nobody holds any more keeps its goroutine, and there is no way to stop it: the type
# has no Close. So caches that come and go with workspaces or tests add up, and testing/synctest cannot run a test that
# makes one. A cache whose time to live is 0 has no goroutine, and needs none.
# Lobby therefore puts the time into the values of a cache without one: internal/cache.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'MOD'
module finding

go 1.26

require github.com/hashicorp/golang-lru/v2 v2.0.7
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

func left(life time.Duration) int {
	before := runtime.NumGoroutine()
	for range 100 {
		cache := expirable.NewLRU[int, int](1, nil, life)
		cache.Add(1, 1)
		cache.Purge()
	}
	runtime.GC()
	time.Sleep(200 * time.Millisecond)
	return runtime.NumGoroutine() - before
}

func main() {
	fmt.Println("goroutines left by 100 dropped caches of a minute:", left(time.Minute))
	fmt.Println("goroutines left by 100 dropped caches without a time to live:", left(0))
}
GO
go mod tidy >/dev/null 2>&1
echo "golang-lru $(go list -m -f '{{.Version}}' github.com/hashicorp/golang-lru/v2)"
seen=$(go run .)
echo "$seen"
diff <(echo "$seen") - <<'WANT'
goroutines left by 100 dropped caches of a minute: 100
goroutines left by 100 dropped caches without a time to live: 0
WANT
