# Six commands. Each is a short script in bin/ that also takes arguments: bin/test -k ussd.
.DEFAULT_GOAL := help
.PHONY: help run talk check test bench train

help: ## list the commands
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10 | sed 's/^/  make /'

run: ## start everything on this machine; Ctrl-C stops it
	@bin/run

talk: ## a phone in the terminal, for what `make run` started
	@bin/talk

check: ## style, types, walls, security, words, dialogue
	@bin/check

test: ## every test
	@bin/test

bench: ## measure turns per second against stock Rasa and a hand-written menu
	@bin/bench turn

train: ## train the model if its inputs changed
	@bin/train
