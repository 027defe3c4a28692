#!/usr/bin/env bash
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# The parts of tools/guest: boot image, starting and ending QEMU, serial line, QMP. To be sourced
# after setup.sh. Needs bash, coreutils and perl-base only.

set -euo pipefail

guest_boot_hex="$STILLFRAME_ROOT/assembly/src/test/resources/org/stillframe/guest/boot-sector.hex"

# What the guests print after each round, and when they find a wrong word.
guest_good='^(ok [0-9A-F]{8}|round [0-9]+: .* verified)'
guest_bad='^(BAD |round [0-9]+: WRONG)'

guest_fail() {
  printf 'guest: %s\n' "$*" >&2
  exit 1
}

# guest_check_number OPTION VALUE
guest_check_number() {
  [[ $2 =~ ^[1-9][0-9]{0,6}$ ]] || guest_fail "$1 must be a number above 0, not $2"
}

# guest_boot_image FILE MACHINE MEMORY-MIB FILL-MIB PATTERN MODE
guest_boot_image() {
  local file=$1 machine=$2 memory=$3 fill=$4 pattern mode low first rest
  case "$5" in
    random) pattern=0 ;;
    compressible) pattern=1 ;;
    *) guest_fail "--pattern must be random or compressible, not $5" ;;
  esac
  case "$6" in
    verify) mode=0 ;;
    rewrite) mode=1 ;;
    *) guest_fail "--mode must be verify or rewrite, not $6" ;;
  esac

  # How much of the memory lies below 4 GiB, as the two chipsets split it.
  low=$memory
  if [[ $machine == *q35* ]]; then
    [ "$memory" -lt 2816 ] || low=2048
  else
    [ "$memory" -lt 3584 ] || low=3072
  fi
  # The first MiB and the last 4 MiB below 4 GiB belong to the BIOS (see boot.S).
  first=$((low - 5))
  [ "$fill" -ge "$first" ] || first=$fill
  rest=$((fill - first))
  if [ "$first" -lt 1 ] || [ "$rest" -gt $((memory - low)) ]; then
    guest_fail "--fill must be at least 1 and at most $((memory - 5)) with this --memory"
  fi
  [ "$rest" -le $((60 * 1024)) ] || guest_fail "the boot guest reaches 64 GiB at most"

  perl -e '
    my ($file, $first, $rest, $mode, $pattern) = @ARGV;
    my $mib = 1 << 20;
    my $bytes = pack "H*", join "", map { s/#.*//r =~ s/\s//gr } <STDIN>;
    die "boot-sector.hex is damaged\n" unless length $bytes == 1024;
    substr($bytes, 8, 32) = pack "Q<4", $mib, (1 + $first) * $mib,
      4096 * $mib, $rest ? (4096 + $rest) * $mib : 0;
    substr($bytes, 48, 2) = pack "C2", $mode, $pattern;
    open(my $out, ">:raw", $file) or die "$file: $!\n";
    print $out $bytes;
    truncate($out, $mib) && close($out) or die "$file: $!\n";
  ' "$file" "$first" "$rest" "$mode" "$pattern" <"$guest_boot_hex"
}

# guest_run DIR COMMAND...: starts QEMU in the background; returns when its monitors listen.
guest_run() {
  local directory=$1 pid deadline
  shift
  # The length of a socket's address is limited.
  [ "${#directory}" -le 96 ] || guest_fail "the path of $directory is too long for a socket in it"
  rm -f "$directory"/{qmp.sock,qmp2.sock,serial.log,qemu.pid}
  setsid "$@" >"$directory/qemu.log" 2>&1 </dev/null &
  pid=$!
  deadline=$((SECONDS + 20))
  until guest_listens "$directory/qmp2.sock" && [ -s "$directory/qemu.pid" ]; do
    if ! kill -0 "$pid" 2>/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      kill -KILL "$pid" 2>/dev/null || true
      cat "$directory/qemu.log" >&2
      guest_fail "QEMU did not start in $directory"
    fi
    sleep 0.05
  done
}

# Succeeds if a connection to a socket is possible; its file is there a little earlier.
guest_listens() {
  [ -S "$1" ] && perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$1"
}

# Succeeds if the QEMU of a directory runs. A number that has passed to another process does not
# count, nor does a process that has ended but was not yet waited for.
guest_alive() {
  local pid directory
  directory=$(cd "$1" 2>/dev/null && pwd) || return
  pid=$(cat "$directory/qemu.pid" 2>/dev/null) || return
  grep -qszF -- "$directory/qemu.pid" "/proc/$pid/cmdline"
}

# guest_until DIR SECONDS WHAT COMMAND...: waits until the command succeeds.
guest_until() {
  local directory=$1 seconds=$2 what=$3 alive deadline
  shift 3
  deadline=$((SECONDS + seconds))
  while true; do
    # Looked at first: what was printed just before the end must still be seen.
    alive=yes
    guest_alive "$directory" || alive=no
    if "$@"; then
      return
    elif [ "$alive" = no ]; then
      tail -n 5 "$directory/qemu.log" >&2 || true
      guest_fail "QEMU in $directory is not running; waited for $what"
    elif [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 5 "$directory/serial.log" >&2 || true
      guest_fail "no $what in $directory within $seconds seconds"
    fi
    sleep 0.1
  done
}

# guest_wait DIR TEXT [SECONDS]
guest_wait() {
  guest_until "$1" "${3:-60}" "\"$2\"" grep -qsF -- "$2" "$1/serial.log"
}

# guest_verified DIR [ROUNDS] [SECONDS]
guest_verified() {
  local wanted
  wanted=$(($(guest_rounds "$1") + ${2:-2}))
  guest_until "$1" "${3:-120}" "verified round" guest_has_rounds "$1" "$wanted"
}

guest_has_rounds() {
  local bad
  bad=$(grep -m 1 -sE "$guest_bad" "$1/serial.log") || true
  [ -z "$bad" ] || guest_fail "the guest in $1 has found wrong memory: $bad"
  [ "$(guest_rounds "$1")" -ge "$2" ]
}

guest_rounds() {
  local rounds
  rounds=$(grep -csE "$guest_good" "$1/serial.log") || true
  printf '%s\n' "${rounds:-0}"
}

# guest_qmp DIR COMMAND [JSON]: prints the answer; fails if it is an error.
guest_qmp() {
  perl -MIO::Socket::UNIX -e '
    my ($path, $command, $arguments) = @ARGV;
    $command =~ /^[\w-]+$/ or die "guest: not a QMP command: $command\n";
    my $socket = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path)
      or die "guest: cannot connect to $path: $!\n";
    $socket->autoflush(1);
    $SIG{ALRM} = sub { die "guest: no answer to $command from $path\n" };
    alarm 60;
    # Each message is a line; what is neither an answer nor an error is an event.
    sub answer {
      while (my $line = <$socket>) {
        return $line if $line =~ /^\{"(?:return|error|QMP)":/;
      }
      die "guest: $path was closed by QEMU\n";
    }
    answer();
    print $socket "{\"execute\":\"qmp_capabilities\"}\n";
    answer();
    $arguments = defined $arguments ? ",\"arguments\":$arguments" : "";
    print $socket "{\"execute\":\"$command\"$arguments}\n";
    my $answer = $command eq "quit" ? (eval { answer() } // "{\"return\": {}}\n") : answer();
    $answer =~ s/\r//;
    print $answer;
    exit($answer =~ /^\{"error"/ ? 1 : 0);
  ' "$1/qmp2.sock" "${@:2}"
}

# guest_stop DIR
guest_stop() {
  local pid deadline=$((SECONDS + 5))
  if guest_alive "$1"; then
    pid=$(cat "$1/qemu.pid")
    kill -TERM "$pid" 2>/dev/null || true
    while guest_alive "$1"; do
      [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.05
    done
  fi
  rm -f "$1"/{qmp.sock,qmp2.sock,qemu.pid}
}
