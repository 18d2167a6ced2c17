# What developers type. `make test` is all that continuous integration runs (.ci/run).

GO       ?= go
SUDO     := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT      := $(SUDO) sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@"' --
LINT     := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s
# The attacker on what is published: long sums with nothing beside them, which a race detector slows tenfold.
ALONE    := TestNobodyIsFound
# What tests hold letters against: a spam filter, a second opinion on signatures, a mail server. And
# exports: the programs that people open them with, and a checker of XML (150 MB, half a minute).
JUDGES   := spamassassin python3-dkim python3-nacl postfix \
	pspp r-cran-haven libreoffice-calc-nogui libxml2-utils

.PHONY: test setup check bench soak fuzz run build

# Everything a change has to pass, on a machine with Go, git and make alone.
test: setup check
	VIESTI_BROWSER=1 $(GO) test -race -timeout 14m -skip '$(ALONE)' ./...
	$(GO) test -run '$(ALONE)' ./internal/attacker/... ./report/results

# What the tests need beside Go, where it is missing: a C compiler for the race detector, and for
# the tests in browser/ Chromium, and Node and Java for the checkers that package.json names. The
# judges are left out, and said to be, where they cannot be had.
setup: .tools/node_modules
	@set --; \
	command -v cc >/dev/null || set -- "$$@" gcc libc6-dev; \
	command -v chromium >/dev/null || set -- "$$@" chromium chromium-sandbox fonts-dejavu-core; \
	command -v java >/dev/null || set -- "$$@" default-jre-headless; \
	[ $$# = 0 ] || { echo "installing $$*"; $(APT) "$$@"; }
	@! command -v dpkg >/dev/null || dpkg -s $(JUDGES) >/dev/null 2>&1 || { \
		echo "installing $(JUDGES)"; \
		echo "postfix postfix/main_mailer_type select No configuration" | $(SUDO) debconf-set-selections; \
		$(APT) $(JUDGES) >/dev/null; } || \
		echo "not installed: the tests that need them are left out"
	@$(GO) mod download

.tools/node_modules: browser/package.json browser/package-lock.json
	@command -v npm >/dev/null || { echo "installing nodejs npm"; $(APT) nodejs npm; }
	@mkdir -p .tools && cp $^ .tools/
	@cd .tools && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules

# One pinned binary with all checkers and both formatters (.golangci.yml). The house's own rules
# are tests: house/ and i18n/.
check:
	$(GO) vet ./...
	$(LINT) run ./...

# Each figure is a ratio to a bare loop in the same run.
bench:
	VIESTI_BENCH=1 $(GO) test -count=1 -v -run '^TestBench' -timeout 30m ./bench

# The long form of the tests that live by chance: the program killed at random moments, random
# questionnaires and respondents; and of those that look at the pages in a browser.
soak: setup
	VIESTI_SOAK=1 $(GO) test -count=1 -v -run 'Kill|Soak' -timeout 60m ./...
	VIESTI_SOAK=1 VIESTI_BROWSER=1 $(GO) test -count=1 -timeout 60m ./browser

# Every fuzz target of every room, FUZZTIME each.
fuzz:
	@for file in $$(grep -rlE '^func Fuzz' --include='*_test.go' .); do \
		for target in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/p' $$file); do \
			echo "$$(dirname $$file) $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$(dirname $$file) || exit 1; \
		done; \
	done

run:
	$(GO) run . demo

build:
	$(GO) build -trimpath -o viesti .
