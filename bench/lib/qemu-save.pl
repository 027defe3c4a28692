#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Saves or loads a guest by QEMU's own means, and prints the seconds it took, fsync included, and
# those of the fsync:
#
#   qemu-save.pl save SOCKET URI FILE [SETTING...]   stop, migrate to URI, which makes FILE; fsync
#   qemu-save.pl load SOCKET URI FILE [SETTING...]   migrate-incoming from URI
#
# A setting is a capability to be switched on, or PARAMETER=VALUE. The monitor must be free.
# Bandwidth is set to no limit; capabilities are switched off again.
use strict;
use warnings;
use IO::Handle;
use IO::Socket::UNIX;
use Time::HiRes qw(time sleep);

my ($what, $path, $uri, $file, @settings) = @ARGV;
my $qmp = IO::Socket::UNIX->new(Peer => $path) or die "qemu-save: $path: $!\n";

sub ask {
    my ($command, $arguments) = @_;
    print {$qmp} qq({"execute":"$command","arguments":{$arguments}}\n);
    while (my $line = <$qmp>) {
        die "qemu-save: $command: $line" if $line =~ /^\{"error"/;
        return $line if $line =~ /^\{"return"/;
    }
    die "qemu-save: $command: QEMU closed the connection\n";
}

sub capability {
    my ($name, $state) = @_;
    ask('migrate-set-capabilities', qq("capabilities":[{"capability":"$name","state":$state}]));
}

<$qmp>;
ask('qmp_capabilities', '');
ask('migrate-set-parameters', '"max-bandwidth":0');
for (@settings) {
    if (/(.*)=(.*)/) { ask('migrate-set-parameters', qq("$1":$2)) }
    else { capability($_, 'true') }
}
my $start = time;
ask('stop', '') if $what eq 'save';
ask($what eq 'save' ? 'migrate' : 'migrate-incoming', qq("uri":"$uri"));
my $status = '';
until ($status =~ /completed|failed|cancelled/) {
    sleep 0.002;
    ($status) = ask('query-migrate', '') =~ /"status": "(\w+)"/;
    $status //= '';
}
die "qemu-save: migration $status\n" unless $status eq 'completed';
my $moved = time;
if ($what eq 'save') {
    open my $image, '+<', $file or die "qemu-save: $file: $!\n";
    $image->sync or die "qemu-save: fsync $file: $!\n";
}
printf "%.3f %.3f\n", time - $start, time - $moved;
for (@settings) {
    if (/^direct-io=/) { ask('migrate-set-parameters', '"direct-io":false') }
    elsif (!/=/ && $what eq 'save') { capability($_, 'false') }
}
