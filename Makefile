# The one gate is `make check`, which .ci/run calls. Where CI=true no test may be skipped for want of a program.
.DEFAULT_GOAL := help
.PHONY: help run build release test test-deep race check vet lint fmt bench bench-large bench-compare bench-growth bench-live bench-memory bench-peers hot sizes screenshots fuzz deps clean

TOOL     := go tool -modfile=tools/go.mod
FUZZTIME ?= 20s

ifeq ($(CI),true)
export LOBBY_TEST_REQUIRE_ALL = 1
endif

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: ## run the server from source; ARGS="..." are its arguments
	go run ./cmd/lobby $(ARGS)

build: ## build a stripped binary into bin/lobby
	CGO_ENABLED=0 go build -trimpath -tags nopgxregisterdefaulttypes -ldflags "-s -w" -o bin/lobby ./cmd/lobby

release: ## build the archives of a release, with checksums, into dist/
	scripts/release.sh

test: deps vet ## say what the tests need and install it, vet, run every test: a line a package
	@echo "testing; each package prints a line when it is done, api, sqlstore and browser after a minute or more"
	go test -timeout 20m ./...

race: deps ## the packages that race, with the race detector and small crowds: a part of test-deep
	CGO_ENABLED=1 go test -race -short -timeout 30m ./internal/sqlstore ./internal/messenger ./internal/httpserver ./internal/api

test-deep: export LOBBY_TEST_DEEP = 1
test-deep: deps ## run every test afresh, in random order, with the race detector and full crowds
	@echo "beyond make test: nothing comes from the cache, tests run in random order, all of them (and the server of the"
	@echo "SDK tests) with the race detector, and with LOBBY_TEST_DEEP=1: crowds of 1,000 visitors, 100 random checks for"
	@echo "25, a million more steps beside the model, a hundred kill -9, every converter of test/crash after the same visitor, and"
	@echo "five faults of a PostgreSQL primary under 10,000 changes each, 20 more of one that Patroni runs, PostgreSQL 18 and"
	@echo "PGlite from npm"
	CGO_ENABLED=1 go test -race -count=1 -shuffle=on -timeout 60m ./...

check: lint test ## the gate: lint and test

vet: ## go vet
	go vet ./...

lint: vet ## go vet, tidy go.mod files, format, staticcheck, dead code
	go mod tidy -diff
	cd tools && go mod tidy -diff
	cd test/peers && go vet ./...
	@files=$$($(TOOL) gofumpt -l $(GO_FILES)); test -z "$$files" || { echo "not formatted, run make fmt:" $$files; exit 1; }
	$(TOOL) staticcheck ./...
	@dead=$$($(TOOL) deadcode -test ./...); test -z "$$dead" || { echo "$$dead"; exit 1; }

fmt: ## format every Go file
	$(TOOL) gofumpt -w $(GO_FILES)

bench: build ## measure bin/lobby beside baselines, into docs/benchmarks/NAME.json; ARGS="-quick" is a short run
	go run ./test/load -server bin/lobby -commit "$$(git describe --always --dirty)" -save docs/benchmarks/$(or $(NAME),bench).json $(ARGS)

bench-large: build ## the same with a million contacts and nothing else
	$(MAKE) bench NAME=$(or $(NAME),large) ARGS="-people 0 -contacts 1000000 $(ARGS)"

bench-compare: build ## measure bin/lobby beside the server of the commit BASE, in the same rounds; ARGS="-quick" takes minutes
	BASE=$(BASE) NAME=$(NAME) scripts/bench-compare.sh $(ARGS)

bench-growth: build ## measure every operation with 10,000, 100,000 and a million people, into docs/benchmarks/NAME.md (growth); ARGS="-help" lists the options
	go run ./test/load growth -server bin/lobby -commit "$$(git describe --always --dirty)" -save docs/benchmarks/$(or $(NAME),growth).json $(ARGS)

bench-live: build ## 10,000 visitors a minute with ten open pages that show who is there, into docs/benchmarks/NAME.md (live); ARGS="-help"
	go run ./test/load watch -server bin/lobby -commit "$$(git describe --always --dirty)" -save docs/benchmarks/$(or $(NAME),live).md $(ARGS)

bench-memory: build ## 20 minutes of mixed load on a million people, which must not make the server grow, into docs/benchmarks/NAME.md (memory); ARGS="-help"
	go run ./test/load soak -server bin/lobby -commit "$$(git describe --always --dirty)" -save docs/benchmarks/$(or $(NAME),memory).md $(ARGS)

bench-peers: build ## measure bin/lobby beside PocketBase, and Prism where ARGS="-description FILE" says what it mocks; ARGS="-help" lists the options
	cd test/peers && go run . -server ../../bin/lobby $(ARGS)

hot: build ## simulate one hot workspace among many on two servers and one PostgreSQL; ARGS="-help" lists the options
	go run ./test/load hot -server bin/lobby $(ARGS)

sizes: ## what the script costs a page, beside trackers from npm: the table of docs/browser.md
	node test/browser/sizes.mjs

screenshots: export LOBBY_SCREENSHOTS = $(CURDIR)/docs/images
screenshots: deps ## take the pictures of the pages in docs/images anew, of a server with invented people
	@mkdir -p $(LOBBY_SCREENSHOTS)
	go test -count=1 ./test/browser -run TestScreenshots

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@grep -roE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' --exclude-dir=node_modules . | \
	sed -E 's|/[^/]+:func | |' | sort | while read -r folder target; do \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$folder" || exit 1; \
	done

deps: ## find or install PostgreSQL, PgBouncer, Node, Python, Ruby, Chromium, the proxies and promtool
	@scripts/deps.sh

clean: ## remove what was built
	rm -rf bin dist

GO_FILES = $(shell find . -name node_modules -prune -o -name '*.go' -print)
