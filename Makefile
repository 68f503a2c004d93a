# Builds and installs the extension (PGXS). The PG-free core has its own CMakeLists.txt for unit tests and fuzzing.
EXTENSION = explore_analytics
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" explore_analytics.control)

MODULE_big = $(EXTENSION)
SOURCES := $(sort $(wildcard src/core/*/*.cpp src/pg/*.cpp src/access/*.cpp src/store/*.cpp src/keep/*.cpp src/ask/*.cpp src/feature/*/*.cpp))
OBJS = $(SOURCES:.cpp=.o)

# The install script: what runs once, then what can be run again.
SQL_PARTS := $(addprefix src/,$(shell sed 's/\#.*//' src/sql/order.txt))
# A script for each version that can be updated: the steps from it on, in order, then all that can be run again.
SQL_STEPS := $(shell ls src/sql/update/*--*.sql | sort -V)
SQL_AGAIN := $(filter-out src/sql/once/%,$(SQL_PARTS))
SQL_UPDATES := $(foreach step,$(notdir $(SQL_STEPS)),$(EXTENSION)--$(firstword $(subst --, ,$(step)))--$(EXTVERSION).sql)
DATA_built = $(EXTENSION)--$(EXTVERSION).sql $(SQL_UPDATES)

# In this order, in one database.
REGRESS = before_install install summary viewer_set record limits analytics series top_videos live trends viewer_retention compare benchmark funnel attribution cohort experiments experiment_results campaigns retention_curve audience statistics pictures rescore rollups retention session identify traffic bi privacy security operations saved_plans
REGRESS_OPTS = --encoding=UTF8 --no-locale
ISOLATION = $(sort $(basename $(notdir $(wildcard test/isolation/specs/*.spec))))
ISOLATION_OPTS = --inputdir=test/isolation --outputdir=test/isolation
EXTRA_CLEAN = $(OBJS:.o=.d) $(DATA_built) src/pg/*.bc results regression.* test/isolation/output_iso

PG_CONFIG ?= pg_config
SERVER_INCLUDE := $(shell $(PG_CONFIG) --includedir-server)
# -isystem: the server's headers are C and are not held to our warnings.
PG_CPPFLAGS = -isystem $(SERVER_INCLUDE) -Isrc -DEA_VERSION='"$(EXTVERSION)"'
PG_CXXFLAGS = -std=c++20 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers \
	-ffp-contract=off -fvisibility=hidden -fvisibility-inlines-hidden -MMD -MP $(COPT)

# Debian's package has the shared library, and a static one at most that a shared object cannot take. Whoever has
# another one names it: SIMDJSON_LIBS=/path/to/libsimdjson.a
SIMDJSON_CFLAGS ?=
SIMDJSON_LIBS ?= -lsimdjson
PG_CPPFLAGS += $(SIMDJSON_CFLAGS)
SHLIB_LINK = $(SIMDJSON_LIBS) -Wl,--version-script=src/pg/exports.map -lstdc++

# Bitcode of C++ cannot be inlined by the server's JIT; skip that second compilation.
override with_llvm := no
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
$(EXTENSION)--$(EXTVERSION).sql: $(SQL_PARTS) src/sql/order.txt explore_analytics.control
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; cat $(SQL_PARTS); } > $@.part
	mv $@.part $@

$(SQL_UPDATES): $(EXTENSION)--%--$(EXTVERSION).sql: src/sql/update/begin.sql $(SQL_STEPS) $(SQL_AGAIN) src/sql/order.txt explore_analytics.control
	{ printf '%s\n' '\echo Use "ALTER EXTENSION $(EXTENSION) UPDATE" to load this file. \quit'; \
	  cat src/sql/update/begin.sql $$(printf '%s\n' $(SQL_STEPS) | sed -n '\|/$*--|,$$p') $(SQL_AGAIN); } > $@.part
	mv $@.part $@

-include $(OBJS:.o=.d)
$(EXTENSION).so: src/pg/exports.map
$(OBJS): | simdjson boost
simdjson:
	@echo '#include <simdjson.h>' | $(CXX) $(SIMDJSON_CFLAGS) -std=c++20 -M -x c++ - >/dev/null 2>&1 || \
	  { echo 'simdjson.h is missing: install the package libsimdjson-dev' >&2; exit 1; }
boost:
	@echo '#include <boost/math/distributions/normal.hpp>' | $(CXX) -std=c++20 -E -x c++ - >/dev/null 2>&1 || \
	  { echo 'Boost.Math is missing: install the package libboost-math-dev' >&2; exit 1; }

.PHONY: demo test lint dist package simdjson boost
demo:
	tools/demo
test:
	tools/test
lint: all
	tools/lint
dist:
	tools/dist
package:
	tools/package
