#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes the tables of bench/side-by-side of its figures on standard input:
#
#   side-by-side.pl FILLED_MIB
use strict;
use warnings;
use utf8;
binmode STDOUT, ':utf8';

my $gib = shift() / 1024;
my (%figures, %order);
while (<STDIN>) {
    my ($kind, $way, @values) = split;
    next if $kind eq 'warm';
    push @{ $order{$kind} }, $way unless $figures{$kind}{$way};
    push @{ $figures{$kind}{$way}[$_] }, $values[$_] for 0 .. $#values;
}

sub median { my @s = sort { $a <=> $b } @{ $_[0] }; return $s[ @s / 2 ] }
sub all { my @s = sort { $a <=> $b } @{ $_[0] }; return sprintf '%.2f–%.2f', $s[0], $s[-1] }

my %label = (
    'qemu-exec'    => 'QEMU, `exec:cat`',
    'qemu-file'    => 'QEMU, `file:`',
    'qemu-mapped'  => 'QEMU, mapped-ram',
    'qemu-multifd' => 'QEMU, mapped-ram, multifd',
    'qemu-direct'  => 'QEMU, mapped-ram, multifd, direct-io',
    fio            => 'fio, io_uring, depth 8, O_DIRECT',
);
for my $kind (qw(save restore)) {
    my $of = $figures{$kind} or next;
    my ($best) = sort { $a <=> $b } map { median($of->{$_}[0]) } grep {/^qemu/} keys %$of;
    print "\n| $kind | seconds (least–most) | × QEMU's best | × fio | CPU s per GiB, with QEMU's |"
        . " with JVM start | RSS MiB |\n|---|---|---|---|---|---|---|\n";
    for my $way (@{ $order{$kind} }) {
        my $f = $of->{$way};
        my $s = median($f->[0]);
        printf "| %s | %.2f (%s) | %s | %s | %.2f | %s | %s |\n",
            $label{$way} // "Stillframe, route `$way`", $s, all($f->[0]),
            $best ? sprintf('%.2f', $s / $best) : '',
            $of->{fio} ? sprintf('%.2f', $s / median($of->{fio}[0])) : '',
            median($f->[1]) / $gib,
            $f->[2] ? sprintf('%.2f', median($f->[2])) : '',
            $f->[3] ? sprintf('%.0f', median($f->[3]) / 1024) : '';
    }
}
