export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export CUDA_VISIBLE_DEVICES :=
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench bench-widget screenshots compare evaluation adapter reader cluster chaos load soak audit fmt lock clean

help: ## say what there is (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv with everything in it; immediate when nothing changed
	@scripts/setup.sh

run: setup ## train if anything changed, then start the assistant (PORT=5005 to choose)
	@exec .venv/bin/bot serve $(if $(PORT),--port $(PORT))

test: setup ## every check: lint, types, layers, knowledge, training, tests
	@scripts/test.sh

lint: setup ## lint, formatting, types and layers alone
	@scripts/test.sh lint

compare: setup ## our understanding beside its peers (EVERY=5: on a fifth of the data, for DIET takes hours on all of it)
	@.venv/bin/python -m scripts.compare --every $(or $(EVERY),1)

evaluation: setup ## every report of docs/evaluation, peers among them (over an hour)
	@.venv/bin/python -m scripts.evaluation

bench: setup ## compare with the bot of `rasa init`; writes docs/benchmarks.md
	@.venv/bin/python -m scripts.bench

cluster: setup ## the production topology on loopback: nginx, PostgreSQL, Redis (WORKERS=2)
	@.venv/bin/bot train
	@exec .venv/bin/python -m scripts.cluster --workers $(or $(WORKERS),2)

chaos: setup ## break each part of a cluster, and see that nobody is left without an answer
	@scripts/test.sh chaos

load: setup ## 200 conversations at once through a cluster (WORKERS=2 USERS=200 FOR=120)
	@.venv/bin/bot train
	@.venv/bin/python -m scripts.load.run --workers $(or $(WORKERS),2) \
		--users $(or $(USERS),200) --seconds $(or $(FOR),120)

soak: setup ## 20,000 turns at one worker, its memory measured (TURNS=20000)
	@.venv/bin/bot train
	@.venv/bin/python -m scripts.load.soak --turns $(or $(TURNS),20000)

audit: setup ## known faults of the packages and a list of them (SBOM), in a venv of its own
	@scripts/audit.sh

adapter: setup ## tune the sentence embedding to our data; writes bot/data/adapter.npz (20 minutes)
	@.venv/bin/python -m scripts.tune_embedder

reader: setup ## tune the layers that read intent, danger and level; writes bot/data/reader.npz (hours)
	@.venv/bin/python -m scripts.tune_reader

bench-widget: setup ## the widget beside Web Chat and deep-chat; writes docs/widget-benchmarks.md
	@PATH=$$PWD/.venv/bin:$$PATH .venv/bin/python -m scripts.bench_widget

screenshots: setup ## pictures of the page and the widget into docs/images/
	@.venv/bin/python -m scripts.screenshots

fmt: setup ## format the code and mend what can be mended
	@.venv/bin/ruff check --fix --exit-zero .
	@.venv/bin/ruff format .

lock: setup ## pin requirements/dev.in anew into requirements/dev.txt
	@.venv/bin/uv pip compile --quiet --python .venv/bin/python --generate-hashes \
		--no-header --no-annotate --override requirements/overrides.txt \
		requirements/dev.in --output-file requirements/dev.txt
	@grep -oE '^[A-Za-z0-9_.-]+(\[[^]]*\])?==[^ ;\\]+' requirements/dev.txt >build/pins.txt
	@.venv/bin/uv pip compile --quiet --python .venv/bin/python --generate-hashes \
		--no-header --no-annotate --override requirements/overrides.txt \
		--constraint build/pins.txt requirements/runtime.in --output-file requirements/runtime.txt

clean: ## remove models, caches and what was built, not .venv
	@rm -rf build bot/widget/node_modules models .rasa *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
