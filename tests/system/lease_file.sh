#!/bin/bash
# SPDX-License-Identifier: MIT
# LeaseFile=: a lease that outlives the lab, and who may keep what where.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

if [ "$mode" = root ]; then
	mount -t tmpfs -o mode=755 tmpfs /var/lib
	remember
	folder=/var/lib/netlab
else
	export XDG_STATE_HOME=$T/state
	folder=$XDG_STATE_HOME/netlab
fi
file=$folder/host.lease

up() { # title netlab's-arguments...
	local title=$1
	shift
	nl_is "$title" 0 up dhcptest --set 'DHCPv4 host:host.LeaseFile=host.lease' \
		--set 'DHCPServer dhcptest:guest.Authoritative=yes' "$@"
	nl trace --json
	messages=$(jq -r 'select(.kind == "message") | .message' <<<"$out" | tr '\n' ' ')
}

keep='DHCPv4 host:host.SendRelease=no'

up "up"
is "without a file: the usual four" "$messages" "DISCOVER OFFER REQUEST ACK "
like "the lease is in the file" "$(cat "$file")" '^address 10\.0\.0\.'
is "the folder is its owner's alone" "$(stat -c %a "$folder")" 700
nl_is "down" 0 down
if [ -e "$file" ]; then not_ok "released: the file is gone"; else ok "released: the file is gone"; fi

# Nobody answers ARP, so that the RELEASE does not get away, and the address waits for it. The
# lab goes down meanwhile.
up "up, with a server that is about to fall silent"
in_node dhcptest sh -c 'echo 8 >/proc/sys/net/ipv4/conf/guest/arp_ignore'
in_node host ip neigh flush dev host
is_released() {
	nl status --json
	jq -e '.labs[0].nodes[1].interfaces[0].client.state == "INIT"' <<<"$out" >/dev/null
}
"$NETLAB" client host release >/dev/null 2>&1 </dev/null &
holds "release" wait_for 5 is_released
nl_is "down at once" 0 down --wait
wait
if [ -e "$file" ]; then not_ok "released in the last moment: the file is gone"; else ok "released in the last moment: the file is gone"; fi

up "up, to keep the lease" --set "$keep"
address=$(sed -n 's/^address //p' "$file")
nl_is "down" 0 down
is "SendRelease=no: the file stays" "$(sed -n 's/^address //p' "$file")" "$address"
is "and nothing else" "$(ls -A "$folder")" host.lease

# The server of this new lab remembers nobody, so it is silent: RFC 2131 section 4.3.2.
up "up again" --set "$keep" --speed 100 --timeout 5min
like "RFC 2131 section 4.4.2: it begins with a REQUEST for the old address" "$messages" '^REQUEST '
json "with option 50 and without 54" "$out" "[.[] | select(.message == \"REQUEST\")][0] |
	.options[\"50\"] == \"$address\" and .options[\"54\"] == null"
nl_is "down" 0 down

cp "$file" "$T/good"
for what in empty half old noise link; do
	rm -f "$file"
	case $what in
	empty) : >"$file" ;;
	half) head -c 30 "$T/good" >"$file" ;;
	old) sed 's/^until .*/until 1000/' "$T/good" >"$file" ;;
	noise) head -c 100000 /dev/urandom >"$file" ;;
	link) ln -s "$T/elsewhere" "$file" ;;
	esac
	up "up with a file: $what" --set "$keep"
	is "$what: it is no lease" "$messages" "DISCOVER OFFER REQUEST ACK "
	like "$what: and a good one takes its place" "$(cat "$file")" '^address 10\.0\.0\.'
	nl_is "down" 0 down
done
if [ -e "$T/elsewhere" ]; then not_ok "a link is not followed"; else ok "a link is not followed"; fi

# Refused, and nothing has taken its place: the pause after a NAK takes its time.
{ head -n 1 "$T/good"; echo "address 10.99.0.5"; echo "until infinity"; } >"$file"
nl_is "up with the lease of another net" 1 up dhcptest --set 'DHCPv4 host:host.LeaseFile=host.lease' \
	--set 'DHCPServer dhcptest:guest.Authoritative=yes' \
	--speed 0.1 --timeout 100ms
nl trace --json
json "RFC 2131 section 3.2: a NAK" "$out" '[.[] | select(.kind == "message") | .message] | . == ["REQUEST", "NAK"]'
if [ -e "$file" ]; then not_ok "refused: the file is gone at once"; else ok "refused: the file is gone at once"; fi
nl_is "down" 0 down

nl_is "a scenario names no file elsewhere" 3 up dhcptest --set 'DHCPv4 host:host.LeaseFile=../../etc/passwd'
like "and is told why" "$err" 'LeaseFile=.*no name of a file in the state folder'
nothing_left "nothing else is left"
done_testing
