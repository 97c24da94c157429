#!/usr/bin/env bash
# The steps of the action, one for each call: install, measure, check. What a caller of the action says comes in variables and
# is never read as a command.
set -euo pipefail

# lines reads the lines of a text that are not empty into the array list.
lines() {
	local line
	list=()
	while IFS= read -r line; do
		line="${line%$'\r'}"
		if [ -n "$line" ]; then list+=("$line"); fi
	done <<<"$1"
}

bin="${RUNNER_TEMP:?}/corecurve-bin"

case "${1:-}" in
install)
	(cd "$(dirname "$0")/../../.." && go build -o "$bin/corecurve" ./cmd/corecurve)
	echo "$bin" >>"$GITHUB_PATH"
	;;
measure)
	cd "${CORECURVE_DIRECTORY:-.}"
	case "$CORECURVE_VERB" in
	run | bench) ;;
	*)
		echo "::error::corecurve: the verb is run or bench" >&2
		exit 2
		;;
	esac
	case "$CORECURVE_OUT" in
	"" | *$'\n'*)
		echo "::error::corecurve: out is one folder" >&2
		exit 2
		;;
	esac
	lines "${CORECURVE_ARGS:-}"
	# Where it ends with an error, what it measured is kept, too.
	mkdir -p "$CORECURVE_OUT"
	echo "study=$(cd "$CORECURVE_OUT" && pwd)" >>"$GITHUB_OUTPUT"
	"$bin/corecurve" "$CORECURVE_VERB" --yes --color=never --out="$CORECURVE_OUT" --summary="$GITHUB_STEP_SUMMARY" \
		${list[@]+"${list[@]}"}
	;;
check)
	lines "$CORECURVE_GATES"
	status=0
	"$bin/corecurve" check "$CORECURVE_STUDY" --summary="$GITHUB_STEP_SUMMARY" ${list[@]+"${list[@]}"} || status=$?
	case $status in
	0) echo held=true >>"$GITHUB_OUTPUT" ;;
	3) echo held=false >>"$GITHUB_OUTPUT" ;;
	esac
	exit $status
	;;
*)
	echo "usage: steps.sh install | measure | check" >&2
	exit 2
	;;
esac
