#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes a migration stream of a guest that never was to standard output:
#
#   make-stream.pl MIB [ZERO-MIB]   so much RAM with bytes in it, and so much of zeros among it
#
# Zeros come in runs of 64 to 1024 KiB, as in a guest that has run for a while.
use strict;
use warnings;

my ($mib, $zero_mib) = (@ARGV, 0);
my $page = 4096;
my $per_mib = (1 << 20) / $page;
my ($full, $zero) = ($mib * $per_mib, $zero_mib * $per_mib);
srand 1;
binmode STDOUT;

sub word { return pack 'Q>', $_[0] }
sub name { return pack 'C/a', $_[0] }

# The content need not differ from page to page: nothing here looks at it, nor compresses it.
my $content = pack 'L*', map { int rand 2**32 } 1 .. $page / 4;
my $footer = "\x7e" . pack 'N', 2;
my $done = word(0x10) . $footer;

print 'QEVM', pack('N', 3), "\x07", pack('N/a', 'pc-q35-10.0');
print "\x01", pack('N', 2), name('ram'), pack('NN', 0, 4), word(($full + $zero) * $page | 4);
print name('pc.ram'), word(($full + $zero) * $page), $done;

my $at = 0;
my $out = "\x02" . pack('N', 2);
my $named = 0;
sub record {
    my ($flag, $bytes) = @_;
    $out .= $named ? word($at * $page | $flag | 0x20) : word($at * $page | $flag) . name('pc.ram');
    $out .= $bytes;
    $named = 1;
    $at++;
    if (length $out > 1 << 20) {
        print $out, $done;
        $out = "\x02" . pack('N', 2);
    }
}
while ($full + $zero > 0) {
    my $run = 16 + int rand 240;
    # In proportion, so that both run out at about the same time.
    if (rand($full + $zero) < $zero) {
        $run = $zero if $run > $zero;
        $zero -= $run;
        record(2, "\0") for 1 .. $run;
    } else {
        $run = $full if $run > $full;
        $full -= $run;
        record(8, $content) for 1 .. $run;
    }
}
print $out, $done, "\x03", pack('N', 2), $done;

my $state = 'x' x 100_000;
print "\x04", pack('N', 7), name('timer'), pack('NN', 0, 1), $state, "\x7e", pack('N', 7);
print "\x00\x06", pack('N/a', '{"configuration": {}, "page_size": 4096, "devices": [{"name":'
    . ' "timer", "instance_id": 0, "vmsd_name": "timer", "version": 1, "fields": [{"name": "x",'
    . ' "type": "buffer", "size": ' . length($state) . '}]}]}');
