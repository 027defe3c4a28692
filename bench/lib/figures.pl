#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# The figures of bench/side-by-side:
#
#   figures.pl collect CONDITIONS TURNS   makes one JSON document of the conditions (JSON) and the
#                                         turns (a line of JSON each): figures and their medians
#   figures.pl tables FIGURES.json        makes Markdown of such a document
#
# Turns of run 0 only warmed up, and are left out.
use strict;
use warnings;
use utf8;
use JSON::PP;
use List::Util qw(min max);
binmode STDOUT, ':utf8';

my $json = JSON::PP->new->canonical->pretty->indent_length(1);
my %LABEL = (
    'qemu-exec'    => 'QEMU, `exec:cat`',
    'qemu-file'    => 'QEMU, `file:`',
    'qemu-mapped'  => 'QEMU, mapped-ram',
    'qemu-multifd' => 'QEMU, mapped-ram, multifd',
    'qemu-direct'  => 'QEMU, mapped-ram, multifd, direct-io',
    instant        => 'Stillframe, instant',
    fio            => 'fio, io_uring, depth 8, O_DIRECT',
    'instant-manager' => 'Stillframe, instant, in a manager’s JVM',
);

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or die "figures: $path: $!\n";
    local $/ = undef;
    return scalar <$file>;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# The size that a line of turns belongs to, and in it the way; made where they are new.
sub way_of {
    my ($sizes, $turn) = @_;
    my ($size) = grep { $_->{memoryMib} == $turn->{memoryMib} } @$sizes;
    push @$sizes, $size = { memoryMib => $turn->{memoryMib}, fillMib => $turn->{fillMib} } unless $size;
    my $ways = $size->{ $turn->{kind} } //= [];
    my ($way) = grep { $_->{way} eq $turn->{way} } @$ways;
    return $way if $way;
    my ($route, $rest) = split /-/, $turn->{way};
    my $with = $turn->{backend} && $turn->{backend} ne 'none' ? ", $turn->{backend}" : '';
    $with .= ', QEMU 7.2' if ($rest // '') eq '7.2';
    $with .= ', in a manager’s JVM' if ($rest // '') eq 'manager';
    $way = { way => $turn->{way}, label => $LABEL{ $turn->{way} } // "Stillframe, `$route`$with" };
    push @$ways, $way;
    return $way;
}

sub collect {
    my ($conditions, $turns) = @_;
    my @sizes;
    for my $turn (map { decode_json($_) } split /\n/, slurp($turns)) {
        next if $turn->{run} == 0;
        my $way = way_of(\@sizes, $turn);
        push @{ $way->{runs} }, { map { $_ => $turn->{$_} } grep { !/^(kind|memoryMib|fillMib|way|backend)$/ } keys %$turn };
    }
    for my $way (map { (@{ $_->{save} // [] }, @{ $_->{restore} // [] }) } @sizes) {
        # What the table tells of is in every turn of a way, or in none.
        for my $name (grep { $_ ne 'run' } keys %{ $way->{runs}[0] }) {
            $way->{median}{$name} = median(map { $_->{$name} } @{ $way->{runs} });
        }
    }
    $conditions = decode_json(slurp($conditions));
    my %place = map { $conditions->{ways}[$_] => $_ } 0 .. $#{ $conditions->{ways} };
    for my $ways (map { ($_->{save} // (), $_->{restore} // ()) } @sizes) {
        @$ways = sort { $place{ $a->{way} } <=> $place{ $b->{way} } } @$ways;
    }
    print $json->encode({ conditions => $conditions, sizes => \@sizes });
}

sub number {
    my ($form, $value) = @_;
    return defined $value ? sprintf $form, $value : '';
}

# The seconds that ratios are taken of: QEMU's best way, exec:cat, fio.
sub references {
    my ($ways) = @_;
    my %of = map { $_->{way} => $_->{median}{seconds} } @$ways;
    return (min(map { $of{$_} } grep { /^qemu-/ } keys %of), $of{'qemu-exec'}, $of{fio});
}

sub table {
    my ($kind, $size, $ways) = @_;
    my @references = references($ways);
    my $gib = $size->{fillMib} / 1024;
    my $save = $kind eq 'save';
    my @columns = ($kind, 'seconds (least–most)', '× QEMU’s best', '× `exec:cat`', '× fio',
        'CPU s/GiB', 'QEMU’s', 'together', 'with JVM start', 'by report, s', 'whole command, s', 'RSS, MiB',
        $save ? 'stood still, s' : ());
    print "\n| ", join(' | ', @columns), " |\n|---", '|---:' x $#columns, "|\n";
    for my $way (@$ways) {
        my $m = $way->{median};
        my @all = map { $_->{seconds} } @{ $way->{runs} };
        my $ours = defined $m->{command};
        my $qemu = $way->{way} eq 'fio' ? undef : $m->{qemuCpu} / $gib;
        print '| ', join(' | ', $way->{label},
            sprintf('%.2f (%.2f–%.2f)', $m->{seconds}, min(@all), max(@all)),
            (map { number('%.2f', $_ && $m->{seconds} / $_) } @references),
            number('%.2f', defined $m->{cpu} ? $m->{cpu} / $gib : undef),
            number('%.2f', $qemu),
            number('%.2f', ($m->{cpu} // 0) / $gib + ($qemu // 0)),
            number('%.2f', $ours ? $m->{commandCpu} / $gib + $qemu : undef),
            number('%.2f', $m->{report}),
            number('%.2f', $m->{command}),
            number('%.0f', $m->{rssMib}),
            $save ? number('%.2f', $m->{stoodStill}) : ()), " |\n";
    }
}

sub tables {
    my $document = decode_json(slurp(@_));
    my $c = $document->{conditions};
    my %ram = (
        private => 'private RAM', memfd => 'RAM in a memfd',
        huge => 'RAM in a memfd of 2 MiB pages', file => 'RAM in a file on tmpfs');
    printf "QEMU %s (TCG), %s, %s%s, %.0f GiB, %s, %s, %s, %s; %s with %s, %s; %d channels;"
        . " medians of %d; %s.\n", $c->{qemu}, $c->{kernel},
        $c->{processors}, $c->{virtualMachine} ? ', a virtual machine' : '',
        $c->{hostMemoryMib} / 1024, $c->{fileSystem}, $c->{jvm}, $c->{fio}, $c->{stillframe},
        join(', ', map { "guest of $_->{memoryMib} MiB, $_->{fillMib} MiB of it" } @{ $document->{sizes} }),
        "$c->{pattern} bytes", $ram{ $c->{ram} }, $c->{channels}, $c->{runs}, $c->{taken};
    for my $size (@{ $document->{sizes} }) {
        print "\nGuest of $size->{memoryMib} MiB:\n" if @{ $document->{sizes} } > 1;
        for my $kind (qw(save restore)) {
            table($kind, $size, $size->{$kind}) if $size->{$kind};
        }
    }
}

my $what = shift // '';
if ($what eq 'collect' && @ARGV == 2) { collect(@ARGV) }
elsif ($what eq 'tables' && @ARGV == 1) { tables(@ARGV) }
else { die "usage: figures.pl collect CONDITIONS TURNS | tables FIGURES.json\n" }
