# Nhà Sàn. Everything a newcomer needs is `make demo` and `make test`.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$p"; break; }; done)
export PYTHONUTF8 = 1
RUN = @test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên (apt-get install python3 python3-venv)." >&2; exit 1; }; exec "$(PYTHON)" -m

.PHONY: help demo demo-reset test lint bench frontend install lock messages reference
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo 'make demo         cài đặt, nạp số liệu minh hoạ, chạy và in địa chỉ (Ctrl-C để dừng)'
	@echo 'make demo-reset   xoá bản minh hoạ để làm lại từ đầu'
	@echo 'make test         chạy mọi kiểm tra, trên SQLite và PostgreSQL, cả trong trình duyệt'
	@echo 'make lint         ruff, import-linter, mypy'
	@echo 'make bench NAME=… chạy một phép đo trong benchmarks/'
	@echo 'make frontend     dựng giao diện'
	@echo 'make install      cài các gói Python (cả công cụ phát triển) vào .venv'
	@echo 'make lock         khoá lại phiên bản các gói Python'
	@echo 'make messages     gom các câu chữ mới vào locale/ để dịch (LANGUAGES=en)'
	@echo 'make reference    viết lại các trang tra cứu trong docs/reference từ mã nguồn'

demo:
	$(RUN) scripts.demo

demo-reset:
	$(RUN) scripts.demo reset

test:
	$(RUN) scripts.suite

lint:
	$(RUN) scripts.suite lint

bench:
	$(RUN) scripts.bench "$(NAME)"

frontend:
	$(RUN) scripts.frontend

install:
	$(RUN) scripts.install dev

lock:
	$(RUN) scripts.lock

messages: install
	@exec .venv/bin/python -m scripts.messages $(LANGUAGES)

reference: install
	@exec .venv/bin/python -m scripts.reference
