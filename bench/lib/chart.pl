#!/usr/bin/perl
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Draws the figures of bench/side-by-side, with gnuplot:
#
#   chart.pl FIGURES.json DIR
#
# One size of guest becomes DIR/ratios.png: a bar for each way, its median as a multiple of QEMU's
# best way, with a line from the least to the most. Several become DIR/growth.png: seconds over RAM.
use strict;
use warnings;
use utf8;
use JSON::PP;
use List::Util qw(min max);

my ($path, $directory) = @ARGV;
die "usage: chart.pl FIGURES.json DIR\n" unless @ARGV == 2;
open my $file, '<', $path or die "chart: $path: $!\n";
my $document = decode_json(do { local $/ = undef; <$file> });
my @sizes = @{ $document->{sizes} };
my @kinds = grep { $sizes[0]{$_} } qw(save restore);
my %TITLE = (save => 'Save', restore => 'Restore');

my $runs = $document->{conditions}{runs};
my $NOTE = "Medians of $runs; lines from the least to the most";

# Told apart by those who cannot tell red from green, and in print.
my %COLOUR = (ours => '#0072b2', qemu => '#e69f00', fio => '#8c8c8c');
my %LINE = (fio => '#8c8c8c', memory => '#0072b2', instant => '#009e73', 'qemu-direct' => '#e69f00',
    'qemu-exec' => '#d55e00');
my @OTHERS = ('#cc79a7', '#56b4e9', '#20242a');

sub family { my ($way) = @_; return $way =~ /^(qemu|fio)/ ? $1 : 'ours' }

sub label { my ($way) = @_; return $way->{label} =~ tr/`//dr }

sub head {
    my ($picture, $width, $height) = @_;
    return "set terminal pngcairo size $width,$height font 'DejaVu Sans,11' background '#ffffff'\n"
        . "set output '$directory/$picture'\nset encoding utf8\n"
        . "set border linecolor '#6a7076'\nset tics textcolor '#202428' nomirror\n";
}

sub bars {
    my ($size) = @_;
    my $rows = max(map { scalar @{ $size->{$_} } } @kinds);
    my $script = head('ratios.png', 1000, 110 + @kinds * (90 + 26 * $rows));
    $script .= sprintf "set multiplot layout %d,1 title '{/:Bold=14 Guest of %d MiB, %d MiB of it %s: time, QEMU’s best own way = 1}'\n",
        scalar @kinds, $size->{memoryMib}, $size->{fillMib}, $document->{conditions}{pattern};
    $script .= "set style fill solid noborder\nset lmargin at screen 0.38\nset rmargin at screen 0.94\n"
        . "set grid xtics linetype 1 linecolor '#e2e5e8'\nset key off\nset border 1\nset tics scale 0\n";
    for my $kind (@kinds) {
        my @ways = @{ $size->{$kind} };
        my $best = min(map { $_->{median}{seconds} } grep { $_->{way} =~ /^qemu-/ } @ways) // $ways[0]{median}{seconds};
        my (@tics, @data, $most);
        for my $i (0 .. $#ways) {
            my ($way, @all) = ($ways[$i], map { $_->{seconds} / $best } @{ $ways[$i]{runs} });
            push @tics, sprintf '"%s" %d', label($way), $i;
            push @data, sprintf "%f %d %f %f %d \"%.2f\"", $way->{median}{seconds} / $best, $i, min(@all), max(@all),
                hex(substr $COLOUR{ family($way->{way}) }, 1), $way->{median}{seconds} / $best;
            $most = max($most // 0, @all);
        }
        $script .= "\$$kind << EOD\n" . join("\n", @data) . "\nEOD\n"
            . "set title '{/:Bold $TITLE{$kind}}' offset 0,-0.5\n"
            . 'set ytics noenhanced (' . join(', ', @tics) . ")\n"
            . sprintf("set yrange [%f:-0.7]\nset xrange [0:%f]\n", @ways - 0.3, $most * 1.12)
            . "set arrow 1 from 1,graph 0 to 1,graph 1 nohead linecolor '#202428' dashtype 2 front\n"
            . "plot \$$kind using (\$1/2):2:(0):1:(\$2-0.36):(\$2+0.36):5 with boxxyerror linecolor rgb variable, "
            . "'' using 1:2:3:4 with xerrorbars pointtype 0 linewidth 1.5 linecolor '#202428', "
            . "'' using 4:2:6 with labels left offset 0.8,0 font ',10' textcolor '#202428'\n";
    }
    return $script . note() . "unset multiplot\n";
}

# Beneath the last picture, outside of it.
sub note {
    return "unset title\nunset logscale\nunset xlabel\nunset tics\nunset border\nunset arrow\nunset grid\n"
        . "set label 9 \"$NOTE\" at screen 0.02, screen 0.02 font ',9' textcolor '#6a7076'\n"
        . "set size 0.1,0.1\nset origin 0,0\nset yrange [0:1]\nset xrange [0:1]\nunset key\nplot -1\n";
}

sub growth {
    my (@order, @seconds);
    for my $way (map { my $kind = $_; map { @{ $_->{$kind} } } @sizes } @kinds) {
        push @order, $way->{way} unless grep { $_ eq $way->{way} } @order;
        push @seconds, map { $_->{seconds} } @{ $way->{runs} };
    }
    my $script = head('growth.png', 1000, 430 + 19 * @order);
    $script .= sprintf "set multiplot layout 1,%d title '{/:Bold=14 Seconds over the guest’s RAM, three quarters of it %s}'\n",
        scalar @kinds, $document->{conditions}{pattern};
    $script .= "set logscale xy 2\nset logscale y 10\nset grid xtics ytics linetype 1 linecolor '#e2e5e8'\n"
        . "set border 3\nset xlabel 'GiB of RAM'\nset tics scale 0\n"
        . "set key at graph 0, graph -0.2 left top Left reverse noenhanced samplen 3\n"
        . "set bmargin @{[6.5 + 1.05 * @order]}\n"
        . 'set ytics (' . join(', ', map { my $ten = 10**$_; map { sprintf '"%g" %g', ($_ * $ten) x 2 } 1, 2, 5 } -3 .. 3) . ")\n"
        . sprintf("set yrange [%f:%f]\n", min(@seconds) / 1.4, max(@seconds) * 1.4)
        . 'set xtics (' . join(', ', map { sprintf '"%g" %d', $_->{memoryMib} / 1024, $_->{memoryMib} } @sizes) . ")\n"
        . sprintf("set xrange [%f:%f]\n", $sizes[0]{memoryMib} / 1.2, $sizes[-1]{memoryMib} * 1.2);
    for my $kind (@kinds) {
        my (@plots, $data);
        for my $i (0 .. $#order) {
            my @points;
            my $label;
            for my $size (@sizes) {
                for my $way (grep { $_->{way} eq $order[$i] } @{ $size->{$kind} }) {
                    my @all = map { $_->{seconds} } @{ $way->{runs} };
                    push @points, join ' ', $size->{memoryMib}, $way->{median}{seconds}, min(@all), max(@all);
                    $label = label($way);
                }
            }
            next unless @points;
            # In a manager's JVM it is the same way, in the same colour.
            my ($base, $dashes) = $order[$i] =~ /^(.*)-manager$/ ? ($1, 2) : ($order[$i], 1);
            $data .= "\$${kind}$i << EOD\n" . join("\n", @points) . "\nEOD\n";
            push @plots, "\$${kind}$i using 1:2:3:4 with yerrorlines linewidth 2 dashtype $dashes pointtype "
                . (5 + 2 * ($i % 5)) . " linecolor '@{[$LINE{$base} // $OTHERS[$i % @OTHERS]]}' title '$label'";
        }
        $script .= $data . "set title '{/:Bold $TITLE{$kind}}'\nplot " . join(", \\\n  ", @plots) . "\n";
    }
    return $script . note() . "unset multiplot\n";
}

my $script = @sizes > 1 ? growth() : bars($sizes[0]);
open my $gnuplot, '|-:utf8', 'gnuplot' or die "chart: gnuplot: $!\n";
print {$gnuplot} $script;
close $gnuplot or die "chart: gnuplot failed\n";
