#!/usr/bin/env bash
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts of bench/ share; to be sourced. A figure counts only if whatever made it went
# well: where a command fails, be it within $(...), the script ends with the reason and its status.

set -euo pipefail
shopt -s inherit_errexit

bench_fail() {
  echo "${0##*/}: $*" >&2
  exit 2
}

# bench_ended STATUS DOING: for the trap on EXIT. Commands have told why they failed; this tells
# what it was for.
bench_ended() {
  case $1 in
    0) ;;
    130) echo "${0##*/}: interrupted" >&2 ;;
    *) echo "${0##*/}: failed: $2" >&2 ;;
  esac
}

bench_check_numbers() { # bench_check_numbers NUMBER...
  local number
  for number in "$@"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || bench_fail "$number is not a number above 0"
  done
}

# Two figures, as our parts of the scripts print them; the first is what ratios are taken of.
bench_check_figures() { # bench_check_figures FIGURE FIGURE
  local decimal='^[0-9.]+(e[+-]?[0-9]+)?$'
  [[ $# -eq 2 && $1 =~ $decimal && $2 =~ $decimal && $1 =~ [1-9] ]] \
    || { echo "${0##*/}: no two figures above 0: $*" >&2 && return 1; }
}

# bench_fio REPORT ARGUMENT...: runs fio, with a report in JSON. It tells its errors there.
bench_fio() {
  local report=$1
  shift
  fio --output-format=json "$@" >"$report" || {
    sed -n '/^fio: /p' "$report" >&2
    return 1
  }
}
