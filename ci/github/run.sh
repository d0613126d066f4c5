#!/usr/bin/env bash
# What action.yml runs. Its inputs come as SCHEDC_* and are words of commands, never parts of a script.
# Everything is run before it fails, so that one push shows all that is wrong. It needs no token.
set -euo pipefail -f

main() {
  work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/schedc.XXXXXX")
  install_schedc
  cd -- "${SCHEDC_WORKING_DIRECTORY:-.}"

  selection=()
  local word line
  for word in $(words "${SCHEDC_TARGETS:-}"); do selection+=("--target=$word"); done
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [ -n "${line//[[:space:]]/}" ]; then selection+=("--value=$line"); fi
  done <<<"${SCHEDC_VALUES:-}"
  environments=("")
  if [ -n "$(words "${SCHEDC_ENVIRONMENTS:-}")" ]; then
    environments=()
    for word in $(words "$SCHEDC_ENVIRONMENTS"); do environments+=("$word"); done
  fi

  failed=0
  find_mistakes
  compare_compiled_files
  write_sarif
  compare_with_base
  exit "$failed"
}

# Words of an input, one a line; with -f above a star stays a star.
words() { tr -s '[:space:]' '\n' <<<"$1" | sed '/^$/d'; }

# Runs schedc in one environment, and remembers the worst exit code.
schedc_in() {
  local code=0 chosen=()
  if [ -n "$1" ]; then chosen=("--env=$1"); fi
  shift
  schedc "$@" ${selection[@]+"${selection[@]}"} ${chosen[@]+"${chosen[@]}"} || code=$?
  if [ "$code" -gt "$failed" ]; then failed=$code; fi
  return "$code"
}

install_schedc() {
  if [ "${SCHEDC_INSTALL:-}" = none ]; then
    if command -v schedc >/dev/null; then return; fi
    echo "::error title=schedc::install is none, and no schedc is on the path"
    exit 2
  fi
  echo "::group::install schedc"
  "${SCHEDC_PYTHON:-python3}" -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -- "${SCHEDC_INSTALL:-$GITHUB_ACTION_PATH}"
  PATH=$work/venv/bin:$PATH
  schedc --version
  echo "::endgroup::"
}

find_mistakes() {
  local one
  for one in "${environments[@]}"; do
    schedc_in "$one" check --format github "--fail-on=${SCHEDC_FAIL_ON:-error}" || true
  done
}

# As text, since check has put its findings beside their lines already. Texts of a change must not become commands.
compare_compiled_files() {
  local one token drifted=0
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  for one in "${environments[@]}"; do
    schedc_in "$one" compile --check --diff || drifted=1
  done
  echo "::$token::"
  if [ "$drifted" -ne 0 ]; then
    echo "::error title=schedc::the compiled files are not what their sources compile to, or these have errors; run schedc compile, and commit what it writes"
  fi
}

write_sarif() {
  if [ -z "${SCHEDC_SARIF:-}" ]; then return; fi
  if [ "${#environments[@]}" -gt 1 ]; then
    echo "::error title=schedc::sarif takes one environment, or all"
    failed=2
    return
  fi
  schedc_in "${environments[0]}" check --format sarif "--fail-on=${SCHEDC_FAIL_ON:-error}" >"$SCHEDC_SARIF" || true
  give sarif-file "$(cd -- "$(dirname -- "$SCHEDC_SARIF")" && pwd)/$(basename -- "$SCHEDC_SARIF")"
}

compare_with_base() {
  local base=${SCHEDC_AGAINST:-} one code
  if [ -z "$base" ]; then return; fi
  case $base in -* | *[!A-Za-z0-9_./~^@{}-]*)
    echo "::error title=schedc::against is no revision"
    failed=2
    return
    ;;
  esac
  fetch "$base"
  for one in "${environments[@]}"; do
    code=0
    local options=("--against=git:$base" --format markdown) chosen=()
    if [ -n "${SCHEDC_FROM:-}" ]; then options+=("--from=$SCHEDC_FROM"); fi
    if [ -n "$one" ]; then chosen=("--env=$one"); fi
    schedc diff "${options[@]}" ${selection[@]+"${selection[@]}"} ${chosen[@]+"${chosen[@]}"} \
      >>"$work/comment.md" 2>"$work/told" || code=$?
    if [ "$code" -gt 1 ]; then
      # What cannot be read now is an error of check as well; the base may be at fault, and then there is no comment.
      sed 's/^/schedc diff: /; s/##\[/# #[/g; s/::/: :/g' "$work/told" >&2
      failed=2
      return
    fi
  done
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$work/comment.md" >>"$GITHUB_STEP_SUMMARY"; fi
  give comment-file "$work/comment.md"
}

# A checkout of one commit lacks the base.
fetch() {
  if git cat-file -e "$1^{commit}" 2>/dev/null; then return; fi
  git fetch --quiet --no-tags --depth=1 origin "$1" || echo "schedc: $1 could not be fetched" >&2
}

# An output of the step; a path of one line.
give() {
  if [ -n "${GITHUB_OUTPUT:-}" ]; then printf '%s=%s\n' "$1" "${2//$'\n'/}" >>"$GITHUB_OUTPUT"; fi
}

main
