/* SPDX-License-Identifier: MIT */
/* Every class of error: a file's text, and all that is reported of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/ini.h"
#include "scenario/scenario.h"

#define LAB "[Lab]\nFormatVersion=1\n"
#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN
#define PAIR LAB "[Node srv host]\n[Wiring]\nCable=srv:lan host:eth0\n"
#define SERVER                                                              \
	PAIR "[Network srv:lan]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"      \
	     "[DHCPServer srv:lan]\n"
#define CLIENT PAIR "[Network host:eth0]\nDHCP=ipv4\n[DHCPv4 host:eth0]\n"
#define NET PAIR "[Network srv:lan]\n"
#define STAR                                                                \
	LAB "[Node a b c]\n[Switch sw]\n[Wiring]\n"                          \
	    "Cable=a:e sw:p1\nCable=b:e sw:p2\nCable=c:e sw:p3\n"
#define EVENT CLIENT "[Event x]\nNode=host\n"
#define TWO_SWITCHES                                                        \
	LAB "[Node a b]\n[Switch n s]\n[Wiring]\nCable=a:e n:p1\n"          \
	    "Cable=b:e s:p1\n[Network a:e]\nDHCP=ipv4\n[Event x]\nNode=a\nAfterSec=1\n"
#define EXPECT CLIENT "[Expect x]\nNode=host\n"

static const struct {
	const char *text, *errors;	/* "LINE:COL: text\n" each */
} cases[] = {
	{ "",
	  "1:1: FormatVersion=1 is missing; it stands in [Lab]\n"
	  "1:1: no [Node]: the file describes no machine\n" },
	{ "# only a comment\n",
	  "1:1: FormatVersion=1 is missing; it stands in [Lab]\n"
	  "1:1: no [Node]: the file describes no machine\n" },
	{ "[Node a]\n",
	  "1:1: FormatVersion=1 is missing; it stands in [Lab]\n" },
	{ "[Lab]\nTitle=x\n[Node a]\n",
	  "1:1: FormatVersion=1 is missing\n" },
	{ "[Lab]\nFormatVersion=2\n[Node a]\n",
	  "2:15: FormatVersion=: this netlab reads version 1 only\n" },
	{ "[Lab]\n[Node a\n[Node b]\nfoo\n",
	  "1:1: FormatVersion=1 is missing\n"
	  "2:1: the section's head is not closed: ']' is missing\n"
	  "4:1: neither a [Section] nor a Key=value\n" },
	{ "x=1\n",
	  "1:1: key \"x=\" stands before the first [Section]\n" },
	{ LAB "",
	  "1:1: no [Node]: the file describes no machine\n" },
	{ LAB "FormatVersion=1\n[Node a]\n",
	  "3:1: FormatVersion= is given twice; first in line 2\n" },
	{ LAB "Sped=1\n[Node a]\n",
	  "3:1: unknown key \"Sped=\" in [Lab]; did you mean \"Seed=\"?\n" },
	{ LAB "Qqqqqq=1\n[Node a]\n",
	  "3:1: unknown key \"Qqqqqq=\" in [Lab]\n" },
	{ LAB "Seed=-1\n[Node a]\n",
	  "3:6: Seed=: \"-1\" is not a number\n" },
	{ LAB "Seed=18446744073709551616\n[Node a]\n",
	  "3:6: Seed=: 18446744073709551616 is out of range: 0 to 18446744073709551615\n" },
	{ LAB "Seed=x\n[Node a]\n",
	  "3:6: Seed=: \"x\" is not a number\n" },
	{ LAB "Speed=0\n[Node a]\n",
	  "3:7: Speed=: 0 is out of range: over 0, at most 100000\n" },
	{ LAB "Speed=100000.1\n[Node a]\n",
	  "3:7: Speed=: 100000.1 is out of range: over 0, at most 100000\n" },
	{ LAB "Speed=1e3\n[Node a]\n",
	  "3:7: Speed=: \"1e3\" is not a number\n" },
	{ LAB "Speed=\n[Node a]\n",
	  "3:1: Speed= has no value\n" },
	{ LAB "[Lab x]\n[Node a]\n",
	  "3:6: [Lab] takes no name\n" },
	{ LAB "[Nod a]\n[Node b]\n",
	  "3:1: unknown section [Nod]; did you mean [Node]?\n" },
	{ LAB "[Zzzzzzzz]\n[Node a]\n",
	  "3:1: unknown section [Zzzzzzzz]\n" },
	{ LAB "[Lab]\nFormatVersion=2\n[Node a]\n",
	  "4:1: FormatVersion= is given twice; first in line 2\n" },
	{ LAB "[Node]\n",
	  "3:1: [Node] needs a name: [Node NAME]\n" },
	{ LAB "[Node a a]\n",
	  "3:9: node \"a\" is declared twice; first in line 3\n" },
	{ LAB "[Node a]\n[Switch a]\n",
	  "4:9: node \"a\" is declared twice; first in line 3\n" },
	{ LAB "[Node a/b]\n[Node -x]\n[Node c*]\n",
	  "3:7: \"a/b\" is no name for a node: letters, digits, '-', '_', '.', the first a letter "
	  "or digit, at most 63\n"
	  "4:7: \"-x\" is no name for a node: letters, digits, '-', '_', '.', the first a letter "
	  "or digit, at most 63\n"
	  "5:7: \"c*\" is no name for a node: letters, digits, '-', '_', '.', the first a letter "
	  "or digit, at most 63\n" },
	{ LAB "[Node c[1-5000]]\n",
	  "3:7: more than 4096 nodes\n" },
	{ LAB "[Node c[1-70000]]\n",
	  "3:8: the range [1-70000] is over 65536 long\n" },
	{ LAB "[Node c[1-x]]\n",
	  "3:8: the range [1-x] is no range: write [1-100]\n" },
	{ LAB "[Node a b]\nNamespace=x\n",
	  "4:11: namespace \"x\" is node \"a\"'s already\n" },
	{ LAB "[Node a]\nNamespace=a/b\n",
	  "4:11: Namespace=: \"a/b\" is no name of a namespace: letters, digits, '-', '_', '.', "
	  "at most 127\n" },
	{ LAB "[Node a]\nNamespace=@caler\n",
	  "4:11: Namespace=: \"@caler\" is not known; did you mean \"@caller\"?\n" },
	{ LAB "[Node a]\nNamespace=lab-b\n[Node b]\n",
	  "5:7: namespace \"lab-b\" is node \"a\"'s already\n" },
	{ LAB "[Node a]\nNamespace=x\nNamespace=y\n",
	  "5:1: Namespace= is given twice; first in line 4\n" },
	{ LAB "[Node a b]\nNamespace=@caller\n",
	  "4:11: only one node can be in @caller; \"a\" is already\n" },
	{ LAB "[Node a b]\nNamespace=n[1-3]\n",
	  "4:11: Namespace=: a range of 3 does not pair off with the section's 2 names\n" },
	{ LAB "[Switch s]\nNamespace=x\n",
	  "1:1: no [Node]: the file describes no machine\n"
	  "4:1: unknown key \"Namespace=\" in [Switch]\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x\n",
	  "6:7: Cable=: a cable has two ends: A:IF B:IF\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x b:x c:x\n",
	  "6:15: Cable=: \"c:x\" is a third end; a cable has two\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a b:x\n",
	  "6:7: \"a\" is no end of a cable: write NODE:IF\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x bb:x\n",
	  "6:11: no node \"bb\"\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x a:x\n",
	  "6:11: both ends of the cable are \"a:x\"\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x b:x\nCable=a:x b:y\n",
	  "7:7: a cable ends in \"a:x\" already, in line 6\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:abcdefghijklmnop b:x\n",
	  "6:7: \"abcdefghijklmnop\" is over 15 bytes: no interface can have that name\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x/y b:lo\n",
	  "6:7: \"x/y\" is no name for an interface: letters, digits, '-', '_', '.', the first a "
	  "letter or digit\n"
	  "6:13: \"lo\" is taken: the kernel uses that name itself\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a: b:-x\n",
	  "6:7: \"\" is no name for an interface: letters, digits, '-', '_', '.', the first a "
	  "letter or digit\n"
	  "6:10: \"-x\" is no name for an interface: letters, digits, '-', '_', '.', the first a "
	  "letter or digit\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=sw:br0 a:x\n",
	  "6:7: \"br0\" is taken: it is the switch's bridge\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=sw:p[1-3] a:x[1-2]\n",
	  "6:20: the range [1-2] does not pair off with the range before it: they differ in "
	  "size\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=sw:x sw:y\n",
	  "6:7: the cable closes a loop of switches; its frames would go round for ever\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x[1-4001] sw:p[1-4001]\n",
	  "6:19: switch \"sw\" has over 4000 ports\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nCable=a:x[1-9000] b:x[1-9000]\n",
	  "6:7: Cable=: more than 8192 cables\n" },
	{ LAB "[Node a b]\n[Switch sw]\n[Wiring]\nWire=a:x b:x\n",
	  "6:1: unknown key \"Wire=\" in [Wiring]\n" },
	{ LAB "[Node a]\n[Switch s t]\n[Wiring]\nCable=s:1 t:1\nCable=s:2 t:2\n",
	  "7:7: the cable closes a loop of switches; its frames would go round for ever\n" },
	{ PAIR "[Network]\n",
	  "6:1: [Network] needs an interface: [Network NODE:IF]\n" },
	{ PAIR "[Network host]\n",
	  "6:10: \"host\" is no interface: write NODE:IF\n" },
	{ PAIR "[Network hots:eth0]\n",
	  "6:10: no node \"hots\"; did you mean \"host\"?\n" },
	{ PAIR "[Network host:eth1]\n",
	  "6:10: no cable ends in \"host:eth1\"; did you mean \"host:eth0\"?\n" },
	{ PAIR "[Network *:wlan0]\n",
	  "6:10: \"*:wlan0\" matches no interface\n" },
	{ PAIR "[Network *]\n",
	  "6:10: \"*\" is no interface: write NODE:IF\n" },
	{ PAIR "[Netwrk host:eth0]\n",
	  "6:1: unknown section [Netwrk]; did you mean [Network]?\n" },
	{ PAIR "[Network host:eth0]\nDHCP=ipv6\n",
	  "7:6: DHCP=: labs are IPv4 only\n" },
	{ PAIR "[Network host:eth0]\nDHCP=maybe\n",
	  "7:6: DHCP=: \"maybe\" is none of yes, ipv4, no\n" },
	{ PAIR "[Network host:eth0]\nDHCP=yes\nDHCP=no\n",
	  "8:1: DHCP= is given twice; first in line 7\n" },
	{ PAIR "[Network host:eth0]\nDHCP=yes\n[Network host:eth0]\nDHCP=no\n",
	  "9:1: DHCP= is given twice; first in line 7\n" },
	{ PAIR "[Network host:eth0]\nBridge=br0\n",
	  "7:1: unknown key \"Bridge=\" in [Network]\n" },
	{ PAIR "[Link host:eth0]\nMACAddress=01:00:00:00:00:01\n",
	  "7:12: MACAddress=: 01:00:00:00:00:01 is a group's address (the first byte is odd)\n" },
	{ PAIR "[Link host:eth0]\nMACAddress=0:0\n",
	  "7:12: MACAddress=: \"0:0\" is not a MAC address, as 02:00:00:00:00:01 is\n" },
	{ PAIR "[Link host:eth0]\nMACAddress=00:00:00:00:00:00\n",
	  "7:12: MACAddress=: an interface can not have the address of zeros\n" },
	{ PAIR "[Link host:eth0 srv:lan]\nMACAddress=02:00:00:00:00:01\n",
	  "7:12: MACAddress=: srv:lan has it already\n" },
	{ PAIR "[Link host:eth0]\nMTUBytes=67\n",
	  "7:10: MTUBytes=: 67 is out of range: 68 to 65535\n" },
	{ PAIR "[Link host:eth0]\nMTUBytes=65536\n",
	  "7:10: MTUBytes=: 65536 is out of range: 68 to 65535\n" },
	{ PAIR "[Address host:eth0]\n",
	  "6:1: [Address] needs Address=\n" },
	{ PAIR "[Route host:eth0]\nMetric=4294967296\n",
	  "6:1: [Route] needs Destination= or Gateway=\n"
	  "7:8: Metric=: 4294967296 is out of range: 0 to 4294967295\n" },
	{ PAIR "[Address host:eth0]\nAddress=10.0.0.1\n",
	  "7:9: Address=: 10.0.0.1 has no prefix length; write 10.0.0.1/24\n" },
	{ PAIR "[Network h*:eth0]\nDHCP=yes\n[Network ho*:eth0]\nDHCP=no\n",
	  "9:1: DHCP= is given twice; first in line 7\n" },
	{ NET "Address=10.0.0.0/24\n",
	  "7:9: Address=: 10.0.0.0/24 is the address of the subnet itself\n" },
	{ NET "Address=10.0.0.255/24\n",
	  "7:9: Address=: 10.0.0.255/24 is the broadcast address of its subnet\n" },
	{ NET "Address=10.0.0.256/24\n",
	  "7:9: Address=: \"10.0.0.256/24\" is not an IPv4 address with its prefix, as "
	  "10.0.0.1/24 is\n" },
	{ NET "Address=10.0.0.1\n",
	  "7:9: Address=: 10.0.0.1 has no prefix length; write 10.0.0.1/24\n" },
	{ NET "Address=10.0.0.1/33\n",
	  "7:9: Address=: \"10.0.0.1/33\" is not an IPv4 address with its prefix, as 10.0.0.1/24 "
	  "is\n" },
	{ NET "Address=127.0.0.1/8\n",
	  "7:9: Address=: 127.0.0.1/8 is no address that a host can have\n" },
	{ NET "Address=224.0.0.1/4\n",
	  "7:9: Address=: 224.0.0.1/4 is no address that a host can have\n" },
	{ NET "Address=10.0.0.1/24 x\n",
	  "7:21: Address=: \"x\" is not an IPv4 address with its prefix, as 10.0.0.1/24 is\n" },
	{ NET "Address=10.0.0.[1-2]/24\n",
	  "7:9: Address=: a range of 2 does not pair off with the section's 1 name\n" },
	{ NET "Address=10.0.0.1/24\nGateway=10.0.1.1\n",
	  "8:9: Gateway=: 10.0.1.1 is in no subnet of srv:lan\n" },
	{ NET "Gateway=10.0.1.1\n",
	  "7:9: Gateway=: 10.0.1.1 is in no subnet of srv:lan, which has no Address=\n" },
	{ NET "Address=10.0.0.1/24\nGateway=10.0.0.1\n",
	  "8:9: Gateway=: 10.0.0.1 is the interface's own address\n" },
	{ NET "Address=10.0.0.1/24\nGateway=10.0.0.255\n",
	  "8:9: Gateway=: 10.0.0.255 is in no subnet of srv:lan\n" },
	{ NET "Address=10.0.0.1/24\nGateway=gw\n",
	  "8:9: Gateway=: \"gw\" is not an IPv4 address\n" },
	{ NET "Address=10.0.0.1/24\n[Network host:eth0]\nAddress=10.0.0.1/24\n",
	  "9:9: Address=: srv:lan has 10.0.0.1 already\n" },
	{ NET "DHCPServer=yes\n",
	  "7:12: DHCPServer=yes on srv:lan, which has no Address=\n" },
	{ NET "DHCPServer=yes\nDHCP=yes\nAddress=10.0.0.1/24\n",
	  "8:6: DHCP= and DHCPServer= on srv:lan: an interface is a client or a server\n" },
	{ SERVER "RelayTarget=10.0.0.1\n",
	  "10:13: RelayTarget=: 10.0.0.1 is an address of node \"srv\" itself\n" },
	{ SERVER "RelayTarget=_server_address\n",
	  "10:13: RelayTarget=: a relay agent is no server; give the server's address\n" },
	{ SERVER "RelayTarget=10.9.0.x\n",
	  "10:13: RelayTarget=: \"10.9.0.x\" is not an IPv4 address\n" },
	{ SERVER "RelayTarget=10.9.0.1 10.9.0.2 10.9.0.3 10.9.0.4 10.9.0.5\n",
	  "10:49: RelayTarget=: more than 4 addresses\n" },
	{ SERVER "RelayTarget=10.9.0.1\nPoolSize=3\n",
	  "11:10: PoolSize=: with RelayTarget= this is a relay agent, which has no addresses to "
	  "give\n" },
	{ SERVER "RelayAgentCircuitId=string:a\nRelayMaxHops=4\n",
	  "10:21: RelayAgentCircuitId= needs RelayTarget=: this is a server\n"
	  "11:14: RelayMaxHops= needs RelayTarget=: this is a server\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayAgentCircuitId=lan\nRelayAgentRemoteId=string:\n",
	  "11:21: RelayAgentCircuitId=: \"lan\" is not string:TEXT\n"
	  "12:20: RelayAgentRemoteId=: \"string:\" is not string:TEXT\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayAgentCircuitId=string:0123456789012345678901234567890"
	  "1234567890123456789012345678901234\n",
	  "11:21: RelayAgentCircuitId=: longer than 64 bytes\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayPolicy=kep\n",
	  "11:13: RelayPolicy=: \"kep\" is neither keep, replace nor drop; did you mean "
	  "\"keep\"?\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayMaxHops=17\nRelayMaxHops=0\n",
	  "11:14: RelayMaxHops=: 17 is out of range: 1 to 16\n"
	  "12:14: RelayMaxHops=: 0 is out of range: 1 to 16\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayMaxMessageSize=575\nRelayMinSecs=65536\n",
	  "11:21: RelayMaxMessageSize=: 575 is out of range: 576 to 1500\n"
	  "12:14: RelayMinSecs=: 65536 is out of range: 0 to 65535\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayAddress=10.1.0.1\nRelayTrusted=2\n",
	  "11:14: RelayAddress=: node \"srv\" does not have 10.1.0.1\n"
	  "12:14: RelayTrusted=: \"2\" is neither yes nor no\n" },
	{ SERVER "RelayTarget=10.9.0.1\nRelayServerIdOverride=maybe\n",
	  "11:23: RelayServerIdOverride=: \"maybe\" is neither yes nor no\n" },
	{ SERVER "RelayTarget=10.9.0.1\n[DHCPServerSubnet srv:lan]\nSubnet=10.1.0.0/24\n"
	  "[DHCPServerStaticLease srv:lan]\nCircuitId=string:a\nAddress=10.1.0.9\n",
	  "11:1: [DHCPServerSubnet] on srv:lan, which is a relay agent's (RelayTarget=): it "
	  "belongs to the server that the agent asks\n"
	  "13:1: [DHCPServerStaticLease] on srv:lan, which is a relay agent's (RelayTarget=): it "
	  "belongs to the server that the agent asks\n" },
	{ PAIR "[Network srv:lan]\nDHCPServer=yes\n[DHCPServer srv:lan]\nRelayTarget=10.9.0.1\n",
	  "8:1: RelayTarget= on srv:lan, which has no Address=\n" },
	{ LAB "[Node r a b]\n[Wiring]\nCable=r:a a:e\nCable=r:b b:e\n[Network r:a]\n"
	  "Address=10.0.0.1/24\nDHCPServer=yes\n[Network r:b]\nAddress=10.1.0.1/24\n"
	  "DHCPServer=yes\n[DHCPServer r:b]\nRelayTarget=10.9.0.1\n",
	  "13:1: node \"r\" has a server at r:a and a relay agent: both want port 67; give one of "
	  "them a node of its own\n" },
	{ SERVER "SendOption=3\n",
	  "10:12: SendOption=: \"3\" is no CODE:TYPE:VALUE, as 66:string:boot is\n" },
	{ SERVER "SendOption=255:string:a\nSendOption=:string:a\n",
	  "10:12: SendOption=: \"255\" is no option's number, 1 to 254\n"
	  "11:12: SendOption=: \"\" is no option's number, 1 to 254\n" },
	{ SERVER "SendOption=54:ipv4address:10.0.0.9\n",
	  "10:12: SendOption=: option 54 is the server's own to set\n" },
	{ SERVER "SendOption=224:uint8:256\n",
	  "10:12: SendOption=: \"uint8:256\" is no value of one of the types uint8, uint16, "
	  "uint32, ipv4address, string, hex\n" },
	{ SERVER "SendOption=224:hex:0\n",
	  "10:12: SendOption=: \"hex:0\" is no value of one of the types uint8, uint16, "
	  "uint32, ipv4address, string, hex\n" },
	{ SERVER "SendOption=224:uint8:1\nSendOption=224:uint8:2\n",
	  "11:12: SendOption=: option 224 is given twice\n" },
	{ SERVER "Domain=a.b\nSendOption=15:string:c\n",
	  "11:12: SendOption=: option 15 is given by another key too\n" },
	{ SERVER "SearchDomains=a..b\n",
	  "10:15: SearchDomains=: \"a..b\" is no domain name\n" },
	{ SERVER "ClasslessRoute=10.2.0.0/16\n",
	  "10:16: ClasslessRoute=: \"10.2.0.0/16\" is no DESTINATION GATEWAY, as 10.2.0.0/16 "
	  "10.0.0.254 is\n" },
	{ SERVER "ClasslessRoute=10.2.0.1/16 10.0.0.9\n",
	  "10:16: ClasslessRoute=: 10.2.0.1/16 has host bits set; the subnet is 10.2.0.0/16\n" },
	{ SERVER "ConflictDetection=1h\n",
	  "10:19: ConflictDetection=: 1h is out of range: 10ms to 10s\n" },
	{ SERVER "BootFilename=a b\n",
	  "10:14: BootFilename=: \"a b\" has a space in it\n" },
	{ SERVER "IPv6OnlyPreferredSec=1min\n",
	  "10:22: IPv6OnlyPreferredSec=: 1min is out of range: 5min to 49710d 6h 28min 14s\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\n",
	  "10:1: [DHCPServerSubnet] needs Subnet=\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.0.0/8\n",
	  "11:8: Subnet=: the server has addresses of 10.0.0.0/8 already\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.1/24\n",
	  "11:8: Subnet=: 10.0.1.1/24 has host bits set; the subnet is 10.0.1.0/24\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/31\n",
	  "11:8: Subnet=: 10.0.1.0/31 has no room for clients and a relay agent; its prefix is 1 "
	  "to 30 bits long\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/24\nPoolStart=10.0.2.1\n",
	  "12:11: the pool contains no address\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/24\nEmitRouter=yes\n",
	  "12:12: EmitRouter=yes needs Router=\n" },
	{ SERVER "[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/24\nRouter=10.0.0.1\n",
	  "12:8: Router=: 10.0.0.1 is out of the server's subnet\n" },
	{ SERVER "[DHCPServerSubnet host:eth0]\nSubnet=10.0.1.0/24\n",
	  "10:1: [DHCPServerSubnet] on host:eth0, which has no DHCPServer=yes in its [Network]\n" },
	{ SERVER "[DHCPServerClass srv:lan]\n",
	  "10:1: [DHCPServerClass] needs UserClass=, VendorClass= or VendorEnterprise=\n" },
	{ SERVER "[DHCPServerClass srv:lan]\nUserClass=a\nPoolStart=10.0.0.200\n",
	  "10:1: [DHCPServerClass] needs PoolStart= and PoolEnd= together\n" },
	{ SERVER "[DHCPServerClass srv:lan]\nUserClass=a\nPoolStart=10.0.9.1\nPoolEnd=10.0.9.2\n",
	  "12:11: the pool from 10.0.9.1 is in no subnet of the server\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\n",
	  "10:1: [DHCPServerStaticLease] needs Address=\n"
	  "10:1: [DHCPServerStaticLease] needs MACAddress=, ClientIdentifier= or CircuitId=\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.9\nCircuitId=string:a\n"
	  "MACAddress=02:00:00:00:00:01\n[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.8\n"
	  "CircuitId=port1\n",
	  "12:11: CircuitId=: the lease is for a client or for a place; give one\n"
	  "16:11: CircuitId=: \"port1\" is not string:TEXT\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.9\nCircuitId=string:a\n"
	  "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.8\nCircuitId=string:a\n",
	  "13:1: the client has 10.0.0.9 already, by line 10\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.1.1\n"
		 "MACAddress=02:00:00:00:00:01\n",
	  "11:9: Address=: 10.0.1.1 is in no subnet of the server\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.1\n"
		 "MACAddress=02:00:00:00:00:01\n",
	  "11:9: Address=: 10.0.0.1 is the server's own\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.255\n"
		 "ClientIdentifier=mac\n",
	  "11:9: Address=: 10.0.0.255 is an end of its subnet: no host can have it\n"
	  "12:18: ClientIdentifier=: mac says nothing here; give MACAddress=\n" },
	{ SERVER "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.9\nClientIdentifier=id:a\n"
		 "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.9\nClientIdentifier=id:b\n"
		 "[DHCPServerStaticLease srv:lan]\nAddress=10.0.0.8\nClientIdentifier=id:a\n",
	  "14:9: Address=: 10.0.0.9 is reserved already, in line 10\n"
	  "16:1: the client has 10.0.0.9 already, by line 10\n" },
	{ SERVER "[DHCPServerStaticLease host:eth0]\nAddress=10.0.0.9\n"
		 "ClientIdentifier=id:a\n",
	  "10:1: [DHCPServerStaticLease] on host:eth0, which has no DHCPServer=yes in its "
	  "[Network]\n" },
	{ NET "Address=10.0.0.1/24\n[DHCPServer srv:lan]\n",
	  "8:1: [DHCPServer] on srv:lan, which has no DHCPServer=yes in its [Network]\n" },
	{ NET "Address=10.0.0.1/24\n[Route srv:lan]\nDestination=10.1.0.1/16\n",
	  "9:13: Destination=: 10.1.0.1/16 has host bits set; the subnet is 10.1.0.0/16\n" },
	{ NET "Address=10.0.0.1/24\n[Route srv:lan]\nDestination=x\n",
	  "9:13: Destination=: \"x\" is not a destination, as 10.0.1.0/24 is\n" },
	{ NET "Address=10.0.0.1/24\n[Route srv:lan]\nDestination=10.0.0.0/24\n",
	  "8:1: node \"srv\" has a route to 10.0.0.0/24 with metric 0 already\n" },
	{ NET "Address=10.0.0.1/24\nGateway=10.0.0.2\n[Route srv:lan]\nGateway=10.0.0.3\n",
	  "9:1: node \"srv\" has a route to 0.0.0.0/0 with metric 0 already\n" },
	{ NET "Address=10.0.0.1/24\n[Route srv:lan]\nDestination=10.1.0.0/16\nGateway=10.2.0.1\n",
	  "10:9: Gateway=: 10.2.0.1 is in no subnet of srv:lan\n" },
	{ NET "Address=10.0.0.1/24\n[Route srv:lan]\n",
	  "8:1: [Route] needs Destination= or Gateway=\n" },
	{ SERVER "PoolSize=255\n",
	  "10:10: the pool is out of its subnet, whose hosts are 10.0.0.1-10.0.0.254\n" },
	{ SERVER "PoolOffset=255\n",
	  "10:12: the pool contains no address\n" },
	{ SERVER "PoolOffset=256\nPoolSize=1\n",
	  "10:12: the pool is out of its subnet, whose hosts are 10.0.0.1-10.0.0.254\n" },
	{ SERVER "PoolOffset=1\nPoolSize=1\n",
	  "10:12: the pool contains no address\n" },
	{ SERVER "PoolStart=10.0.1.1\nPoolEnd=10.0.1.9\n",
	  "10:11: the pool is out of its subnet, whose hosts are 10.0.0.1-10.0.0.254\n" },
	{ SERVER "PoolStart=10.0.0.9\nPoolEnd=10.0.0.8\n",
	  "10:11: the pool contains no address\n" },
	{ SERVER "PoolStart=10.0.0.9\nPoolOffset=9\n",
	  "10:11: PoolStart= and PoolOffset= say the same; give one\n" },
	{ SERVER "PoolEnd=10.0.0.9\nPoolSize=3\n",
	  "10:9: PoolEnd= and PoolSize= say the same; give one\n" },
	{ SERVER "PoolOfset=2\n",
	  "10:1: unknown key \"PoolOfset=\" in [DHCPServer]; did you mean \"PoolOffset=\"?\n" },
	{ SERVER "PoolSize=-1\n",
	  "10:10: PoolSize=: \"-1\" is not a number\n" },
	{ SERVER "PoolSize=4294967296\n",
	  "10:10: PoolSize=: 4294967296 is out of range: 0 to 4294967295\n" },
	{ SERVER "DefaultLeaseTimeSec=1\n",
	  "10:21: DefaultLeaseTimeSec=: 1 is out of range: at least 2s\n" },
	{ SERVER "DefaultLeaseTimeSec=1500ms\nMinLeaseTimeSec=2500ms\n",
	  "10:21: DefaultLeaseTimeSec=: 1500ms is out of range: at least 2s\n"
	  "11:17: MinLeaseTimeSec=: 2500ms is not a whole number of seconds\n" },
	{ SERVER "DefaultLeaseTimeSec=200y\n",
	  "10:21: DefaultLeaseTimeSec=: 200y is over 136 years; write infinity\n" },
	{ SERVER "DefaultLeaseTimeSec=soon\n",
	  "10:21: DefaultLeaseTimeSec=: \"soon\" is not a time; write 90, 90s or 1h 30min\n" },
	{ SERVER "DefaultLeaseTimeSec=10\nMinLeaseTimeSec=20\n",
	  "10:21: DefaultLeaseTimeSec= is under MinLeaseTimeSec=\n" },
	{ SERVER "MaxLeaseTimeSec=10\nMinLeaseTimeSec=20\n",
	  "11:17: MinLeaseTimeSec= is over MaxLeaseTimeSec=\n" },
	{ SERVER "MaxLeaseTimeSec=10\nDefaultLeaseTimeSec=20\n",
	  "11:21: DefaultLeaseTimeSec= is over MaxLeaseTimeSec=\n" },
	{ SERVER "OfferTimeSec=0\nDNS=x\n",
	  "10:14: OfferTimeSec=: 0 is out of range: 1s to 1d\n"
	  "11:5: DNS=: \"x\" is not an IPv4 address\n" },
	{ SERVER "EmitDNS=yes\nEmitNTP=yes\nEmitTimezone=yes\n",
	  "10:9: EmitDNS=yes needs DNS=\n"
	  "11:9: EmitNTP=yes needs NTP=\n"
	  "12:14: EmitTimezone=yes needs Timezone=\n" },
	{ SERVER "Router=10.0.1.1\n",
	  "10:8: Router=: 10.0.1.1 is out of the server's subnet\n" },
	{ SERVER "DNS=1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7\n",
	  "10:53: DNS=: more than 6 addresses\n" },
	{ SERVER "Timezone=a b\n",
	  "10:10: Timezone=: \"a b\" is no time zone, as Europe/Berlin is\n" },
	{ SERVER "Authoritative=perhaps\n",
	  "10:15: Authoritative=: \"perhaps\" is neither yes nor no\n" },
	{ STAR "[Network sw:p1]\nAddress=10.0.0.1/24\n",
	  "9:1: \"sw:p1\" is a switch's port: a switch has no address\n" },
	{ STAR "[Address sw:p1]\nAddress=10.0.0.1/24\n",
	  "9:1: \"sw:p1\" is a switch's port: a switch has no address\n" },
	{ STAR "[Network a:e b:e]\nAddress=10.0.0.1/24\n",
	  "10:9: Address=: a:e has 10.0.0.1 already\n" },
	{ STAR "[Network a:e b:e]\nAddress=10.0.0.[1-2]/24\nDHCPServer=yes\n",
	  "11:12: the pool of b:e overlaps that of a:e, 10.0.0.2-10.0.0.254\n" },
	{ STAR "[Network a:e b:e c:e]\nAddress=10.0.0.[1-3]/24\nDHCPServer=yes\n"
	  "[DHCPServer a:e b:e]\nPoolStart=10.0.0.[10-11]0\nPoolSize=10\n[DHCPServer c:e]\n"
	  "PoolStart=10.0.0.109\n",
	  "15:1: the pool of c:e overlaps that of a:e, 10.0.0.100-10.0.0.109\n"
	  "15:1: the pool of c:e overlaps that of b:e, 10.0.0.110-10.0.0.119\n" },
	{ STAR "[Network a:e b:e]\nAddress=10.0.0.[1-3]/24\n",
	  "10:9: Address=: a range of 3 does not pair off with the section's 2 names\n" },
	{ CLIENT "Hostname=a b\n",
	  "9:10: Hostname=: \"a b\" is no host name\n" },
	{ SERVER "LeaseQueryDenyOptions=12 82\n",
	  "10:23: LeaseQueryDenyOptions=: option 82 is no secret: an answer to a LEASEQUERY "
	  "says it (RFC 4388)\n" },
	{ SERVER "LeaseQueryDenyOptions=3 3\n",
	  "10:25: LeaseQueryDenyOptions=: option 3 is named twice\n" },
	{ CLIENT "RequestOptions=0\n",
	  "9:16: RequestOptions=: 0 is out of range: 1 to 254\n" },
	{ CLIENT "RequestOptions=255\n",
	  "9:16: RequestOptions=: 255 is out of range: 1 to 254\n" },
	{ CLIENT "RequestOptions=3 dns\n",
	  "9:18: RequestOptions=: \"dns\" is not a number\n" },
	{ CLIENT "RequestOptions=3 3\n",
	  "9:18: RequestOptions=: option 3 is named twice\n" },
	{ CLIENT "RequestOptions=3 80\n",
	  "9:18: RequestOptions=: option 80 is none to ask for: RapidCommit= sends it\n" },
	{ CLIENT "ClientIdentifier=dui\n",
	  "9:18: ClientIdentifier=: \"dui\" is none of mac, duid, id:TEXT, hex:01:02:...; 2 to 64 "
	  "bytes with the type\n" },
	{ CLIENT "ClientIdentifier=hex:01\n",
	  "9:18: ClientIdentifier=: \"hex:01\" is none of mac, duid, id:TEXT, hex:01:02:...; 2 to 64 "
	  "bytes with the type\n" },
	{ CLIENT "ClientIdentifier=hex:1:2\n",
	  "9:18: ClientIdentifier=: \"hex:1:2\" is none of mac, duid, id:TEXT, hex:01:02:...; 2 to 64 "
	  "bytes with the type\n" },
	{ CLIENT "ClientIdentifier=id:\n",
	  "9:18: ClientIdentifier=: \"id:\" is none of mac, duid, id:TEXT, hex:01:02:...; 2 to 64 bytes "
	  "with the type\n" },
	{ CLIENT "StartDelaySec=2d\n",
	  "9:15: StartDelaySec=: 2d is out of range: 0s to 1d\n" },
	{ CLIENT "StartDelaySec=infinity\n",
	  "9:15: StartDelaySec=: infinity is out of range: 0s to 1d\n" },
	{ CLIENT "CollectOffersSec=2min\n",
	  "9:18: CollectOffersSec=: 2min is out of range: 0s to 1min\n" },
	{ CLIENT "RequestAddress=0.0.0.0\n",
	  "9:16: RequestAddress=: 0.0.0.0 is no address that a host can have\n" },
	{ CLIENT "UseDns=yes\n",
	  "9:1: unknown key \"UseDns=\" in [DHCPv4]; did you mean \"UseDNS=\"?\n" },
	{ CLIENT "ConflictDetection=perhaps\n",
	  "9:19: ConflictDetection=: \"perhaps\" is neither yes nor no\n" },
	{ CLIENT "ConflictDetection=2min\n",
	  "9:19: ConflictDetection=: 2min is out of range: 1us to 1min\n" },
	{ CLIENT "MaxAttempts=0\n",
	  "9:13: MaxAttempts=: 0 is out of range: 1 to 255\n" },
	{ CLIENT "DenyList=10.0.0.1 10.0.0.0/33\n",
	  "9:19: DenyList=: \"10.0.0.0/33\" is neither an address nor a prefix\n" },
	{ CLIENT "SendOption=60:lab\n",
	  "9:12: SendOption=: \"60:lab\" is not CODE:TYPE:VALUE\n" },
	{ CLIENT "SendOption=53:uint8:1\n",
	  "9:12: SendOption=: 53 is no option, or one that the client writes itself\n" },
	{ CLIENT "SendOption=100:uint8:256\n",
	  "9:12: SendOption=: \"uint8:256\" is none of uint8, uint16, uint32, ipv4address, "
	  "string, with a value of that kind\n" },
	{ CLIENT "VendorClassIdentifier=a\nSendOption=60:string:b\n",
	  "10:12: option 60 is sent twice\n" },
	{ CLIENT "SendOption=100:string:" LONG "\nSendOption=101:string:" TEN TEN TEN "1234567\n",
	  "10:12: options of more than 120 bytes in all are sent\n" },
	{ CLIENT "RouteMetric=x\n",
	  "9:13: RouteMetric=: \"x\" is not a number\n" },
	{ CLIENT "[Network srv:lan]\nAddress=10.0.0.1/24\n[DHCPv4 srv:lan]\n",
	  "11:1: [DHCPv4] on srv:lan, which has no DHCP=ipv4 in its [Network]\n" },
	{ LAB "[Node b]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=b:x me:lab\n"
	  "[Network me:lab]\nAddress=10.0.0.1/24\nIPForward=yes\n",
	  "10:11: IPForward=: node \"me\" is the caller's own machine; it is not made a router\n" },
	{ LAB "[Node b]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=b:x me:lab\n"
	  "[Network me:lab]\nAddress=10.0.0.1/24\nIPMasquerade=both\n",
	  "10:14: IPMasquerade=: node \"me\" is the caller's own machine; it is not made a "
	  "router\n" },
	{ PAIR "[Network host:eth0]\nIPMasquerade=yes\n[Network srv:lan]\nIPMasquerade=ipv6\n",
	  "7:14: IPMasquerade= on host:eth0, which has no Address=: whom is it for?\n"
	  "9:14: IPMasquerade=: labs are IPv4 only\n" },
	{ LAB "[Node b]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=b:x me:lab\n"
	  "[Network me:lab]\nAddress=10.0.0.1/24\nGateway=10.0.0.2\n",
	  "10:9: Gateway=: node \"me\" is the caller's own machine; its routes are left alone\n" },
	{ LAB "[Node b]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=b:x me:lab\n"
	  "[Route me:lab]\nDestination=10.0.0.0/8\n",
	  "8:1: [Route]: node \"me\" is the caller's own machine; its routes are left alone\n" },
	{ LAB "[Node b]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=b:x me:lab\n"
	  "[Network me:lab]\nDHCP=yes\n[DHCPv4 me:lab]\nUseDNS=yes\nUseGateway=yes\n"
	  "UseRoutes=yes\n",
	  "11:8: UseDNS=: on the caller's own machine only the address is used\n"
	  "12:12: UseGateway=: on the caller's own machine only the address is used\n"
	  "13:11: UseRoutes=: on the caller's own machine only the address is used\n" },
	{ EXPECT "",
	  "9:9: [Expect x] expects nothing: give State=, Address=, Messages=, Message=, "
	  "Ping=, Route= or NoAddress=\n" },
	{ EXPECT "State=BOND\n",
	  "11:7: State=: \"BOND\" is no state of a client; did you mean \"BOUND\"?\n" },
	{ EXPECT "State=bound\n",
	  "11:7: State=: \"bound\" is no state of a client; did you mean \"BOUND\"?\n" },
	{ EXPECT "Address=10.0.0.9-10.0.0.8\n",
	  "11:9: Address=: the range counts down\n" },
	{ EXPECT "Address=10.0.0\n",
	  "11:9: Address=: \"10.0.0\" is no address, range (10.0.0.2-10.0.0.9) or prefix "
	  "(10.0.0.0/24)\n" },
	{ EXPECT "Address=0.0.0.0\n",
	  "11:9: Address=: 0.0.0.0 is no address that a host can have\n" },
	{ EXPECT "Messages=DISCOVER OFER\n",
	  "11:19: Messages=: \"OFER\" is no DHCP message; did you mean \"OFFER\"?\n" },
	{ EXPECT "SameTransaction=yes\nPing=1.1.1.1\n",
	  "11:17: SameTransaction= needs Messages=\n" },
	{ EXPECT "State=BOUND\nPing=1.1.1.1\n",
	  "9:9: [Expect x] expects several things; each of State= or Address=, Messages=, "
	  "Message=, Ping=, Route=, NoAddress= has a section of its own\n" },
	{ EXPECT "Ping=host\n",
	  "11:6: Ping=: \"host\" is not an IPv4 address\n" },
	{ EXPECT "Route=\n",
	  "11:1: Route= has no value\n" },
	{ EXPECT "Route=10.0.0.1/24 via 1.1.1.1\n",
	  "11:7: Route=: 10.0.0.1/24 has host bits set; the subnet is 10.0.0.0/24\n" },
	{ EXPECT "Route=default over 1.1.1.1\n",
	  "11:7: Route=: write DESTINATION or DESTINATION via GATEWAY\n" },
	{ EXPECT "Route=default via x\n",
	  "11:19: Route=: \"x\" is not an IPv4 address\n" },
	{ EXPECT "State=BOUND\nWithin=8d\n",
	  "12:8: Within=: 8d is out of range: 1us to 7d\n" },
	{ EXPECT "State=BOUND\nPoints=1001\n",
	  "12:8: Points=: 1001 is out of range: 0 to 1000\n" },
	{ EXPECT "State=BOUND\nPoints=many\n",
	  "12:8: Points=: \"many\" is not a number\n" },
	{ EXPECT "State=BOUND\n[Expect x]\n",
	  "12:9: expectation \"x\" is written twice; first in line 9\n" },
	{ EXPECT "State=BOUND\nNode=srv\n",
	  "12:1: Node= is given twice; first in line 10\n" },
	{ EXPECT "State=BOUND\n[Expect a/b]\n",
	  "12:9: \"a/b\" is no name: letters, digits, '-', '_', '.', at most 63\n" },
	{ EXPECT "State=BOUND\n[Expect y]\nState=BOUND\n",
	  "12:9: [Expect y] needs Node=\n" },
	{ EXPECT "State=BOUND\n[Expect y]\nNode=hots\nState=BOUND\n",
	  "13:6: no node \"hots\"; did you mean \"host\"?\n" },
	{ EXPECT "State=BOUND\n[Expect y]\nNode=srv\nState=BOUND\n",
	  "13:6: Node=: srv:lan runs no DHCP client\n" },
	{ EVENT "Action=renew\n",
	  "9:8: [Event x] needs AfterSec=\n" },
	{ EVENT "AfterSec=1\n",
	  "9:8: [Event x] needs Action=\n" },
	{ EVENT "AfterSec=1\nAction=renwe\n",
	  "12:8: Action=: \"renwe\" is no action; did you mean \"renew\"?\n" },
	{ EVENT "AfterSec=1\nAction=renew\nSwitch=host\n",
	  "13:8: Switch= is for Action=move only\n" },
	{ EVENT "AfterSec=1\nAction=move\n",
	  "9:8: [Event x] needs Switch=, where the cable is plugged in\n" },
	{ EVENT "AfterSec=1\nAction=move\nSwitch=srv\n",
	  "13:8: Switch=: \"srv\" is no switch\n" },
	{ TWO_SWITCHES "Action=move\nSwitch=s\n",
	  "14:8: Switch=: s:p1 and n:p1 would be one port; give one of them another name\n" },
	{ PAIR "[Switch s]\n[Network host:eth0]\nDHCP=ipv4\n"
	       "[Event x]\nNode=host\nAfterSec=1\nAction=move\nSwitch=s\n",
	  "10:6: Node=: the cable of host:eth0 does not end in a switch, so it can not be moved "
	  "to another\n" },
	{ CLIENT "[Event x]\nAfterSec=1\nAction=renew\n",
	  "9:8: [Event x] needs Node=\n" },
	{ CLIENT "[Event x]\nNode=srv\nAfterSec=1\nAction=renew\n",
	  "10:6: Node=: \"srv\" runs no DHCP client\n" },
	{ CLIENT "[Event x]\nNode=srv:lan\nAfterSec=1\nAction=renew\n",
	  "10:6: Node=: srv:lan runs no DHCP client\n" },
	{ EVENT "AfterSec=1\nAction=stop\n[Event x]\n",
	  "13:8: event \"x\" is written twice; first in line 9\n" },
	{ EXPECT "Mesage=ACK\n",
	  "9:9: [Expect x] expects nothing: give State=, Address=, Messages=, Message=, "
	  "Ping=, Route= or NoAddress=\n"
	  "11:1: unknown key \"Mesage=\" in [Expect]; did you mean \"Message=\"?\n" },
	{ STAR "[Expect x]\nNode=sw\nPing=1.1.1.1\n",
	  "10:6: Node=: \"sw\" is a switch: nothing runs on it\n" },
	{ STAR "[Expect x]\nNode=sw\nMessages=ACK\n",
	  "10:6: Node=: \"sw\" is a switch: nothing runs on it\n" },
	{ PAIR "[Fault x]\nType=dorp\nMessage=OFER\nDirection=form\n",
	  "7:6: Type=: \"dorp\" is no fault; did you mean \"drop\"?\n"
	  "8:9: Message=: \"OFER\" is no DHCP message; did you mean \"OFFER\"?\n"
	  "9:11: Direction=: \"form\" is none of from, to, both; did you mean \"from\"?\n" },
	{ PAIR "[Fault x]\nCount=0\nRate=101%\n[Fault x]\nType=drop\n",
	  "6:8: [Fault x] needs Type=\n"
	  "7:7: Count=: 0 is out of range: 1 to 4294967295\n"
	  "8:6: Rate=: \"101%\" is no percentage; write 10% or 0.5%\n"
	  "9:8: fault \"x\" is written twice; first in line 6\n" },
	{ PAIR "[Fault x]\nType=drop\nNode=hots\nDelaySec=1s\n",
	  "8:6: no node \"hots\"; did you mean \"host\"?\n"
	  "9:10: DelaySec= is for Type=delay, reorder and starve\n" },
	{ PAIR "[Fault x]\nType=drop\nDirection=to\n[Fault y]\nType=rogue\n",
	  "8:11: Direction= needs Node=\n"
	  "9:8: [Fault y] needs Node=: who is it?\n" },
	{ PAIR "[Fault x]\nType=drop\nAddress=10.0.0.9\nRouter=10.0.0.9\nPoolSize=5\n"
	  "ForgeSource=yes\n[Fault y]\nType=rogue\nNode=host\nAddress=10.0.0.9/24\n"
	  "Message=ACK\nRate=5%\n",
	  "8:9: Address= is for Type=rogue and conflict\n"
	  "9:8: Router= is for Type=rogue\n"
	  "10:10: PoolSize= is for Type=rogue\n"
	  "11:13: ForgeSource= is for Type=starve\n"
	  "16:9: Message= is not for Type=rogue\n"
	  "17:6: Rate= is not for Type=rogue\n" },
	{ PAIR "[Fault x]\nType=rogue\nNode=host\nAddress=10.0.0.256\nDNS=me\n"
	  "DefaultLeaseTimeSec=1s\nPoolOffset=0\n",
	  "9:9: Address=: \"10.0.0.256\" is not an IPv4 address\n"
	  "10:5: DNS=: \"me\" is not an IPv4 address\n"
	  "11:21: DefaultLeaseTimeSec=: 1s is out of range: at least 2s\n"
	  "12:12: PoolOffset=: 0 is out of range: 1 to 4294967295\n" },
	{ PAIR "[Fault x]\nType=rogue\nNode=host\n",
	  "6:8: Address=: write it with its prefix, as 10.0.0.66/24 is: there is nobody to take "
	  "the subnet from\n" },
	{ PAIR "[Fault x]\nType=rogue\nNode=host\nAddress=10.0.0.66/24\nRouter=10.0.1.1\n",
	  "10:8: Router=: 10.0.1.1 is out of his subnet\n" },
	{ PAIR "[Fault x]\nType=rogue\nNode=host\nAddress=10.0.0.66/24\nPoolOffset=250\n"
	  "PoolSize=10\n[Fault y]\nType=rogue\nNode=host\nAddress=10.0.0.9/24\nPoolSize=9\n",
	  "10:12: PoolOffset=: his pool is not within his subnet\n"
	  "16:10: PoolSize=: his pool is not within his subnet\n" },
	{ PAIR "[Network host:eth0]\nAddress=10.0.0.1/24\n[Fault x]\nType=rogue\nNode=host\n"
	  "Address=10.0.0.1\n[Fault y]\nType=rogue\nNode=host\nAddress=10.0.1.5\n"
	  "[Fault z]\nType=conflict\nNode=host\nAddress=10.0.0.1\n"
	  "[Fault w]\nType=rogue\nNode=host\nAddress=10.0.0.5/32\n",
	  "11:9: Address=: 10.0.0.1 is the address of host:eth0 already\n"
	  "15:9: Address=: 10.0.1.5 is not in the subnet of host:eth0; write it with its prefix\n"
	  "19:9: Address=: 10.0.0.1 is host:eth0's own: who is in conflict with it?\n"
	  "23:9: Address=: a /32 has no room for his clients\n" },
	{ PAIR "[Fault x]\nType=conflict\nNode=host\nAddress=10.0.0.9\nCount=2\n"
	  "[Fault y]\nType=conflict\nNode=host\nCount=65\n",
	  "10:7: Count=: Address= is one address; Count= of those that are asked for is without "
	  "it\n"
	  "14:7: Count=: 65 is more than 64\n" },
	{ STAR "[Fault x]\nType=conflict\nNode=sw\n",
	  "11:6: Node=: write NODE:IF of a host\n" },
	{ PAIR "[Fault x]\nType=crash\nRestartSec=8d\nMessage=ACK\nCount=2\nRate=5%\n"
	  "Direction=to\n",
	  "6:8: [Fault x] needs Node=: what crashes?\n"
	  "8:12: RestartSec=: 8d is out of range: 1us to 7d\n"
	  "9:9: Message= is not for Type=crash\n"
	  "10:7: Count= is not for Type=crash\n"
	  "11:6: Rate= is not for Type=crash\n"
	  "12:11: Direction= is not for Type=crash\n" },
	{ PAIR "[Fault x]\nType=crash\nNode=host\n[Fault y]\nType=drop\nRestartSec=1s\n",
	  "8:6: Node=: \"host\" runs no DHCP client or server\n"
	  "11:12: RestartSec= is for Type=crash\n" },
	/* Two of a kind where one is meant. */
	{ LAB "[Node a b]\n[Wiring]\nCable=a:x b:x\nCable=a:y b:y\n"
	  "[Network a:*]\nDHCP=ipv4\n[Event e]\nNode=a\nAfterSec=1s\nAction=renew\n"
	  "[Expect x]\nNode=b\nNoAddress=yes\n",
	  "10:6: Node=: \"a\" has several DHCP clients; write NODE:IF\n"
	  "14:6: Node=: \"b\" has 2 interfaces; write NODE:IF\n" },
	{ CLIENT "[Task x]\nAsk=What?\nAnswer=xid of edits\n[Task y]\nAsk=What?\n"
	  "Answer=count of edits 2\n",
	  "11:8: Answer=: edits can only be counted; write count of edits\n"
	  "14:23: Answer=: \"2\" is not expected here; write FIELD of MESSAGE [NUMBER] [from "
	  "NODE:IF]\n" },
	{ CLIENT "[Task x]\nAsk=What?\nAnswer=a b c d e f g h i\n",
	  "11:8: Answer=: too many words\n" },
	{ CLIENT "[Expect x]\nMessage=ACK\nOption=12 " LONG "\n",
	  "11:8: Option=: the value is longer than 63 bytes\n" },
	{ PAIR "[Network host:eth0]\nLinkLocalAddressing=falback\n",
	  "7:21: LinkLocalAddressing=: \"falback\" is none of ipv4, fallback, no; did you mean "
	  "\"fallback\"?\n" },
	{ PAIR "[Network host:eth0]\nLinkLocalAddressing=ipv4\n",
	  "7:21: LinkLocalAddressing=: host:eth0 has no DHCP=ipv4: it is the DHCP client that "
	  "goes without a lease\n" },
	{ PAIR "[Route host:eth0]\nDestination=224.0.0.0/4\n",
	  "7:13: Destination=: 224.0.0.0/4 is no destination of hosts\n" },
	{ CLIENT "LeaseFile=a/b\n",
	  "9:11: LeaseFile=: \"a/b\" is no name of a file in the state folder: letters, digits, "
	  "'-', '_', '.', at most 63\n" },
	{ LAB "[Node r c[1-33]]\n[Wiring]\nCable=r:p[1-33] c[1-33]:e\n"
	  "[Network r:p[1-33]]\nAddress=10.[1-33].0.1/24 10.[101-133].0.1/24\nDHCPServer=yes\n"
	  "[DHCPServer r:p[1-33]]\nRelayTarget=10.77.0.1\n",
	  "9:1: a relay agent of over 32 links\n"
	  "9:1: a relay agent with over 64 addresses\n" },
	{ PAIR "[NetworkEmulator host:eth0]\nDelaySec=1ms\nDelayJitterSec=2ms\nLossRate=5\n",
	  "8:16: DelayJitterSec= is over DelaySec=: no frame can come before it was sent\n"
	  "9:10: LossRate=: \"5\" is no percentage; write 10% or 0.5%\n" },
	{ LAB "[Node a b]\n[Switch sw]\nDHCPSnooping=maybe\nTrustedPort=p1 p9 a:e\n"
	  "[Wiring]\nCable=a:e sw:p1\nCable=b:e sw:p2\n",
	  "5:14: DHCPSnooping=: \"maybe\" is neither yes nor no\n"
	  "6:13: no cable ends in \"sw:p9\"; did you mean \"sw:p1\"?\n"
	  "6:13: TrustedPort=: a:e is no port of sw\n" },
};

/* What scenario_parse() reports, without a file's name; it must be -EINVAL. */
static char *errors_of(const char *text, size_t len, const struct scenario_options *opt)
{
	cleanup_diags struct diags diags = { 0 };
	cleanup_text struct text t = { 0 };
	struct scenario *s = NULL;

	assert_int_equal(scenario_parse(text, len, opt, &s, &diags), -EINVAL);
	assert_null(s);
	for (size_t i = 0; i < diags.n; i++)
		text_add(&t, "%u:%u: %s\n", diags.diag[i].at.line, diags.diag[i].at.column,
			 diags.diag[i].text);
	if (diags.dropped)
		text_add(&t, "and %zu\n", diags.dropped);
	return text_take(&t);
}

static void every_class_of_error(void **state)
{
	const struct scenario_options opt = { .name = "lab" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *got = errors_of(cases[i].text, strlen(cases[i].text), &opt);

		assert_string_equal(got, cases[i].errors);
	}
}

static void set_errors_name_the_set(void **state)
{
	static const char *const set[] = {
		"foo", "Lab.Sped=1", "Node hots.Namespace=x", "Network host:eth0.DHCP=maybe",
		"Lab.Speed=", "Expect y.Ping=1.1.1.1", "Fault y.Count=2", "Event y.AfterSec=1s",
		"Task y.Points=2", "Lab.Title=a\nb", "Node host:eth0=x",
	};
	const struct scenario_options opt = { .name = "lab", .set = set, .n_set = ARRAY_SIZE(set) };
	cleanup_free char *got = errors_of(PAIR, strlen(PAIR), &opt);

	assert_string_equal(got,
			    "0:0: --set 'foo': write 'Section INSTANCE.Key=Value'\n"
			    "0:0: --set 'Lab.Title=a\nb': write 'Section INSTANCE.Key=Value'\n"
			    "0:0: --set 'Node host:eth0=x': write 'Section INSTANCE.Key=Value'\n"
			    "0:0: --set 'Lab.Sped=1': unknown key \"Sped=\" in [Lab]; did you "
			    "mean \"Seed=\"?\n"
			    "0:0: --set 'Lab.Speed=': Speed= has no value\n"
			    "0:0: --set 'Node hots.Namespace=x': no node \"hots\"; did you mean "
			    "\"host\"?\n"
			    "0:0: --set 'Network host:eth0.DHCP=maybe': DHCP=: \"maybe\" is none "
			    "of yes, ipv4, no\n"
			    "0:0: --set 'Expect y.Ping=1.1.1.1': no expectation \"y\"\n"
			    "0:0: --set 'Fault y.Count=2': no fault \"y\"\n"
			    "0:0: --set 'Event y.AfterSec=1s': no event \"y\"\n"
			    "0:0: --set 'Task y.Points=2': no task \"y\"\n");
}

static void files_that_are_no_text(void **state)
{
	const struct scenario_options opt = { .name = "lab" }, bad = { .name = "../x" };
	cleanup_free char *nul = errors_of("[Lab]\n\0", 7, &opt), *name = errors_of("", 0, &bad);
	cleanup_free char *big = malloc(INI_MAX_SIZE + 1), *huge = NULL;

	memset(big, '#', INI_MAX_SIZE + 1);
	huge = errors_of(big, INI_MAX_SIZE + 1, &opt);
	assert_string_equal(nul, "2:1: a NUL byte: this is not a text file\n");
	assert_string_equal(huge, "1:1: the file has 1048577 bytes; a scenario has at most "
	"1048576\n");
	assert_string_equal(name, "0:0: \"../x\" can not be a lab's name: letters, digits, '-', "
	"'_', "
				  "'.', the first a letter or digit, at most 31\n");
}

static void add_lines(struct text *t, const char *fmt, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		text_add(t, fmt, i);
}

/* What multiplies is counted: neither ranges, nor globs, nor errors go on for ever. */
static void hostile_files_are_cut_short(void **state)
{
	const struct scenario_options opt = { .name = "lab" };
	struct text t = { 0 };
	char *got;

	text_add(&t, LAB "[Node a b]\n[Wiring]\nCable=a:x b:x\n");
	add_lines(&t, "Cable=a:x[1-60000] b:y[%u-9]\n", 9);
	add_lines(&t, "[Link z%u*:*]\n", 60);
	got = errors_of(t.str, t.len, &opt);
	assert_non_null(strstr(got, "\nand "));
	free(got);
	text_done(&t);

	text_add(&t, LAB "[Node a b]\n[Wiring]\nCable=a:x[1-8000] b:x[1-8000]\n[Network *:*]\n");
	add_lines(&t, "Address=10.0.0.1/24\n", 200);
	got = errors_of(t.str, t.len, &opt);
	assert_non_null(strstr(got, "the file gives more than 262144 values\n"));
	free(got);
	text_done(&t);

	text_add(&t, LAB "[Node a b]\n[Wiring]\nCable=a:x[1-8000] b:x[1-8000]\n");
	add_lines(&t, "[Link a*%u:z]\n[X-no]\n", 2000);
	got = errors_of(t.str, t.len, &opt);
	assert_non_null(strstr(got, "and "));
	free(got);
	text_done(&t);

	text_add(&t, LAB);
	add_lines(&t, "[Node n%u-[1-30000]]\n", 4);
	got = errors_of(t.str, t.len, &opt);
	assert_non_null(strstr(got, "more than 4096 nodes\n"));
	assert_non_null(strstr(got, "the file's ranges stand for more than 65536 names\n"));
	free(got);
	text_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_of_error),
		cmocka_unit_test(set_errors_name_the_set),
		cmocka_unit_test(files_that_are_no_text),
		cmocka_unit_test(hostile_files_are_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
