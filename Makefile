# Two commands do everything: `make run` and `make test`. Both set up what they need and are
# quick the second time. Options: PORT=…, PYTHON=…, DATA=…
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
AXE := .cache/axe-core-4.14.1.js

.PHONY: run test check eval bench soak test-scale test-model bundle format clean help
.PHONY: test-scale-postgres test-scale-leaks test-scale-vectors test-scale-seeds test-scale-servers

help:
	@echo "make run         启动网页（首次会装好所需的一切）"
	@echo "make test        运行全部测试"
	@echo "make check       格式、静态检查、类型"
	@echo "make eval        质量评测：tests/evals/results.json、docs/benchmarks.md"
	@echo "make bench       启动、回答、内存的速度"
	@echo "make soak        耐久试验：中断、损坏、写满、敌意文件、提问、负载（双核机器上一小时以上）"
	@echo "make bundle      离线安装包：dist/policy-assistant-版本.tar"
	@echo "make test-scale  大规模设置的测试：PostgreSQL、Chroma 服务、Milvus、tantivy、各部分中断；"
	@echo "                 分项 test-scale-postgres -leaks -vectors -seeds -servers"
	@echo "make test-model  用真实的 llama.cpp 服务测试生成模式"

run: $(VENV)/.run
	$(if $(PORT),POLICY_WEB_PORT=$(PORT)) $(if $(DATA),POLICY_DATA_DIR=$(DATA)) $(BIN)/python app.py

test: $(VENV)/.dev .cache/system-tools $(AXE)
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: $(VENV)/.dev
	$(BIN)/python -m tests.evals

bench: $(VENV)/.dev
	$(BIN)/python -m tests.evals.bench

# Not part of make test: minutes on a quiet machine. LANDED=… sets another checkout beside it.
soak: $(VENV)/.dev
	$(BIN)/python -m tests.soak --write docs/soak.md $(if $(LANDED),--landed $(LANDED)) $(SOAK)

# The larger settings (docs/scale.md), all on this machine, one part after the other; each may be run
# alone. Not part of make test.
SCALE_PARTS = test-scale-postgres test-scale-leaks test-scale-vectors test-scale-seeds test-scale-servers
test-scale:
	@set -e; for part in $(SCALE_PARTS); do echo "== $$part"; $(MAKE) --no-print-directory $$part; done

# The tests of the stores once more, with every store in PostgreSQL instead of a file.
test-scale-postgres: .cache/scale
	$(BIN)/python -m pytest -p tests.over_postgres tests/vectorstore/chain tests/vectorstore/test_arrivals.py \
	  tests/assistant/people tests/assistant/history tests/assistant/office tests/assistant/drafting \
	  --ignore=tests/assistant/history/test_narrowing.py  # its tests go on from one another; some work on files

# The leak suite with the catalogue in PostgreSQL, by both engines of words.
test-scale-leaks: .cache/scale
	$(BIN)/python -m pytest -p tests.served tests/leaks
	POLICY_TEST_WORDS=tantivy $(BIN)/python -m pytest -p tests.served tests/leaks

# The contract suites of the servers and engines of vectors and words.
test-scale-vectors: .cache/scale
	$(BIN)/python -m pytest tests/vectorstore -m scale -o addopts="-ra --strict-markers"

# The committed questions over each combination: the same answers, word for word.
test-scale-seeds: .cache/scale
	$(BIN)/python -m pytest tests/scale -m scale -o addopts="-ra --strict-markers"

# App, readers, ingest, PostgreSQL and the server of vectors killed under load, in short; the whole of
# it: python -m tests.soak --only servers
test-scale-servers: .cache/scale
	$(BIN)/python -m pytest tests/soak -m scale -o addopts="-ra --strict-markers"

test-model: $(VENV)/.dev
	$(BIN)/pip install -q -r tests/requirements-model.txt
	$(BIN)/python -m pytest tests/model_server -m llama -o addopts=-ra

bundle: $(VENV)/.run
	PYTHON=$(BIN)/python deploy/offline/bundle.sh

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# --- set-up -------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新的版本：sudo apt-get install -y python3.11 python3.11-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "建不了虚拟环境，请先安装：sudo apt-get install -y python3-venv" >&2; rm -rf $(VENV); exit 1; }

# PyTorch's own index has a build without CUDA, gigabytes smaller; where it cannot be reached,
# the registry that pip knows serves.
TORCH_INDEX = https://download.pytorch.org/whl/cpu
PROBE = import urllib.request as u; u.urlopen("$(TORCH_INDEX)/", timeout=4); print("--extra-index-url $(TORCH_INDEX)")

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "安装依赖（只在第一次和更新后进行，约两分钟）…"
	@extra=$$($(BIN)/python -c '$(PROBE)' 2>/dev/null); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $$extra -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.cache/scale: requirements-scale-dev.txt requirements-scale.txt $(VENV)/.dev .cache/system-tools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-scale-dev.txt
	@touch $@

# Chromium, Chinese fonts, LibreOffice, PostgreSQL and nginx for the tests that use them (no service is
# started). Without apt or the right to use it, those tests are skipped and say so.
.cache/system-tools:
	@mkdir -p .cache
	@need=""; command -v chromium >/dev/null || need="$$need chromium"; \
	  command -v soffice >/dev/null || need="$$need libreoffice-writer-nogui"; \
	  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || need="$$need nginx-light"; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need="$$need postgresql-15"; \
	  fc-list 2>/dev/null | grep -qi 'cjk' || need="$$need fonts-noto-cjk fontconfig"; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  if [ -n "$$need" ] && command -v apt-get >/dev/null; then \
	    echo "为测试安装:$$need"; \
	    ( $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq $$need ) >/dev/null 2>&1 \
	      || echo "装不了$$need：用到它们的测试会跳过"; \
	  fi
	@touch $@

# axe-core for the tests of the pages, from the npm registry, held against its checksum. Where the
# registry cannot be reached, those tests are skipped and say so.
$(AXE): tests/axe.py | $(VENV)/.dev
	@$(BIN)/python -m tests.axe
