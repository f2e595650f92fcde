#!/bin/sh
# SPDX-License-Identifier: MIT
# tools/netlab builds once, and anew where its tree has been moved to. $1: the source tree.
# The builders are stand-ins, which write down what they are called with.
set -u
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
mkdir -p "$T/bin" "$T/a tree/tools"
cp "$1/tools/netlab" "$T/a tree/tools/netlab"
printf '#!/bin/sh\n' >"$T/a tree/tools/install-missing"
# meson setup [--wipe] BUILD SOURCE ...
cat >"$T/bin/meson" <<'END'
#!/bin/sh
echo "$*" >>"$T/calls"
[ "$2" != --wipe ] || shift
mkdir -p "$2/meson-info" "$2/src/cli"
touch "$2/build.ninja"
python3 -c 'import json, sys
json.dump({"directories": {"source": sys.argv[1]}}, sys.stdout, indent=2)' "$3" >"$2/meson-info/meson-info.json"
printf '#!/bin/sh\necho "it runs: $*"\n' >"$2/src/cli/netlab"
chmod +x "$2/src/cli/netlab"
END
printf '#!/bin/sh\n' >"$T/bin/ninja"
chmod +x "$T"/bin/* "$T/a tree/tools"/*
PATH=$T/bin:$PATH
export T PATH

n=0
runs() { # title tree words-that-meson-is-called-with-or-nothing
  n=$((n + 1))
  : >"$T/calls"
  said=$("$2/tools/netlab" up x 2>"$T/err")
  case $said-$(cat "$T/calls")- in
  "it runs: up x-$3"*) echo "ok $n - $1" ;;
  *)
    echo "not ok $n - $1"
    { echo "$said"; cat "$T/calls" "$T/err"; } | sed 's/^/# /'
    ;;
  esac
}

runs "the first time" "$T/a tree" "setup $T/a tree/build $T/a tree "
runs "again" "$T/a tree" "-"
mv "$T/a tree" "$T/bé"
runs "moved" "$T/bé" "setup --wipe $T/bé/build $T/bé "
runs "once" "$T/bé" "-"
echo "1..$n"
