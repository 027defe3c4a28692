#!/usr/bin/env bash
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Gets what the build, the tests and the demo need. To be sourced, not run:
#
#   need_packages PKG...   Debian packages
#   need_java              JDK 17 or later, and Maven
#   need_qemu10            QEMU 10.0 or later        -> STILLFRAME_QEMU_10
#   need_qemu7             QEMU 7.2, beside the other -> STILLFRAME_QEMU_7
#   need_linux_guest       a small Linux guest       -> STILLFRAME_LINUX_KERNEL,
#                                                       STILLFRAME_LINUX_INITRD
#
# Each returns at once if the thing is there already, says in one line what it installs and why,
# and may be called by several processes at the same time. A variable that is already set to
# something usable is respected.

set -euo pipefail

STILLFRAME_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
STILLFRAME_CACHE="$STILLFRAME_ROOT/.cache"

setup_say() {
  printf 'setup: %s\n' "$*" >&2
}

setup_fail() {
  printf 'setup: error: %s\n' "$*" >&2
  return 1
}

# setup_locked FILE-OR-DIRECTORY COMMAND...: runs the command while holding an exclusive lock.
setup_locked() {
  local place=$1
  shift
  (
    flock 9
    "$@" 9<&-
  ) 9<"$place"
}

setup_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    setup_fail "must be root, or have sudo, to run: $*"
  fi
}

# Runs apt-get as root. Its chatter is shown only if it fails.
setup_apt() {
  local log
  command -v apt-get >/dev/null || setup_fail "no apt-get here; install by hand: $*" || return 1
  log=$(mktemp)
  if ! setup_as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=600 "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    setup_fail "apt-get $* failed"
    return 1
  fi
  rm -f "$log"
}

# Prints those of the given packages that are not installed.
setup_missing() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      printf '%s\n' "$package"
    fi
  done
}

# Installs packages; fetches the package lists only if a package or its file cannot be found.
setup_install() {
  if ! (setup_apt install --no-install-recommends "$@") >/dev/null 2>&1; then
    setup_apt update
    setup_apt install --no-install-recommends "$@"
  fi
}

setup_install_missing() {
  local why=$1 missing
  shift
  # Asked again under the lock: another process may have installed them meanwhile.
  mapfile -t missing < <(setup_missing "$@")
  if [ "${#missing[@]}" -gt 0 ]; then
    setup_say "installing ${missing[*]} ($why)"
    setup_install "${missing[@]}"
  fi
}

# need_packages PKG...: the reason given to the user can be set in NEED_FOR.
need_packages() {
  local missing
  missing=$(setup_missing "$@")
  if [ -n "$missing" ]; then
    setup_locked /var/lib/dpkg setup_install_missing "${NEED_FOR:-needed by ${0##*/}}" "$@"
  fi
}

need_java() {
  local version wanted=()
  version=$(javac -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p') || version=
  if [ -z "$version" ] || [ "$version" -lt 17 ]; then
    wanted+=(openjdk-17-jdk-headless)
  fi
  command -v mvn >/dev/null || wanted+=(maven)
  if [ "${#wanted[@]}" -gt 0 ]; then
    NEED_FOR='to build Stillframe' need_packages "${wanted[@]}"
  fi
}

# Prints major.minor of a QEMU, or nothing.
setup_qemu_version() {
  { "$1" --version 2>/dev/null || true; } \
    | sed -n 's/^QEMU emulator version \([0-9]*\.[0-9]*\).*/\1/p'
}

# setup_is_qemu BINARY LOWEST-MAJOR [EXACT-VERSION]
setup_is_qemu() {
  local version
  version=$(setup_qemu_version "$1")
  [ -n "$version" ] && [ "${version%%.*}" -ge "$2" ] && [ "$version" = "${3:-$version}" ]
}

need_qemu10() {
  local binary=/usr/bin/qemu-system-x86_64
  if [ -n "${STILLFRAME_QEMU_10:-}" ]; then
    setup_is_qemu "$STILLFRAME_QEMU_10" 10 \
      || setup_fail "STILLFRAME_QEMU_10=$STILLFRAME_QEMU_10 is not QEMU 10.0 or later" || return 1
    export STILLFRAME_QEMU_10
    return
  fi
  if ! setup_is_qemu "$binary" 10; then
    setup_locked /var/lib/dpkg setup_install_qemu10 "$binary"
  fi
  setup_is_qemu "$binary" 10 || setup_fail "$binary is not QEMU 10.0 or later" || return 1
  export STILLFRAME_QEMU_10=$binary
}

setup_install_qemu10() {
  local suite candidate
  setup_is_qemu "$1" 10 && return
  candidate=$(apt-cache policy qemu-system-x86 \
    | sed -n 's/^  Candidate: \([0-9]*:\)\?\([0-9]*\).*/\2/p')
  if [ "${candidate:-0}" -ge 10 ]; then
    setup_say "installing qemu-system-x86 (QEMU 10.0 or later is the one Stillframe is made for)"
    setup_install qemu-system-x86
    return
  fi
  suite=bookworm-backports
  if [ "$(setup_codename)" != bookworm ]; then
    setup_fail "no QEMU 10.0 or later for this system: install one and set STILLFRAME_QEMU_10"
    return 1
  fi
  setup_add_suite "$suite"
  setup_say "installing qemu-system-x86 from $suite (Stillframe is made for QEMU 10.0 or later)"
  setup_install -t "$suite" qemu-system-x86
}

setup_codename() {
  sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# Makes apt know a further suite of the archive that it takes the distribution itself from.
setup_add_suite() {
  local suite=$1 source uri key file=/etc/apt/sources.list.d/stillframe-$1.sources
  # shellcheck disable=SC2016 # apt expands this
  if apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' | grep -qxF "$suite"; then
    return
  fi
  source=$(setup_apt_source "$(setup_codename)")
  if [ -z "$source" ]; then
    setup_fail "apt has no source for $(setup_codename) from which $suite could be derived"
    return 1
  fi
  IFS=$'\t' read -r uri key <<<"$source"
  setup_say "adding the suite $suite of $uri to apt ($file)"
  {
    printf '# Added by Stillframe for QEMU 10.0; may be removed at any time.\n'
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$suite"
    [ -z "$key" ] || printf 'Signed-By: %s\n' "$key"
  } | setup_as_root tee "$file" >/dev/null
  setup_apt update
}

# Prints "URI<TAB>KEYRING" of the first source of a suite with component main. Understands the
# one-line format and the deb822 format (see sources.list(5)).
setup_apt_source() {
  perl -e '
    my $wanted = shift;
    sub found {
      my ($uri, $suites, $components, $key) = @_;
      return unless grep { $_ eq $wanted } split " ", $suites;
      return unless grep { $_ eq "main" } split " ", $components;
      print "$uri\t$key\n";
      exit;
    }
    for my $file (glob("/etc/apt/sources.list /etc/apt/sources.list.d/*")) {
      next unless open(my $in, "<", $file);
      my $text = do { local $/; <$in> } // "";
      $text =~ s/^\s*#.*\n//mg;
      if ($file =~ /\.list$/) {
        for (split /\n/, $text) {
          my ($options, $uri, $suite, $rest) =
            /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]*)/ or next;
          my ($key) = ($options // "") =~ /(?:^|\s)signed-by=(\S+)/i;
          found($uri, $suite, $rest, $key // "");
        }
      } elsif ($file =~ /\.sources$/) {
        for (split /\n\s*\n/, $text) {
          s/\n[ \t]+/ /g;
          my %field = map { /^([\w-]+):\s*(.*?)\s*$/ ? (lc $1, $2) : () } split /\n/;
          next if lc($field{enabled} // "yes") =~ /^(no|false|0|off)$/;
          next unless " " . ($field{types} // "") . " " =~ / deb /;
          my ($uri) = split " ", $field{uris} // next;
          found($uri, $field{suites} // "", $field{components} // "", $field{"signed-by"} // "");
        }
      }
    }' "$1"
}

need_qemu7() {
  local directory="$STILLFRAME_CACHE/qemu-7.2"
  if [ -n "${STILLFRAME_QEMU_7:-}" ]; then
    setup_is_qemu "$STILLFRAME_QEMU_7" 7 7.2 \
      || setup_fail "STILLFRAME_QEMU_7=$STILLFRAME_QEMU_7 is not QEMU 7.2" || return 1
    export STILLFRAME_QEMU_7
    return
  fi
  if ! setup_is_qemu "$directory/qemu" 7 7.2; then
    mkdir -p "$directory"
    setup_locked "$directory" setup_unpack_qemu7 "$directory"
  fi
  setup_is_qemu "$directory/qemu" 7 7.2 \
    || setup_fail "$directory/qemu does not run" || return 1
  export STILLFRAME_QEMU_7="$directory/qemu"
}

setup_unpack_qemu7() {
  local directory=$1 libraries
  setup_is_qemu "$directory/qemu" 7 7.2 && return
  if [ "$(setup_codename)" != bookworm ]; then
    setup_fail "no QEMU 7.2 for this system: install one and set STILLFRAME_QEMU_7"
    return 1
  fi
  setup_say "unpacking QEMU 7.2 into .cache/qemu-7.2 (for the tests with an old QEMU)"
  setup_unpack "$directory/tree" qemu-system-x86/bookworm qemu-system-common/bookworm \
    qemu-system-data/bookworm seabios/bookworm ipxe-qemu/bookworm
  # The libraries are ordinary packages of the system; QEMU's own ones are unpacked above.
  mapfile -t libraries < <(sed 's/, */\n/g; s/ *([^)]*)//g' "$directory/tree/depends" \
    | sed 's/ *|.*//' | grep -vE '^(qemu-|seabios$|ipxe-|libc6$)' | sort -u)
  NEED_FOR='libraries of QEMU 7.2' need_packages "${libraries[@]}"
  cat >"$directory/qemu.new" <<'WRAPPER'
#!/bin/sh
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the unpacked QEMU 7.2 with its own modules and firmware.
tree=$(dirname "$(readlink -f "$0")")/tree/usr
export QEMU_MODULE_DIR="$tree/lib/x86_64-linux-gnu/qemu"
exec "$tree/bin/qemu-system-x86_64" -L "$tree/share/seabios" -L "$tree/share/qemu" \
  -L "$tree/lib/ipxe/qemu" "$@"
WRAPPER
  chmod 755 "$directory/qemu.new"
  mv "$directory/qemu.new" "$directory/qemu"
}

# setup_unpack DIRECTORY PACKAGE...: unpacks packages without installing them, and leaves the
# dependencies of the first in DIRECTORY/depends.
setup_unpack() {
  local directory=$1 work package file first=yes
  shift
  rm -rf "$directory"
  work=$(mktemp -d)
  # As the user that apt downloads as must be able to write here, too.
  chmod 755 "$work"
  mkdir -p "$directory"
  if ! (cd "$work" && apt-get -q -o APT::Sandbox::User=root download "$@") >"$work/log" 2>&1; then
    setup_locked /var/lib/dpkg setup_apt update
    if ! (cd "$work" && apt-get -q -o APT::Sandbox::User=root download "$@") >"$work/log" 2>&1; then
      cat "$work/log" >&2
      rm -rf "$work"
      setup_fail "cannot download $*"
      return 1
    fi
  fi
  for package in "$@"; do
    for file in "$work/${package%%/*}"_*.deb; do
      if [ "$first" = yes ]; then
        dpkg-deb -f "$file" Depends >"$directory/depends"
        first=no
      fi
      dpkg-deb -x "$file" "$directory"
    done
  done
  rm -rf "$work"
}

need_linux_guest() {
  local directory="$STILLFRAME_CACHE/linux-guest" source="$STILLFRAME_ROOT/tools/lib"
  if [ ! -e "$directory/vmlinuz" ] || [ ! -e "$directory/initrd" ] \
    || [ "$directory/initrd" -ot "$source/linux-init" ] \
    || [ "$directory/initrd" -ot "$source/make-initrd" ]; then
    mkdir -p "$directory"
    setup_locked "$directory" setup_make_linux_guest "$directory"
  fi
  [ -e "$directory/vmlinuz" ] && [ -e "$directory/initrd" ] \
    || setup_fail "the Linux guest could not be made in $directory" || return 1
  export STILLFRAME_LINUX_KERNEL="$directory/vmlinuz" STILLFRAME_LINUX_INITRD="$directory/initrd"
}

setup_make_linux_guest() {
  local directory=$1 kernel
  if [ ! -e "$directory/vmlinuz" ]; then
    kernel=$(setup_cloud_kernel)
    if [ -z "$kernel" ]; then
      setup_locked /var/lib/dpkg setup_apt update
      kernel=$(setup_cloud_kernel)
    fi
    [ -n "$kernel" ] || setup_fail "apt knows no linux-image-cloud-amd64" || return 1
    setup_say "unpacking $kernel into .cache/linux-guest (the kernel of the Linux guest)"
    setup_unpack "$directory/tree" "$kernel"
    mv "$directory"/tree/boot/vmlinuz-* "$directory/vmlinuz.new"
    rm -rf "$directory/tree"
    mv "$directory/vmlinuz.new" "$directory/vmlinuz"
  fi
  NEED_FOR='for the Linux guest' need_packages busybox-static cpio
  "$STILLFRAME_ROOT/tools/lib/make-initrd" "$directory/initrd"
}

# Prints the name of the kernel package that the newest cloud kernel stands for.
setup_cloud_kernel() {
  { apt-cache depends linux-image-cloud-amd64 2>/dev/null || true; } \
    | sed -n 's/^ *Depends: *\(linux-image-[^ ]*\)$/\1/p' | head -n 1
}
