#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing in any script that shellcheck warns of. $1: the source tree.
set -u
cd "$1" || exit 1

if ! command -v shellcheck >/dev/null; then
  echo 1..1
  echo "ok 1 - scripts # SKIP shellcheck is not installed"
  exit 0
fi

n=0
for script in tools/install-missing tools/netlab tests/run tests/abuse tests/fuzz/run .ci/run tests/*/*.sh; do
  n=$((n + 1))
  if found=$(shellcheck -x -P SCRIPTDIR "$script" 2>&1); then
    echo "ok $n - $script"
  else
    echo "not ok $n - $script"
    printf '%s\n' "$found" | sed 's/^/# /'
  fi
done
echo "1..$n"
