#!/bin/sh
# Measures the server of this tree beside that of another commit, in the same rounds. BASE names the commit, NAME the
# file below docs/benchmarks for the figures, and the arguments are those of test/load.
set -eu
cd "$(dirname "$0")/.."

[ -n "${BASE:-}" ] || { echo "usage: make bench-compare BASE=<commit> [NAME=compare] [ARGS=-quick]" >&2; exit 2; }
base=$(git rev-parse --short --verify "$BASE^{commit}")

work=$(mktemp -d)
trap 'git worktree remove --force "$work/tree" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
git worktree add --quiet --detach "$work/tree" "$base"
(cd "$work/tree" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags nopgxregisterdefaulttypes -ldflags "-s -w" -o "$work/lobby" ./cmd/lobby)

go run ./test/load -server bin/lobby -commit "$(git describe --always --dirty)" -base "$work/lobby" -base-commit "$base" \
	-save "docs/benchmarks/${NAME:-compare}.json" "$@"
