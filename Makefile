# `make help` lists the targets. Everything built goes to build/.

CC ?= cc
# The machine that a cross compiler builds for: aarch64-linux-gnu of CC=aarch64-linux-gnu-gcc.
CROSS := $(if $(findstring -gcc,$(notdir $(CC))),$(firstword $(subst -gcc, ,$(notdir $(CC)))))
BUILD ?= build$(CROSS:%=/%)
PYTHON ?= /usr/bin/python3
PKG_CONFIG ?= $(CROSS:%=PKG_CONFIG_LIBDIR=/usr/lib/%/pkgconfig) pkg-config

PACKAGES = libmicrohttpd sqlite3 jansson inih libcmark libutf8proc zlib libbrotlienc libsodium libseccomp
SOURCES := $(sort $(wildcard server/*.c server/*/*.c server/*/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/embedded.o
TESTS := $(sort $(wildcard tests/unit/*/test_*.c tests/unit/*/*/test_*.c))
TEST_PROGRAMS := $(TESTS:tests/unit/%.c=$(BUILD)/unit/%)
FUZZ_SOURCES := $(addprefix tests/fuzz/,targets.c texts.c files.c serving.c)
PEERS = $(addprefix $(BUILD)/bench/,bare loop rows knock)
EMBEDDED := $(wildcard sql/query/*.sql sql/schema/*.sql sql/demo.ndjson config/bots.txt \
	static/templates/* static/assets/*)
VERSION := $(shell cat VERSION)

# V=1 shows the commands.
ifeq ($(V),)
quiet = @printf '  %-4s %s\n' $(1) $@;
endif

SANITIZE ?=
OPTIMIZE ?= -O2 -D_FORTIFY_SOURCE=2
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wformat=2 -Wwrite-strings -Wundef -Werror
# The option that checks the targets of indirect jumps differs from machine to machine. The compiler
# is asked at each use, because the first build may have to install it.
HARDEN_x86_64 = -fcf-protection
HARDEN_i686 = -fcf-protection
HARDEN_aarch64 = -mbranch-protection=standard
MACHINE = $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
HARDEN = -fstack-protector-strong -fstack-clash-protection $(HARDEN_$(MACHINE)) -fPIE
CFLAGS += -std=c11 -g $(OPTIMIZE) $(WARNINGS) $(HARDEN) $(SANITIZE)
CPPFLAGS += -D_GNU_SOURCE -DKHOBOR_VERSION='"$(VERSION)"' -Iserver -I$(BUILD)/gen \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
LDFLAGS += -pie -Wl,-z,relro,-z,now,-z,noexecstack $(SANITIZE)
LDLIBS += $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lpthread -lm

.DEFAULT_GOAL := build
.PHONY: build run check check-quick soak torture fuzz units cross tidy lint format asan tsan valgrind image docs bench bench-against clean help

build: $(BUILD)/khobor ## build build/khobor, installing what is missing

run: build ## serve the demo edition on http://127.0.0.1:8080
	@tools/run $(BUILD)/khobor

check: ## install what the tests need and run all of them
	@tools/deps build test browser
	@tests/run

check-quick: ## tidy, the fast unit tests and a sample of the HTTP tests, in less than a minute
	@tools/deps build test
	@SUITES='tidy unit http' QUICK=yes tests/run

soak: build units ## simulations and stale responses with new seeds for SECONDS (600): make soak SECONDS=60
	@BUILD=$(BUILD) tests/soak $(or $(SECONDS),600)

fuzz: ## fuzz each target for SECONDS (60), with clang: make fuzz SECONDS=600 TARGETS='serve markdown'
	@tools/deps build fuzz
	@$(MAKE) --no-print-directory CC=clang BUILD=build/clang build/clang/fuzz/fuzzer
	@FUZZER=build/clang/fuzz/fuzzer tests/fuzz/run $(or $(SECONDS),60) $(TARGETS)

asan: ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
	@tools/deps build test browser
	@BUILD=build/asan tests/run

tsan: ## the tests under ThreadSanitizer, in build/tsan
	@tools/deps build test browser
	@BUILD=build/tsan tests/run

torture: build ## each allocation and each step of SQLite's fails once, for each kind of request (POINTS=0: all)
	@KHOBOR=$(BUILD)/khobor KHOBOR_POINTS=$(or $(POINTS),250) /usr/bin/python3 -m pytest -q tests/torture

valgrind: ## the unit tests under valgrind
	@tools/deps build test browser valgrind
	@BUILD=$(BUILD) UNDER='valgrind -q --error-exitcode=9 --leak-check=full' SUITES=unit tests/run

build/asan/% : OPTIMIZE = -O1 -fno-omit-frame-pointer
build/asan/% : SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
build/tsan/% : OPTIMIZE = -O1 -fno-omit-frame-pointer
build/tsan/% : SANITIZE = -fsanitize=thread

build/clang/% : OPTIMIZE = -O1 -fno-omit-frame-pointer
build/clang/% : SANITIZE = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

units: $(TEST_PROGRAMS) $(BUILD)/fuzz/replay

cross: ## build the program and the unit tests for arm64, in build/aarch64-linux-gnu
	@$(MAKE) --no-print-directory CC=aarch64-linux-gnu-gcc build units

tidy: ## check the floors, lengths, bans and one-library-one-file rule
	@tools/tidy

lint: ## clang-tidy and cppcheck over server/
	@tools/deps build lint
	@tools/lint $(BUILD)

format: ## format every C file with clang-format
	@tools/deps lint
	@clang-format -i $(wildcard server/*.[ch] server/*/*.[ch] server/*/*/*.[ch] tests/unit/*.h tests/unit/*/*.[ch] tests/unit/*/*/*.[ch] tests/fuzz/*.[ch])

image: ## build the container image khobor with docker or podman
	@$$(command -v docker || command -v podman) build -t khobor .

docs: build ## write config/khobor.ini from the settings table and sql/schema.sql from a new database
	@$(BUILD)/khobor config --example >config/khobor.ini
	@rm -f $(BUILD)/new.db*
	@$(BUILD)/khobor migrate --database $(BUILD)/new.db >$(BUILD)/new.log
	@tools/schema $(BUILD)/new.db >$(BUILD)/schema.sql && cp $(BUILD)/schema.sql sql/schema.sql

bench: $(BUILD)/khobor $(PEERS) ## measure Khobor, nginx and others (bench-against REV=...: a revision)
	@BUILD=$(BUILD) bench/run

bench-against: $(BUILD)/khobor $(PEERS)
	@BUILD=$(BUILD) bench/run --against '$(REV)'

clean: ## remove what was built
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# Packages are checked once, before the first object needs their headers.
$(BUILD)/deps: tools/deps
	@tools/deps $(if $(filter aarch64-%,$(CROSS)),cross,build)
	@mkdir -p $(@D) && touch $@

$(BUILD)/gen/queries.h $(BUILD)/gen/embedded.c &: tools/embed sql/query sql/schema static/templates static/assets $(EMBEDDED)
	@tools/embed $(BUILD)/gen

$(BUILD)/gen/embedded.o: $(BUILD)/gen/embedded.c $(EMBEDDED) | $(BUILD)/deps
	$(call quiet,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/server/%.o: server/%.c $(BUILD)/gen/queries.h VERSION | $(BUILD)/deps
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/khobor: $(OBJECTS)
	$(call quiet,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A unit test is linked with everything but main.
$(BUILD)/unit/%: tests/unit/%.c $(filter-out $(BUILD)/server/main.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(call quiet,TEST)$(CC) $(CPPFLAGS) $(CFLAGS) -Itests/unit -MMD -MP $(LDFLAGS) -o $@ $(filter %.c %.o,$^) \
		$(LDLIBS) -lcmocka

# The targets of the fuzzer, with the main that runs each case once, and with libFuzzer's.
$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_SOURCES) $(filter-out $(BUILD)/server/main.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(call quiet,FUZZ)$(CC) $(CPPFLAGS) $(CFLAGS) -Itests/unit -Itests/fuzz $(LDFLAGS) -o $@ \
		$(filter %.c %.o,$^) $(LDLIBS) -lcmocka $(if $(filter fuzzer,$*),-fsanitize=fuzzer)

# The programs that Khobor is compared with.
$(BUILD)/bench/deps: tools/deps
	@tools/deps build bench
	@mkdir -p $(@D) && touch $@

$(BUILD)/bench/rows: LDLIBS += -lulfius -lorcania
$(BUILD)/bench/%: bench/%.c bench/peer.c bench/peer.h | $(BUILD)/bench/deps
	$(call quiet,CC)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) -Wl,--as-needed $(LDLIBS)

-include $(OBJECTS:.o=.d) $(TEST_PROGRAMS:=.d)
