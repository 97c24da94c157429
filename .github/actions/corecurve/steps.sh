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

# fail says what is wrong where a job shows it, and ends with the status of wrong usage.
fail() {
	echo "::error::corecurve: $1" >&2
	exit 2
}

# merge_base prints the last commit that HEAD has in common with the branch that the pull request goes to. What a shallow
# clone lacks of the two is fetched: some of it, and then all.
merge_base() {
	local branch="${GITHUB_BASE_REF:-}" head how hows=(--no-tags)
	[ -n "$branch" ] || fail "against: merge-base is of pull requests, and this run is of none: name a revision"
	head="$(git rev-parse --verify HEAD)" || fail "against: there is no commit of a git repository here"
	local there="refs/remotes/origin/$branch"
	if git merge-base "$there" "$head" 2>/dev/null; then return; fi
	if [ "$(git rev-parse --is-shallow-repository)" = true ]; then hows=(--depth=1 --deepen=100 --unshallow); fi
	for how in "${hows[@]}"; do
		if ! git fetch --quiet --no-tags "$how" origin "+refs/heads/$branch:$there" "$head" >&2; then
			fail "against: the branch $branch and what HEAD has in common with it cannot be fetched: check out with fetch-depth: 0"
		fi
		if git merge-base "$there" "$head"; then return; fi
		if [ "$(git rev-parse --is-shallow-repository)" = false ]; then break; fi
	done
	fail "against: HEAD and the branch $branch have no commit in common"
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
	*) fail "the verb is run or bench" ;;
	esac
	case "$CORECURVE_OUT" in
	"" | *$'\n'*) fail "out is one folder" ;;
	esac
	lines "${CORECURVE_ARGS:-}"
	against="${CORECURVE_AGAINST:-}"
	if [ "$against" = merge-base ]; then against="$(merge_base)"; fi
	# Where it ends with an error, what it measured is kept, too.
	mkdir -p "$CORECURVE_OUT"
	echo "study=$(cd "$CORECURVE_OUT" && pwd)" >>"$GITHUB_OUTPUT"
	"$bin/corecurve" "$CORECURVE_VERB" --yes --color=never --out="$CORECURVE_OUT" --summary="$GITHUB_STEP_SUMMARY" \
		${against:+"--against=$against"} ${list[@]+"${list[@]}"}
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
