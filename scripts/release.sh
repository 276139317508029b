#!/bin/sh
# Builds the archives of a release, with their checksums, into dist/ or the folder that is given. The same commit
# gives the same bytes with the same Go, tar and gzip: paths are trimmed, and times are that of the commit.
#
# VERSION and SOURCE_DATE_EPOCH stand in for what Git says, where there is none; TARGETS for the usual four machines.
set -eu
umask 022
dist=${1:-dist}
# Git may refuse to describe a checkout of another user: then VERSION has to be given.
version=${VERSION:-$(git describe --tags --always --dirty)}
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
targets=${TARGETS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64}

tar --version 2>/dev/null | grep -q 'GNU tar' || { echo "release.sh needs GNU tar" >&2; exit 1; }

mkdir -p "$dist"
dist=$(cd "$dist" && pwd)
rm -f "$dist"/lobby_*.tar.gz "$dist/SHA256SUMS"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for target in $targets; do
	os=${target%/*} arch=${target#*/}
	name=lobby_${version#v}_${os}_$arch
	mkdir "$work/$name"
	CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -trimpath -buildvcs=false -tags nopgxregisterdefaulttypes -ldflags "-s -w -X main.release=$version" -o "$work/$name/lobby" ./cmd/lobby
	cp LICENSE README.md CHANGELOG.md "$work/$name/"
	chmod 755 "$work/$name" "$work/$name/lobby"
	chmod 644 "$work/$name/LICENSE" "$work/$name"/*.md
	tar --create --directory "$work" --format ustar --sort name --mtime "@$epoch" --owner 0 --group 0 --numeric-owner "$name" |
		gzip -9 --no-name >"$dist/$name.tar.gz"
	rm -r "${work:?}/$name"
	echo "$dist/$name.tar.gz"
done

cd "$dist"
if command -v sha256sum >/dev/null; then
	sha256sum lobby_*.tar.gz >SHA256SUMS
else
	shasum -a 256 lobby_*.tar.gz >SHA256SUMS
fi
