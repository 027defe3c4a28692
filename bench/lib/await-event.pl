#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Waits until QEMU tells of an event, and prints when it happened, in seconds since 1970:
#
#   await-event.pl SOCKET EVENT
#
# The first line says that it listens. The monitor must be free. Fails after a minute.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $event) = @ARGV;
my $qmp = IO::Socket::UNIX->new(Peer => $path) or die "await-event: $path: $!\n";
$SIG{ALRM} = sub { die "await-event: no $event from $path\n" };
alarm 60;
$| = 1;
<$qmp>;
print {$qmp} qq({"execute":"qmp_capabilities"}\n);
while (my $line = <$qmp>) {
    print "listening\n" if $line =~ /^\{"return"/;
    if ($line =~ /"event": "\Q$event\E"/) {
        $line =~ /"seconds": (\d+), "microseconds": (\d+)/ or die "await-event: when? $line";
        printf "%d.%06d\n", $1, $2;
        exit;
    }
}
die "await-event: QEMU closed $path\n";
